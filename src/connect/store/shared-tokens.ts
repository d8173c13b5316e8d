import { LRUCache } from 'lru-cache';
import type { Identify } from '../../transport/auth/identity.js';
import type { StoreEvent, TokenEvent } from '../stats.js';
import type { CacheLocation, CurrentEntry, EntryTags, Loaded, LoadOptions } from '../tokens/cache-request.js';
import type { TokenCall } from '../tokens/find-token.js';
import type { GrantEnd } from '../tokens/grants.js';
import type { Trust } from '../tokens/token-cache-options.js';
import type { ConnectTokenResponse } from '../types.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { decidingGeneration, freshId, freshIds, readMessage, replacedMessage } from './messages.js';
import { splitVersion } from './record.js';
import { Revocations } from './revocations.js';
import { SharedTokenLoader, type SharedTokenTools } from './shared-token-loader.js';
import { StoreCooldowns } from './store-cooldowns.js';
import { BY_CALLER, CONSENT, createKeyBuilder, INSTALLATIONS, type KeyBuilder } from './store-keys.js';
import { StoreSubscription } from './store-subscription.js';
import type { TokenStore, TokenStoreKeys } from './token-store.js';
import { Waiters } from './waiters.js';

/** Options of {@link SharedTokens}. */
export interface SharedTokensOptions {
  readonly store: TokenStore;
  /** Longest wait for one reply of the store, in milliseconds. */
  readonly timeoutMs: number;
  /** Kept up to date. */
  readonly trust: Trust;
  /** Tokens in the front cache at most. */
  readonly max: number;
  readonly record: (event: TokenEvent | StoreEvent) => void;
  /** Time for which a consent error is cached, in milliseconds; 0 turns that off. */
  readonly negativeMs: number;
  readonly identify: Identify;
  /** Whether an error is the API's own word on the grant, and not one that may pass. */
  readonly isFinal: (error: unknown) => boolean;
  /** Drops from the front cache what another process has ended. */
  readonly drop: (selects: (tags: EntryTags, value: ConnectTokenResponse | undefined) => boolean) => void;
  /** Forgets cached errors that another process has acted on. */
  readonly forget: (selects: (tags: EntryTags) => boolean) => void;
  /** Returns a number in [0, 1). Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * The second level of one client: tokens that several processes share, one fetch for all of them.
 *
 * A store that is away, slow, full or failing is as good as none: what is asked of it is done without.
 */
export class SharedTokens {
  readonly cooldowns: StoreCooldowns;
  readonly #channel = freshId();
  readonly #keys: KeyBuilder;
  readonly #breaker: CircuitBreaker;
  readonly #subscription: StoreSubscription;
  readonly #revocations: Revocations;
  readonly #waiters = new Waiters();
  readonly #tools: SharedTokenTools;
  readonly #options: SharedTokensOptions;
  // By tags and not by key: what is dropped is selected by tags.
  readonly #known = new WeakMap<EntryTags, TokenStoreKeys>();
  /** Digests of tokens that were refused somewhere: not to be taken from the store again. */
  readonly #refused = new LRUCache<string, true>({ max: MAX_REFUSED, ttl: REFUSED_MS });
  /** Ends that have been called for and have no name yet. */
  readonly #endings = new Set<Promise<void>>();

  constructor(options: SharedTokensOptions) {
    const { store, record, timeoutMs, negativeMs, identify, isFinal } = options;
    this.#options = options;
    this.#keys = createKeyBuilder(store.crypto, options.max);
    this.#breaker = new CircuitBreaker({
      timeoutMs,
      onAway: (reason) => {
        record({ type: 'store-away', reason });
        this.#subscription.away();
      },
      onBack: () => {
        record({ type: 'store-back' });
        this.#subscription.back();
      },
    });
    this.#revocations = new Revocations(store, this.#breaker, this.#channel);
    this.#subscription = new StoreSubscription({
      store,
      breaker: this.#breaker,
      trust: options.trust,
      channel: this.#channel,
      onMessage: (text) => this.#take(text),
      settle: (attempt) => this.#revocations.writeAll(attempt),
      onListeningAgain: () => void this.#revocations.writeAgain(),
      onUnsubscribed: (reason) => record({ type: 'store-unsubscribed', reason }),
    });
    this.#tools = {
      ...{ store, record, negativeMs, isFinal },
      breaker: this.#breaker,
      waiters: this.#waiters,
      random: options.random ?? Math.random,
      revocations: this.#revocations,
      channel: this.#channel,
      isListening: () => this.#subscription.isListening,
      isRefused: (token) => this.#refused.has(identify(token)),
      drop: options.drop,
    };
    this.cooldowns = new StoreCooldowns(store, this.#breaker, this.#keys, identify);
  }

  /** Returns a token from the store, from the flight of another process, or from the API. */
  async load(
    call: TokenCall,
    options: LoadOptions<ConnectTokenResponse>,
  ): Promise<Loaded<ConnectTokenResponse>> {
    this.#subscription.start();
    const keys = await this.#keysOf(call.location);
    const loader = new SharedTokenLoader(this.#tools, keys, call, options);
    if (keys === undefined || !(await this.#revocations.areWritten(keys))) return loader.alone();
    const loaded = await loader.run();
    // What could not be replaced now must not be found there later.
    if (loaded === undefined && options.force)
      this.#revocations.postpone(keys.generations.slice(BY_CALLER, BY_CALLER + 1));
    return loaded ?? loader.alone();
  }

  /** Ends a grant in every process. @param dropped - What this process had of it. */
  async end(grant: GrantEnd, dropped: readonly CurrentEntry<ConnectTokenResponse>[]): Promise<void> {
    if (grant.type === 'token') {
      this.#refused.set(this.#options.identify(grant.token), true);
      await this.#endToken(dropped);
      return;
    }
    this.#subscription.start();
    // Without keys, as when the cryptography of a user's own store fails, there is nothing to write.
    const resolving = this.#generationsOf(grant).catch(() => []);
    // No later call may receive a token that ends here, although its key is still being computed.
    await this.#beforeLoads(resolving.then((keys) => this.#revocations.postpone(keys)));
    const keys = await resolving;
    if (keys.length > 0) await this.#revocations.end(keys);
  }

  /**
   * Forgets in every process that consent was missing.
   *
   * @param subject - Who has consented; `undefined` for anybody.
   * @param decidesMs - How long a person has who is deciding, in milliseconds; default: it is decided.
   */
  async consented(subject: unknown, decidesMs?: number): Promise<void> {
    this.#subscription.start();
    const replace = async () => {
      const name = await this.#keys.forConsent(subject);
      const until = Date.now() + (decidesMs ?? 0);
      const fresh = freshIds(1).map((id) => (decidesMs === undefined ? id : decidingGeneration(id, until)));
      const message = replacedMessage(this.#channel, [name]);
      await this.#breaker.run(() => this.#options.store.replace([name], fresh, message));
    };
    await this.#beforeLoads(replace().catch(() => undefined));
  }

  /** Writes pending revocations if it can, and ends the subscription. The next use starts it again. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#endings);
    await this.#subscription.close();
  }

  /** @returns `undefined` where the keys of a store of one's own do not work: it is done without then. */
  async #keysOf(location: CacheLocation): Promise<TokenStoreKeys | undefined> {
    try {
      const keys = await this.#keys.forToken(location);
      this.#known.set(location.tags, keys);
      await Promise.all(this.#endings);
      return keys;
    } catch {
      return undefined;
    }
  }

  async #generationsOf(grant: Exclude<GrantEnd, { readonly type: 'token' }>): Promise<string[]> {
    switch (grant.type) {
      case 'arguments':
        return this.#keys.forArguments(grant.request, grant.identity).then((name) => [name]);
      case 'subject':
        return this.#keys.forGrant(grant.connector, grant.revoked.subject);
      case 'connector':
        return this.#keys.forConnector(grant.connector, grant.otherName);
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
    const message = readMessage(text);
    if (message?.type === 'fetched') this.#waiters.wake(message.entry);
    // What this client has ended itself it has dropped itself, and what it has fetched since is new.
    if (message?.type !== 'replaced' || message.from === this.#channel) return;
    const ended = new Set(message.generations);
    const isEnded = (name: string | undefined) => name !== undefined && ended.has(name);
    const { drop, forget } = this.#options;
    drop((tags) => {
      const keys = this.#known.get(tags);
      if (keys === undefined) return false;
      return (
        keys.generations.slice(0, CONSENT).some(isEnded) || keys.shared.slice(0, INSTALLATIONS).some(isEnded)
      );
    });
    forget((tags) => {
      const keys = this.#known.get(tags);
      return keys === undefined || [...keys.generations, ...keys.shared].some(isEnded);
    });
  }
}

/** Refused tokens remembered at most, and for how long in milliseconds: a provider token rarely lives longer. */
const MAX_REFUSED = 10_000;
const REFUSED_MS = 3_600_000;
