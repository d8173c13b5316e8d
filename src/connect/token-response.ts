import { MalformedResponseError } from '../errors/index.js';
import { isRecord } from '../transport/to-error.js';
import type { ConnectTokenResponse } from './types.js';

/**
 * Checks the two fields that the cache itself needs; everything else passes as it came.
 *
 * @throws {MalformedResponseError} When the token or its expiry cannot be used.
 */
export function checkTokenResponse(data: unknown, response: Response): ConnectTokenResponse {
  const problem = findProblem(data);
  if (problem === undefined) return data as ConnectTokenResponse; // Checked as far as anything relies on it.
  const requestId = response.headers.get('x-vercel-id') ?? undefined;
  const call = { method: 'POST', path: '/v1/connect/token/{connector}' };
  throw new MalformedResponseError(problem, { ...call, status: response.status, requestId });
}

/** A copy that its owner may change without changing what others get. */
export function copyTokenResponse(value: ConnectTokenResponse): ConnectTokenResponse {
  return structuredClone(value);
}

function findProblem(data: unknown): string | undefined {
  if (!isRecord(data)) return 'it is no object';
  if (typeof data.token !== 'string' || data.token === '') return 'it has no token';
  if (typeof data.expiresAt !== 'number' || !Number.isFinite(data.expiresAt))
    return 'its expiresAt is no number';
  return undefined;
}
