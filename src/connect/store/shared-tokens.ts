import type { StoreEvent, TokenEvent } from '../stats.js';
import type { Clocks } from '../tokens/freshness.js';
import type { Trust } from '../tokens/token-cache-options.js';
import type { Topic } from '../tokens/wish.js';
import type { LoadedToken } from './fetched.js';
import { Guard } from './guard.js';
import { FleetHolds } from './holds.js';
import { Link } from './link.js';
import { freshId, readNotice } from './notices.js';
import { Revocations } from './revocations.js';
import { type Need, Search, type SearchTools } from './search.js';
import { BY_CALLER, createNames, type Names, type Place } from './store-names.js';
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
  /** Drops from the front cache what another process has ended. */
  readonly drop: (selects: (topic: Topic) => boolean) => void;
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
  readonly #tools: SearchTools;
  // By topic and not by key: what is dropped is chosen by topic.
  readonly #known = new WeakMap<Topic, TokenNames>();
  /** Ends that have been called for and have no name yet. */
  readonly #endings = new Set<Promise<void>>();

  constructor(options: SharedTokensOptions) {
    const { store, clocks, record, timeoutMs } = options;
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
      onNotice: (text) => this.#take(text, options.drop),
      settle: (attempt) => this.#revocations.tellAll(attempt),
    });
    this.#tools = {
      store,
      clocks,
      record,
      guard: this.#guard,
      waiters: this.#waiters,
      random: options.random,
      inbox: this.#inbox,
    };
    this.holds = new FleetHolds(store, this.#guard, this.#names);
  }

  /** A token from the store, from the flight of another process, or from the API. */
  async load(place: Place, need: Need): Promise<LoadedToken> {
    this.#link.start();
    const names = await this.#names.of(place);
    this.#known.set(place.topic, names);
    await Promise.all(this.#endings);
    const search = new Search(this.#tools, names, place.topic, need);
    if (!(await this.#revocations.areTold(names))) return search.alone();
    const loaded = await search.run();
    // What could not be replaced now must not be found there later.
    if (loaded === undefined && need.ask.force) this.#revocations.postpone(callerOf(names));
    return loaded ?? search.alone();
  }

  /** Ends what was asked for, by one caller or by anybody, in every process. */
  async endArguments(topic: Omit<Topic, 'identity'>, identity: string | undefined): Promise<void> {
    await this.#end(this.#names.ofArguments(topic, identity).then((name) => [name]));
  }

  /** Ends all tokens of a grant, in every process. */
  async endGrant(connector: string, subject: unknown): Promise<void> {
    await this.#end(this.#names.ofGrant(connector, subject));
  }

  /** Tells the store what it has not been told, if it can be told, and stops listening. The next use begins again. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#endings);
    await this.#link.close();
  }

  async #end(naming: Promise<readonly string[]>): Promise<void> {
    this.#link.start();
    // Whoever asks from now on must not be given what ends here, though its name is still being computed.
    const ending = naming.then((names) => this.#revocations.postpone(names));
    this.#endings.add(ending);
    await ending.finally(() => this.#endings.delete(ending));
    await this.#revocations.end(await naming);
  }

  #take(text: string, drop: SharedTokensOptions['drop']): void {
    const notice = readNotice(text);
    if (notice?.type === 'landed') this.#waiters.wake(notice.entry);
    // What this client has ended itself it has dropped itself, and what it has fetched since is new.
    if (notice?.type !== 'replaced' || notice.from === this.#inbox) return;
    const ended = new Set(notice.generations);
    drop((topic) => this.#known.get(topic)?.generations.some((name) => ended.has(name)) ?? false);
  }
}

function callerOf({ generations }: TokenNames): readonly string[] {
  return generations.slice(BY_CALLER, BY_CALLER + 1);
}
