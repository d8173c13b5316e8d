import { getResponse, type RequestHandler } from 'msw';
import { asFetch } from './as-fetch.js';

/** A `fetch` that handlers answer, without a server. */
export function fetchOf(handlers: readonly RequestHandler[]): ReturnType<typeof asFetch> {
  return asFetch(async (request) => {
    const response = await getResponse([...handlers], request);
    if (response === undefined) throw new TypeError(`no handler answers ${request.method} ${request.url}`);
    return response;
  });
}

/** {@link fetchOf} with the arguments of the global `fetch`. */
export function globalFetchOf(handlers: readonly RequestHandler[]): typeof fetch {
  return async (...call) => {
    const request = new Request(...call);
    const response = await getResponse([...handlers], request);
    if (response === undefined) throw new TypeError(`no handler answers ${request.method} ${request.url}`);
    return response;
  };
}
