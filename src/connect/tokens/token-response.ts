import { type CallFacts, MalformedResponseError } from '../../errors/index.js';
import { responseFacts } from '../../http/request-id.js';
import { httpDate } from '../../http/retry-after.js';
import { isRecord } from '../../util/is-record.js';
import type { ConnectTokenResponse } from '../types.js';

/** The operation behind every token. */
export const TOKEN_CALL: CallFacts = { method: 'POST', path: '/v1/connect/token/{connector}' };

// Between these a number is a time of 1973 to 5138 in seconds, and in milliseconds one that no token can have: taken as
// such it would be fetched, and billed, at every call.
const SECONDS_FROM = 1e8;
const SECONDS_UNTIL = 1e11;

/** A token response that has just arrived. */
export interface Fetched {
  readonly value: ConnectTokenResponse;
  /**
   * Its life in milliseconds: by the clock that wrote its expiry, so that a wrong clock here neither shortens nor stretches
   * it. `Date` has whole seconds: it may be too much by one, and by the response's way here.
   */
  readonly leftMs: number;
}

/**
 * Checks the two fields that the cache itself needs; everything else passes as it came.
 *
 * @throws {MalformedResponseError} When the token or its expiry cannot be used, or it has expired already.
 */
export function checkTokenResponse(data: unknown, response: Response): Fetched {
  requireObject(data, response, TOKEN_CALL);
  if (typeof data.token !== 'string' || data.token === '')
    throw malformed('it has no token', response, TOKEN_CALL);
  // Such a token would split a header of the request that it is used in.
  if (/\p{Cc}/u.test(data.token)) throw malformed('its token has control characters', response, TOKEN_CALL);
  if (typeof data.expiresAt !== 'number' || !Number.isFinite(data.expiresAt)) {
    throw malformed('its expiresAt is not a number', response, TOKEN_CALL);
  }
  if (data.expiresAt > SECONDS_FROM && data.expiresAt < SECONDS_UNTIL) {
    throw malformed('its expiresAt is in seconds and not in milliseconds', response, TOKEN_CALL);
  }
  const leftMs = data.expiresAt - (httpDate(response.headers.get('date')) ?? Date.now());
  if (leftMs <= 0) throw malformed('its token had expired when it arrived', response, TOKEN_CALL);
  // The two fields that have a meaning here were checked.
  return { value: data as unknown as ConnectTokenResponse, leftMs };
}

/**
 * Checks that a response body is an object.
 *
 * @throws {MalformedResponseError}
 */
export function requireObject(
  data: unknown,
  response: Response,
  call: CallFacts,
): asserts data is Record<string, unknown> {
  if (!isRecord(data)) throw malformed('it is not an object', response, call);
}

function malformed(reason: string, response: Response, call: CallFacts): MalformedResponseError {
  return new MalformedResponseError(reason, responseFacts(response, call));
}
