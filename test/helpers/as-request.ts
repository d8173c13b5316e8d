import { type Outgoing, PlainRequest } from '../../src/transport/plain-request.js';

/** What `fetch` would make of a request that a stage is given. */
export function asRequest(request: Outgoing): Request {
  return request instanceof PlainRequest ? new Request(request.url, request.init) : request;
}
