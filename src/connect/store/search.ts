import type { TokenEvent } from '../stats.js';
import type { Clocks } from '../tokens/freshness.js';
import type { Ask, Topic } from '../tokens/wish.js';
import type { ConnectTokenResponse } from '../types.js';
import { type Fetched, type FetchToken, type LoadedToken, lifeOnArrival } from './fetched.js';
import type { Guard } from './guard.js';
import { keepLease, LEASE_MS } from './lease.js';
import { freshId, freshIds, landedNotice, replacedNotice } from './notices.js';
import { joinMark, openRecord, sealRecord, splitMark } from './record.js';
import { BY_CALLER } from './store-names.js';
import type { Look, TokenNames, TokenStore } from './token-store.js';
import type { Waiters } from './waiters.js';

/**
 * The share of a call's time that is spent waiting for other processes; then the token is fetched without them. What is
 * left is enough for an attempt, and all who wait would make one: on an API that is in trouble that is the worst of times.
 */
const PATIENCE = 0.75;
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 250;
/** However long a store keeps an entry, one whose expiry is so long ago by the clock here is not served. */
const SKEW_MS = 300_000;

/** What a caller needs. */
export interface Need {
  readonly ask: Ask<ConnectTokenResponse>;
  readonly fetchToken: FetchToken;
  /** Time for all of it, in milliseconds. */
  readonly deadlineMs: number;
}

/** What a {@link Search} works with. */
export interface SearchTools {
  readonly store: TokenStore;
  readonly guard: Guard;
  readonly waiters: Waiters;
  readonly clocks: Clocks;
  readonly random: () => number;
  readonly record: (event: TokenEvent) => void;
  /** The name of this client among the others. */
  readonly inbox: string;
}

/** One token looked for in the store, in the flights of others, and at the API. */
export class Search {
  readonly #tools: SearchTools;
  readonly #names: TokenNames;
  readonly #topic: Topic;
  readonly #need: Need;
  readonly #owner = freshId();
  readonly #startedAt: number;
  #seen: string | undefined;
  #hasWaited = false;

  constructor(tools: SearchTools, names: TokenNames, topic: Topic, need: Need) {
    this.#tools = tools;
    this.#names = names;
    this.#topic = topic;
    this.#need = need;
    this.#startedAt = tools.clocks.monotonic();
  }

  /**
   * Looks in the store, and waits there for others, until there is a token or the lease to fetch one.
   *
   * @returns `undefined` where there is no store to be had, or the others take too long.
   */
  async run(): Promise<LoadedToken | undefined> {
    const patienceMs = this.#need.deadlineMs * PATIENCE;
    for (let waits = 0; this.#spentMs() < patienceMs; ) {
      const sentAt = this.#now();
      const fresh = freshIds(this.#names.generations.length);
      const look = await this.#look(fresh);
      if (look === undefined) return undefined;
      const held = await this.#judgeHeld(look, fresh);
      if (held !== undefined) return held;
      if (look.leased) return this.#fetch(look);
      const seenBefore = this.#seen;
      const found = look.stored && (await this.#open(look, look.stored, sentAt));
      if (found !== undefined) return found;
      if (look.stored !== undefined && this.#seen !== seenBefore) continue;
      await this.#wait(waits++);
    }
    return undefined;
  }

  /** Fetches without the store: nothing is known of the others, and nothing is told to them. */
  async alone(): Promise<LoadedToken> {
    const { ahead } = this.#need.ask;
    const held = this.#need.ask.held();
    if (!ahead && held?.isGood) return { value: held.value, mark: held.mark, standing: 'confirmed' };
    const fetched = await this.#ask();
    return { value: fetched.value, leftMs: lifeOnArrival(fetched, this.#tools.clocks.wall) };
  }

  async #look(fresh: readonly string[]): Promise<Look | undefined> {
    const { store, guard, inbox } = this.#tools;
    const names = this.#names;
    const replaces = this.#need.ask.force ? names.generations.slice(BY_CALLER, BY_CALLER + 1) : [];
    const request = {
      names,
      owner: this.#owner,
      leaseMs: LEASE_MS,
      seen: this.#seen,
      fresh,
      replaces,
      notice: replacedNotice(inbox, replaces),
    };
    const done = await guard.run(
      () => store.look(request),
      // Nobody is there any more to use this lease.
      ({ leased }) => void (leased && this.#release()),
    );
    return done?.value;
  }

  /** Compares what the front cache has with the generations that there are now. */
  async #judgeHeld(
    { generations, leased }: Look,
    fresh: readonly string[],
  ): Promise<LoadedToken | undefined> {
    const { ahead } = this.#need.ask;
    const held = this.#need.ask.held();
    if (held?.mark === undefined) return undefined;
    if (held.mark === joinMark(generations)) {
      if (ahead || !held.isGood) return undefined;
      if (leased) await this.#release();
      return { value: held.value, mark: held.mark, standing: 'confirmed' };
    }
    const before = splitMark(held.mark);
    // One that is merely missing has been forgotten by the store, and says nothing of the token.
    const isRevoked = generations.some((now, at) => now !== '' && now !== fresh[at] && now !== before[at]);
    if (isRevoked) held.disown();
    return undefined;
  }

  async #open(
    { generations }: Look,
    { value: text, leftMs }: NonNullable<Look['stored']>,
    sentAt: number,
  ): Promise<LoadedToken | undefined> {
    const { store, clocks } = this.#tools;
    const { ask } = this.#need;
    const mark = joinMark(generations);
    const { head, record, isUnreadable } = await openRecord(store.keys, this.#names.entry, mark, text);
    this.#seen = head;
    if (isUnreadable) this.#tell('store-unreadable');
    if (record === undefined) return undefined;
    const { value, lengthMs, isLast } = record;
    const left = Math.min(leftMs - (this.#now() - sentAt), value.expiresAt - clocks.wall() + SKEW_MS);
    // A renewal that brought nothing newer is not to be made again by every process.
    const isKnown = ask.ahead && isLast && value.expiresAt === ask.held()?.value.expiresAt;
    if (left <= 0 || !(isKnown || ask.suffices(left, lengthMs))) return undefined;
    this.#tell('store-hit');
    return { value, leftMs: left, lengthMs, mark };
  }

  async #fetch({ generations, nowMs }: Look): Promise<LoadedToken> {
    const { store, guard, clocks } = this.#tools;
    const leasedAt = this.#now();
    const lease = keepLease(store, guard, this.#names, this.#owner);
    let fetched: Fetched;
    try {
      fetched = await this.#ask();
    } catch (error) {
      await lease.release();
      throw error;
    }
    const { value } = fetched;
    const leftMs = lifeOnArrival(fetched, clocks.wall);
    const arrivedAt = this.#now();
    const mark = joinMark(generations);
    if (leftMs <= 0) {
      await lease.release();
      return { value, leftMs };
    }
    const held = this.#need.ask.held()?.value;
    const isLast = held !== undefined && value.expiresAt <= held.expiresAt;
    const text = await sealRecord(store.keys, this.#names.entry, mark, { value, lengthMs: leftMs, isLast });
    const request = {
      names: this.#names,
      owner: this.#owner,
      generations,
      value: text,
      untilMs: Math.floor(nowMs + (arrivedAt - leasedAt) + leftMs),
      notice: landedNotice(this.#names.entry),
    };
    const written = await guard.run(() => store.write(request));
    lease.stop();
    const standing = written?.value === 'outdated' ? ({ standing: 'outdated' } as const) : {};
    return { value, leftMs: leftMs - (this.#now() - arrivedAt), lengthMs: leftMs, mark, ...standing };
  }

  #ask(): Promise<Fetched> {
    const { fetchToken, ask } = this.#need;
    return fetchToken({ askMs: ask.askMs, signal: ask.signal, spentMs: this.#spentMs() });
  }

  async #release(): Promise<void> {
    const { store, guard } = this.#tools;
    const { lease, entry } = this.#names;
    await guard.run(() => store.renew(lease, this.#owner, 0, landedNotice(entry)), undefined, false);
  }

  async #wait(waits: number): Promise<void> {
    const { waiters, random } = this.#tools;
    if (!this.#hasWaited) this.#tell('store-wait');
    this.#hasWaited = true;
    const ms = Math.min(FIRST_WAIT_MS * 2 ** waits, LONGEST_WAIT_MS);
    await waiters.wait(this.#names.entry, ms * (0.5 + random() / 2), this.#need.ask.signal);
  }

  #now(): number {
    return this.#tools.clocks.monotonic();
  }

  #spentMs(): number {
    return this.#now() - this.#startedAt;
  }

  #tell(type: TokenEvent['type']): void {
    this.#tools.record({ type, connector: this.#topic.connector });
  }
}
