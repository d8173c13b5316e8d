import type { StoreCrypto } from './store-crypto.js';

/** The keys of one token in a store. In a cluster all of them belong on one node: they share what stands in `{}`. */
export interface TokenStoreKeys {
  /** Key of its sealed value. */
  readonly entry: string;
  /** Key of the lease of the process that fetches it. */
  readonly lease: string;
  /** The generations that it is of; the last ones are shared with other tokens. */
  readonly generations: readonly string[];
  /** Generations that it shares with tokens of other subjects. In a cluster they can be on another node. */
  readonly shared: readonly string[];
}

/** Parameters of {@link TokenStore.acquire}. */
export interface AcquireRequest {
  /** The keys of the token. */
  readonly keys: TokenStoreKeys;
  /** Fencing token of the lease: a random text that is never used again. */
  readonly owner: string;
  /** Life of the lease unless it is renewed, in milliseconds: at most 10 000. */
  readonly leaseMs: number;
  /** Beginning of an entry that is known and will not do; `undefined` where none is known. */
  readonly seen: string | undefined;
  /** A random text for each generation that is missing. */
  readonly fresh: readonly string[];
  /**
   * Generations to replace by those in `fresh`, missing or not. The same step deletes the entry, takes the lease from its
   * owner, and publishes `message`.
   */
  readonly replaces: readonly string[];
  /** Published when the step replaces a generation. */
  readonly message: string;
}

/** Result of {@link TokenStore.acquire}, all of one moment. */
export interface AcquireResult {
  /** The sealed entry, with its remaining life in milliseconds by the store's clock. */
  readonly stored: { readonly value: string; readonly leftMs: number } | undefined;
  /** The generations as they now are, in the order of the keys; an empty text for one that is missing. */
  readonly generations: readonly string[];
  /** Whether the lease is now the asker's. */
  readonly leased: boolean;
  /** The store's clock, in milliseconds of any origin. */
  readonly nowMs: number;
}

/** Parameters of {@link TokenStore.write}. */
export interface WriteRequest {
  /** The keys of the token. */
  readonly keys: TokenStoreKeys;
  /** Fencing token of the lease. */
  readonly owner: string;
  /** The generations under which the token was fetched. */
  readonly generations: readonly string[];
  /** The sealed value. */
  readonly value: string;
  /** When the entry ends, on the store's clock; a write that comes late must not make it live longer. */
  readonly untilMs: number;
  /** Published when the write gives up the lease. */
  readonly message: string;
}

/**
 * Outcome of a write. `outdated`: another process replaced a generation, which now begins with `!`. `lost`: the lease or a
 * generation is missing. Both store nothing.
 */
export type WriteOutcome = 'stored' | 'lost' | 'outdated';

/** Which generations {@link TokenStore.replace} replaces; by default all that it is given. */
export interface ReplaceCondition {
  /** Only those that are still these, in the order of the keys. */
  readonly expected?: readonly string[];
  /** Only those that do not begin with `!`: a store that has lost its memory has forgotten what ended. */
  readonly unlessEnding?: boolean;
}

/** Told by a store of what the others do. */
export interface StoreListener {
  /** A message: of this client's or another's. */
  message(text: string): void;
  /** From now on every message comes. */
  listening(): void;
  /** From now on messages may be lost. @param reason - The store's own word for it, where it refused to subscribe. */
  lost(reason?: string): void;
}

/**
 * A store that several processes share, as the token cache needs it: text by key, none of which it can read.
 *
 * `vercel-rest/redis` has one for Redis and Valkey. Rules for another: every method does its work in one step, seen from every
 * process. A method that cannot do its work rejects, and may have done it or not. It may take any time: the caller has a time
 * limit of its own. Nothing here is secret. A key that has expired is missing and not empty.
 */
export interface TokenStore {
  /** Seals the values and hides the keys. Made by `createStoreCrypto`. */
  readonly crypto: StoreCrypto;
  /**
   * Reads entry and generations. Takes a free lease and creates missing generations, unless there is an entry other than
   * the one that was `seen`.
   */
  acquire(request: AcquireRequest): Promise<AcquireResult>;
  /** Makes a lease last `leaseMs` from now, or with 0 gives it up and publishes `message`. `false` when it is not the owner's. */
  renew(lease: string, owner: string, leaseMs: number, message: string): Promise<boolean>;
  /**
   * Stores an entry, gives up the lease and publishes `message`, if the lease is the owner's and the generations are unchanged.
   * Generations must outlive their entries.
   */
  write(request: WriteRequest): Promise<WriteOutcome>;
  /**
   * Reads generations, makes those that are missing, and lets each last for at least `leastMs` from now. The keys share
   * what stands in `{}`.
   */
  generations(keys: readonly string[], fresh: readonly string[], leastMs: number): Promise<readonly string[]>;
  /**
   * Replaces generations by those in `fresh`, and publishes `message` if it has replaced any. The keys share what stands in `{}`.
   */
  replace(
    generations: readonly string[],
    fresh: readonly string[],
    message: string,
    condition?: ReplaceCondition,
  ): Promise<void>;
  /**
   * Makes a hold last at least `leastMs` from now; 0 only asks.
   *
   * @returns What is left of it in milliseconds, 0 for none.
   */
  cooldown(name: string, leastMs: number): Promise<number>;
  /** Writes a key that expires, and sends `message` to the listeners of `channel` alone. */
  probe(channel: string, message: string): Promise<void>;
  /**
   * Begins to listen: to the messages for everybody, and to those for `channel`. Keeps trying where it cannot, and keeps no
   * process alive.
   *
   * @returns Ends it.
   */
  subscribe(channel: string, listener: StoreListener): () => void;
}
