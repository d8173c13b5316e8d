import { LRUCache } from 'lru-cache';
import type { TokenEvent } from '../stats.js';
import { createFlight, type Flight } from './flight.js';
import { beginLife, hardLimitMs, type Life, refreshWindowMs, remainingMs } from './freshness.js';
import type { TokenCacheOptions } from './token-cache-options.js';
import type { Ask, Expiring, Held, Loaded, Topic, Wish } from './wish.js';

interface Entry<T> {
  readonly topic: Topic;
  readonly value: T;
  readonly life: Life;
  /** When asking for it began, on the monotonic clock: so long it has been vouched for. */
  readonly vouchedAt: number;
  /** See {@link Loaded.mark}. */
  readonly mark: string | undefined;
  /**
   * On the monotonic clock: no renewal is begun before, since one has just failed. `Infinity` where one brought nothing
   * newer: none then until the hard limit.
   */
  restUntil: number;
}

type TokenFlight<T> = Flight<Loaded<T>> & { readonly wish: Wish<T>; readonly startedAt: number };

/** The least life with which a token is served while the API is away, in milliseconds. */
const STALE_LIMIT_MS = 5_000;
/** The rest after a renewal that failed in passing, in milliseconds. */
const REST_MS = 3_000;

/**
 * A bounded cache of tokens that fetches each at most once at a time and renews it ahead of expiry.
 *
 * It knows no HTTP: a key, a loader and clocks are all it needs. Any number of concurrent callers of one key share one
 * flight. A flight overtaken by `drop` or by a forced refresh stores nothing, and its waiters go again for a fresh
 * answer: a token from before is never handed out after.
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
        if (reason === 'evict' && this.#remains(entry) > 0) this.#tell('eviction', entry.topic);
      },
    });
  }

  /**
   * What is cached, when it lives longer than the buffer; else what the next fetch gives, whatever its life.
   *
   * @throws What `wish.load` throws, or the signal's own reason.
   */
  async get(wish: Wish<T>): Promise<T> {
    wish.signal?.throwIfAborted();
    const cached = wish.force ? undefined : this.#cached(wish);
    this.#tell(cached === undefined ? 'miss' : 'hit', wish.topic);
    return cached ?? this.#board(wish);
  }

  /**
   * What {@link get} would give at once, for a caller that asks for nothing special; `undefined` where it would have to
   * wait, or begin a refresh. Synchronous, so that the commonest call costs a look-up and no more.
   */
  peek(key: string, bufferMs: number | undefined): T | undefined {
    const entry = this.#entries.get(key);
    const now = this.#options.clocks.monotonic();
    if (entry === undefined || !this.#isTrusted(entry, now)) return undefined;
    const limitMs = hardLimitMs(entry.life, bufferMs, this.#options.bufferMs);
    if (this.#remains(entry, now) <= limitMs + refreshWindowMs(entry.life, limitMs)) return undefined;
    this.#tell('hit', entry.topic);
    return entry.value;
  }

  /** Drops entries and keeps flights under way from storing. Synchronous. */
  drop(selects: (topic: Topic, value: T | undefined) => boolean): void {
    for (const [key, entry] of [...this.#entries])
      if (selects(entry.topic, entry.value)) this.#entries.delete(key);
    for (const [key, flight] of [...this.#flights]) {
      if (!selects(flight.wish.topic, undefined)) continue;
      flight.overtaken = true;
      this.#flights.delete(key);
    }
  }

  #cached(wish: Wish<T>): T | undefined {
    const entry = this.#entries.get(wish.key);
    if (entry === undefined || !this.#isTrusted(entry)) return undefined;
    const limitMs = hardLimitMs(entry.life, wish.bufferMs, this.#options.bufferMs);
    const leftMs = this.#remains(entry);
    if (leftMs <= limitMs) return this.#isResting(entry) ? this.#stale(wish, entry) : undefined;
    if (leftMs <= limitMs + refreshWindowMs(entry.life, limitMs)) this.#refresh(wish, entry, limitMs);
    return entry.value;
  }

  /** Renews in the background, while the old token is handed out. */
  #refresh(wish: Wish<T>, entry: Entry<T>, limitMs: number): void {
    if (this.#flights.has(wish.key) || this.#options.clocks.monotonic() < entry.restUntil) return;
    this.#tell('refresh', wish.topic);
    // More life than is left is asked for, or the API would return, and bill, the same token again.
    const askMs = Math.max(
      wish.askMs ?? 0,
      Math.ceil(limitMs + refreshWindowMs({ ...entry.life, spread: 1.2 }, limitMs)),
    );
    // Nobody waits for it: what becomes of it is settled by #land and #crash.
    this.#start(wish, askMs, true).answer.catch(() => undefined);
  }

  /** Takes the flight under way, or starts one, and goes again where its answer will not do. */
  async #board(wish: Wish<T>, askMs = wish.askMs): Promise<T> {
    const present = this.#flights.get(wish.key);
    const joins = present !== undefined && !present.abandoned && (!wish.force || present.forced);
    if (joins) this.#tell('shared', wish.topic);
    const flight = joins ? present : this.#start(wish, askMs);
    const again = { ...wish, force: false };
    let value: T;
    try {
      ({ value } = await flight.join(wish.bufferMs, wish.signal));
    } catch (error) {
      const isPassing = !flight.overtaken && !wish.signal?.aborted && !this.#options.evictsOn(error);
      const stale = isPassing && !wish.force ? this.#staleOf(wish) : undefined;
      if (stale === undefined) throw error;
      return stale;
    }
    if (flight.overtaken) return this.#cached(again) ?? this.#board(again, askMs);
    const own = wish.bufferMs;
    if (own === undefined || flight.wasAskedFor(own) || value.expiresAt - this.#options.clocks.wall() > own)
      return value;
    // The flight was another's and asked for less life than this caller needs: one further call is due, and all callers
    // in that position share it by asking for the longest life among them.
    return this.#board(again, flight.longestBufferMs);
  }

  #start(wish: Wish<T>, askMs: number | undefined, ahead = false): TokenFlight<T> {
    const overtaken = this.#flights.get(wish.key);
    if (overtaken) overtaken.overtaken = true;
    if (wish.force) this.#entries.delete(wish.key);
    const startedAt = this.#options.clocks.monotonic();
    const ask = this.#describe(wish, askMs, ahead);
    const flight = Object.assign(
      createFlight((signal) => wish.load({ ...ask, signal }), askMs, wish.force),
      { wish, startedAt },
    );
    this.#flights.set(wish.key, flight);
    flight.answer.then(
      (loaded) => this.#land(flight, loaded),
      (error) => this.#crash(flight, error),
    );
    return flight;
  }

  #describe(wish: Wish<T>, askMs: number | undefined, ahead: boolean): Omit<Ask<T>, 'signal'> {
    const own = wish.bufferMs;
    const askedMs = ahead || own !== undefined ? (askMs ?? 0) : 0;
    const limitMs = (lengthMs: number) =>
      Math.max(askedMs, hardLimitMs({ lengthMs }, own, this.#options.bufferMs));
    const { force } = wish;
    return {
      askMs,
      force,
      ahead,
      suffices: (leftMs, lengthMs) => leftMs > limitMs(lengthMs),
      held: () => (force ? undefined : this.#hold(wish.key, limitMs)),
    };
  }

  #hold(key: string, limitMs: (lengthMs: number) => number): Held<T> | undefined {
    const entry = this.#entries.peek(key);
    if (entry === undefined) return undefined;
    const { value, mark, life } = entry;
    const leftMs = this.#remains(entry);
    const disown = () => {
      if (this.#entries.peek(key) === entry) this.#entries.delete(key);
    };
    return { value, mark, leftMs, isGood: leftMs > limitMs(life.lengthMs), disown };
  }

  #land(flight: TokenFlight<T>, { value, standing, mark, leftMs, lengthMs }: Loaded<T>): void {
    this.#remove(flight);
    if (standing === 'outdated') flight.overtaken = true;
    const { clocks, random } = this.#options;
    const { key, topic } = flight.wish;
    const before = this.#entries.peek(key);
    const isConfirmed = standing === 'confirmed' && before?.value === value;
    const left = leftMs ?? value.expiresAt - clocks.wall();
    const life = isConfirmed ? before.life : beginLife(left, clocks, random, lengthMs);
    if (flight.overtaken || left <= 0) return;
    // An API that gives the same token again would be asked, and would bill, at every use until the hard limit.
    const isNewer = before === undefined || value.expiresAt > before.value.expiresAt;
    const restUntil = isConfirmed ? before.restUntil : isNewer ? 0 : Number.POSITIVE_INFINITY;
    this.#entries.set(key, { topic, value, life, mark, vouchedAt: flight.startedAt, restUntil });
  }

  #crash(flight: TokenFlight<T>, error: unknown): void {
    this.#remove(flight);
    // What its last waiter cancelled says nothing of the API.
    if (flight.overtaken || flight.abandoned) return;
    const { key } = flight.wish;
    const entry = this.#entries.peek(key);
    if (this.#options.evictsOn(error)) this.#entries.delete(key);
    else if (entry) entry.restUntil = this.#options.clocks.monotonic() + REST_MS;
  }

  #remove(flight: TokenFlight<T>): void {
    if (this.#flights.get(flight.wish.key) === flight) this.#flights.delete(flight.wish.key);
  }

  #staleOf(wish: Wish<T>): T | undefined {
    const entry = this.#entries.get(wish.key);
    return entry && this.#stale(wish, entry);
  }

  /** A token inside its buffer, for a caller that set none, while renewing it fails in passing. */
  #stale(wish: Wish<T>, entry: Entry<T>): T | undefined {
    if (wish.bufferMs !== undefined || this.#remains(entry) < STALE_LIMIT_MS) return undefined;
    this.#tell('stale', wish.topic);
    return entry.value;
  }

  #isResting(entry: Entry<T>): boolean {
    return Number.isFinite(entry.restUntil) && this.#options.clocks.monotonic() < entry.restUntil;
  }

  #isTrusted({ vouchedAt }: Entry<T>, now = this.#options.clocks.monotonic()): boolean {
    const { trust } = this.#options;
    if (trust === undefined) return true;
    return vouchedAt >= (now <= trust.until ? trust.since : now - trust.afterwardsMs);
  }

  #remains(entry: Entry<T>, now = this.#options.clocks.monotonic()): number {
    return remainingMs(entry.life, this.#options.clocks.wall(), now);
  }

  #tell(type: TokenEvent['type'], { connector }: Topic): void {
    this.#options.record({ type, connector });
  }
}
