import { getResponse, type RequestHandler } from 'msw';
import { MatchedHandler } from '../handlers/matched-handler.js';
import { checkServeNames } from '../known-options.js';
import { type RunningServer, type ServeOptions, serveRequests } from './http-server.js';

export type { RunningServer, ServeOptions } from './http-server.js';

/**
 * Serves msw handlers over plain HTTP on this machine alone (127.0.0.1), for clients in other processes.
 *
 * Streams are sent as they come, and `request.signal` tells a handler that the client has left. Pages of this machine may read
 * responses in a browser, and those of `origins`.
 *
 * A request for `/path` is handled as one for `<baseUrl>/path`. What no handler answers is a 404, a handler that throws
 * a 500, a body over 10 MB a 413, a Host header that does not name this machine a 421. Works in Node alone; `node:http` is
 * loaded by the call.
 *
 * @param handlers - The handlers, or what gives those of the moment and is asked for each request.
 * @throws {InvalidArgumentError} For an impossible port or base URL.
 * @throws {VercelError} When the port is taken or may not be used; `cause` is the system's error.
 *
 * @example
 * const server = await serveHandlers(createHandlers());
 * const client = createClient({ baseUrl: server.url, bearerToken: 'any' });
 * await server.close();
 */
export async function serveHandlers(
  handlers: readonly RequestHandler[] | (() => readonly RequestHandler[]),
  options: ServeOptions = {},
): Promise<RunningServer> {
  checkServeNames(options);
  return serveRequests((request) => {
    const current = typeof handlers === 'function' ? handlers() : handlers;
    // msw asks one handler after another, and waits for each: with two hundred of them that is most of the time.
    const asked = current.filter((one) => !(one instanceof MatchedHandler) || one.takes(request));
    return getResponse(asked, request);
  }, options);
}
