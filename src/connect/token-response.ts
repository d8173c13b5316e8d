import { type CallFacts, MalformedResponseError } from '../errors/index.js';
import { isRecord } from '../is-record.js';
import type { ConnectTokenResponse } from './types.js';

const TOKEN_CALL: CallFacts = { method: 'POST', path: '/v1/connect/token/{connector}' };

/**
 * Checks the two fields that the cache itself needs; everything else passes as it came.
 *
 * @throws {MalformedResponseError} When the token or its expiry cannot be used.
 */
export function checkTokenResponse(data: ConnectTokenResponse, response: Response): ConnectTokenResponse {
  requireObject(data, response, TOKEN_CALL);
  if (typeof data.token !== 'string' || data.token === '')
    throw malformed('it has no token', response, TOKEN_CALL);
  // Such a token would split a header of the request that it is used in.
  if (/\p{Cc}/u.test(data.token)) throw malformed('its token has control characters', response, TOKEN_CALL);
  if (typeof data.expiresAt !== 'number' || !Number.isFinite(data.expiresAt)) {
    throw malformed('its expiresAt is no number', response, TOKEN_CALL);
  }
  return data;
}

/**
 * Checks that an answer is the object that every one of these is.
 *
 * @throws {MalformedResponseError}
 */
export function requireObject(data: unknown, response: Response, call: CallFacts): void {
  if (!isRecord(data)) throw malformed('it is no object', response, call);
}

/** A copy that its owner may change without changing what others get. */
export function copyTokenResponse(value: ConnectTokenResponse): ConnectTokenResponse {
  return structuredClone(value);
}

function malformed(reason: string, response: Response, call: CallFacts): MalformedResponseError {
  const requestId = response.headers.get('x-vercel-id') ?? undefined;
  return new MalformedResponseError(reason, { ...call, status: response.status, requestId });
}
