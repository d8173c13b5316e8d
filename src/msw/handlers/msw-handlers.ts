import { getResponse, HttpHandler, type RequestHandler } from 'msw';
import type { ContractOperation } from '../../openapi/contract-types.js';
import { checkNames, SERVE } from '../known-options.js';
import { type RunningServer, type ServeOptions, serveRequests } from '../server/http-server.js';
import { checkMsw } from './check-msw.js';
import { type Core, createCore } from './core.js';
import type { HandlerSettings } from './handler-settings.js';
import { bySpecificity, everythingAt, urlPattern } from './match-path.js';
import { serve } from './serve.js';

type HttpMethod = ConstructorParameters<typeof HttpHandler>[0];

/** Makes one handler for each operation, and one that refuses every other request to the API's hosts. */
export function buildHandlers(settings: HandlerSettings): RequestHandler[] {
  return handlersOf(createCore(settings));
}

/** Makes the handlers of {@link buildHandlers} for the state that they share. */
export function handlersOf(core: Core): RequestHandler[] {
  checkMsw();
  const operations = bySpecificity(core.served).map((operation) => new RoutedHandler(core, operation));
  return [...operations, new RoutedHandler(core, undefined)];
}

/** An msw handler that takes the requests which the router assigns to it, without a copy of the request. */
class RoutedHandler extends HttpHandler {
  readonly core: Core;
  readonly #operation: ContractOperation | undefined;

  /** @param operation - `undefined` for the handler of all requests that no operation takes. */
  constructor(core: Core, operation: ContractOperation | undefined) {
    // The table's methods are msw's own, which are members of an enum there; an expression allows any method.
    const method = (operation?.method ?? /.*/) as HttpMethod;
    const url = operation ? urlPattern(core.origin, operation.path) : everythingAt(core.origin);
    super(method, url, ({ request }) => serve(core, request));
    this.core = core;
    this.#operation = operation;
  }

  /** Returns whether the router assigns a request to this handler. */
  takes(request: Request): boolean {
    const match = this.core.router.match(request);
    return this.#operation === undefined ? match === null : match?.operation === this.#operation;
  }

  override async run(
    ...args: Parameters<HttpHandler['run']>
  ): Promise<Awaited<ReturnType<HttpHandler['run']>>> {
    return this.takes(args[0].request) ? super.run(...args) : null;
  }

  override async predicate({ request }: Parameters<HttpHandler['predicate']>[0]): Promise<boolean> {
    return this.takes(request);
  }
}

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
  checkNames('options', options, SERVE, '');
  return serveRequests(async (request) => {
    for (const handler of typeof handlers === 'function' ? handlers() : handlers) {
      // Not by msw, which copies the request and awaits one handler after another: two hundred of them are most of the time.
      const isRouted = handler instanceof RoutedHandler;
      if (isRouted && !handler.takes(request)) continue;
      const response = await (isRouted ? serve(handler.core, request) : getResponse([handler], request));
      if (response !== undefined) return response;
    }
    return undefined;
  }, options);
}
