import { HttpHandler } from 'msw';

type HttpMethod = ConstructorParameters<typeof HttpHandler>[0];
type Resolver = ConstructorParameters<typeof HttpHandler>[2];

/** Where a handler listens, and how it knows a request of its own. */
export interface HandlerMatch {
  /** An HTTP method, or an expression for several. */
  readonly method: string | RegExp;
  /** Shown by msw, and what it would match by itself. */
  readonly url: RegExp;
  readonly matches: (request: Request) => boolean;
}

/** A handler of msw that takes a request only where its router says so, and says so without a copy of the request. */
export class MatchedHandler extends HttpHandler {
  readonly #matches: (request: Request) => boolean;

  constructor({ method, url, matches }: HandlerMatch, resolver: Resolver) {
    // The table's methods are msw's own, which are members of an enum there.
    super(method as HttpMethod, url, resolver);
    this.#matches = matches;
  }

  /** Whether a request is this handler's; asked once, it is known for the others of its document. */
  takes(request: Request): boolean {
    return this.#matches(request);
  }

  override async run(
    ...args: Parameters<HttpHandler['run']>
  ): Promise<Awaited<ReturnType<HttpHandler['run']>>> {
    return this.#matches(args[0].request) ? super.run(...args) : null;
  }

  override async predicate({ request }: Parameters<HttpHandler['predicate']>[0]): Promise<boolean> {
    return this.#matches(request);
  }
}
