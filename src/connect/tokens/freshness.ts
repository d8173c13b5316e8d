/** The life of one token, by two clocks: `Date.now()` in the unit of the API's `expiresAt`, and one that nobody can set. */
export interface Life {
  /** Expiry in epoch milliseconds of the local clock. */
  readonly expiresAt: number;
  /** The same moment on the monotonic clock, `performance.now()`. */
  readonly endsAt: number;
  /** Life on issue, in milliseconds. */
  readonly lengthMs: number;
  /** From 0.9 to 1.1. Spreads refreshes, so that tokens fetched together are not renewed together. */
  readonly spread: number;
  /** {@link hardLimitMs} for callers without a buffer of their own. */
  readonly limitMs: number;
  /** {@link refreshWindowMs} for them. */
  readonly windowMs: number;
}

/** The longest time between the start of refreshes and the hard limit, in milliseconds. */
const REFRESH_WINDOW_MS = 60_000;

/**
 * Starts the life of a token that has just arrived.
 *
 * @param leftMs - Remaining life in milliseconds.
 * @param lengthMs - Life on issue in milliseconds.
 * @param standardMs - The default buffer in milliseconds.
 * @param random - A number in [0, 1), which decides the spread.
 */
export function beginLife(leftMs: number, lengthMs: number, standardMs: number, random: number): Life {
  const spread = 0.9 + 0.2 * random;
  const limitMs = hardLimitMs(lengthMs, undefined, standardMs);
  return {
    expiresAt: Date.now() + leftMs,
    endsAt: performance.now() + leftMs,
    lengthMs,
    spread,
    limitMs,
    windowMs: refreshWindowMs(lengthMs, spread, limitMs),
  };
}

/** The two clocks drift apart. A difference up to this, in milliseconds, does not mean that somebody set the clock. */
const DRIFT_MS = 1_000;

/**
 * Returns the remaining life in milliseconds, by the wall clock.
 *
 * Uses the monotonic clock when the wall clock has been set back, so that setting it never makes a token live longer.
 *
 * @param now - The time on the monotonic clock.
 */
export function remainingMs({ expiresAt, endsAt }: Life, now = performance.now()): number {
  const byWall = expiresAt - Date.now();
  const byMonotonic = endsAt - now;
  return byWall - byMonotonic > DRIFT_MS ? byMonotonic : byWall;
}

/**
 * Returns the least remaining life, in milliseconds, with which a token may be served.
 *
 * @param lengthMs - Life on issue.
 * @param ownMs - The caller's own buffer, which is obeyed as given.
 * @param standardMs - The default. A token that lives shorter than twice as long has half of its life as its limit: it would
 *   otherwise be renewed at almost every use.
 */
export function hardLimitMs(lengthMs: number, ownMs: number | undefined, standardMs: number): number {
  return ownMs ?? Math.min(standardMs, lengthMs / 2);
}

/** Returns how long before the hard limit a refresh begins: 60 s, less for tokens that live only minutes. */
export function refreshWindowMs(lengthMs: number, spread: number, limitMs: number): number {
  return Math.max(0, Math.min(REFRESH_WINDOW_MS, (lengthMs - limitMs) / 4) * spread);
}

/** The least life of a token that was not fetched just now. */
export interface MinLife {
  /** The life that the callers ask for, in milliseconds; 0 where none asks. */
  readonly askedMs: number;
  /** The caller's own buffer in milliseconds. */
  readonly ownMs: number | undefined;
  /** The default buffer in milliseconds. */
  readonly standardMs: number;
}

/** Returns whether a token with this remaining life and life on issue, in milliseconds, may be served. */
export function hasMinLife(
  leftMs: number,
  lengthMs: number,
  { askedMs, ownMs, standardMs }: MinLife,
): boolean {
  return leftMs > Math.max(askedMs, hardLimitMs(lengthMs, ownMs, standardMs));
}
