import { getResponse, type RequestHandler } from 'msw';
import { RoutedHandler } from '../handlers/build-handlers.js';
import { checkServeNames } from '../known-options.js';
import { type RunningServer, type ServeOptions, serveRequests } from './http-server.js';

export type { RunningServer, ServeOptions } from './http-server.js';

/**
 * Serves msw handlers over plain HTTP on this machine alone (127.0.0.1), for clients in other processes.
 *
 * Streams are sent as they come, and `request.signal` is aborted when the client leaves. Pages of this machine and those of
 * `origins` may read responses in a browser.
 *
 * A request for `/path` is handled as one for `<baseUrl>/path`. A request that no handler takes gets a 404, one whose handler
 * throws a 500, a body over 10 MB a 413, and a Host header that does not name this machine a 421. Works in Node only;
 * `node:http` is loaded by the call.
 *
 * @param handlers - The handlers, or a function that returns the current ones and is called for each request.
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
    // msw awaits one handler after another: with two hundred of them that is most of the time.
    const candidates = current.filter((one) => !(one instanceof RoutedHandler) || one.takes(request));
    return getResponse(candidates, request);
  }, options);
}
