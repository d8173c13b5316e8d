import type { Attempt, Guard } from './guard.js';
import type { TokenStore } from './token-store.js';

/** How long an entry is trusted while notices may be lost, and a subscription that nothing is heard of, in milliseconds. */
export const TRUST_MS = 5_000;
/** Between two signs of life, in milliseconds. */
const BEAT_MS = 2_000;
/** Between two looks whether a store is back, in milliseconds. */
const PROBE_MS = 1_000;

/** What {@link Link} takes. */
export interface LinkOptions {
  readonly store: TokenStore;
  readonly guard: Guard;
  /** The name of this client among the others. */
  readonly inbox: string;
  /** Milliseconds that no clock setting changes. */
  readonly now: () => number;
  readonly onNotice: (text: string) => void;
  /** Run with each probe, before a store that was away is used again. */
  readonly settle: (attempt: Attempt) => Promise<void>;
}

/**
 * The subscription of one client, and how far it can be relied upon.
 *
 * A connection can be dead without anybody noticing, so the client sends itself a sign of life every other second, the long
 * way round: while they come, notices come.
 */
export class Link {
  readonly #options: LinkOptions;
  #isStarted = false;
  /** Since when every notice has come; `undefined` while they may be lost. */
  #since: number | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Subscribes, at the first call alone. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    const { store, inbox, now, onNotice } = this.#options;
    store.subscribe(inbox, {
      notice: (text) => {
        this.#heardAt = now();
        onNotice(text);
      },
      listening: () => {
        this.#heardAt = this.#since = now();
      },
      lost: () => {
        this.#since = undefined;
      },
    });
    this.#beat();
  }

  /**
   * Since when, on the monotonic clock, an entry must have been vouched for. Without a store, nobody can tell of a
   * revocation, and the rules of one process hold: any entry will do.
   */
  trustedSince(now: number): number {
    if (this.#options.guard.isAway) return Number.NEGATIVE_INFINITY;
    return this.#since !== undefined && now - this.#heardAt <= TRUST_MS ? this.#since : now - TRUST_MS;
  }

  #beat(): void {
    const { store, guard, inbox, settle } = this.#options;
    const probe = () => store.probe(inbox, '');
    guard.probe(probe, settle).finally(() => {
      // It must not keep a process alive that has nothing else to do.
      setTimeout(() => this.#beat(), guard.isAway ? PROBE_MS : BEAT_MS).unref();
    });
  }
}
