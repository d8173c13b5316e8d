import { httpDate } from '../../http/retry-after.js';
import type { Loaded } from '../tokens/wish.js';
import type { ConnectTokenResponse } from '../types.js';

/** A token response, and where it is from. */
export type LoadedToken = Loaded<ConnectTokenResponse>;

/** An answer of the API. */
export interface Fetched {
  readonly value: ConnectTokenResponse;
  /** The answer's `Date`. */
  readonly date: string | null;
}

/** Fetches a token from the API. */
export type FetchToken = (wanted: {
  /** The life to ask for, in milliseconds. */
  readonly askMs: number | undefined;
  readonly signal: AbortSignal;
  /** What of the call's time has been spent already, in milliseconds. */
  readonly spentMs: number;
}) => Promise<Fetched>;

/**
 * Life of a token that has just arrived, in milliseconds: by the clock that wrote its expiry, so that a clock here that is
 * wrong neither shortens nor stretches it. `Date` has whole seconds: it may be too much by one, and by the answer's way here.
 */
export function lifeOnArrival({ value, date }: Fetched, wall: () => number): number {
  return value.expiresAt - (httpDate(date) ?? wall());
}
