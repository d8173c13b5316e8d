import { isRecord } from '../../util/is-record.js';

/** Failures in a row that end the use of a store until a probe succeeds. */
const FAILURES = 3;

interface CircuitBreakerOptions {
  /** Longest wait for one reply of the store, in milliseconds. */
  readonly timeoutMs: number;
  /** Told once when the store is given up for now. */
  readonly onAway: (reason: string) => void;
  /** Told once when it is in use again. */
  readonly onBack: () => void;
}

/** Asks the store for one thing, for so long. @throws What the store throws, or that it took too long. */
export type Attempt = <T>(work: () => Promise<T>) => Promise<T>;

/** Keeps a store that is slow or away from delaying or failing anybody: a circuit breaker with a time limit. */
export class CircuitBreaker {
  #failures = 0;
  #isAway = false;

  constructor(readonly options: CircuitBreakerOptions) {}

  /** Whether the store is given up for now. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /**
   * Runs an operation of the store, unless the circuit is open.
   *
   * @param late - Called with a reply after the time limit, to undo it.
   * @param proves - Whether a reply proves that the store works: a full store still answers reads.
   * @returns `undefined` without a reply in time. Never rejects.
   */
  async run<T>(
    work: () => Promise<T>,
    late?: (value: T) => void,
    proves = true,
  ): Promise<{ readonly value: T } | undefined> {
    if (this.#isAway) return undefined;
    try {
      const value = await within(this.options.timeoutMs, work, late);
      if (proves) this.#failures = 0;
      return { value };
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /**
   * Asks a store whether in use or not; when it is well, it is in use again.
   *
   * @param work - Asks it.
   * @param settle - What has to be done first, in any number of steps; each has the time limit of one reply.
   */
  async probe(work: () => Promise<void>, settle: (attempt: Attempt) => Promise<void>): Promise<void> {
    const attempt: Attempt = (step) => within(this.options.timeoutMs, step);
    try {
      await attempt(work);
      await settle(attempt);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#failures = 0;
    if (!this.#isAway) return;
    this.#isAway = false;
    this.options.onBack();
  }

  #fail(error: unknown): void {
    this.#failures++;
    if (this.#failures < FAILURES || this.#isAway) return;
    this.#isAway = true;
    this.options.onAway(reasonOf(error));
  }
}

class StoreTimeoutError extends Error {
  override readonly name = 'timeout';
}

/** Waits for a reply for a limited time. Before it gives up, a busy event loop handles the replies that arrived meanwhile. */
function within<T>(ms: number, work: () => Promise<T>, late?: (value: T) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const giveUp = () => {
      isOver = true;
      reject(new StoreTimeoutError());
    };
    const timer = setTimeout(() => setImmediate(() => setImmediate(giveUp)), ms);
    // A store of one's own may throw at once, or return a plain value.
    const settled = (async () => work())();
    settled.then((value) => (isOver ? late?.(value) : resolve(value)), reject);
    settled.catch(() => undefined).finally(() => clearTimeout(timer));
  });
}

/** Returns a store's own word for what is wrong (`OOM`, `READONLY`), or the system's; never its whole text. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Error';
  // What Redis says of a right that is missing inside a script begins with a mere ERR.
  if (/user executing the script/.test(error.message)) return 'NOPERM';
  const word = /^[A-Z]{3,20}\b/.exec(error.message)?.[0];
  const code = isRecord(error) && typeof error.code === 'string' ? error.code : undefined;
  return word ?? code ?? error.name;
}
