/** What a stage is given: a request that is still plain data, or a `Request` where it needs what only that can hold. */
export type Outgoing = PlainRequest | Request;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const BODILESS_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['method', 'redirect', 'body', 'headers']);

/**
 * A request as plain data, which `fetch` makes its own `Request` of.
 *
 * `fetch` copies every `Request` that it is given, and a copy of one with a body splits the body's stream: together they
 * cost more than all stages. Nor does a text have to be copied to be sent again.
 */
export class PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** As a `Request` has it: nothing was said of the HTTP cache. */
  readonly cache = 'default';
  readonly #body: string | null;

  /**
   * @param url - Absolute; written as URL parsers read it.
   * @throws {TypeError} For what is no URL.
   */
  constructor(url: string, method: string, headers: Headers, body: string | null) {
    this.url = new URL(url).href;
    this.method = method;
    this.headers = headers;
    this.#body = body;
  }

  /** What is passed to `fetch` or `Request` beside {@link url}. No redirect is followed: that is a stage's to decide. */
  get init(): RequestInit {
    const { method, headers } = this;
    return { method, headers, body: this.#body, redirect: 'manual' };
  }

  /** The same request to another URL, or with other headers. */
  with({ url = this.url, headers = this.headers }: { url?: string; headers?: Headers }): PlainRequest {
    return new PlainRequest(url, this.method, headers, this.#body);
  }
}

/**
 * Makes plain data of what plain data can hold: a method that `fetch` takes as it is, with a text or nothing as its body.
 * All else becomes a `Request`, which checks what it is given.
 *
 * @throws {TypeError} As `new Request` does.
 */
export function createRequest(url: string, init: RequestInit): Outgoing {
  const { method = 'GET', headers, body = null } = init;
  const isTextOrNone = body === null || (typeof body === 'string' && !BODILESS_METHODS.has(method));
  const isPlain = METHODS.has(method) && Object.keys(init).every((field) => PLAIN_FIELDS.has(field));
  if (!isTextOrNone || !isPlain) return new Request(url, init);
  return new PlainRequest(url, method, headers instanceof Headers ? headers : new Headers(headers), body);
}

/** The same request to another URL. */
export function withUrl(request: Outgoing, url: string): Outgoing {
  return request instanceof PlainRequest ? request.with({ url }) : new Request(url, request);
}

/** The same request with other headers. */
export function withHeaders(request: Outgoing, headers: Headers): Outgoing {
  return request instanceof PlainRequest ? request.with({ headers }) : new Request(request, { headers });
}

/** A request that can be sent while the given one is kept to be sent again. */
export function copyOf(request: Outgoing): Outgoing {
  // Nothing of plain data is used up by sending it, nor of a request without a body.
  return request instanceof PlainRequest || request.body === null ? request : request.clone();
}
