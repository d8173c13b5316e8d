import { APITimeoutError, type CallFacts } from '../errors/index.js';
import { onAbort } from '../util/abort.js';
import type { TotalTimeout } from './total-timeout.js';

/** Facts of a call that its {@link AttemptTimer} needs. */
export interface WatchedCall extends CallFacts {
  readonly timeoutMs: number;
  readonly hasIdleTimeout: boolean;
  readonly totalTimeout: TotalTimeout;
  readonly signal: AbortSignal | undefined;
}

/**
 * Times one attempt and joins the caller's signal to it.
 *
 * It fires once: when the attempt's time is up, when that of the whole call is, or when the caller aborts.
 */
export class AttemptTimer {
  readonly #controller = new AbortController();
  readonly #call: WatchedCall;
  readonly #onEnd: (reason: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over = false;
  #stopListening: () => void = () => undefined;
  /** Set by who goes on using the body after the attempt has been handed back; it then calls `stop`. */
  bodyHandedOver = false;

  /** @param onEnd - Told the reason before the signal fires, so that whoever waits knows it first. */
  constructor(call: WatchedCall, onEnd: (reason: unknown) => void) {
    this.#call = call;
    this.#onEnd = onEnd;
    if (call.signal?.aborted) {
      this.#end(call.signal.reason);
    } else {
      this.#stopListening = onAbort(call.signal, () => this.#end(call.signal?.reason));
      this.#start();
    }
  }

  /** Fires when the attempt has to end; its reason is the error to give. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Starts the time anew when a chunk arrived or left, or is waited for again, if the call has an idle timeout.
   *
   * @param extraMs - Time beyond `timeout`, for bytes that are still on their way.
   */
  touch(extraMs = 0): void {
    if (this.#over || !this.#call.hasIdleTimeout) return;
    clearTimeout(this.#timer);
    this.#start(extraMs);
  }

  /** Nobody waits for the server now: its silence does not count until `touch`. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** The attempt is over. */
  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#stopListening();
  }

  #start(extraMs = 0): void {
    const { totalTimeout } = this.#call;
    const timeoutMs = this.#call.timeoutMs + extraMs;
    const limitMs = Math.max(0, Math.min(timeoutMs, Math.round(totalTimeout.leftMs())));
    this.#timer = setTimeout(() => {
      // A wait that the server asked for has moved the bound meanwhile.
      const isMoved = limitMs < timeoutMs && totalTimeout.leftMs() > 1;
      if (isMoved) this.#start();
      else this.#end(new APITimeoutError(limitMs, this.#call));
    }, limitMs);
  }

  #end(reason: unknown): void {
    this.stop();
    this.#onEnd(reason);
    this.#controller.abort(reason);
  }
}

/** Longer than any wait: the bound of the call and the caller's signal alone end it. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Waits for something of a call that has no time limit of its own and cannot be cancelled, such as a credential.
 *
 * Where the whole call has no bound (a stream), the wait is bounded like each silence of it.
 *
 * @throws {APITimeoutError} When the call's time is up first; the signal's reason when the caller aborts first.
 */
export function withinCall<T>(work: Promise<T>, call: WatchedCall): Promise<T> {
  return new Promise((resolve, reject) => {
    const timeoutMs = call.totalTimeout.endsAt === Number.POSITIVE_INFINITY ? call.timeoutMs : NO_TIMEOUT_MS;
    const timer = new AttemptTimer({ ...call, timeoutMs }, reject);
    work.then(resolve, reject).finally(() => timer.stop());
  });
}
