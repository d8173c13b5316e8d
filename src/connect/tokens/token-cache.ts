import { LRUCache } from 'lru-cache';
import type { TokenEvent } from '../stats.js';
import type {
  CacheRequest,
  CurrentEntry,
  EntryTags,
  Expiring,
  Loaded,
  LoadOptions,
} from './cache-request.js';
import { createFlight, type Flight } from './flight.js';
import { beginLife, hardLimitMs, type Life, refreshWindowMs, remainingMs } from './freshness.js';
import type { TokenCacheOptions } from './token-cache-options.js';

interface Entry<T> {
  readonly tags: EntryTags;
  readonly value: T;
  readonly life: Life;
  /** When asking for it began, on the monotonic clock: so long it has been verified. */
  readonly verifiedAt: number;
  /** See {@link Loaded.version}. */
  readonly version: string | undefined;
  /**
   * On the monotonic clock: no refresh is begun before, since one has just failed. `Infinity` where one brought nothing
   * newer: none then until the hard limit.
   */
  restUntil: number;
}

type TokenFlight<T> = Flight<Loaded<T>> & {
  readonly key: string;
  readonly tags: EntryTags;
  readonly startedAt: number;
};

/** The least life with which a token is served while the API is away, in milliseconds. */
const STALE_LIMIT_MS = 5_000;
/** The rest after a refresh that failed in passing, in milliseconds. */
const REST_MS = 3_000;
/** Fetches that one call waits for at most when each is invalidated under way. */
const MAX_ROUNDS = 4;
/** The loader has its own, more exact bound: it goes first, in milliseconds. */
const GRACE_MS = 20;

/**
 * A bounded cache of tokens that fetches each at most once at a time and refreshes it ahead of expiry.
 *
 * It knows no HTTP: a key, a loader and clocks are all it needs. Any number of concurrent callers of one key share one
 * flight. A flight superseded by `drop` or by a forced refresh stores nothing, and its waiters start over for a fresh
 * response: a token from before is never handed out after.
 */
export class TokenCache<T extends Expiring> {
  readonly #options: TokenCacheOptions;
  readonly #entries: LRUCache<string, Entry<T>>;
  readonly #flights = new Map<string, TokenFlight<T>>();

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    this.#entries = new LRUCache({
      max: options.max,
      dispose: (entry, _, reason) => {
        if (reason === 'evict' && this.#remains(entry) > 0) this.#tell('eviction', entry.tags.connector);
      },
    });
  }

  /**
   * Returns what is cached, when it lives longer than the buffer; else a promise of what the next fetch gives, whatever its
   * life. A hit is synchronous.
   *
   * @throws What `request.load` or `request.throwCached` throws, or the signal's own reason.
   */
  get(request: CacheRequest<T>): T | Promise<T> {
    request.signal?.throwIfAborted();
    const cached = request.force ? undefined : this.#cached(request);
    if (cached !== undefined) {
      this.#tell('hit', request.connector);
      return cached;
    }
    if (!request.force) request.throwCached?.();
    this.#tell('miss', request.connector);
    return this.#joinOrFetch(request);
  }

  /**
   * Returns what {@link get} would return at once and without beginning a refresh, so that the commonest call costs a look-up
   * and no more; `undefined` for everything else.
   */
  peek(key: string, bufferMs: number | undefined): T | undefined {
    const entry = this.#entries.get(key);
    const now = this.#options.clocks.monotonic();
    if (entry === undefined || !this.#isTrusted(entry, now)) return undefined;
    const limitMs = hardLimitMs(entry.life, bufferMs, this.#options.bufferMs);
    if (this.#remains(entry, now) <= limitMs + refreshWindowMs(entry.life, limitMs)) return undefined;
    this.#tell('hit', entry.tags.connector);
    return entry.value;
  }

  /** Removes entries and keeps flights under way from storing. Synchronous. @returns What was removed. */
  drop(selects: (tags: EntryTags, value: T | undefined) => boolean): DroppedEntry[] {
    const dropped: DroppedEntry[] = [];
    for (const [key, { tags, value, version }] of [...this.#entries]) {
      if (!selects(tags, value)) continue;
      this.#entries.delete(key);
      dropped.push({ tags, version });
    }
    for (const [key, flight] of [...this.#flights]) {
      if (!selects(flight.tags, undefined)) continue;
      flight.superseded = true;
      this.#flights.delete(key);
    }
    return dropped;
  }

  /** Returns a cached value that is selected, for what it tells. */
  findValue(selects: (tags: EntryTags, value: T) => boolean): T | undefined {
    for (const { tags, value } of this.#entries.values()) if (selects(tags, value)) return value;
    return undefined;
  }

  #cached(request: CacheRequest<T>): T | undefined {
    const entry = this.#entries.get(request.key);
    if (entry === undefined) return undefined;
    const now = this.#options.clocks.monotonic();
    if (!this.#isTrusted(entry, now)) return undefined;
    const limitMs = hardLimitMs(entry.life, request.bufferMs, this.#options.bufferMs);
    const leftMs = this.#remains(entry, now);
    if (leftMs <= limitMs) return this.#isResting(entry) ? this.#stale(request, entry) : undefined;
    if (leftMs <= limitMs + refreshWindowMs(entry.life, limitMs)) this.#refresh(request, entry, limitMs);
    return entry.value;
  }

  /** Refreshes in the background, while the old token is handed out. */
  #refresh(request: CacheRequest<T>, entry: Entry<T>, limitMs: number): void {
    if (this.#flights.has(request.key) || this.#options.clocks.monotonic() < entry.restUntil) return;
    this.#tell('refresh', request.connector);
    // More life than is left is asked for, or the API would return, and bill, the same token again.
    const askMs = Math.max(
      request.askMs ?? 0,
      Math.ceil(limitMs + refreshWindowMs({ ...entry.life, spread: 1.2 }, limitMs)),
    );
    // Nobody waits for it: #onFetched and #onFetchFailed settle it.
    this.#startFetch(request, askMs, false, true).answer.catch(() => undefined);
  }

  /** Joins the flight under way, or starts one, and starts over where its response will not do. */
  async #joinOrFetch(request: CacheRequest<T>): Promise<T> {
    let { force, askMs } = request;
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const flight = this.#joinOrStart(request, askMs, force);
      const loaded = await this.#wait(request, flight);
      if (loaded === undefined || 'stale' in loaded) {
        if (loaded !== undefined) return loaded.stale;
        force = false;
        const cached = this.#cached(request);
        if (cached !== undefined) return cached;
        continue;
      }
      const own = request.bufferMs;
      if (own === undefined || flight.wasAskedFor(own) || loaded.leftMs > own) return loaded.value;
      // The flight was another's and asked for less life than this caller needs: one further call is due, and all callers
      // in that position share it by asking for the longest life among them.
      askMs = flight.longestBufferMs;
      force = false;
    }
    throw request.failure('superseded');
  }

  /**
   * Waits for a flight.
   *
   * @returns `undefined` when it was superseded; a stale token where the caller can use one and the flight fails in passing,
   *   or is about to wait for longer than a second.
   */
  async #wait(
    request: CacheRequest<T>,
    flight: TokenFlight<T>,
  ): Promise<Loaded<T> | { readonly stale: T } | undefined> {
    const { bufferMs, signal } = request;
    const answer = flight.join({
      bufferMs,
      signal,
      ms: request.leftMs() + GRACE_MS,
      timeoutError: () => request.failure('timeout'),
    });
    try {
      const stale = this.#entries.has(request.key) && (await this.#staleDuring(flight, answer, request));
      if (stale) return { stale };
      const loaded = await answer;
      return flight.superseded ? undefined : loaded;
    } catch (error) {
      // What was asked before an invalidation does not count after it, whether it failed or not.
      const isPassing = !flight.superseded && !signal?.aborted && !this.#options.evictsOn(error);
      const stale = isPassing && !request.force ? this.#staleOf(request) : undefined;
      if (stale === undefined) throw error;
      return { stale };
    }
  }

  /** Returns a stale token where the caller can use one and the flight is about to wait for long. */
  async #staleDuring(
    flight: TokenFlight<T>,
    answer: Promise<Loaded<T>>,
    request: CacheRequest<T>,
  ): Promise<T | undefined> {
    const isReady = await Promise.race([answer.then(() => true), flight.longWait.then(() => false)]);
    const stale = isReady || flight.superseded || request.force ? undefined : this.#staleOf(request);
    // Nobody waits for it any more.
    if (stale !== undefined) answer.catch(() => undefined);
    return stale;
  }

  #joinOrStart(request: CacheRequest<T>, askMs: number | undefined, force: boolean): TokenFlight<T> {
    const present = this.#flights.get(request.key);
    if (present === undefined || present.abandoned || (force && !present.forced))
      return this.#startFetch(request, askMs, force);
    this.#tell('shared', request.connector);
    return present;
  }

  #startFetch(
    request: CacheRequest<T>,
    askMs: number | undefined,
    force: boolean,
    ahead = false,
  ): TokenFlight<T> {
    const { key } = request;
    const superseded = this.#flights.get(key);
    if (superseded) superseded.superseded = true;
    if (force) this.#entries.delete(key);
    const startedAt = this.#options.clocks.monotonic();
    const options = this.#loadOptions(request, askMs, force, ahead);
    const flight: TokenFlight<T> = Object.assign(
      createFlight((signal, onWait) => request.load({ ...options, signal, onWait }), askMs, force, {
        ms: request.leftMs() + GRACE_MS,
        timeoutError: () => request.failure('timeout'),
        isBackground: ahead,
      }),
      { key, tags: options.tags, startedAt },
    );
    this.#flights.set(key, flight);
    flight.answer.then(
      (loaded) => this.#onFetched(flight, loaded),
      (error) => this.#onFetchFailed(flight, error),
    );
    return flight;
  }

  #loadOptions(
    request: CacheRequest<T>,
    askMs: number | undefined,
    force: boolean,
    ahead: boolean,
  ): Omit<LoadOptions<T>, 'signal' | 'onWait'> {
    const { key, bufferMs: own } = request;
    const askedMs = ahead || own !== undefined ? (askMs ?? 0) : 0;
    const limitMs = (lengthMs: number) =>
      Math.max(askedMs, hardLimitMs({ lengthMs }, own, this.#options.bufferMs));
    return {
      tags: request.tags(),
      askMs,
      force,
      ahead,
      suffices: (leftMs, lengthMs) => leftMs > limitMs(lengthMs),
      current: () => (force ? undefined : this.#current(key, limitMs)),
    };
  }

  #current(key: string, limitMs: (lengthMs: number) => number): CurrentEntry<T> | undefined {
    const entry = this.#entries.peek(key);
    if (entry === undefined) return undefined;
    const { value, version, life } = entry;
    const leftMs = this.#remains(entry);
    const invalidate = () => {
      if (this.#entries.peek(key) === entry) this.#entries.delete(key);
    };
    const { lengthMs } = life;
    return { value, version, leftMs, lengthMs, isGood: leftMs > limitMs(lengthMs), invalidate };
  }

  #onFetched(flight: TokenFlight<T>, { value, status, version, leftMs, lengthMs }: Loaded<T>): void {
    this.#remove(flight);
    if (status === 'superseded') flight.superseded = true;
    if (flight.superseded || leftMs <= 0) return;
    const { clocks, random } = this.#options;
    const { key, tags } = flight;
    const before = this.#entries.peek(key);
    const isConfirmed = status === 'confirmed' && before?.value === value;
    const life = isConfirmed ? before.life : beginLife(leftMs, clocks, random, lengthMs);
    // An API that gives the same token again would be asked, and would bill, at every use until the hard limit.
    const isNewer = before === undefined || value.expiresAt > before.value.expiresAt;
    const restUntil = isConfirmed ? before.restUntil : isNewer ? 0 : Number.POSITIVE_INFINITY;
    this.#entries.set(key, { tags, value, life, version, verifiedAt: flight.startedAt, restUntil });
  }

  #onFetchFailed(flight: TokenFlight<T>, error: unknown): void {
    this.#remove(flight);
    // What its last waiter cancelled says nothing of the API.
    if (flight.superseded || flight.abandoned) return;
    const entry = this.#entries.peek(flight.key);
    if (this.#options.evictsOn(error)) this.#entries.delete(flight.key);
    else if (entry) entry.restUntil = this.#options.clocks.monotonic() + REST_MS;
  }

  #remove(flight: TokenFlight<T>): void {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key);
  }

  #staleOf(request: CacheRequest<T>): T | undefined {
    const entry = this.#entries.get(request.key);
    return entry && this.#stale(request, entry);
  }

  /** Returns a token inside its buffer, for a caller that set none, while refreshing it fails in passing. */
  #stale(request: CacheRequest<T>, entry: Entry<T>): T | undefined {
    if (request.bufferMs !== undefined || this.#remains(entry) < STALE_LIMIT_MS) return undefined;
    this.#tell('stale', request.connector);
    return entry.value;
  }

  #isResting(entry: Entry<T>): boolean {
    return Number.isFinite(entry.restUntil) && this.#options.clocks.monotonic() < entry.restUntil;
  }

  #isTrusted({ verifiedAt }: Entry<T>, now = this.#options.clocks.monotonic()): boolean {
    const { trust } = this.#options;
    if (trust === undefined) return true;
    return verifiedAt >= (now <= trust.until ? trust.since : now - trust.afterwardsMs);
  }

  #remains(entry: Entry<T>, now = this.#options.clocks.monotonic()): number {
    return remainingMs(entry.life, this.#options.clocks.wall(), now);
  }

  #tell(type: TokenEvent['type'], connector: string): void {
    this.#options.record({ type, connector });
  }
}

/** What was removed from a cache. */
export interface DroppedEntry {
  readonly tags: EntryTags;
  /** See {@link Loaded.version}. */
  readonly version: string | undefined;
}
