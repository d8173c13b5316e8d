import { LRUCache } from 'lru-cache';
import { createFlight, type Flight } from './flight.js';

/** What a cached answer must tell. */
export interface Expiring {
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** One caller's wish. */
export interface Wish<T> {
  /** Full key: origin, identity, arguments. */
  readonly key: string;
  /** Who asks; the part of the key by which one caller's entries are dropped. */
  readonly identity: string;
  /** What is asked for; the part of the key by which everybody's entries are dropped. */
  readonly argumentsKey: string;
  /** The caller's own buffer in milliseconds; `undefined` takes the cache's. */
  readonly bufferMs: number | undefined;
  /** The life to ask the loader for, in milliseconds, when there is one to ask for. */
  readonly askMs: number | undefined;
  /** Skips what is cached. */
  readonly force: boolean;
  readonly signal: AbortSignal | undefined;
  /** Fetches a token with at least this much life. */
  load(askMs: number | undefined, signal: AbortSignal): Promise<T>;
}

/** Which entries to drop; a field left out matches all. */
export interface Selection {
  readonly identity?: string;
  readonly argumentsKey?: string;
}

/** What a {@link TokenCache} takes. */
export interface TokenCacheOptions {
  /** Entries kept at most. */
  readonly max: number;
  /** Least remaining life for callers that name none, in milliseconds. */
  readonly bufferMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether a failure means that the cached token is no good either. */
  readonly evictsOn: (error: unknown) => boolean;
}

type TokenFlight<T> = Flight<T> & { readonly wish: Wish<T> };

interface Entry<T> extends Required<Selection> {
  readonly value: T;
}

/**
 * A bounded cache of tokens that fetches each at most once at a time.
 *
 * It knows no HTTP: a key, a loader and a clock are all it needs. Any number of concurrent callers of one key share one
 * flight. A flight overtaken by `drop` or by a forced refresh stores nothing, and its waiters go again for a fresh
 * answer: a token from before is never handed out after.
 */
export class TokenCache<T extends Expiring> {
  readonly #options: TokenCacheOptions;
  readonly #entries: LRUCache<string, Entry<T>>;
  readonly #flights = new Map<string, TokenFlight<T>>();

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    this.#entries = new LRUCache({ max: options.max });
  }

  /**
   * What is cached, when it lives longer than the buffer; else what the next fetch gives, whatever its life.
   *
   * @throws What `wish.load` throws, or the signal's own reason.
   */
  async get(wish: Wish<T>): Promise<T> {
    wish.signal?.throwIfAborted();
    return (wish.force ? undefined : this.#cached(wish)) ?? this.#board(wish);
  }

  #cached({ key, bufferMs = this.#options.bufferMs }: Wish<T>): T | undefined {
    const value = this.#entries.get(key)?.value;
    return value !== undefined && this.#lives(value, bufferMs) ? value : undefined;
  }

  /** Drops entries and keeps flights under way from storing. Synchronous. */
  drop({ identity, argumentsKey }: Selection): void {
    const selects = (candidate: Required<Selection>) =>
      (identity ?? candidate.identity) === candidate.identity &&
      (argumentsKey ?? candidate.argumentsKey) === candidate.argumentsKey;
    for (const [key, entry] of [...this.#entries]) if (selects(entry)) this.#entries.delete(key);
    for (const [key, flight] of [...this.#flights]) {
      if (!selects(flight.wish)) continue;
      flight.overtaken = true;
      this.#flights.delete(key);
    }
  }

  /** Takes the flight under way, or starts one, and goes again where its answer will not do. */
  async #board(wish: Wish<T>, askMs = wish.askMs, isFurther = false): Promise<T> {
    const present = this.#flights.get(wish.key);
    const joins = present !== undefined && !present.abandoned && (!wish.force || present.forced);
    const flight = joins ? present : this.#start(wish, askMs);
    const value = await flight.join(wish.bufferMs, wish.signal);
    const again = { ...wish, force: false };
    if (flight.overtaken) return this.#cached(again) ?? this.#board(again, askMs, isFurther);
    const asked = wish.bufferMs === undefined || !joins || flight.wasAskedFor(wish.bufferMs);
    if (asked || isFurther || this.#lives(value, wish.bufferMs)) return value;
    // The flight was another's and asked for less life than this caller needs: one further call is due, and all callers
    // in that position share it by asking for the longest life among them.
    return this.#board(again, flight.longestBufferMs, true);
  }

  #start(wish: Wish<T>, askMs: number | undefined): TokenFlight<T> {
    const overtaken = this.#flights.get(wish.key);
    if (overtaken) overtaken.overtaken = true;
    if (wish.force) this.#entries.delete(wish.key);
    const flight = Object.assign(
      createFlight((signal) => wish.load(askMs, signal), askMs, wish.force),
      { wish },
    );
    this.#flights.set(wish.key, flight);
    flight.answer.then(
      (value) => this.#land(flight, value),
      (error) => this.#crash(flight, error),
    );
    return flight;
  }

  #land(flight: TokenFlight<T>, value: T): void {
    this.#remove(flight);
    if (flight.overtaken || !this.#lives(value, 0)) return;
    const { key, identity, argumentsKey } = flight.wish;
    this.#entries.set(key, { identity, argumentsKey, value });
  }

  #crash(flight: TokenFlight<T>, error: unknown): void {
    this.#remove(flight);
    if (!flight.overtaken && this.#options.evictsOn(error)) this.#entries.delete(flight.wish.key);
  }

  #remove(flight: TokenFlight<T>): void {
    if (this.#flights.get(flight.wish.key) === flight) this.#flights.delete(flight.wish.key);
  }

  #lives(value: T, bufferMs: number): boolean {
    return value.expiresAt - this.#options.now() > bufferMs;
  }
}
