import { type Behaviours, type Platform, pathValue } from './behaviour.js';

/** Promotions, which move the production domains of a project after a while. */
export class MockPromotions {
  readonly #requests = new Map<string, { readonly toDeploymentId: string; readonly requestedAt: number }>();

  constructor(readonly platform: Platform) {}

  clear(): void {
    this.#requests.clear();
  }

  readonly behaviours: Behaviours = {
    'POST /projects/{}/promote/{}': (request) => {
      const { id } = this.platform.projectOf(pathValue(request, 'projectId'));
      const toDeploymentId = pathValue(request, 'deploymentId');
      this.#requests.set(id, { toDeploymentId, requestedAt: Date.now() });
      return { status: 201, body: undefined };
    },
    'GET /projects/{}/promote/aliases': (request) => this.platform.show(request, { aliases: [] }),
  };

  /** The latest promotion of a project, as the project shows it. */
  latest(projectId: string): Readonly<Record<string, unknown>> {
    const request = this.#requests.get(projectId);
    if (request === undefined) return { lastAliasRequest: null };
    const isDone = Date.now() - request.requestedAt >= (this.platform.options.promotions?.ms ?? 0);
    const lastAliasRequest = {
      fromDeploymentId: '',
      ...request,
      jobStatus: isDone ? 'succeeded' : 'in-progress',
      type: 'promote',
    };
    return { lastAliasRequest };
  }
}
