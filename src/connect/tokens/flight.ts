/** One fetch under way, and the callers that wait for it. */
export interface Flight<T> {
  /** Settles when the fetch does. */
  readonly answer: Promise<T>;
  /** Whether it was started to skip the cache. */
  readonly forced: boolean;
  /** Set when its answer is no longer wanted: it stores nothing, and its waiters go again. */
  overtaken: boolean;
  /** Whether its last waiter left, so that it is being cancelled. */
  readonly abandoned: boolean;
  /** The longest life that a waiter asked for, in milliseconds; `undefined` when none asked. */
  readonly longestBufferMs: number | undefined;
  /** Whether the fetch itself asked for at least this much life. */
  wasAskedFor(bufferMs: number): boolean;
  /**
   * Waits for the answer.
   *
   * @throws The signal's reason, at once when it fires; the other waiters are not disturbed. When the last one leaves,
   *   the fetch is cancelled.
   */
  join(bufferMs: number | undefined, signal: AbortSignal | undefined): Promise<T>;
}

/**
 * Starts a fetch that several callers can share.
 *
 * @param load - Fetches; its signal fires when nobody waits any more.
 * @param askedMs - The life that the fetch asks for, in milliseconds, if any.
 * @param forced - See {@link Flight.forced}.
 */
export function createFlight<T>(
  load: (signal: AbortSignal) => Promise<T>,
  askedMs: number | undefined,
  forced: boolean,
): Flight<T> {
  const controller = new AbortController();
  const answer = load(controller.signal);
  let waiters = 0;
  let longest = askedMs;

  function leave(reason: unknown): void {
    waiters -= 1;
    if (waiters === 0) controller.abort(reason);
  }

  return {
    answer,
    forced,
    overtaken: false,
    get abandoned() {
      return controller.signal.aborted;
    },
    get longestBufferMs() {
      return longest;
    },
    wasAskedFor: (bufferMs) => askedMs !== undefined && askedMs >= bufferMs,
    join(bufferMs, signal) {
      // Who left before it came has nothing to wait for, and nobody to disturb.
      if (signal?.aborted) return Promise.reject(signal.reason);
      waiters += 1;
      if (bufferMs !== undefined) longest = Math.max(longest ?? 0, bufferMs);
      if (signal === undefined) return answer;
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          reject(signal.reason);
          leave(signal.reason);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
      });
    },
  };
}
