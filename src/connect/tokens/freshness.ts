/** The two clocks that a token's life is measured by. */
export interface Clocks {
  /** Epoch milliseconds: what the API's `expiresAt` is written in. */
  readonly wall: () => number;
  /** Milliseconds of a clock that no one can set: `performance.now()`. */
  readonly monotonic: () => number;
}

/** A token's life as it was seen to begin. */
export interface Life {
  /** Epoch milliseconds of the clock here. */
  readonly expiresAt: number;
  /** The same moment on the monotonic clock. */
  readonly endsAt: number;
  /** Life on issue, in milliseconds. */
  readonly lengthMs: number;
  /** From 0.9 to 1.1: spreads refreshes, so that tokens fetched together are not renewed together. */
  readonly spread: number;
}

/** How long before the hard limit a refresh may begin, in milliseconds. */
const REFRESH_WINDOW_MS = 60_000;

/**
 * Takes down the life of a token that has just arrived.
 *
 * @param leftMs - What is left of it.
 * @param lengthMs - What it was on issue.
 */
export function beginLife(
  leftMs: number,
  { wall, monotonic }: Clocks,
  random: () => number,
  lengthMs = leftMs,
): Life {
  return {
    expiresAt: wall() + leftMs,
    endsAt: monotonic() + leftMs,
    lengthMs,
    spread: 0.9 + 0.2 * random(),
  };
}

/** The two clocks drift apart by themselves; a difference up to this, in milliseconds, is no one's setting the clock. */
const DRIFT_MS = 1_000;

/**
 * Remaining life in milliseconds, by the wall clock, unless that has been set back: then by the monotonic one, so that
 * setting the clock never makes a token live longer.
 */
export function remainingMs({ expiresAt, endsAt }: Life, wallNow: number, monotonicNow: number): number {
  const byWall = expiresAt - wallNow;
  const byMonotonic = endsAt - monotonicNow;
  return byWall - byMonotonic > DRIFT_MS ? byMonotonic : byWall;
}

/**
 * The least remaining life with which a token is handed out.
 *
 * @param own - What the caller asked for: obeyed as given.
 * @param standard - The default, scaled down for tokens that live shorter than twice as long: they would otherwise be
 *   renewed almost at every use.
 */
export function hardLimitMs(
  { lengthMs }: Pick<Life, 'lengthMs'>,
  own: number | undefined,
  standard: number,
): number {
  return own ?? Math.min(standard, lengthMs / 2);
}

/** How long before the hard limit a refresh begins: 60 s, less for tokens that live only minutes. */
export function refreshWindowMs({ lengthMs, spread }: Life, limitMs: number): number {
  return Math.max(0, Math.min(REFRESH_WINDOW_MS, (lengthMs - limitMs) / 4) * spread);
}
