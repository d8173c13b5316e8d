import type { OutgoingRequest } from '../../src/transport/middleware.js';

/** Makes the `Request` that `fetch` would make of a request. */
export function asRequest({ url, method, headers, body }: OutgoingRequest): Request {
  const init = { method, headers, body, redirect: 'manual' as const, duplex: 'half' };
  return new Request(url, init as RequestInit);
}
