import { type Bound, waitWithin } from '../../util/abort.js';

/** One fetch under way, and the callers that wait for it. */
export interface Flight<T> {
  /** Settles when the fetch does. */
  readonly answer: Promise<T>;
  /** Whether it was started to skip the cache. */
  readonly forced: boolean;
  /** Set when its response is no longer wanted: it stores nothing, and its waiters start over. */
  superseded: boolean;
  /** Whether its last waiter left, so that it is being cancelled. */
  readonly abandoned: boolean;
  /** The longest life that a waiter asked for, in milliseconds; `undefined` when none asked. */
  readonly longestBufferMs: number | undefined;
  /** Settles when the fetch begins to wait for longer than {@link LONG_WAIT_MS} before it asks again. */
  readonly longWait: Promise<void>;
  /** Tells how long the fetch waits before it asks again, in milliseconds. */
  onWait(ms: number): void;
  /** Tells whether the fetch itself asked for at least this much life. */
  wasAskedFor(bufferMs: number): boolean;
  /**
   * Waits for the response.
   *
   * A flight has a bound of its own, so that only a waiter whose time is over before needs another timer.
   *
   * @throws The signal's reason, at once when it fires, or `timeoutError` after `ms`; other waiters are not affected.
   *   When the last one leaves, the fetch is cancelled.
   */
  join(waiter: Waiter): Promise<T>;
}

/** How a caller waits. */
export interface Waiter extends Bound {
  readonly bufferMs: number | undefined;
}

/** A caller that holds a usable token does not wait for longer than this, in milliseconds. */
export const LONG_WAIT_MS = 1_000;

/**
 * Starts a fetch that several callers can share.
 *
 * @param load - Fetches; its signal fires when nobody waits any more.
 * @param askedMs - The life that the fetch asks for, in milliseconds, if any.
 * @param forced - See {@link Flight.forced}.
 * @param bound - How long it takes at most, whoever waits.
 */
export function createFlight<T>(
  load: (signal: AbortSignal, onWait: (ms: number) => void) => Promise<T>,
  askedMs: number | undefined,
  forced: boolean,
  bound: Omit<Bound, 'signal'>,
): Flight<T> {
  const controller = new AbortController();
  let startLongWait = () => {};
  const longWait = new Promise<void>((resolve) => {
    startLongWait = resolve;
  });
  const onWait = (ms: number) => {
    if (ms > LONG_WAIT_MS) startLongWait();
  };
  const endsAt = performance.now() + bound.ms;
  const answer = waitWithin(load(controller.signal, onWait), { ...bound, signal: undefined }, (reason) =>
    controller.abort(reason),
  );
  let waiters = 0;
  let longest = askedMs;
  const leave = (reason: unknown) => {
    waiters -= 1;
    if (waiters === 0) controller.abort(reason);
  };
  return {
    answer,
    forced,
    longWait,
    onWait,
    superseded: false,
    get abandoned() {
      return controller.signal.aborted;
    },
    get longestBufferMs() {
      return longest;
    },
    wasAskedFor: (bufferMs) => askedMs !== undefined && askedMs >= bufferMs,
    join({ bufferMs, ...own }) {
      // Who left before it came has nothing to wait for, and nobody to disturb.
      if (own.signal?.aborted) return Promise.reject(own.signal.reason);
      waiters += 1;
      if (bufferMs !== undefined) longest = Math.max(longest ?? 0, bufferMs);
      const isOverBefore = performance.now() + own.ms + 1 < endsAt;
      return own.signal === undefined && !isOverBefore ? answer : waitWithin(answer, own, leave);
    },
  };
}
