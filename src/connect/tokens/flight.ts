import { type Bound, waitWithin } from '../../util/abort.js';

/** A caller that holds a usable token does not wait for longer than this, in milliseconds. */
const LONG_WAIT_MS = 1_000;

/** Options of {@link Flight}. */
interface FlightOptions {
  /** The life that the fetch asks for, in milliseconds; `undefined` asks for none. */
  readonly askedMs: number | undefined;
  /** See {@link Flight.forced}. */
  readonly forced: boolean;
  /** The longest time that the fetch may take, for any waiter. */
  readonly bound: Omit<Bound, 'signal'>;
}

/** One caller that waits for a flight. */
interface Waiter extends Bound {
  /** The caller's own buffer in milliseconds. */
  readonly bufferMs: number | undefined;
}

/** A request in flight, which any number of callers share. */
export class Flight<T> {
  /** Settles with the response of the fetch, or rejects with its error or after its time. */
  readonly response: Promise<T>;
  /** Resolves when the fetch begins to wait for longer than a second before a further attempt. */
  readonly longWait: Promise<void>;
  /** Whether a caller started it to skip the cache. */
  readonly forced: boolean;
  /** Set when an invalidation or a forced refresh replaced it: it stores nothing, and its waiters start over. */
  superseded = false;
  readonly #controller = new AbortController();
  readonly #askedMs: number | undefined;
  readonly #endsAt: number;
  #longestBufferMs: number | undefined;
  #waiters = 0;

  /** @param fetch - Fetches. Its signal fires when the last waiter has left. */
  constructor(
    fetch: (signal: AbortSignal, onWait: (ms: number) => void) => Promise<T>,
    { askedMs, forced, bound }: FlightOptions,
  ) {
    this.forced = forced;
    this.#askedMs = this.#longestBufferMs = askedMs;
    this.#endsAt = performance.now() + bound.ms;
    let startLongWait = () => {};
    this.longWait = new Promise<void>((resolve) => {
      startLongWait = resolve;
    });
    const fetching = fetch(this.#controller.signal, (ms) => {
      if (ms > LONG_WAIT_MS) startLongWait();
    });
    this.response = waitWithin(fetching, { ...bound, signal: undefined }, (reason) =>
      this.#controller.abort(reason),
    );
  }

  /** Whether its last waiter has left, so that the fetch is being cancelled. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** The longest life that a waiter asked for, in milliseconds; `undefined` when none asked. */
  get longestBufferMs(): number | undefined {
    return this.#longestBufferMs;
  }

  /** Returns whether the fetch asked the API for at least this much life, in milliseconds. */
  hasAskedFor(bufferMs: number): boolean {
    return this.#askedMs !== undefined && this.#askedMs >= bufferMs;
  }

  /**
   * Waits for the response. Cancels the fetch when the last waiter leaves before it.
   *
   * Sets a timer only for a waiter whose time ends before that of the flight.
   *
   * @throws The signal's reason, at once when it fires, or `timeoutError` after `ms`. Other waiters are not affected.
   */
  join({ bufferMs, ...own }: Waiter): Promise<T> {
    if (own.signal?.aborted) return Promise.reject(own.signal.reason);
    this.#waiters++;
    if (bufferMs !== undefined) this.#longestBufferMs = Math.max(this.#longestBufferMs ?? 0, bufferMs);
    const isOverBefore = performance.now() + own.ms + 1 < this.#endsAt;
    if (own.signal === undefined && !isOverBefore) return this.response;
    return waitWithin(this.response, own, (reason) => {
      this.#waiters--;
      if (this.#waiters === 0) this.#controller.abort(reason);
    });
  }
}
