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
