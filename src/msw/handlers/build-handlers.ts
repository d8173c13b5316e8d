import { HttpHandler, type RequestHandler } from 'msw';
import type { ContractOperation } from '../../openapi/contract-types.js';
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
export class RoutedHandler extends HttpHandler {
  readonly #core: Core;
  readonly #operation: ContractOperation | undefined;

  /** @param operation - `undefined` for the handler of all requests that no operation takes. */
  constructor(core: Core, operation: ContractOperation | undefined) {
    // The table's methods are msw's own, which are members of an enum there; an expression allows any method.
    const method = (operation?.method ?? /.*/) as HttpMethod;
    const url = operation ? urlPattern(core.origin, operation.path) : everythingAt(core.origin);
    super(method, url, ({ request }) => serve(core, request));
    this.#core = core;
    this.#operation = operation;
  }

  /** Returns whether the router assigns a request to this handler. */
  takes(request: Request): boolean {
    const match = this.#core.router.match(request);
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
