import { APITimeoutError, type CallFacts } from '../errors/index.js';
import { onAbort } from '../util/abort.js';
import type { CallContext, Middleware } from './middleware.js';

/** Time that an attempt needs at least, in milliseconds; less where its own `timeout` is shorter. */
const MIN_ATTEMPT_MS = 2_000;
/** The longest delay of a timer. Only the bound of the call and the caller's signal end such a wait. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Bounds each attempt in time, its body included, and joins the caller's signal to it.
 *
 * Rejects with `APITimeoutError` when `call.timeoutMs` or the time of the whole call has passed, or with the caller's own
 * reason when its signal fires; at once in each case, even where the `fetch` below ignores its signal. An attempt for which
 * too little of the call's time is left is not sent: its effect would be reported as a timeout.
 */
export function timeoutMiddleware(): Middleware {
  return (next) => (request, call) =>
    new Promise<Response>((resolve, reject) => {
      call.signal?.throwIfAborted();
      if (!call.totalTimeout.allows(call.timeoutMs)) throw new APITimeoutError(call.totalTimeout.ms, call);
      const timer = new AttemptTimer(call, reject);
      next(request, { ...call, timer }).then(
        (response) => {
          if (!timer.bodyHandedOver) timer.stop();
          resolve(response);
        },
        (error: unknown) => {
          timer.stop();
          reject(error);
        },
      );
    });
}

/** Facts of a call that its {@link AttemptTimer} needs. */
export type TimedCall = CallFacts &
  Pick<CallContext, 'timeoutMs' | 'hasIdleTimeout' | 'totalTimeout' | 'signal'>;

/**
 * Times one attempt and joins the caller's signal to it.
 *
 * It fires once: when the attempt's time is up, when that of the whole call is, or when the caller aborts.
 */
export class AttemptTimer {
  /** Fires when the attempt has to end; its reason is the error of the attempt. */
  readonly signal: AbortSignal;
  /** Set by code that uses the body after the attempt has returned; that code then calls `stop`. */
  bodyHandedOver = false;

  readonly #controller = new AbortController();
  readonly #call: TimedCall;
  readonly #onEnd: (reason: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isOver = false;
  #stopListening: (() => void) | undefined;

  /** @param onEnd - Called with the reason before the signal fires, so that the waiting code knows it first. */
  constructor(call: TimedCall, onEnd: (reason: unknown) => void) {
    this.signal = this.#controller.signal;
    this.#call = call;
    this.#onEnd = onEnd;
    const { signal } = call;
    if (signal?.aborted) this.#end(signal.reason);
    else {
      if (signal !== undefined) this.#stopListening = onAbort(signal, () => this.#end(signal.reason));
      this.#start(0);
    }
  }

  /**
   * Restarts the time when a chunk arrived or left, or when the reader asks for the next one, if the call has an idle timeout.
   *
   * @param extraMs - Time beyond `timeout`, for bytes that are still on their way.
   */
  touch(extraMs = 0): void {
    if (this.#isOver || !this.#call.hasIdleTimeout) return;
    clearTimeout(this.#timer);
    this.#start(extraMs);
  }

  /** Stops the time until `touch`: nothing waits for the server, so its silence does not count. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Ends the timing: the attempt is over. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#stopListening?.();
  }

  #start(extraMs: number): void {
    const { totalTimeout } = this.#call;
    const timeoutMs = this.#call.timeoutMs + extraMs;
    const limitMs = Math.max(0, Math.min(timeoutMs, Math.round(totalTimeout.leftMs())));
    this.#timer = setTimeout(() => {
      // A wait that the server asked for has moved the bound meanwhile.
      const isMoved = limitMs < timeoutMs && totalTimeout.leftMs() > 1;
      if (isMoved) this.#start(0);
      else this.#end(new APITimeoutError(limitMs, this.#call));
    }, limitMs);
  }

  #end(reason: unknown): void {
    this.stop();
    this.#onEnd(reason);
    this.#controller.abort(reason);
  }
}

/**
 * Waits for work that has no time limit of its own and cannot be cancelled, such as a credential.
 *
 * Where the whole call has no bound (a stream), the wait is bounded like each silence of it.
 *
 * @throws {APITimeoutError} When the call's time is up first; the signal's reason when the caller aborts first.
 */
export function withinCall<T>(work: Promise<T>, call: TimedCall): Promise<T> {
  return new Promise((resolve, reject) => {
    const timeoutMs = call.totalTimeout.ms === Number.POSITIVE_INFINITY ? call.timeoutMs : NO_TIMEOUT_MS;
    const timer = new AttemptTimer({ ...call, timeoutMs }, reject);
    work.then(resolve, reject).finally(() => timer.stop());
  });
}

/**
 * The bound of one whole call: every wait of the call ends inside it.
 *
 * Waits that the server asked for move the bound, unless they count. Otherwise a caller who obeys a rate limit of a minute
 * would run out of time by obeying.
 */
export class TotalTimeout {
  /** The time that the call was given, in milliseconds; `Infinity` for no bound. */
  readonly ms: number;

  readonly #countsServerWaits: boolean;
  /** On the clock of `performance.now()`. */
  #endsAt: number;
  #followers: Set<TotalTimeout> | undefined;

  /**
   * @param ms - Milliseconds from now; `Infinity` for no bound.
   * @param countsServerWaits - Whether waits that the server asked for use up the time. Default `false`.
   */
  constructor(ms: number, countsServerWaits = false) {
    this.ms = ms;
    this.#endsAt = performance.now() + ms;
    this.#countsServerWaits = countsServerWaits;
  }

  /** Returns the milliseconds that are left; negative when the time is up. */
  leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /**
   * Returns whether an attempt of up to `timeoutMs` may begin after a wait: one with less than the smaller of `timeoutMs` and
   * 2 s left would be sent and then reported as a timeout. Half of a shorter bound is enough.
   *
   * @param isServers - Whether the server asked for the wait.
   */
  allows(timeoutMs: number, waitMs = 0, isServers = false): boolean {
    const leastMs = Math.min(timeoutMs, MIN_ATTEMPT_MS, this.ms / 2);
    return this.leftMs() - (isServers && !this.#countsServerWaits ? 0 : waitMs) >= leastMs;
  }

  /** Moves the bound by a wait that begins now and that the server asked for. */
  startServerWait(ms: number): void {
    if (this.#countsServerWaits) return;
    this.#endsAt += ms;
    for (const follower of this.#followers ?? []) follower.startServerWait(ms);
  }

  /**
   * Moves another call's bound along with this one: that call waits for this one's response.
   *
   * @returns A function that ends it.
   */
  leads(other: TotalTimeout): () => void {
    if (other === this) return () => undefined;
    this.#followers ??= new Set();
    this.#followers.add(other);
    return () => this.#followers?.delete(other);
  }
}
