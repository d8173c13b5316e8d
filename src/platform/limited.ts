import { operationFor, operationOf } from '../client/client-operations.js';
import type { Result } from '../client/types.js';
import type { VercelError } from '../errors/index.js';
import { CallQueue, type QueueCounts } from './call-queue.js';
import { checkConcurrency } from './for-each-concurrently.js';
import { notify } from './notify.js';
import { createRateLimits, type RateLimits } from './rate-limits.js';

/** Options of {@link limited}. */
export interface LimitedOptions {
  /** Calls under way at a time. Default 10. */
  readonly concurrency?: number | undefined;
  /**
   * Keeps the limits. Share one between clients of the same account in this process, or between processes
   * (`createRedisRateLimits` of `vercel-rest/redis`). Default: this client's own.
   */
  readonly limits?: RateLimits | undefined;
  /** Called when a call of `each` is over. What it throws is ignored. */
  readonly onProgress?: ((progress: LimitedProgress) => void) | undefined;
}

/** Progress of a bulk. */
export interface LimitedProgress extends QueueCounts {
  /** Items of `each` so far. */
  readonly total: number;
  /** Those of them that are over, failed ones included. */
  readonly done: number;
  /** Calls that failed. */
  readonly failed: number;
}

/** Outcome of one item of a bulk. */
export type Outcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      /** A {@link VercelError} but for the caller's own: an abort reason, or what the callback threw. */
      readonly error: unknown;
    };

/** A client that keeps to the limits of the API, and works through lists. */
export type LimitedClient<C> = C & {
  /**
   * Calls `use` for every item, and waits for all of them.
   *
   * @param use - Makes calls of this client for one item.
   * @returns The outcome of each item, in the order of the items. Never rejects: a failure concerns its item alone.
   */
  each<Item, Value>(
    items: Iterable<Item>,
    use: (item: Item, index: number) => Promise<Value>,
  ): Promise<readonly Outcome<Value>[]>;
  /** Progress of the bulk. */
  readonly progress: LimitedProgress;
};

const DEFAULT_CONCURRENCY = 10;
const MAX_CONCURRENCY = 1_000;
/** The longest wait that a call obeys on its own, in milliseconds. */
const MAX_WAIT_MS = 1_000;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const;

/** The calls of a client once their types are gone. */
type Send = (target: string, init?: Readonly<Record<string, unknown>>) => Promise<Result<unknown>>;

/**
 * Makes a client that sends many calls without running into the limits of the API.
 *
 * The client learns each operation's limit from the responses, and which operations share one. A call that its limit would
 * refuse waits in the queue. One that was refused is sent again when the limit resets, up to twenty times. Time in the queue
 * does not count against `totalTimeout`.
 *
 * @param client - Any client of `createClient`. It is not changed.
 * @throws {InvalidArgumentError} For an option that cannot work.
 *
 * @example
 * const bulk = limited(client, { concurrency: 20, onProgress: ({ done, total }) => console.log(`${done} of ${total}`) });
 * const results = await bulk.each(projects, (project) =>
 *   bulk.PATCH('/v9/projects/{idOrName}', { params: { path: { idOrName: project } }, body: { nodeVersion: '22.x' } }),
 * );
 * for (const [index, result] of results.entries()) if (!result.ok) console.error(projects[index], result.error);
 */
export function limited<C extends object>(client: C, options: LimitedOptions = {}): LimitedClient<C> {
  const { concurrency = DEFAULT_CONCURRENCY, limits = createRateLimits(), onProgress } = options;
  checkConcurrency(concurrency, MAX_CONCURRENCY);
  const queue = new CallQueue(concurrency, limits);
  const counts = { total: 0, done: 0, failed: 0 };
  const progress = (): LimitedProgress => ({ ...counts, ...queue.counts });
  const through =
    (describe: (target: string) => TargetFacts, send: Send): Send =>
    (target, init) => {
      const { name, isRepeatable } = describe(target);
      const signal = init?.signal instanceof AbortSignal ? init.signal : undefined;
      // A longer wait is the queue's: it learns from the refusal, and holds the calls that follow.
      const own = { maxRetryAfterMs: MAX_WAIT_MS, ...init };
      return queue.run(name, { signal, isRepeatable }, () => send(target, own));
    };
  const methods = METHODS.map((method) => {
    const send: Send = (path, init) => methodOf(client, method)(path, init);
    return [method, through((path) => factsOf(client, method, path), send)] as const;
  });
  const call = through(
    // The same limit as by its path. An unknown id is refused where it is called.
    (id) => {
      try {
        const { method, path } = operationFor(client, id, METHODS);
        return factsOf(client, method, path);
      } catch {
        return { name: id, isRepeatable: false };
      }
    },
    (id, init) => methodOf(client, 'call')(id, init),
  );
  const operations = Object.fromEntries(
    // A client without operations has none to queue.
    Object.keys(Object(Reflect.get(client, 'operations'))).map((id) => [
      id,
      (init?: Readonly<Record<string, unknown>>) => call(id, init),
    ]),
  );
  const each = async (items: Iterable<unknown>, use: (item: unknown, index: number) => Promise<unknown>) => {
    const list = [...items];
    counts.total += list.length;
    return Promise.all(
      list.map(async (item, index) => {
        let outcome: Outcome<unknown>;
        try {
          outcome = { ok: true, value: await use(item, index) };
        } catch (error) {
          outcome = { ok: false, error };
        }
        counts.done += 1;
        if (!outcome.ok) counts.failed += 1;
        notify(onProgress, progress());
        return outcome;
      }),
    );
  };
  // What the client remembers of its document is read through the prototype, so that `paginate` and its like work too.
  const own = Object.create(
    client,
    Object.getOwnPropertyDescriptors({ ...Object.fromEntries(methods), call, operations, each }),
  );
  return Object.defineProperty(own, 'progress', { get: progress });
}

function methodOf(client: object, name: string): Send {
  // Every method of a client takes a target and the fields of a call.
  return (target, init) => (Reflect.get(client, name) as Send).call(client, target, init);
}

/** Facts of an operation that decide how its calls are queued. */
interface TargetFacts {
  /** The class that the document names, else the operation on its own. */
  readonly name: string;
  readonly isRepeatable: boolean;
}

function factsOf(client: object, method: string, path: string): TargetFacts {
  const known = operationOf(client, method, path);
  return {
    name: known?.rateLimitClass ?? `${method} ${path}`,
    isRepeatable: known?.safeToRepeat ?? !['POST', 'PATCH'].includes(method),
  };
}
