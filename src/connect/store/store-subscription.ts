import type { Trust } from '../tokens/token-cache-options.js';
import { type Attempt, type CircuitBreaker, reasonOf } from './circuit-breaker.js';
import type { StoreListener, TokenStore } from './token-store.js';

/** Between two signs of life, in milliseconds. */
const HEARTBEAT_MS = 2_000;
/** Between two looks whether a store is back, in milliseconds. */
const PROBE_MS = 1_000;

interface StoreSubscriptionOptions {
  readonly store: TokenStore;
  readonly breaker: CircuitBreaker;
  /** Kept up to date. */
  readonly trust: Trust;
  /** The name of this client among the others. */
  readonly channel: string;
  readonly onMessage: (text: string) => void;
  /** Run with each probe, before a store that was away is used again. */
  readonly settle: (attempt: Attempt) => Promise<void>;
  /** Called when the subscription has begun again: the store may have lost its memory meanwhile. */
  readonly onListeningAgain: () => void;
  /** Called once when the store works but refuses to subscribe, with its reason. */
  readonly onUnsubscribed: (reason: string) => void;
}

/**
 * The subscription of one client, and how far it can be relied upon.
 *
 * A connection can be dead without anybody noticing, so the client sends itself a sign of life every other second, the long
 * way round: while they come, messages come.
 */
export class StoreSubscription {
  #end: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Since when every message has come; `undefined` while they may be lost. */
  #since: number | undefined;
  #heardAt = Number.NEGATIVE_INFINITY;
  #hasListened = false;
  /** The store's reason for refusing a subscription. */
  #refusal: string | undefined;
  #isRefusalTold = false;

  constructor(readonly options: StoreSubscriptionOptions) {}

  /** Subscribes, unless it has. */
  start(): void {
    if (this.#end !== undefined) return;
    let isOver = false;
    const whileWanted =
      <Given extends unknown[]>(react: (...given: Given) => void) =>
      (...given: Given) => {
        if (isOver) return;
        react(...given);
        this.#judge();
      };
    const unsubscribe = this.#subscribe({
      message: whileWanted((text) => this.#hear(text)),
      listening: whileWanted(() => this.#listen()),
      lost: whileWanted((reason) => {
        this.#since = undefined;
        this.#refusal = reason;
      }),
    });
    this.#end = () => {
      isOver = true;
      clearTimeout(this.#timer);
      try {
        unsubscribe();
      } catch {
        // Nothing is heard of it any more.
      }
    };
    this.#judge();
    this.#heartbeat();
  }

  /** A store that throws is one that does not subscribe. */
  #subscribe(listener: StoreListener): () => void {
    const { store, channel } = this.options;
    try {
      const unsubscribe: unknown = store.subscribe(channel, listener);
      return typeof unsubscribe === 'function' ? () => void unsubscribe() : () => {};
    } catch (error) {
      this.#refusal = reasonOf(error);
      return () => {};
    }
  }

  #hear(text: string): void {
    const { onMessage } = this.options;
    this.#heardAt = performance.now();
    this.#judge();
    onMessage(text);
  }

  #listen(): void {
    const { onListeningAgain } = this.options;
    this.#heardAt = this.#since = performance.now();
    this.#refusal = undefined;
    this.#isRefusalTold = false;
    if (this.#hasListened) onListeningAgain();
    this.#hasListened = true;
  }

  /** Whether every message comes. */
  get isListening(): boolean {
    return this.#since !== undefined;
  }

  /** The store is used again. */
  back(): void {
    this.#judge();
  }

  /** The store is given up: looks soon whether it is back. */
  away(): void {
    this.#judge();
    if (this.#end !== undefined) this.#scheduleHeartbeat(PROBE_MS);
  }

  /** Ends the subscription and its heartbeat, after a last probe that writes what is pending. */
  async close(): Promise<void> {
    if (this.#end === undefined) return;
    await this.#probe();
    this.#end?.();
    this.#end = this.#since = undefined;
    this.#judge();
  }

  /** Says what of the front cache is believed. */
  #judge(): void {
    const { breaker, trust } = this.options;
    trust.since = this.#since ?? Number.NEGATIVE_INFINITY;
    trust.until = this.#since === undefined ? Number.NEGATIVE_INFINITY : this.#heardAt + trust.afterwardsMs;
    if (!breaker.isAway) return;
    // No process can report a revocation, so the rules of a single process apply: every entry is trusted.
    trust.since = Number.NEGATIVE_INFINITY;
    trust.until = Number.POSITIVE_INFINITY;
  }

  #probe(): Promise<void> {
    const { store, breaker, channel, settle, onUnsubscribed } = this.options;
    return breaker.probe(
      () => store.probe(channel, ''),
      async (attempt) => {
        await settle(attempt);
        // Told here, and not when it was refused: a store that refuses everything is away, and says so itself.
        if (this.#refusal === undefined || this.#isRefusalTold) return;
        this.#isRefusalTold = true;
        onUnsubscribed(this.#refusal);
      },
    );
  }

  #heartbeat(): void {
    const link = this.#end;
    this.#probe().finally(() => {
      if (this.#end === link) this.#scheduleHeartbeat(this.options.breaker.isAway ? PROBE_MS : HEARTBEAT_MS);
    });
  }

  #scheduleHeartbeat(ms: number): void {
    clearTimeout(this.#timer);
    // It must not keep a process alive that has nothing else to do.
    this.#timer = setTimeout(() => this.#heartbeat(), ms).unref();
  }
}
