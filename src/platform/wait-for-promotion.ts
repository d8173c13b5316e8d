import type { Project } from '../generated/platform/projects.js';
import { asPlatform, type PlatformClient, type ProjectOf, type Requires } from './platform-client.js';
import { PromotionError } from './platform-errors.js';
import { type PollOptions, poll } from './poll.js';

/**
 * Waits until a promotion, or a rollback, has moved the production domains of a project.
 *
 * @param project - Id or name.
 * @param deploymentId - The deployment that was asked for.
 * @returns The project.
 * @throws {PromotionError} When it failed, was skipped, or gave way to a later one.
 * @throws {PollTimeoutError}
 *
 * @example
 * await client.call('requestPromote', { params: { path: { projectId: 'prj_1', deploymentId: 'dpl_1' } } });
 * await waitForPromotion(client, 'prj_1', 'dpl_1');
 */
export async function waitForPromotion<C extends object>(
  client: C & Requires<C, 'getProject' | 'listPromoteAliases'>,
  project: string,
  deploymentId: string,
  options: Omit<PollOptions<ProjectOf<C>>, 'accepts'> = {},
): Promise<ProjectOf<C>> {
  const platform = asPlatform(client);
  const params = { path: { idOrName: project } };
  // The request before this one stays readable until this one is taken up.
  let before: number | undefined;
  const found = await poll(
    async (signal) => (await platform.call('getProject', { params, signal })).data,
    (value) => {
      const request = value.lastAliasRequest;
      if (request?.toDeploymentId !== deploymentId) before ??= request?.requestedAt ?? 0;
      return statusOf(value, deploymentId, before) !== 'pending';
    },
    // The value is what the client's own document says it is; both types are of the same response.
    options as PollOptions<Project>,
  );
  const status = statusOf(found, deploymentId, before);
  // The value has the client's own type again.
  if (status === 'succeeded') return found as ProjectOf<C>;
  throw new PromotionError(
    deploymentId,
    status,
    status === 'failed' ? await readFailedAliases(platform, found.id, options.signal) : [],
  );
}

function statusOf(
  { lastAliasRequest: request, targets }: Project,
  deploymentId: string,
  before: number | undefined,
): string {
  if (request?.toDeploymentId !== deploymentId) {
    if (targets?.production?.id === deploymentId) return 'succeeded';
    return request && before !== undefined && request.requestedAt > before ? 'superseded' : 'pending';
  }
  const { jobStatus } = request;
  // A status that is not known yet is not the last one either.
  return ['succeeded', 'failed', 'skipped'].includes(jobStatus) ? jobStatus : 'pending';
}

/** The aliases that stayed where they were; none where they cannot be read, for the failure is what matters. */
async function readFailedAliases(
  platform: PlatformClient,
  projectId: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  try {
    const { data } = await platform.call('listPromoteAliases', {
      params: { path: { projectId }, query: { failedOnly: true, limit: 100 } },
      signal,
    });
    return (data.aliases ?? []).map(({ alias }) => alias);
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}
