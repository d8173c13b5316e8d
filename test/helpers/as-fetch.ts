import type { Fetch } from '../../src/index.js';

/** A `fetch` to inject, made of what answers a `Request`. */
export function asFetch(answer: (request: Request) => Response | Promise<Response>): Fetch {
  return async (url, init) => answer(new Request(url, init));
}
