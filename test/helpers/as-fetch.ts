import type { FetchInit } from '../../src/index.js';

/** A `fetch` to inject, made of what answers a `Request`. */
export function asFetch(
  answer: (request: Request) => Response | Promise<Response>,
): (url: string, init: FetchInit) => Promise<Response> {
  return async (url, init) => answer(new Request(url, init));
}
