import { NotFoundError } from '../errors/index.js';
import type { Deployment } from '../generated/platform/deployments.js';
import { asPlatform, type DeploymentOf, type PlatformClient, type Requires } from './platform-client.js';
import { DeploymentCanceledError, DeploymentFailedError, type DeploymentFailure } from './platform-errors.js';
import { type PollFacts, type PollOptions, poll } from './poll.js';

/** Options of {@link waitForDeployment}. */
export interface WaitForDeploymentOptions<Value> extends Omit<PollOptions<Value>, 'accepts'> {
  /**
   * The meaning of ready. `assigned`: it is built and its aliases lead to it; for production, its custom domains too, unless
   * the project assigns them by hand. `promoted`: all production traffic goes to it, where a rolling release may take
   * days. Default `assigned`.
   */
  readonly until?: 'assigned' | 'promoted' | undefined;
  /** Lines of the build log that an error holds. Default 20; 0 reads none. */
  readonly logLines?: number | undefined;
}

/** A deployment that was just created may not be readable for a while, in milliseconds. */
const EARLY_NOT_FOUND_MS = 30_000;
const DEFAULT_LOG_LINES = 20;

/**
 * Waits until a deployment serves what it was made for.
 *
 * `READY` alone is too early: the build is done, and the aliases may still lead to the deployment before.
 *
 * @param deployment - Id (`dpl_...`) or host name.
 * @returns The deployment.
 * @throws {DeploymentFailedError} When the build, its checks or the assignment of its aliases fails; it holds the last
 *   lines of the build log.
 * @throws {DeploymentCanceledError}
 * @throws {NotFoundError} When it is not there 30 s after the wait began, or no longer there.
 * @throws {PollTimeoutError}
 *
 * @example
 * const deployment = await waitForDeployment(client, 'dpl_1', { totalTimeout: 600_000 });
 * console.log(`https://${deployment.url}`);
 */
export async function waitForDeployment<C extends object>(
  client: C & Requires<C, 'getDeployment' | 'getDeploymentEvents'>,
  deployment: string,
  options: WaitForDeploymentOptions<DeploymentOf<C>> = {},
): Promise<DeploymentOf<C>> {
  const { until = 'assigned', logLines = DEFAULT_LOG_LINES, ...wait } = options;
  const platform = asPlatform(client);
  const params = { path: { idOrUrl: deployment } };
  const found = await poll(
    async (signal) => (await platform.call('getDeployment', { params, signal })).data,
    (value) => hasEnded(value, until),
    // The value is what the client's own document says it is; both types are of the same response.
    { ...(wait as PollOptions<Deployment>), accepts: acceptsEarlyNotFound },
  );
  const failure = failureOf(found);
  // The value has the client's own type again.
  if (failure === undefined) return found as DeploymentOf<C>;
  const facts = { ...failure, logLines: await readLastLines(platform, found.id, logLines, options.signal) };
  throw found.readyState === 'CANCELED'
    ? new DeploymentCanceledError(facts)
    : new DeploymentFailedError(facts);
}

/** Passes over a 404 of what was just created, and has the last poll at the end of the 30 s. See `PollOptions.accepts`. */
export function acceptsEarlyNotFound(
  error: unknown,
  { hasValue, elapsedMs }: PollFacts,
): boolean | number | undefined {
  if (!(error instanceof NotFoundError)) return undefined;
  return !hasValue && elapsedMs < EARLY_NOT_FOUND_MS && Math.ceil(EARLY_NOT_FOUND_MS - elapsedMs);
}

function hasEnded(deployment: Deployment, until: 'assigned' | 'promoted'): boolean {
  if (failureOf(deployment) !== undefined) return true;
  const { readyState, readySubstate, aliasAssigned, target, autoAssignCustomDomains } = deployment;
  if (readyState !== 'READY' || !aliasAssigned) return false;
  if (until === 'promoted') return readySubstate === 'PROMOTED';
  return !(target === 'production' && readySubstate === 'STAGED' && autoAssignCustomDomains !== false);
}

function failureOf(deployment: Deployment): Omit<DeploymentFailure, 'logLines'> | undefined {
  const { id, readyState, errorCode, errorMessage, aliasError, aliasAssigned, checksConclusion } = deployment;
  const failure = (code: string | undefined, reason: string | undefined) => ({
    deploymentId: id,
    readyState,
    code,
    reason,
  });
  if (readyState === 'ERROR' || readyState === 'CANCELED')
    return failure(errorCode, errorMessage ?? undefined);
  if (aliasError && !aliasAssigned) return failure(aliasError.code, aliasError.message);
  const isStopped = checksConclusion === 'failed' && !aliasAssigned;
  return isStopped ? failure('checks_failed', 'the checks of the deployment failed') : undefined;
}

/** The last lines of a build log, oldest first; none where they cannot be read, for the failure is what matters. */
async function readLastLines(
  platform: PlatformClient,
  idOrUrl: string,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  if (limit <= 0) return [];
  try {
    const { data } = await platform.call('getDeploymentEvents', {
      params: { path: { idOrUrl }, query: { direction: 'backward', limit, follow: 0 } },
      // Without `follow` the events are one list and no stream.
      parseAs: 'json',
      maxRetries: 1,
      signal,
    });
    if (!Array.isArray(data)) return [];
    // Of each event that prints a text, the last line first.
    const lines = data.flatMap(
      ({ text, payload }) => (text ?? payload?.text)?.trimEnd().split('\n').reverse() ?? [],
    );
    return lines.slice(0, limit).reverse();
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}
