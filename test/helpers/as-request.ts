import { type OutgoingRequest, PlainRequest } from '../../src/transport/plain-request.js';

/** What `fetch` would make of a request that a stage is given. */
export function asRequest(request: OutgoingRequest): Request {
  return request instanceof PlainRequest ? new Request(request.url, request.init) : request;
}
