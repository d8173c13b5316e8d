import type { Clocks } from './freshness.js';
import type { TokenEvent } from './stats.js';

/** What a {@link TokenCache} takes. */
export interface TokenCacheOptions {
  /** Entries kept at most. */
  readonly max: number;
  /** Least remaining life for callers that name none, in milliseconds. */
  readonly bufferMs: number;
  readonly clocks: Clocks;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Whether a failure means that the cached token is no good either, rather than that the API is away for now. */
  readonly evictsOn: (error: unknown) => boolean;
  /** Told of what the cache does. */
  readonly record: (event: TokenEvent) => void;
  /**
   * Since when, on the monotonic clock whose present time it is given, an entry must have been vouched for to be served; what is older is loaded again.
   * Default: any will do.
   */
  readonly trustedSince?: ((now: number) => number) | undefined;
}
