/** What a cached response must tell. */
export interface Expiring {
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What an entry or a fetch is about; entries are invalidated by it. */
export interface EntryTags {
  /** Who asks. */
  readonly identity: string;
  /** What is asked for: connector and parameters. */
  readonly argumentsKey: string;
  /** The connector as it was asked for. */
  readonly connector: string;
  /** The parameters, as plain JSON, with a digest in place of a subject's token. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** One caller's request for a token. */
export interface CacheRequest<T> {
  /** Full key: origin, identity, arguments. */
  readonly key: string;
  readonly connector: string;
  /** The caller's own buffer in milliseconds; `undefined` takes the cache's. */
  readonly bufferMs: number | undefined;
  /** The life to ask the loader for, in milliseconds, when there is one to ask for. */
  readonly askMs: number | undefined;
  /** Skips what is cached. */
  readonly force: boolean;
  readonly signal: AbortSignal | undefined;
  /** Returns the time left for the call in milliseconds, and counts from the first use. */
  leftMs(): number;
  /** Makes the error of a call whose time is up, or whose token is invalidated each time before it has arrived. */
  failure(reason: 'timeout' | 'superseded'): Error;
  /** Returns what is loaded, for entries to be selected by. */
  tags(): EntryTags;
  /** Throws the error that is known for this key without asking. Default: nothing is known. */
  throwCached?(): void;
  /** Fetches a token, from wherever there is one. */
  load(options: LoadOptions<T>): Promise<Loaded<T>>;
}

/** What a loader is asked for. */
export interface LoadOptions<T> {
  readonly tags: EntryTags;
  /** The life to ask the API for, in milliseconds, when there is one to ask for. */
  readonly askMs: number | undefined;
  /** Fires when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Whether nothing from before may be given. */
  readonly force: boolean;
  /** Whether it is a refresh ahead of expiry, while the old token is handed out. */
  readonly ahead: boolean;
  /** Tells whether a token that was not fetched just now has enough life. */
  suffices(leftMs: number, lengthMs: number): boolean;
  /** Returns what the cache has now and may not or does not want to serve as it is. */
  current(): CurrentEntry<T> | undefined;
  /** Tells the cache that the loader waits this long before it asks again, in milliseconds. */
  onWait(ms: number): void;
}

/** What a cache has of a token, for the loader to compare. */
export interface CurrentEntry<T> {
  readonly value: T;
  /** See {@link Loaded.version}. */
  readonly version: string | undefined;
  /** Remaining life, in milliseconds. */
  readonly leftMs: number;
  /** Life on issue, in milliseconds. */
  readonly lengthMs: number;
  /** Whether it would be served, were it not for the doubt whether it has been revoked elsewhere. */
  readonly isGood: boolean;
  /** Removes it from the cache, because it is known to be revoked. */
  invalidate(): void;
}

/** What a loader brings. */
export interface Loaded<T> {
  readonly value: T;
  /** Remaining life in milliseconds, by the clock of its source. */
  readonly leftMs: number;
  /** Life on issue, in milliseconds, for a token that is not new. */
  readonly lengthMs?: number;
  /** Under what it was verified, for the loader itself to compare. */
  readonly version?: string | undefined;
  /**
   * - `confirmed`: the current entry is still good, and nothing was fetched.
   * - `superseded`: it was invalidated elsewhere: nothing is stored, and its waiters start over.
   */
  readonly status?: 'confirmed' | 'superseded';
}
