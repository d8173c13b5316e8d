import { LRUCache } from 'lru-cache';
import type { TokenEvent } from '../stats.js';
import type {
  CacheLocation,
  CacheRequest,
  CurrentEntry,
  EntryTags,
  Expiring,
  Load,
  Loaded,
} from './cache-request.js';
import { Flight } from './flight.js';
import { beginLife, hardLimitMs, refreshWindowMs, remainingMs } from './freshness.js';
import type { TokenCacheOptions } from './token-cache-options.js';

interface Entry<T> extends CurrentEntry<T> {
  /** When the request for it began, on the monotonic clock: the token was valid then. */
  readonly verifiedAt: number;
  /** On the monotonic clock: no refresh begins before, because one has just ended. */
  restUntil: number;
}

/** The least life with which a token is served while the API is away, in milliseconds. */
const STALE_LIMIT_MS = 5_000;
/** The pause between two refreshes of an entry, in milliseconds: an API may fail, or return the same token again. */
const REST_MS = 3_000;
/** The most fetches that one call waits for when each is invalidated in flight. */
const MAX_ROUNDS = 4;
/** The loader has a bound of its own, which is more exact and must fire first, in milliseconds. */
const GRACE_MS = 20;

/**
 * A bounded cache of tokens that fetches each at most once at a time and refreshes it ahead of expiry.
 *
 * It knows entries and requests in flight, and no HTTP. All concurrent callers of one key share one flight. A flight that
 * `drop` or a forced refresh superseded stores nothing, and its waiters start over: they never receive a token from before.
 */
export class TokenCache<T extends Expiring> {
  readonly #options: TokenCacheOptions;
  readonly #entries: LRUCache<string, Entry<T>>;
  readonly #flights = new Map<string, TokenFlight<T>>();

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    let hasHinted = false;
    this.#entries = new LRUCache({
      max: options.max,
      dispose: (entry, _, reason) => {
        if (reason !== 'evict' || this.#leftMs(entry) <= 0) return;
        const { connector } = entry.tags;
        this.#options.record({
          type: 'eviction',
          connector,
          ...(hasHinted ? {} : { hint: hintFor(options.max) }),
        });
        hasHinted = true;
      },
    });
  }

  /**
   * Returns the cached token at once if it lives longer than the buffer, otherwise a promise of the next response.
   *
   * @throws What `load` or `throwCached` throws, or the signal's own reason.
   */
  get(request: CacheRequest, load: Load<T>): T | Promise<T> {
    const { location, force, signal } = request;
    if (signal?.aborted) throw signal.reason;
    if (!force) {
      const cached = this.#cached(request, load);
      if (cached !== undefined) {
        this.#options.record({ type: 'hit', connector: location.tags.connector });
        return cached;
      }
      this.#options.throwCached?.(location.key);
    }
    this.#record('miss', location);
    return this.#joinOrFetch(request, load);
  }

  /** Removes entries, and supersedes flights so that they store nothing. Returns the entries that it removed. */
  drop(selects: (tags: EntryTags, value: T | undefined) => boolean): CurrentEntry<T>[] {
    const dropped: CurrentEntry<T>[] = [];
    for (const [key, entry] of [...this.#entries]) {
      if (!selects(entry.tags, entry.value)) continue;
      this.#entries.delete(key);
      dropped.push(entry);
    }
    for (const [key, flight] of [...this.#flights]) {
      if (!selects(flight.location.tags, undefined)) continue;
      flight.superseded = true;
      this.#flights.delete(key);
    }
    return dropped;
  }

  /** Returns the first cached value that is selected. */
  findValue(selects: (tags: EntryTags, value: T) => boolean): T | undefined {
    for (const { tags, value } of this.#entries.values()) if (selects(tags, value)) return value;
    return undefined;
  }

  /** Returns the cached token that may be served now, and starts a refresh when one is due. */
  #cached(request: CacheRequest, load: Load<T>): T | undefined {
    const entry = this.#entries.get(request.location.key);
    if (entry === undefined) return undefined;
    const { clocks, trust } = this.#options;
    const now = clocks.monotonic();
    if (
      trust !== undefined &&
      entry.verifiedAt < (now <= trust.until ? trust.since : now - trust.afterwardsMs)
    )
      return undefined;
    const { life } = entry;
    const limitMs = request.bufferMs ?? life.limitMs;
    const windowMs =
      request.bufferMs === undefined ? life.windowMs : refreshWindowMs(life.lengthMs, life.spread, limitMs);
    const leftMs = remainingMs(life, clocks.wall(), now);
    if (leftMs <= limitMs) return now < entry.restUntil ? this.#stale(request) : undefined;
    if (leftMs <= limitMs + windowMs && now >= entry.restUntil) this.#refresh(request, entry, load);
    return entry.value;
  }

  /** Starts a refresh in the background, while callers receive the old token. */
  #refresh(request: CacheRequest, { life }: Entry<T>, load: Load<T>): void {
    if (this.#flights.has(request.location.key)) return;
    this.#record('refresh', request.location);
    const limitMs = hardLimitMs(life.lengthMs, request.bufferMs, this.#options.bufferMs);
    // Asks for more life than is left: the API would otherwise return, and bill, the same token again.
    const leastMs = Math.ceil(limitMs + refreshWindowMs(life.lengthMs, 1.2, limitMs));
    const askMs = Math.max(request.askMs ?? 0, leastMs);
    // Nobody waits for it: #onFetched and #onFetchFailed settle it.
    this.#startFetch(request, load, { askMs, force: false, ahead: true }).response.catch(() => undefined);
  }

  /** Joins the flight for a key, or starts one, and starts over when its response does not suffice. */
  async #joinOrFetch(request: CacheRequest, load: Load<T>): Promise<T> {
    const { bufferMs } = request;
    const endsAt = this.#options.clocks.monotonic() + request.leftMs;
    let { force, askMs } = request;
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const leftMs = Math.max(1, endsAt - this.#options.clocks.monotonic());
      const flight = this.#joinOrStart({ ...request, leftMs }, load, askMs, force);
      const loaded = await this.#wait({ ...request, leftMs }, flight);
      if (loaded === undefined) {
        const cached = this.#cached(request, load);
        if (cached !== undefined) return cached;
      } else if ('stale' in loaded) return loaded.stale;
      else if (bufferMs === undefined || flight.hasAskedFor(bufferMs) || loaded.leftMs > bufferMs)
        return loaded.value;
      // Another caller started the flight and asked for less life than this one needs. One further request is due. All
      // callers in this position share it, because it asks for the longest life among them.
      else askMs = flight.longestBufferMs;
      force = false;
    }
    throw this.#options.failure('superseded');
  }

  /**
   * Waits for a flight.
   *
   * @returns `undefined` when it was superseded. A stale token when the caller can use one and the flight fails in passing,
   *   or is about to wait for longer than a second.
   */
  async #wait(
    request: CacheRequest,
    flight: TokenFlight<T>,
  ): Promise<Loaded<T> | { readonly stale: T } | undefined> {
    const { bufferMs, signal, leftMs } = request;
    const { failure, evictsOn } = this.#options;
    const ms = leftMs + GRACE_MS;
    const response = flight.join({ bufferMs, signal, ms, timeoutError: () => failure('timeout') });
    try {
      if (this.#entries.has(request.location.key)) {
        const isReady = await Promise.race([response.then(() => true), flight.longWait.then(() => false)]);
        const stale = isReady || flight.superseded ? undefined : this.#stale(request);
        if (stale !== undefined) {
          // Nobody waits for it any more.
          response.catch(() => undefined);
          return { stale };
        }
      }
      const loaded = await response;
      return flight.superseded ? undefined : loaded;
    } catch (error) {
      // The outcome of a request that was sent before an invalidation does not count after it.
      const isPassing = !flight.superseded && !signal?.aborted && !evictsOn(error);
      const stale = isPassing ? this.#stale(request) : undefined;
      if (stale === undefined) throw error;
      return { stale };
    }
  }

  #joinOrStart(
    request: CacheRequest,
    load: Load<T>,
    askMs: number | undefined,
    force: boolean,
  ): TokenFlight<T> {
    const present = this.#flights.get(request.location.key);
    if (present === undefined || present.abandoned || (force && !present.forced))
      return this.#startFetch(request, load, { askMs, force, ahead: false });
    this.#record('shared', request.location);
    return present;
  }

  #startFetch(
    { location, bufferMs, leftMs }: CacheRequest,
    load: Load<T>,
    {
      askMs,
      force,
      ahead,
    }: { readonly askMs: number | undefined; readonly force: boolean; readonly ahead: boolean },
  ): TokenFlight<T> {
    const { key } = location;
    const { clocks, failure, bufferMs: standardMs } = this.#options;
    const replaced = this.#flights.get(key);
    if (replaced) replaced.superseded = true;
    if (force) this.#entries.delete(key);
    const askedMs = ahead || bufferMs !== undefined ? (askMs ?? 0) : 0;
    const options = {
      ...{ askMs, force, ahead },
      minLife: { askedMs, ownMs: bufferMs, standardMs },
      current: this.#entries.peek(key),
    };
    const flight = new TokenFlight<T>(
      location,
      clocks.monotonic(),
      ahead,
      (signal, onWait) => load({ ...options, signal, onWait }),
      {
        ...{ askedMs: askMs, forced: force },
        bound: { ms: leftMs + GRACE_MS, timeoutError: () => failure('timeout'), isBackground: ahead },
      },
    );
    this.#flights.set(key, flight);
    flight.response.then(
      (loaded) => this.#onFetched(flight, loaded),
      (error) => this.#onFetchFailed(flight, error),
    );
    return flight;
  }

  #onFetched(flight: TokenFlight<T>, { value, status, version, leftMs, lengthMs }: Loaded<T>): void {
    const { key, tags } = flight.location;
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    const before = this.#entries.peek(key);
    const isConfirmed = status === 'confirmed' && before?.value === value;
    // An entry that was dropped while the loader confirmed it is not served again.
    if (status === 'superseded' || (status === 'confirmed' && !isConfirmed)) flight.superseded = true;
    if (flight.superseded || leftMs <= 0) return;
    const { clocks, random, bufferMs: standardMs } = this.#options;
    const life = isConfirmed ? before.life : beginLife({ leftMs, lengthMs, standardMs, clocks, random });
    const restUntil = isConfirmed ? before.restUntil : flight.ahead ? clocks.monotonic() + REST_MS : 0;
    this.#entries.set(key, { tags, value, life, version, verifiedAt: flight.startedAt, restUntil });
  }

  #onFetchFailed(flight: TokenFlight<T>, error: unknown): void {
    const { key } = flight.location;
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    // An error that its last waiter caused by leaving says nothing of the API.
    if (flight.superseded || flight.abandoned) return;
    const entry = this.#entries.peek(key);
    if (this.#options.evictsOn(error)) this.#entries.delete(key);
    else if (entry) entry.restUntil = this.#options.clocks.monotonic() + REST_MS;
  }

  /** Returns a token inside its buffer, for a caller that gave no buffer, while a refresh fails in passing. */
  #stale({ location, bufferMs, force }: CacheRequest): T | undefined {
    const entry = force || bufferMs !== undefined ? undefined : this.#entries.get(location.key);
    if (entry === undefined || this.#leftMs(entry) < STALE_LIMIT_MS) return undefined;
    this.#record('stale', location);
    return entry.value;
  }

  #leftMs({ life }: Entry<T>): number {
    const { clocks } = this.#options;
    return remainingMs(life, clocks.wall(), clocks.monotonic());
  }

  #record(type: TokenEvent['type'], { tags }: CacheLocation): void {
    this.#options.record({ type, connector: tags.connector });
  }
}

/** A flight for one key of the cache. */
class TokenFlight<T> extends Flight<Loaded<T>> {
  constructor(
    readonly location: CacheLocation,
    /** On the monotonic clock. */
    readonly startedAt: number,
    readonly ahead: boolean,
    ...given: ConstructorParameters<typeof Flight<Loaded<T>>>
  ) {
    super(...given);
  }
}

function hintFor(max: number): string {
  return `A live token was evicted. Asking for it again costs a billed request: raise cache.max (now ${max}).`;
}
