/** What a cached answer must tell. */
export interface Expiring {
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What an entry or a flight is about; entries are dropped by it. */
export interface Topic {
  /** Who asks. */
  readonly identity: string;
  /** What is asked for: connector and parameters. */
  readonly argumentsKey: string;
  /** The connector as it was asked for. */
  readonly connector: string;
  /** The parameters, as plain JSON. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** One caller's wish. */
export interface Wish<T> {
  /** Full key: origin, identity, arguments. */
  readonly key: string;
  readonly topic: Topic;
  /** The caller's own buffer in milliseconds; `undefined` takes the cache's. */
  readonly bufferMs: number | undefined;
  /** The life to ask the loader for, in milliseconds, when there is one to ask for. */
  readonly askMs: number | undefined;
  /** Skips what is cached. */
  readonly force: boolean;
  readonly signal: AbortSignal | undefined;
  /** Fetches a token, from wherever there is one. */
  load(ask: Ask<T>): Promise<Loaded<T>>;
}

/** What a loader is asked for. */
export interface Ask<T> {
  /** The life to ask the API for, in milliseconds, when there is one to ask for. */
  readonly askMs: number | undefined;
  /** Fires when nobody waits any more. */
  readonly signal: AbortSignal;
  /** Whether nothing from before may be given. */
  readonly force: boolean;
  /** Whether it is a renewal ahead of expiry, while the old token is handed out. */
  readonly ahead: boolean;
  /** Whether a token that was not fetched just now will do. */
  suffices(leftMs: number, lengthMs: number): boolean;
  /** What the cache has at the moment and may not or does not want to serve as it is. */
  held(): Held<T> | undefined;
}

/** What a cache has of a token, for the loader to judge. */
export interface Held<T> {
  readonly value: T;
  /** See {@link Loaded.mark}. */
  readonly mark: string | undefined;
  /** Remaining life, in milliseconds. */
  readonly leftMs: number;
  /** Whether it would be served, were it not for the doubt whether it has been revoked elsewhere. */
  readonly isGood: boolean;
  /** Takes it out of the cache, as it is known to be revoked. */
  disown(): void;
}

/** What a loader brings. */
export interface Loaded<T> {
  readonly value: T;
  /** Remaining life in milliseconds, where its source knows better than the clock here. */
  readonly leftMs?: number;
  /** Life on issue, in milliseconds, for a token that is not new. */
  readonly lengthMs?: number;
  /** Under what it was vouched for, for the loader itself to compare. */
  readonly mark?: string | undefined;
  /**
   * - `confirmed`: what is held is still good, and nothing was fetched.
   * - `outdated`: it was overtaken elsewhere: nothing is stored, and who waits for it goes again.
   */
  readonly standing?: 'confirmed' | 'outdated';
}
