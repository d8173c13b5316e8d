import type { Life, MinLife } from './freshness.js';

/** The part of a cached response that the cache itself reads. */
export interface Expiring {
  /** Expiry in epoch milliseconds. */
  readonly expiresAt: number;
}

/** Describes a cached token, so that a revocation can select the entries that it ends. */
export interface EntryTags {
  /** Names the caller, without the caller's credential. */
  readonly identity: string;
  /** Names connector and parameters. */
  readonly argumentsKey: string;
  /** The connector as the caller named it. */
  readonly connector: string;
  /** The parameters as plain JSON, with a digest in place of a subject's token. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** Location of a token in the cache: one API, one caller, one set of arguments. */
export interface CacheLocation {
  /** The full key: origin, identity and arguments. */
  readonly key: string;
  /** Base URL of the API. */
  readonly origin: string;
  readonly tags: EntryTags;
}

/** One caller's request for a token. */
export interface CacheRequest {
  readonly location: CacheLocation;
  /** The caller's own buffer in milliseconds; `undefined` takes the cache's default. */
  readonly bufferMs: number | undefined;
  /** The remaining life to ask the API for, in milliseconds; `undefined` asks for none. */
  readonly askMs: number | undefined;
  /** Skips what is cached. */
  readonly force: boolean;
  readonly signal: AbortSignal | undefined;
  /** Time left for the whole call, in milliseconds. */
  readonly leftMs: number;
}

/** Fetches one token, from the shared store or from the API. */
export type Load<T> = (options: LoadOptions<T>) => Promise<Loaded<T>>;

/** Parameters of a loader. */
export interface LoadOptions<T> {
  /** The remaining life to ask the API for, in milliseconds; `undefined` asks for none. */
  readonly askMs: number | undefined;
  /** The least life of a token that was not fetched just now. */
  readonly minLife: MinLife;
  /** The entry that the cache holds and does not serve as it is. */
  readonly current: CurrentEntry<T> | undefined;
  /** Whether the caller refuses any token from before this call. */
  readonly force: boolean;
  /** Whether this is a refresh ahead of expiry, while callers receive the old token. */
  readonly ahead: boolean;
  /** Fires when the last caller has left. */
  readonly signal: AbortSignal;
  /** Called with each wait before a further attempt, in milliseconds. */
  readonly onWait: (ms: number) => void;
}

/** A cached token. */
export interface CurrentEntry<T> {
  readonly tags: EntryTags;
  readonly value: T;
  readonly life: Life;
  /** See {@link Loaded.version}. */
  readonly version: string | undefined;
}

/** Result of a loader. */
export interface Loaded<T> {
  readonly value: T;
  /** Remaining life in milliseconds, by the clock of its source. */
  readonly leftMs: number;
  /** Life on issue, in milliseconds. Default: `leftMs`, for a token that was issued just now. */
  readonly lengthMs?: number;
  /** The version under which the token was verified; only the loader reads it. */
  readonly version?: string | undefined;
  /**
   * - `confirmed`: the current entry is still valid, and nothing was fetched.
   * - `superseded`: another process invalidated it meanwhile. The cache stores nothing, and the waiters start over.
   */
  readonly status?: 'confirmed' | 'superseded';
}
