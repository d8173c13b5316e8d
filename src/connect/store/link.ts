import type { Trust } from '../tokens/token-cache-options.js';
import type { Attempt, Guard } from './guard.js';
import type { TokenStore } from './token-store.js';

/** Between two signs of life, in milliseconds. */
const BEAT_MS = 2_000;
/** Between two looks whether a store is back, in milliseconds. */
const PROBE_MS = 1_000;

/** What {@link Link} takes. */
export interface LinkOptions {
  readonly store: TokenStore;
  readonly guard: Guard;
  /** Kept up to date. */
  readonly trust: Trust;
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
  #end: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Since when every notice has come; `undefined` while they may be lost. */
  #since: number | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Subscribes, unless it has. */
  start(): void {
    if (this.#end !== undefined) return;
    const { store, inbox, now, onNotice } = this.#options;
    let isOver = false;
    const unsubscribe = store.subscribe(inbox, {
      notice: (text) => {
        if (isOver) return;
        this.#heardAt = now();
        this.#judge();
        onNotice(text);
      },
      listening: () => {
        if (isOver) return;
        this.#heardAt = this.#since = now();
        this.#judge();
      },
      lost: () => {
        if (isOver) return;
        this.#since = undefined;
        this.#judge();
      },
    });
    this.#end = () => {
      isOver = true;
      clearTimeout(this.#timer);
      unsubscribe();
    };
    this.#judge();
    this.#beat();
  }

  /** The store is used again. */
  back(): void {
    this.#judge();
  }

  /** The store is given up: looks soon whether it is back. */
  away(): void {
    this.#judge();
    if (this.#end !== undefined) this.#beatIn(PROBE_MS);
  }

  /** Ends the subscription and the signs of life, after a last one and all that the store has not been told. */
  async close(): Promise<void> {
    if (this.#end === undefined) return;
    await this.#probe();
    this.#end?.();
    this.#end = this.#since = undefined;
    this.#judge();
  }

  /** Says what of the front cache is believed. */
  #judge(): void {
    const { guard, trust } = this.#options;
    trust.since = this.#since ?? Number.NEGATIVE_INFINITY;
    trust.until = this.#since === undefined ? Number.NEGATIVE_INFINITY : this.#heardAt + trust.afterwardsMs;
    if (!guard.isAway) return;
    // Nobody can tell of a revocation, and the rules of one process hold: any entry will do.
    trust.since = Number.NEGATIVE_INFINITY;
    trust.until = Number.POSITIVE_INFINITY;
  }

  #probe(): Promise<void> {
    const { store, guard, inbox, settle } = this.#options;
    return guard.probe(() => store.probe(inbox, ''), settle);
  }

  #beat(): void {
    const link = this.#end;
    this.#probe().finally(() => {
      if (this.#end === link) this.#beatIn(this.#options.guard.isAway ? PROBE_MS : BEAT_MS);
    });
  }

  #beatIn(ms: number): void {
    clearTimeout(this.#timer);
    // It must not keep a process alive that has nothing else to do.
    this.#timer = setTimeout(() => this.#beat(), ms).unref();
  }
}
