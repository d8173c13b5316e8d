import { LRUCache } from 'lru-cache';
import type { Identify } from '../../transport/auth/identity.js';
import type { StoreEvent, TokenEvent } from '../stats.js';
import type { CacheLocation, CurrentEntry, EntryTags, Loaded, LoadOptions } from '../tokens/cache-request.js';
import type { Clocks } from '../tokens/freshness.js';
import type { GrantEnd } from '../tokens/grants.js';
import type { TokenCall } from '../tokens/load-token.js';
import type { Trust } from '../tokens/token-cache-options.js';
import type { ConnectTokenResponse } from '../types.js';
import { Guard } from './guard.js';
import { FleetHolds } from './holds.js';
import { Link } from './link.js';
import { decidingGeneration, freshId, freshIds, readNotice, replacedNotice } from './notices.js';
import { splitVersion } from './record.js';
import { Revocations } from './revocations.js';
import { SharedTokenLoader, type SharedTokenTools } from './shared-token-loader.js';
import { BY_CALLER, CONSENT, createNames, INSTALLATIONS, type Names } from './store-names.js';
import type { TokenNames, TokenStore } from './token-store.js';
import { Waiters } from './waiters.js';

/** What {@link SharedTokens} takes. */
export interface SharedTokensOptions {
  readonly store: TokenStore;
  /** Longest wait for one answer of the store, in milliseconds. */
  readonly timeoutMs: number;
  /** Kept up to date. */
  readonly trust: Trust;
  /** Tokens in the front cache at most. */
  readonly max: number;
  readonly clocks: Clocks;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly record: (event: TokenEvent | StoreEvent) => void;
  /** How long a refusal is kept, in milliseconds; 0 for not at all. */
  readonly negativeMs: number;
  readonly identify: Identify;
  /** Whether an error is the API's own word on the grant, and not one that may pass. */
  readonly isFinal: (error: unknown) => boolean;
  /** Drops from the front cache what another process has ended. */
  readonly drop: (selects: (tags: EntryTags, value: ConnectTokenResponse | undefined) => boolean) => void;
  /** Forgets refusals about which another process has done something. */
  readonly forget: (selects: (tags: EntryTags) => boolean) => void;
}

/**
 * The second level of one client: tokens that several processes share, one fetch for all of them.
 *
 * A store that is away, slow, full or failing is as good as none: what is asked of it is done without.
 */
export class SharedTokens {
  readonly holds: FleetHolds;
  readonly #inbox = freshId();
  readonly #names: Names;
  readonly #guard: Guard;
  readonly #link: Link;
  readonly #revocations: Revocations;
  readonly #waiters = new Waiters();
  readonly #tools: SharedTokenTools;
  readonly #options: SharedTokensOptions;
  // By tags and not by key: what is dropped is selected by tags.
  readonly #known = new WeakMap<EntryTags, TokenNames>();
  /** Digests of tokens that were refused somewhere: not to be taken from the store again. */
  readonly #refused = new LRUCache<string, true>({ max: MAX_REFUSED, ttl: REFUSED_MS });
  /** Ends that have been called for and have no name yet. */
  readonly #endings = new Set<Promise<void>>();

  constructor(options: SharedTokensOptions) {
    const { store, clocks, record, timeoutMs, negativeMs, identify, isFinal, random } = options;
    this.#options = options;
    this.#names = createNames(store.keys, options.max);
    this.#guard = new Guard({
      timeoutMs,
      onAway: (reason) => {
        record({ type: 'store-away', reason });
        this.#link.away();
      },
      onBack: () => {
        record({ type: 'store-back' });
        this.#link.back();
      },
    });
    this.#revocations = new Revocations(store, this.#guard, this.#inbox);
    this.#link = new Link({
      store,
      guard: this.#guard,
      trust: options.trust,
      inbox: this.#inbox,
      now: clocks.monotonic,
      onNotice: (text) => this.#take(text),
      settle: (attempt) => this.#revocations.tellAll(attempt),
      onListeningAgain: () => void this.#revocations.tellAgain(),
      onUnsubscribed: (reason) => record({ type: 'store-unsubscribed', reason }),
    });
    this.#tools = {
      ...{ store, clocks, record, random, negativeMs, isFinal },
      guard: this.#guard,
      waiters: this.#waiters,
      revocations: this.#revocations,
      inbox: this.#inbox,
      isListening: () => this.#link.isListening,
      isRefused: (token) => this.#refused.has(identify(token)),
      drop: options.drop,
    };
    this.holds = new FleetHolds(store, this.#guard, this.#names, identify);
  }

  /** Returns a token from the store, from the flight of another process, or from the API. */
  async load(
    call: TokenCall,
    options: LoadOptions<ConnectTokenResponse>,
  ): Promise<Loaded<ConnectTokenResponse>> {
    this.#link.start();
    const names = await this.#nameToken(call.location);
    const loader = new SharedTokenLoader(this.#tools, names, call, options);
    if (names === undefined || !(await this.#revocations.areTold(names))) return loader.alone();
    const loaded = await loader.run();
    // What could not be replaced now must not be found there later.
    if (loaded === undefined && options.force) this.#revocations.postpone(callerOf(names));
    return loaded ?? loader.alone();
  }

  /** Ends a grant in every process. @param dropped - What this process had of it. */
  async end(grant: GrantEnd, dropped: readonly CurrentEntry<ConnectTokenResponse>[]): Promise<void> {
    if (grant.type === 'token') {
      this.#refused.set(this.#options.identify(grant.token), true);
      await this.#endToken(dropped);
      return;
    }
    this.#link.start();
    // Without names, as where the keys of a store of one's own fail, there is nothing to tell.
    const naming = this.#nameEnd(grant).catch(() => []);
    // Whoever asks from now on must not be given what ends here, though its name is still being computed.
    await this.#beforeLoads(naming.then((names) => this.#revocations.postpone(names)));
    const names = await naming;
    if (names.length > 0) await this.#revocations.end(names);
  }

  /**
   * Forgets in every process that consent was missing.
   *
   * @param subject - Who has consented; `undefined` for anybody.
   * @param decidesMs - How long a person has who is deciding, in milliseconds; default: it is decided.
   */
  async consented(subject: unknown, decidesMs?: number): Promise<void> {
    this.#link.start();
    const replace = async () => {
      const name = await this.#names.ofConsent(subject);
      const until = this.#options.clocks.wall() + (decidesMs ?? 0);
      const fresh = freshIds(1).map((id) => (decidesMs === undefined ? id : decidingGeneration(id, until)));
      const notice = replacedNotice(this.#inbox, [name]);
      await this.#guard.run(() => this.#options.store.replace([name], fresh, notice));
    };
    await this.#beforeLoads(replace().catch(() => undefined));
  }

  /** Tells the store what it has not been told, if it can be told, and stops listening. The next use begins again. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#endings);
    await this.#link.close();
  }

  /** @returns `undefined` where the keys of a store of one's own do not work: it is done without then. */
  async #nameToken(location: CacheLocation): Promise<TokenNames | undefined> {
    try {
      const names = await this.#names.of(location);
      this.#known.set(location.tags, names);
      await Promise.all(this.#endings);
      return names;
    } catch {
      return undefined;
    }
  }

  async #nameEnd(grant: Exclude<GrantEnd, { readonly type: 'token' }>): Promise<string[]> {
    switch (grant.type) {
      case 'arguments':
        return this.#names.ofArguments(grant.request, grant.identity).then((name) => [name]);
      case 'subject':
        return this.#names.ofGrant(grant.connector, grant.revoked.subject);
      case 'connector':
        return this.#names.ofConnector(grant.connector, grant.otherName);
    }
  }

  /** Ends what was dropped, unless another process has ended it: all who learn of a refused token call for its end. */
  async #endToken(dropped: readonly CurrentEntry<ConnectTokenResponse>[]): Promise<void> {
    const ends = dropped.map(async ({ tags, version }) => {
      const name = this.#known.get(tags)?.generations[BY_CALLER];
      const expected = version === undefined ? undefined : splitVersion(version)[BY_CALLER];
      if (name !== undefined && expected !== undefined) await this.#revocations.endIf(name, expected);
    });
    await this.#beforeLoads(Promise.all(ends).then(() => undefined));
  }

  /** Lets nobody look in the store before something is done. */
  async #beforeLoads(ending: Promise<void>): Promise<void> {
    this.#endings.add(ending);
    await ending.finally(() => this.#endings.delete(ending));
  }

  #take(text: string): void {
    const notice = readNotice(text);
    if (notice?.type === 'landed') this.#waiters.wake(notice.entry);
    // What this client has ended itself it has dropped itself, and what it has fetched since is new.
    if (notice?.type !== 'replaced' || notice.from === this.#inbox) return;
    const ended = new Set(notice.generations);
    const isEnded = (name: string | undefined) => name !== undefined && ended.has(name);
    const { drop, forget } = this.#options;
    drop((tags) => {
      const names = this.#known.get(tags);
      if (names === undefined) return false;
      return (
        names.generations.slice(0, CONSENT).some(isEnded) ||
        names.shared.slice(0, INSTALLATIONS).some(isEnded)
      );
    });
    forget((tags) => {
      const names = this.#known.get(tags);
      return names === undefined || [...names.generations, ...names.shared].some(isEnded);
    });
  }
}

/** Refused tokens remembered at most, and for how long in milliseconds: a provider token rarely lives longer. */
const MAX_REFUSED = 10_000;
const REFUSED_MS = 3_600_000;

function callerOf({ generations }: TokenNames): readonly string[] {
  return generations.slice(BY_CALLER, BY_CALLER + 1);
}
