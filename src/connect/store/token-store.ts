import type { StoreCrypto } from './store-crypto.js';

/** The keys of one token in a store. In a cluster all of them belong on one node: they share what stands in `{}`. */
export interface TokenStoreKeys {
  /** Where its sealed value is. */
  readonly entry: string;
  /** Where the lease of the process that fetches it is. */
  readonly lease: string;
  /** The generations that it is of; the last ones are shared with other tokens. */
  readonly generations: readonly string[];
  /** Generations that it shares with tokens of other subjects. In a cluster they can be on another node. */
  readonly shared: readonly string[];
}

/** What {@link TokenStore.acquire} is asked. */
export interface AcquireRequest {
  readonly keys: TokenStoreKeys;
  /** Who looks: the fencing token of the lease, a random text that is never used again. */
  readonly owner: string;
  /** How long the lease lasts unless it is renewed, in milliseconds: at most 10 000. */
  readonly leaseMs: number;
  /** Beginning of an entry that is known and will not do; `undefined` where none is known. */
  readonly seen: string | undefined;
  /** A random text for each generation that is missing. */
  readonly fresh: readonly string[];
  /**
   * Generations to replace by those in `fresh` whether they are missing or not, with everything that goes with it: the
   * entry is deleted, the lease is taken from whoever has it, and `message` is told.
   */
  readonly replaces: readonly string[];
  /** What the subscribers are told when something is replaced. */
  readonly message: string;
}

/** What {@link TokenStore.acquire} finds, all of it at one moment. */
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

/** What {@link TokenStore.write} is asked. */
export interface WriteRequest {
  readonly keys: TokenStoreKeys;
  readonly owner: string;
  /** The generations under which the token was fetched. */
  readonly generations: readonly string[];
  readonly value: string;
  /** When the entry ends, on the store's clock; a write that comes late must not make it live longer. */
  readonly untilMs: number;
  readonly message: string;
}

/**
 * What became of a write. `outdated`: a generation has been replaced, and now begins with `!`. `lost`: the lease has been
 * lost, or a generation has. Nothing is stored then.
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
 * A store that several processes share, as the token cache needs it: text by name, nothing of which it can read.
 *
 * `vercel-rest/redis` has one for Redis and Valkey. To write another, keep to this: every method does what it says at one
 * moment, seen from every process; each rejects when it cannot, and may then or may not have done it. A method may take as
 * long as it likes: whoever calls it waits only so long. Nothing here is secret, and nothing may be made up: a name that
 * has gone is missing and not empty.
 */
export interface TokenStore {
  /** What seals the values and hides the keys; made by `createStoreCrypto`. */
  readonly crypto: StoreCrypto;
  /**
   * Reads entry and generations. Where there is no entry, or but the one that was `seen`, and no one has the lease, it is
   * taken, and missing generations are made.
   */
  acquire(request: AcquireRequest): Promise<AcquireResult>;
  /** Makes a lease last `leaseMs` from now, or with 0 gives it up and tells `message`. `false` when it is not the owner's. */
  renew(lease: string, owner: string, leaseMs: number, message: string): Promise<boolean>;
  /**
   * Stores an entry, gives up the lease and tells `message`, if the lease is the owner's and the generations are unchanged.
   * Generations must outlive their entries.
   */
  write(request: WriteRequest): Promise<WriteOutcome>;
  /**
   * Reads generations, makes those that are missing, and lets each last for at least `leastMs` from now. The keys share
   * what stands in `{}`.
   */
  generations(keys: readonly string[], fresh: readonly string[], leastMs: number): Promise<readonly string[]>;
  /**
   * Replaces generations by those in `fresh`, and tells `message` if it has replaced any. The keys share what stands in `{}`.
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
  /** Writes something that goes away by itself, and sends `message` to the listeners of `channel` alone. */
  probe(channel: string, message: string): Promise<void>;
  /**
   * Begins to listen: to the messages for everybody, and to those for `channel`. Keeps trying where it cannot, and keeps no
   * process alive.
   *
   * @returns Ends it.
   */
  subscribe(channel: string, listener: StoreListener): () => void;
}
