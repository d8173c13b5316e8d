import { type ClientOptions, createClient } from '../../src/index.js';
import { json } from './answers.js';
import { answeringFetch, type ObservedFetch } from './observed-fetch.js';

/** Time to live of the cached answers, in milliseconds. */
export const TTL_MS = 10_000;

/** A client that keeps answers, and repeats nothing. */
export function clientOf(network: ObservedFetch, options: ClientOptions = {}) {
  const responseCache = { max: 100, ttlMs: TTL_MS };
  return createClient({
    fetch: network.fetch,
    bearerToken: 'token-1',
    maxRetries: 0,
    responseCache,
    ...options,
  });
}

/** Numbers its answers, so that a test sees which one it was given. */
export function counting(init: ResponseInit = {}): ObservedFetch {
  let number = 0;
  return answeringFetch(({ method }) =>
    method === 'DELETE' ? new Response(null, { status: 204 }) : json({ number: ++number }, init),
  );
}
