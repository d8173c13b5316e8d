import { APIError } from '../../errors/index.js';
import { isRecord } from '../../util/is-record.js';
import { toConnectError } from '../errors.js';
import type { TokenEvent } from '../stats.js';
import type { CurrentEntry, Loaded, LoadOptions } from '../tokens/cache-request.js';
import { fetchToken, type TokenCall } from '../tokens/find-token.js';
import { hasMinLife, remainingMs } from '../tokens/freshness.js';
import { BRIEFLY_MS, isConsentError, NegativeResult } from '../tokens/negative-cache.js';
import type { Fetched } from '../tokens/token-response.js';
import type { ConnectTokenResponse } from '../types.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { keepLease, LEASE_MS, type Lease } from './lease.js';
import {
  endingGeneration,
  fetchedMessage,
  freshId,
  freshIds,
  isDeciding,
  isEnding,
  replacedMessage,
} from './messages.js';
import { joinVersion, type Opened, openEntry, sealRefusal, sealToken, splitVersion } from './record.js';
import type { Revocations } from './revocations.js';
import type { SharedTokensOptions } from './shared-tokens.js';
import { BY_CALLER, CONSENT, INSTALLATIONS } from './store-keys.js';
import type { AcquireResult, TokenStore, TokenStoreKeys, WriteOutcome } from './token-store.js';
import type { Waiters } from './waiters.js';

/**
 * The share of a call's time that is spent waiting for other processes; then the token is fetched without them. What is
 * left is enough for an attempt, and all who wait would make one: on an API that is in trouble that is the worst of times.
 */
const PATIENCE = 0.75;
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 250;
/** Extra life of a generation that tokens of different subjects share, in milliseconds: it outlives its entries. */
const SPARE_MS = 60_000;

type Token = ConnectTokenResponse;

/** Dependencies of a {@link SharedTokenLoader}. */
export interface SharedTokenTools {
  readonly store: TokenStore;
  readonly breaker: CircuitBreaker;
  readonly waiters: Waiters;
  /** Returns a number in [0, 1), by which processes that wait ask at different times. */
  readonly random: () => number;
  readonly revocations: Revocations;
  readonly record: (event: TokenEvent) => void;
  /** Time for which a consent error is cached, in milliseconds; 0 turns that off. */
  readonly negativeMs: number;
  /** Whether an error is the API's own word on the grant, and not one that may pass. */
  readonly isFinal: (error: unknown) => boolean;
  /** Whether every message comes. */
  readonly isListening: () => boolean;
  /** Whether a token is known to have been refused somewhere. */
  readonly isRefused: (token: string) => boolean;
  /** Drops entries of the front cache that have ended. */
  readonly drop: SharedTokensOptions['drop'];
  /** The name of this client among the others. */
  readonly channel: string;
}

/** State of the store at one moment. */
interface Acquired {
  readonly result: AcquireResult;
  /** See {@link TokenStoreKeys.shared}. */
  readonly shared: readonly string[];
  /** When it was asked, on the monotonic clock. */
  readonly askedAt: number;
}

/** Loads one token: from the store, from the flight of another process, or from the API. */
export class SharedTokenLoader {
  readonly #tools: SharedTokenTools;
  readonly #keys: TokenStoreKeys;
  readonly #call: TokenCall;
  readonly #options: LoadOptions<Token>;
  readonly #owner = freshId();
  readonly #startedAt: number;
  /** The entry of the front cache, until it is known to have ended. */
  #current: CurrentEntry<Token> | undefined;
  #seen: string | undefined;
  #hasWaited = false;

  /** @param keys - `undefined` for a loader that is used alone. */
  constructor(
    tools: SharedTokenTools,
    keys: TokenStoreKeys | undefined,
    call: TokenCall,
    options: LoadOptions<Token>,
  ) {
    this.#tools = tools;
    this.#keys = keys ?? { entry: '', lease: '', generations: [], shared: [] };
    this.#call = call;
    this.#options = options;
    this.#current = options.current;
    this.#startedAt = performance.now();
  }

  /**
   * Looks in the store, and waits there for others, until there is a token or the lease to fetch one.
   *
   * @returns `undefined` when the store does not reply, or the other processes take too long.
   * @throws The API's error, as a {@link NegativeResult} when it is to be cached.
   */
  async run(): Promise<Loaded<Token> | undefined> {
    const patienceMs = this.#call.context.leftMs() * PATIENCE;
    for (let waits = 0; performance.now() - this.#startedAt < patienceMs; ) {
      const acquired = await this.#acquire();
      if (acquired === undefined) return undefined;
      const current = await this.#judgeCurrent(acquired);
      if (current !== undefined) return current;
      if (acquired.result.leased) return this.#fetch(acquired);
      const seenBefore = this.#seen;
      const found = await this.#open(acquired);
      if (found !== undefined) return found;
      if (acquired.result.stored !== undefined && this.#seen !== seenBefore) continue;
      await this.#wait(waits++);
    }
    return undefined;
  }

  /** Fetches without the store, and without the other processes. */
  async alone(): Promise<Loaded<Token>> {
    const current = this.#current;
    if (current !== undefined && this.#isServable(current)) return this.#confirm(current, current.version);
    try {
      return await fetchToken(this.#call, this.#options, this.#tools.record);
    } catch (error) {
      // Nobody could report consent.
      throw new NegativeResult(toConnectError(error), BRIEFLY_MS);
    }
  }

  /** Reads the state of the token, and takes the lease if the entry is missing. */
  async #acquire(): Promise<Acquired | undefined> {
    const { store, breaker, channel } = this.#tools;
    const { generations } = this.#keys;
    const askedAt = performance.now();
    const replaces = this.#options.force ? [BY_CALLER] : [];
    const fresh = freshIds(generations.length).map((id, at) =>
      replaces.includes(at) ? endingGeneration(id) : id,
    );
    const replaced = replaces.flatMap((at) => generations.slice(at, at + 1));
    const request = {
      keys: this.#keys,
      owner: this.#owner,
      leaseMs: LEASE_MS,
      seen: this.#seen,
      fresh,
      replaces: replaced,
      message: replacedMessage(channel, replaced),
    };
    const [result, read] = await Promise.all([
      breaker.run(
        async () => checkAcquireResult(await store.acquire(request), generations.length),
        // Nobody is there any more to use this lease.
        ({ leased }) => void (leased && this.#release()),
      ),
      this.#readShared(0),
    ]);
    if (result !== undefined && read !== undefined) return { result: result.value, shared: read, askedAt };
    if (result?.value.leased) await this.#release();
    return undefined;
  }

  async #readShared(leastMs: number): Promise<readonly string[] | undefined> {
    const { store, breaker } = this.#tools;
    const { shared } = this.#keys;
    const read = await breaker.run(
      async () =>
        checkTexts(await store.generations(shared, freshIds(shared.length), leastMs), shared.length),
      undefined,
      // A store that is full or read-only still answers a read.
      false,
    );
    return read?.value;
  }

  /** Compares what the front cache has with the generations that there are now. */
  async #judgeCurrent({ result, shared }: Acquired): Promise<Loaded<Token> | undefined> {
    const current = this.#current;
    if (current === undefined) return undefined;
    const now = generationsOfToken(result, shared);
    const isSame = current.version === joinVersion(now);
    // Without a version it was fetched alone.
    const before = current.version === undefined ? [] : splitVersion(current.version);
    if (!isSame && isAnyEnded(before, now)) {
      this.#tools.drop((_, value) => value === current.value);
      this.#current = undefined;
      return undefined;
    }
    if (!this.#isServable(current)) return undefined;
    if (isSame) {
      if (result.leased) await this.#release();
      return this.#confirm(current, current.version);
    }
    // The store has lost its memory. The entry here stays valid, and is written back for the other processes.
    const version = now.includes('') ? current.version : joinVersion(now);
    if (result.leased && version !== undefined) {
      const untilMs = Math.floor(result.nowMs + remainingMs(current.life));
      const { value, life } = current;
      const seal = () => this.#seal(version, { value, lengthMs: life.lengthMs, untilMs });
      if ((await this.#write(result, untilMs, seal)) === undefined) await this.#release();
    }
    return this.#confirm(current, version);
  }

  async #open({ result, shared, askedAt }: Acquired): Promise<Loaded<Token> | undefined> {
    const { stored, nowMs } = result;
    if (stored === undefined) return undefined;
    const version = joinVersion(generationsOfToken(result, shared));
    const opened = await this.#openEntry(
      stored.value,
      version,
      joinVersion([...result.generations, ...shared]),
    );
    this.#seen = opened.head;
    if (opened.isUnreadable) this.#record('store-unreadable');
    const leftMs = (untilMs: number) =>
      Math.min(stored.leftMs, untilMs - nowMs) - (performance.now() - askedAt);
    if (opened.refusal !== undefined) {
      const left = leftMs(opened.refusal.untilMs);
      if (left > 0 && this.#tools.negativeMs > 0) throw new NegativeResult(opened.refusal.error, left, true);
    }
    if (opened.token === undefined) return undefined;
    const { value, lengthMs, untilMs } = opened.token;
    if (this.#tools.isRefused(value.token)) {
      await this.#endStored(result);
      return undefined;
    }
    const left = leftMs(untilMs);
    if (left <= 0 || !hasMinLife(left, lengthMs, this.#options.minLife)) return undefined;
    this.#record('store-hit');
    return { value, leftMs: left, lengthMs, version };
  }

  async #openEntry(text: string, token: string, refusal: string): Promise<Opened> {
    try {
      return await openEntry(this.#tools.store.crypto, this.#keys.entry, { token, refusal }, text);
    } catch {
      return { head: text, isUnreadable: true };
    }
  }

  /** Ends a stored token that was refused somewhere, unless another process has done so. */
  async #endStored({ generations }: AcquireResult): Promise<void> {
    const [name] = this.#keys.generations.slice(BY_CALLER);
    if (name !== undefined) await this.#tools.revocations.endIf(name, generations[BY_CALLER] ?? '');
  }

  async #fetch(acquired: Acquired): Promise<Loaded<Token>> {
    const { store, breaker } = this.#tools;
    const leasedAt = performance.now();
    const lease = keepLease(store, breaker, this.#keys, this.#owner);
    let fetched: Fetched;
    try {
      fetched = await fetchToken(this.#call, this.#options, this.#tools.record);
    } catch (error) {
      throw await this.#onFailed(toConnectError(error), acquired, lease, leasedAt);
    }
    const { result, shared } = acquired;
    const { value, leftMs } = fetched;
    const arrivedAt = performance.now();
    const generations = generationsOfToken(result, shared);
    const version = joinVersion(generations);
    const untilMs = Math.floor(result.nowMs + (arrivedAt - leasedAt) + leftMs);
    const seal = () => this.#seal(version, { value, lengthMs: leftMs, untilMs });
    const [written, sharedNow] = await Promise.all([
      this.#write(result, untilMs, seal),
      this.#readShared(leftMs + SPARE_MS),
    ]);
    lease.stop();
    const isSuperseded =
      written === 'outdated' ||
      (sharedNow !== undefined && isAnyEnded(shared, sharedNow.slice(0, INSTALLATIONS)));
    const status = isSuperseded ? ({ status: 'superseded' } as const) : {};
    return { value, leftMs: leftMs - (performance.now() - arrivedAt), lengthMs: leftMs, version, ...status };
  }

  /** Leaves behind what the others have to know of a failure. @returns What to throw. */
  async #onFailed(
    error: unknown,
    { result, shared }: Acquired,
    lease: Lease,
    leasedAt: number,
  ): Promise<unknown> {
    const { negativeMs, isFinal, isListening, revocations } = this.#tools;
    if (!isFinal(error) || !(error instanceof APIError)) {
      await lease.release();
      return error;
    }
    const isDecided = !isDeciding(result.generations[CONSENT] ?? '', Date.now());
    const rememberMs = isDecided ? negativeMs : Math.min(negativeMs, BRIEFLY_MS);
    let isShared = false;
    if (this.#current !== undefined || this.#seen !== undefined) {
      // A final error ends the tokens issued before it, here and in every process.
      await revocations.end(this.#keys.generations.slice(BY_CALLER, BY_CALLER + 1));
    } else if (isConsentError(error) && rememberMs > BRIEFLY_MS) {
      const version = joinVersion([...result.generations, ...shared]);
      const untilMs = Math.floor(result.nowMs + (performance.now() - leasedAt) + rememberMs);
      const { store } = this.#tools;
      const seal = () => sealRefusal(store.crypto, this.#keys.entry, version, error, untilMs);
      isShared = (await this.#write(result, untilMs, seal)) === 'stored';
    }
    if (isShared) lease.stop();
    else await lease.release();
    return new NegativeResult(error, isListening() ? rememberMs : Math.min(rememberMs, BRIEFLY_MS));
  }

  #seal(version: string, record: Parameters<typeof sealToken>[3]): Promise<string> {
    return sealToken(this.#tools.store.crypto, this.#keys.entry, version, record);
  }

  /** @returns `undefined` when the store did not reply. */
  async #write(
    { generations }: AcquireResult,
    untilMs: number,
    seal: () => Promise<string>,
  ): Promise<WriteOutcome | undefined> {
    const { store, breaker } = this.#tools;
    const keys = this.#keys;
    let value: string;
    try {
      value = await seal();
    } catch {
      return undefined;
    }
    const message = fetchedMessage(keys.entry);
    const request = { keys, owner: this.#owner, generations, value, untilMs, message };
    return (await breaker.run(() => store.write(request)))?.value;
  }

  async #release(): Promise<void> {
    const { store, breaker } = this.#tools;
    const { lease, entry } = this.#keys;
    await breaker.run(() => store.renew(lease, this.#owner, 0, fetchedMessage(entry)), undefined, false);
  }

  async #wait(waits: number): Promise<void> {
    const { waiters, random } = this.#tools;
    if (!this.#hasWaited) this.#record('store-wait');
    this.#hasWaited = true;
    const ms = Math.min(FIRST_WAIT_MS * 2 ** waits, LONGEST_WAIT_MS);
    await waiters.wait(this.#keys.entry, ms * (0.5 + random() / 2), this.#options.signal);
  }

  /** Returns whether the entry of the front cache would be served, except for the doubt whether it has been revoked. */
  #isServable(current: CurrentEntry<Token>): boolean {
    const { ahead, minLife } = this.#options;
    return !ahead && hasMinLife(remainingMs(current.life), current.life.lengthMs, minLife);
  }

  #confirm(current: CurrentEntry<Token>, version: string | undefined): Loaded<Token> {
    return { value: current.value, leftMs: remainingMs(current.life), version, status: 'confirmed' };
  }

  #record(type: TokenEvent['type']): void {
    this.#tools.record({ type, connector: this.#call.request.connector });
  }
}

function generationsOfToken({ generations }: AcquireResult, shared: readonly string[]): string[] {
  return [...generations.slice(0, CONSENT), ...shared.slice(0, INSTALLATIONS)];
}

/** Whether a generation has ended since. One that is merely another was missing: a store can lose its memory. */
function isAnyEnded(before: readonly string[], now: readonly string[]): boolean {
  return now.some((generation, at) => generation !== before[at] && isEnding(generation));
}

/** Checks a reply: a user's own store may return anything. @throws {TypeError} */
function checkAcquireResult(result: AcquireResult, count: number): AcquireResult {
  const { stored, generations, nowMs } = result;
  checkTexts(generations, count);
  const isStored =
    stored === undefined ||
    (isRecord(stored) && typeof stored.value === 'string' && isFiniteNumber(stored.leftMs));
  if (isStored && isFiniteNumber(nowMs) && typeof result.leased === 'boolean') return result;
  throw new TypeError('acquire of the store returned something else');
}

function checkTexts(texts: readonly string[], count: number): readonly string[] {
  if (Array.isArray(texts) && texts.length === count && texts.every((text) => typeof text === 'string'))
    return texts;
  throw new TypeError('the store returned something else than generations');
}

function isFiniteNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value);
}
