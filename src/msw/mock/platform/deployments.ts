import { sleep } from '../../../util/abort.js';
import { isRecord, recordOf } from '../../../util/is-record.js';
import type { UntypedRequest } from '../../handlers/handler-settings.js';
import { type Behaviours, type Fields, type Platform, type Project, pathValue, refuse } from './behaviour.js';
import type { BuildOutcome } from './memory-options.js';

/** Facts that the document's own body may make up, and that a deployment shows only where they apply. */
const INAPPLICABLE: Fields = {
  ...{ errorCode: undefined, errorMessage: undefined, errorStep: undefined, errorLink: undefined },
  ...{ aliasError: undefined, aliasWarning: undefined, canceledAt: undefined, readySubstate: undefined },
  ...{ checksState: undefined, checksConclusion: undefined, autoAssignCustomDomains: undefined },
};

/** Interval between two readings of a followed log, in milliseconds. */
const LOG_TICK_MS = 20;

interface StoredDeployment {
  readonly id: string;
  readonly url: string;
  readonly project: Project;
  readonly target: string | null;
  readonly createdAt: number;
  readonly outcome: BuildOutcome;
  canceledAt: number | undefined;
}

/** Files by their digest, and deployments that build and become ready, or fail. */
export class MockDeployments {
  readonly #digests = new Set<string>();
  readonly #deployments: StoredDeployment[] = [];

  constructor(readonly platform: Platform) {}

  clear(): void {
    this.#digests.clear();
    this.#deployments.length = 0;
  }

  readonly behaviours: Behaviours = {
    'POST /files': (request) => this.#upload(request),
    'POST /deployments': (request) => this.#create(request),
    'GET /deployments/{}': (request) => this.#with(request, (found) => this.#show(request, found)),
    'PATCH /deployments/{}/cancel': (request) =>
      this.#with(request, (found) => {
        if (this.#stateOf(found).readyState !== 'READY') found.canceledAt ??= Date.now();
        return this.#show(request, found);
      }),
    'GET /deployments/{}/events': (request) => this.#with(request, (found) => this.#events(request, found)),
  };

  async #upload(request: UntypedRequest) {
    const bytes = await request.request.arrayBuffer();
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha1').update(new Uint8Array(bytes)).digest('hex');
    const { headers } = request.request;
    const sent = headers.get('x-vercel-digest') ?? headers.get('x-now-digest');
    if (sent === null || sent.toLowerCase() !== digest) {
      return refuse(400, 'invalid_digest', 'The digest is not that of the body.');
    }
    this.#digests.add(digest);
    return this.platform.show(request, {});
  }

  #create(request: UntypedRequest) {
    const body: Fields = recordOf(request.body);
    const files: readonly unknown[] = Array.isArray(body.files) ? body.files : [];
    const digests = files.flatMap((file) =>
      isRecord(file) && typeof file.sha === 'string' ? [file.sha] : [],
    );
    const missing = [...new Set(digests)].filter((digest) => !this.#digests.has(digest));
    if (missing.length > 0) return refuse(400, 'missing_files', 'Some files were not uploaded.', { missing });
    const { outcome = 'READY' } = this.platform.options.deployments ?? {};
    const project = this.platform.projectOf(String(body.project ?? body.name));
    const id = this.platform.newId('dpl_');
    const deployment: StoredDeployment = {
      id,
      url: `${project.name}-${id.slice(-8).toLowerCase()}.vercel.app`,
      project,
      target: typeof body.target === 'string' ? body.target : null,
      createdAt: Date.now(),
      outcome: typeof outcome === 'function' ? outcome(body) : outcome,
      canceledAt: undefined,
    };
    this.#deployments.push(deployment);
    return this.#show(request, deployment);
  }

  #with<R>(request: UntypedRequest, use: (deployment: StoredDeployment) => R) {
    const idOrUrl = pathValue(request, 'idOrUrl', 'id');
    const found = this.#deployments.find(({ id, url }) => id === idOrUrl || url === idOrUrl);
    return found === undefined ? refuse(404, 'not_found', 'The deployment was not found.') : use(found);
  }

  #show(request: UntypedRequest, deployment: StoredDeployment) {
    const { id, url, project, target, createdAt } = deployment;
    const state = this.#stateOf(deployment);
    const fields = { id, url, name: project.name, projectId: project.id, target, createdAt, ...state };
    return this.platform.show(request, { ...INAPPLICABLE, ...fields, status: state.readyState });
  }

  #stateOf(deployment: StoredDeployment): Fields & { readonly readyState: string } {
    const { buildMs = 0, aliasMs = 0 } = this.platform.options.deployments ?? {};
    const { createdAt, outcome, canceledAt, project, target } = deployment;
    const aliasAssigned = false;
    if (canceledAt !== undefined) return { readyState: 'CANCELED', aliasAssigned, canceledAt };
    const age = Date.now() - createdAt;
    if (age < buildMs) return { readyState: age < buildMs / 10 ? 'QUEUED' : 'BUILDING', aliasAssigned };
    if (outcome === 'CANCELED') return { readyState: outcome, aliasAssigned };
    if (outcome === 'ERROR') {
      const reason = { errorCode: 'BUILD_FAILED', errorMessage: 'Command "npm run build" exited with 1' };
      return { readyState: outcome, aliasAssigned, ...reason };
    }
    const isAssigned = age >= buildMs + aliasMs;
    const isLive = isAssigned && target === 'production';
    return {
      readyState: 'READY',
      aliasAssigned: isAssigned,
      alias: isAssigned ? [`${project.name}.vercel.app`] : [],
      readySubstate: isLive ? 'PROMOTED' : 'STAGED',
    };
  }

  #events(request: UntypedRequest, deployment: StoredDeployment) {
    const { since = 0, limit = -1, direction = 'forward', follow = 0 } = request.query;
    const from = Number(since);
    if (Number(follow) === 1) return this.#followed(deployment, from, request.request.signal);
    const events = this.#log(deployment).filter(({ created }) => created >= from);
    const ordered = direction === 'backward' ? events.reverse() : events;
    return { body: Number(limit) < 0 ? ordered : ordered.slice(0, Number(limit)) };
  }

  /** Lists the events so far: lines over the time of the build, then its end. */
  #log(deployment: StoredDeployment) {
    const { buildMs = 0, logLines = 3 } = this.platform.options.deployments ?? {};
    const { id, createdAt, outcome, canceledAt } = deployment;
    const event = (number: number, type: string, created: number, more: Fields) => {
      const payload = {
        deploymentId: id,
        id: `${id}-${number}`,
        date: created,
        serial: String(number),
        ...more,
      };
      return { type, created, payload };
    };
    const endsAt = canceledAt ?? createdAt + buildMs;
    const lines = Array.from({ length: logLines }, (_, number) => {
      const at = createdAt + Math.floor((buildMs * number) / Math.max(1, logLines));
      return event(number, 'stdout', at, { text: `Building: line ${number + 1} of ${logLines}` });
    });
    const failed = { text: 'Command "npm run build" exited with 1' };
    const error = outcome === 'ERROR' ? [event(logLines, 'stderr', endsAt, failed)] : [];
    const readyState = canceledAt === undefined ? outcome : 'CANCELED';
    const info = { type: 'build', name: 'build', readyState };
    const end = event(logLines + 1, 'deployment-state', endsAt, { info });
    const now = Date.now();
    return [...lines, ...error, end].filter(({ created }) => created <= Math.min(now, endsAt));
  }

  #followed(deployment: StoredDeployment, since: number, signal: AbortSignal): Response {
    const { disconnectAfter = Number.POSITIVE_INFINITY } = this.platform.options.deployments ?? {};
    const encoder = new TextEncoder();
    let sent = 0;
    const next = () => this.#log(deployment).filter(({ created }) => created >= since);
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        for (let events = next(); ; events = next()) {
          const fresh = events.slice(sent, Math.max(sent, disconnectAfter));
          sent += fresh.length;
          for (const event of fresh) controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
          const isOver = events.at(-1)?.type === 'deployment-state' || sent >= disconnectAfter;
          if (isOver || signal.aborted) return controller.close();
          if (fresh.length > 0) return;
          await sleep(LOG_TICK_MS, undefined);
        }
      },
    });
    return new Response(body, { headers: { 'content-type': 'application/stream+json' } });
  }
}
