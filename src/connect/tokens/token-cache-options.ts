import type { TokenEvent } from '../stats.js';
import type { Clocks } from './freshness.js';

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
  /** Which entries are served; what is not trusted is loaded again. Read at each use. Default: any. */
  readonly trust?: Readonly<Trust> | undefined;
}

/** How far what is cached is believed, on the monotonic clock. Plain numbers, since each hit compares them. */
export interface Trust {
  /** Until when an entry is believed that was verified at {@link since} or later. */
  until: number;
  since: number;
  /** After {@link until}: for how long each entry is believed from when it was verified, in milliseconds. */
  readonly afterwardsMs: number;
}
