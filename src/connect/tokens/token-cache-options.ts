import type { TokenEvent } from '../stats.js';

/** Options of {@link TokenCache}. */
export interface TokenCacheOptions {
  /** The largest number of entries. */
  readonly max: number;
  /** The least remaining life for callers that give no buffer, in milliseconds. */
  readonly bufferMs: number;
  /** Returns whether a failure is final for the cached token too, rather than a passing failure of the API. */
  readonly evictsOn: (error: unknown) => boolean;
  /** Throws the error that is cached for a key. Default: no error is cached. */
  readonly throwCached?: (key: string) => void;
  /** Makes the error of a call whose time is up, or whose token was invalidated each time before it arrived. */
  readonly failure: (reason: 'timeout' | 'superseded') => Error;
  /** Called with each event of the cache. */
  readonly record: (event: TokenEvent) => void;
  /** Returns a number in [0, 1). Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Which entries the cache serves without loading them again; read at each use. Default: all. */
  readonly trust?: Readonly<Trust> | undefined;
}

/** Which entries are trusted, on the monotonic clock. Plain numbers, because each hit compares them. */
export interface Trust {
  /** Until this moment, entries verified at {@link since} or later are trusted. */
  until: number;
  since: number;
  /** After {@link until}: how long each entry is trusted after its verification, in milliseconds. */
  readonly afterwardsMs: number;
}
