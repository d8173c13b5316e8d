/** What a stage is given: a request that is still plain data, or a `Request` where it needs what only that can hold. */
export type Outgoing = PlainRequest | Request;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const BODILESS_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['method', 'redirect', 'body', 'headers', 'duplex']);
/** What `fetch` takes; the types of Node leave out the mode of the HTTP cache, and frameworks' own fields. */
export type FetchInit = RequestInit & { readonly cache?: string; readonly next?: unknown };

/**
 * What `fetch` takes besides (Fetch standard, section 5.4), and what undici, Next.js, Bun, Deno and workerd add: passed on as
 * it is, because a `Request` drops what it does not know.
 */
export const PASSED_FIELDS: readonly string[] = [
  ...[
    'cache',
    'credentials',
    'integrity',
    'keepalive',
    'mode',
    'priority',
    'referrer',
    'referrerPolicy',
    'window',
  ],
  ...['dispatcher', 'next', 'proxy', 'tls', 'unix', 'verbose', 'client', 'cf'],
];

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
  readonly #body: string | null;
  readonly #passed: FetchInit;

  /**
   * @param url - Absolute; written as URL parsers read it.
   * @param passed - Further fields for `fetch`.
   * @throws {TypeError} For what is no URL.
   */
  constructor(url: string, method: string, headers: Headers, body: string | null, passed: FetchInit = {}) {
    this.url = new URL(url).href;
    this.method = method;
    this.headers = headers;
    this.#body = body;
    this.#passed = passed;
  }

  /** The mode of the HTTP cache, as a `Request` has it. */
  get cache(): string {
    return this.#passed.cache ?? 'default';
  }

  /** The text to send. */
  get text(): string | null {
    return this.#body;
  }

  /** What is passed to `fetch` or `Request` beside {@link url}. No redirect is followed: that is a stage's to decide. */
  get init(): FetchInit {
    const { method, headers } = this;
    return { ...this.#passed, method, headers, body: this.#body, redirect: 'manual' };
  }

  /** The same request to another URL, or with other headers. */
  with({ url = this.url, headers = this.headers }: { url?: string; headers?: Headers }): PlainRequest {
    return new PlainRequest(url, this.method, headers, this.#body, this.#passed);
  }
}

/**
 * Makes plain data of what plain data can hold: a method that `fetch` takes as it is, with a text or nothing as its body.
 * All else becomes a `Request`, which checks what it is given; so are further fields checked.
 *
 * @throws {TypeError} As `new Request` does.
 */
export function createRequest(url: string, init: RequestInit): Outgoing {
  const { method = 'GET', headers, body = null } = init;
  const isTextOrNone = body === null || (typeof body === 'string' && !BODILESS_METHODS.has(method));
  let passed: FetchInit | undefined;
  let isPlain = isTextOrNone && METHODS.has(method);
  for (const field of Object.keys(init)) {
    if (PASSED_FIELDS.includes(field)) passed = { ...passed, [field]: Reflect.get(init, field) };
    else isPlain &&= PLAIN_FIELDS.has(field);
  }
  const request = isPlain && passed === undefined ? undefined : new Request(url, init);
  if (request !== undefined && !isPlain) return request;
  const own = headers instanceof Headers ? headers : new Headers(headers);
  return new PlainRequest(url, method, own, typeof body === 'string' ? body : null, passed);
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
