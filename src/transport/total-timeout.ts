/** Time that an attempt needs at least, in milliseconds; less where its own `timeout` is shorter. */
const MIN_ATTEMPT_MS = 2_000;

/**
 * The bound of one whole call: every wait of the call ends inside it.
 *
 * Waits that the server asked for move the bound, unless they count: a caller who obeys a rate limit of a minute would
 * otherwise run out of time by obeying.
 */
export class TotalTimeout {
  /** The time that the call was given, in milliseconds; `Infinity` for no bound. */
  readonly ms: number;

  readonly #countsServerWaits: boolean;
  readonly #followers = new Set<TotalTimeout>();
  #endsAt: number;

  /**
   * @param ms - Milliseconds from now; `Infinity` for no bound.
   * @param countsServerWaits - Whether waits that the server asked for use up the time. Default `false`.
   */
  constructor(ms: number, countsServerWaits = false) {
    this.ms = ms;
    this.#countsServerWaits = countsServerWaits;
    this.#endsAt = performance.now() + ms;
  }

  /** When the call must be over, on the clock of `performance.now()`. */
  get endsAt(): number {
    return this.#endsAt;
  }

  /** Milliseconds left; negative when the time is up. */
  leftMs(): number {
    return this.#endsAt - performance.now();
  }

  /**
   * Whether an attempt of up to `timeoutMs` may begin after a wait: one with less than the smaller of `timeoutMs` and 2 s
   * left would be sent and then reported as a timeout. Half of a shorter bound is enough.
   *
   * @param isServers - Whether the server asked for the wait.
   */
  allows(timeoutMs: number, waitMs = 0, isServers = false): boolean {
    const leastMs = Math.min(timeoutMs, MIN_ATTEMPT_MS, this.ms / 2);
    return this.leftMs() - (isServers && !this.#countsServerWaits ? 0 : waitMs) >= leastMs;
  }

  /** Tells that a wait of `ms` begins that the server asked for. */
  startServerWait(ms: number): void {
    if (this.#countsServerWaits) return;
    this.#endsAt += ms;
    for (const follower of this.#followers) follower.startServerWait(ms);
  }

  /**
   * Moves another call's bound along with this one: that call waits for this one's answer.
   *
   * @returns A function that ends it.
   */
  leads(other: TotalTimeout): () => void {
    if (other === this) return () => undefined;
    this.#followers.add(other);
    return () => this.#followers.delete(other);
  }
}
