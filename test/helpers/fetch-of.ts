import { getResponse, type RequestHandler } from 'msw';

/** A `fetch` that handlers answer, without a server. */
export function fetchOf(handlers: readonly RequestHandler[]): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await getResponse([...handlers], request);
    if (response === undefined) throw new TypeError(`no handler answers ${request.method} ${request.url}`);
    return response;
  };
}
