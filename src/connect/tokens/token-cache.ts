import { LRUCache } from 'lru-cache';
import { waitWithin } from '../../util/abort.js';
import type {
  CacheLocation,
  CacheRequest,
  CurrentEntry,
  EntryTags,
  Expiring,
  Load,
  Loaded,
  LoadOptions,
} from './cache-request.js';
import { beginLife, hardLimitMs, refreshWindowMs, remainingMs } from './freshness.js';
import type { TokenCacheOptions } from './token-cache-options.js';

interface Entry<T> extends CurrentEntry<T> {
  /** When the request for it began, on the monotonic clock: the token was valid then. */
  readonly verifiedAt: number;
  /** On the monotonic clock: no refresh begins before, because one has just failed. */
  restUntil: number;
}

/** The least life with which a token is served while the API is away, in milliseconds. */
const STALE_LIMIT_MS = 5_000;
/** The pause before another refresh of an entry, in milliseconds, where the API could not be reached. */
const REST_MS = 3_000;
/** The most fetches that one call waits for when each is invalidated in flight. */
const MAX_ROUNDS = 4;
/** A caller that holds a usable token does not wait for longer than this, in milliseconds. */
const LONG_WAIT_MS = 1_000;
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
  readonly #flights = new Map<string, Flight<T>>();

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    const { max, record } = options;
    const hint = `A live token was evicted. Asking for it again costs a billed request: raise cache.max (now ${max}).`;
    let hasHinted = false;
    this.#entries = new LRUCache({
      max,
      dispose: ({ life, tags }, _, reason) => {
        if (reason !== 'evict' || remainingMs(life) <= 0) return;
        record({ type: 'eviction', connector: tags.connector, ...(hasHinted ? {} : { hint }) });
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
    const { force, signal } = request;
    const { key, tags } = request.location;
    const { record, throwCached } = this.#options;
    if (signal?.aborted) throw signal.reason;
    if (!force) {
      const cached = this.#cached(request, load);
      if (cached !== undefined) {
        record({ type: 'hit', connector: tags.connector });
        return cached;
      }
      throwCached?.(key);
    }
    record({ type: 'miss', connector: tags.connector });
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
    const { trust } = this.#options;
    const now = performance.now();
    if (
      trust !== undefined &&
      entry.verifiedAt < (now <= trust.until ? trust.since : now - trust.afterwardsMs)
    )
      return undefined;
    const { life } = entry;
    const limitMs = request.bufferMs ?? life.limitMs;
    const windowMs =
      request.bufferMs === undefined ? life.windowMs : refreshWindowMs(life.lengthMs, life.spread, limitMs);
    const leftMs = remainingMs(life, now);
    if (leftMs <= limitMs) return now < entry.restUntil ? this.#stale(request) : undefined;
    if (leftMs <= limitMs + windowMs && now >= entry.restUntil) this.#refresh(request, entry, load);
    return entry.value;
  }

  /** Starts a refresh in the background, while callers receive the old token. */
  #refresh(request: CacheRequest, { life }: Entry<T>, load: Load<T>): void {
    if (this.#flights.has(request.location.key)) return;
    this.#options.record({ type: 'refresh', connector: request.location.tags.connector });
    const limitMs = hardLimitMs(life.lengthMs, request.bufferMs, this.#options.bufferMs);
    // Asks for more life than is left: the API would otherwise return, and bill, the same token again.
    const leastMs = Math.ceil(limitMs + refreshWindowMs(life.lengthMs, 1.2, limitMs));
    const askMs = Math.max(request.askMs ?? 0, leastMs);
    // Nobody waits for it: #onFetched and #onFetchFailed settle it.
    this.#startFetch({ ...request, askMs, force: false }, load, true).response.catch(() => undefined);
  }

  /** Joins the flight for a key, or starts one, and starts over when its response does not suffice. */
  async #joinOrFetch(request: CacheRequest, load: Load<T>): Promise<T> {
    const { bufferMs } = request;
    const { key, tags } = request.location;
    const endsAt = performance.now() + request.leftMs;
    let { force, askMs } = request;
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const leftMs = Math.max(1, endsAt - performance.now());
      let flight = this.#flights.get(key);
      if (flight === undefined || flight.abandoned || (force && !flight.forced))
        flight = this.#startFetch({ ...request, leftMs, askMs, force }, load, false);
      else this.#options.record({ type: 'shared', connector: tags.connector });
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
    flight: Flight<T>,
  ): Promise<Loaded<T> | { readonly stale: T } | undefined> {
    const response = flight.join(request);
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
      const isPassing = !flight.superseded && !request.signal?.aborted && !this.#options.evictsOn(error);
      const stale = isPassing ? this.#stale(request) : undefined;
      if (stale === undefined) throw error;
      return { stale };
    }
  }

  /** @param ahead - Whether it is a refresh ahead of expiry. */
  #startFetch(request: CacheRequest, load: Load<T>, ahead: boolean): Flight<T> {
    const { location, bufferMs, askMs, force } = request;
    const { failure, bufferMs: standardMs } = this.#options;
    const replaced = this.#flights.get(location.key);
    if (replaced) replaced.superseded = true;
    if (force) this.#entries.delete(location.key);
    const askedMs = ahead || bufferMs !== undefined ? (askMs ?? 0) : 0;
    const minLife = { askedMs, ownMs: bufferMs, standardMs };
    const current = this.#entries.peek(location.key);
    const flight = new Flight(location, load, { askMs, force, ahead, minLife, current }, request.leftMs, () =>
      failure('timeout'),
    );
    this.#flights.set(location.key, flight);
    flight.response.then(
      (loaded) => this.#onFetched(flight, loaded),
      (error) => this.#onFetchFailed(flight, error),
    );
    return flight;
  }

  #onFetched(flight: Flight<T>, { value, status, version, leftMs, lengthMs = leftMs }: Loaded<T>): void {
    const { key, tags } = flight.location;
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    const before = this.#entries.peek(key);
    const isConfirmed = status === 'confirmed' && before?.value === value;
    // An entry that was dropped while the loader confirmed it is not served again.
    if (status === 'superseded' || (status === 'confirmed' && !isConfirmed)) flight.superseded = true;
    if (flight.superseded || leftMs <= 0) return;
    const { bufferMs, random = Math.random } = this.#options;
    const life = isConfirmed ? before.life : beginLife(leftMs, lengthMs, bufferMs, random());
    const restUntil = isConfirmed ? before.restUntil : 0;
    this.#entries.set(key, { tags, value, life, version, verifiedAt: flight.startedAt, restUntil });
  }

  #onFetchFailed(flight: Flight<T>, error: unknown): void {
    const { key } = flight.location;
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
    // An error that its last waiter caused by leaving says nothing of the API.
    if (flight.superseded || flight.abandoned) return;
    const entry = this.#entries.peek(key);
    if (this.#options.evictsOn(error)) this.#entries.delete(key);
    else if (entry) entry.restUntil = performance.now() + REST_MS;
  }

  /** Returns a token inside its buffer, for a caller that gave no buffer, while a refresh fails in passing. */
  #stale({ location, bufferMs, force }: CacheRequest): T | undefined {
    const entry = force || bufferMs !== undefined ? undefined : this.#entries.get(location.key);
    if (entry === undefined || remainingMs(entry.life) < STALE_LIMIT_MS) return undefined;
    this.#options.record({ type: 'stale', connector: location.tags.connector });
    return entry.value;
  }
}

/** A request in flight, which any number of callers share. */
class Flight<T> {
  /** On the monotonic clock. */
  readonly startedAt = performance.now();
  /** Whether a caller started it to skip the cache. */
  readonly forced: boolean;
  /** Settles with the response of the loader, or rejects with its error or after its time. */
  readonly response: Promise<Loaded<T>>;
  /** Resolves when the loader begins to wait for longer than a second before a further attempt. */
  readonly longWait: Promise<void>;
  /** The longest life that a waiter asked for, in milliseconds; `undefined` when none asked. */
  longestBufferMs: number | undefined;
  /** Set when an invalidation or a forced refresh replaced it: it stores nothing, and its waiters start over. */
  superseded = false;
  readonly #controller = new AbortController();
  readonly #askedMs: number | undefined;
  readonly #endsAt: number;
  readonly #timeoutError: () => Error;
  #waiters = 0;

  /**
   * @param leftMs - The longest time that the loader may take, for any waiter.
   * @param timeoutError - Makes the error of a waiter whose time is up.
   */
  constructor(
    readonly location: CacheLocation,
    load: Load<T>,
    options: Omit<LoadOptions<T>, 'signal' | 'onWait'>,
    leftMs: number,
    timeoutError: () => Error,
  ) {
    const { askMs, force, ahead } = options;
    this.forced = force;
    this.#askedMs = this.longestBufferMs = askMs;
    this.#endsAt = this.startedAt + leftMs;
    this.#timeoutError = timeoutError;
    let startLongWait = () => {};
    this.longWait = new Promise<void>((resolve) => {
      startLongWait = resolve;
    });
    const { signal } = this.#controller;
    const onWait = (ms: number) => {
      if (ms > LONG_WAIT_MS) startLongWait();
    };
    this.response = waitWithin(
      load({ ...options, signal, onWait }),
      { ms: leftMs + GRACE_MS, timeoutError, signal: undefined, isBackground: ahead },
      (reason) => this.#controller.abort(reason),
    );
  }

  /** Whether its last waiter has left, so that the loader is being cancelled. */
  get abandoned(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Returns whether the loader asked the API for at least this much life, in milliseconds. */
  hasAskedFor(bufferMs: number): boolean {
    return this.#askedMs !== undefined && this.#askedMs >= bufferMs;
  }

  /**
   * Waits for the response. Cancels the loader when the last waiter leaves before it.
   *
   * Sets a timer only for a waiter whose time ends before that of the flight.
   *
   * @throws The signal's reason, at once when it fires, or the timeout error after `leftMs`. Other waiters are not affected.
   */
  join({ bufferMs, signal, leftMs }: CacheRequest): Promise<Loaded<T>> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#waiters++;
    if (bufferMs !== undefined) this.longestBufferMs = Math.max(this.longestBufferMs ?? 0, bufferMs);
    const isOverBefore = performance.now() + leftMs + 1 < this.#endsAt;
    if (signal === undefined && !isOverBefore) return this.response;
    const bound = { signal, ms: leftMs + GRACE_MS, timeoutError: this.#timeoutError };
    return waitWithin(this.response, bound, (reason) => {
      this.#waiters--;
      if (this.#waiters === 0) this.#controller.abort(reason);
    });
  }
}
