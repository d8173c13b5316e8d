import { stream } from '../client/stream/stream.js';
import { NotFoundError, VercelError } from '../errors/index.js';
import type { DeploymentEvent } from '../generated/platform/deployments.js';
import { sleep } from '../util/abort.js';
import { notify } from './notify.js';
import { asPlatform, type EventOf, type PlatformClient, type Requires } from './platform-client.js';
import { passes } from './poll.js';
import { SeenEvents } from './seen-events.js';
import { acceptsEarlyNotFound } from './wait-for-deployment.js';

/** Options of {@link followEvents}. */
export interface FollowEventsOptions {
  /** Leaves out events before this time, in epoch milliseconds. Default: none, the log from its beginning. */
  readonly since?: number | undefined;
  /** Ends the loop at once, with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Time before a connection is opened again, in milliseconds; it doubles while nothing new comes. Default 500. */
  readonly every?: number | undefined;
  /** Called before a connection is opened again. What it throws is ignored. */
  readonly onReconnect?: ((reason: unknown) => void) | undefined;
}

const DEFAULT_EVERY_MS = 500;
const MAX_EVERY_MS = 15_000;
/** Failed connections in a row; one that brings a new event starts the count anew. */
const MAX_FAILURES = 10;
const LAST_STATES: ReadonlySet<string> = new Set(['READY', 'ERROR', 'CANCELED']);

/**
 * Follows the build log of a deployment until the deployment is ready, has failed or is canceled.
 *
 * A connection that breaks is opened again a little before the last event, and events that come twice are dropped: each
 * event comes once, in the order in which the API sends them.
 *
 * @param deployment - Id (`dpl_...`) or host name.
 * @returns Nothing is requested before the loop begins. Leaving the loop closes the connection.
 * @throws {VercelError} For a response that does not pass, such as a 403, and after ten failed connections in a row.
 *
 * @example
 * for await (const event of followEvents(client, 'dpl_1')) console.log(event.payload?.text);
 */
export function followEvents<C extends object>(
  client: C & Requires<C, 'getDeploymentEvents' | 'getDeployment'>,
  deployment: string,
  options: FollowEventsOptions = {},
): AsyncIterable<EventOf<C>> {
  const platform = asPlatform(client);
  // Each event is what the client's own document says it is; both types are of the same response.
  return {
    [Symbol.asyncIterator]: () => follow(platform, deployment, options),
  } as AsyncIterable<EventOf<C>>;
}

async function* follow(
  platform: PlatformClient,
  deployment: string,
  { since, signal, every = DEFAULT_EVERY_MS, onReconnect }: FollowEventsOptions,
): AsyncGenerator<DeploymentEvent> {
  const log: Log = { seen: new SeenEvents(), startedAt: performance.now(), failures: 0, idle: 0 };
  for (let isFinal = false; ; ) {
    const from = log.seen.resumeAt(since);
    const resumed = from === undefined ? {} : { since: from };
    const events = stream(platform, 'getDeploymentEvents', {
      params: {
        path: { idOrUrl: deployment },
        query: { direction: 'forward', follow: isFinal ? 0 : 1, limit: -1, ...resumed },
      },
      signal,
    });
    const { isOver, reason, mostMs = MAX_EVERY_MS } = yield* readConnection(events, log, signal);
    if (isOver || (isFinal && reason === undefined)) return;
    // The log of a deployment that has ended is read once more, to its end.
    isFinal = await hasEnded(platform, deployment, signal);
    if (isFinal) continue;
    notify(onReconnect, reason);
    // Connections that end at once, again and again, must not be opened without a pause.
    await sleep(Math.min(every * 2 ** log.idle, MAX_EVERY_MS, mostMs), signal);
    log.idle += 1;
  }
}

/** State of a log that is read. */
interface Log {
  readonly seen: SeenEvents;
  /** On the monotonic clock. */
  readonly startedAt: number;
  /** Connections in a row that failed and brought nothing new. */
  failures: number;
  /** Connections in a row that brought nothing new, however they ended. */
  idle: number;
}

/** End of a connection. */
interface ConnectionEnd {
  /** Whether the last event of the log came. */
  readonly isOver: boolean;
  /** Why the connection broke; `undefined` where it was closed. */
  readonly reason?: unknown;
  /** The longest time before the next connection, in milliseconds. */
  readonly mostMs?: number;
}

/** Yields the new events of one connection. */
async function* readConnection(
  events: AsyncIterable<DeploymentEvent>,
  log: Log,
  signal: AbortSignal | undefined,
): AsyncGenerator<DeploymentEvent, ConnectionEnd> {
  try {
    for await (const event of events) {
      if (!log.seen.add(event)) continue;
      log.failures = 0;
      log.idle = 0;
      yield event;
      const state = event.info?.readyState ?? event.payload?.info?.readyState;
      if (event.type === 'deployment-state' && state !== undefined && LAST_STATES.has(state))
        return { isOver: true };
    }
    log.failures = 0;
    return { isOver: false };
  } catch (error) {
    signal?.throwIfAborted();
    const facts = { hasValue: !log.seen.isEmpty, elapsedMs: performance.now() - log.startedAt };
    const mostMs = acceptsEarlyNotFound(error, facts);
    if (typeof mostMs === 'number') return { isOver: false, reason: error, mostMs };
    log.failures += 1;
    // What breaks inside a body is the runtime's own error. Any other error of the package is a response that says no.
    if (log.failures > MAX_FAILURES || (error instanceof VercelError && !passes(error))) throw error;
    return { isOver: false, reason: error };
  }
}

/** Whether nothing more will come. Where that cannot be found out, more may come. */
async function hasEnded(
  platform: PlatformClient,
  idOrUrl: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const { data } = await platform.call('getDeployment', { params: { path: { idOrUrl } }, signal });
    return LAST_STATES.has(data.readyState);
  } catch (error) {
    signal?.throwIfAborted();
    if (passes(error) || error instanceof NotFoundError) return false;
    throw error;
  }
}
