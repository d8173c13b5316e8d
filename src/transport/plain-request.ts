/** What a stage is given: a request that is still plain data, or a `Request` where it needs what only that can hold. */
export type Outgoing = PlainRequest | Request;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const BODILESS_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['method', 'redirect', 'body', 'headers', 'duplex']);
/** A body that can be sent any number of times. */
type PlainBody = string | Uint8Array | Blob | null;

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
 * cost more than all stages. Nor do a text or bytes have to be copied to be sent again.
 */
export class PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly #body: PlainBody;
  readonly #passed: FetchInit;

  /**
   * @param url - Absolute; written as URL parsers read it.
   * @param passed - Further fields for `fetch`.
   * @throws {TypeError} For what is no URL.
   */
  constructor(url: string, method: string, headers: Headers, body: PlainBody, passed: FetchInit = {}) {
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

  /** Bytes of the body; `undefined` where there is none, whose length the transport may know otherwise. */
  get size(): number | undefined {
    const body = this.#body;
    if (body === null) return undefined;
    if (typeof body === 'string') return new TextEncoder().encode(body).byteLength;
    return body instanceof Blob ? body.size : body.byteLength;
  }

  /** The text to send; `null` for bytes and for nothing. */
  get text(): string | null {
    return typeof this.#body === 'string' ? this.#body : null;
  }

  /** What is passed to `fetch` or `Request` beside {@link url}. No redirect is followed: that is a stage's to decide. */
  get init(): FetchInit {
    const { method, headers } = this;
    // The types of Node know bytes only as a view of one kind of buffer.
    return {
      ...this.#passed,
      method,
      headers,
      body: this.#body as NonNullable<RequestInit['body']> | null,
      redirect: 'manual',
    };
  }

  /** The same request to another URL, or with other headers. */
  with({ url = this.url, headers = this.headers }: { url?: string; headers?: Headers }): PlainRequest {
    return new PlainRequest(url, this.method, headers, this.#body, this.#passed);
  }
}

/**
 * Makes plain data of what plain data can hold: a method that `fetch` takes as it is, with a text, bytes or nothing as its
 * body. Bytes are copied, so that a later change by the caller does not change what is sent again.
 * All else becomes a `Request`, which checks what it is given; so are further fields checked.
 *
 * @throws {TypeError} As `new Request` does.
 */
export function createRequest(url: string, init: RequestInit): Outgoing {
  const { method = 'GET', headers, body = null } = init;
  const plainBody = BODILESS_METHODS.has(method) && body !== null ? undefined : plainBodyOf(body);
  let passed: FetchInit | undefined;
  let isPlain = plainBody !== undefined && METHODS.has(method);
  for (const field of Object.keys(init)) {
    if (PASSED_FIELDS.includes(field)) passed = { ...passed, [field]: Reflect.get(init, field) };
    else isPlain &&= PLAIN_FIELDS.has(field);
  }
  const request = isPlain && passed === undefined ? undefined : new Request(url, init);
  if (request !== undefined && (!isPlain || plainBody === undefined)) return request;
  const own = headers instanceof Headers ? headers : new Headers(headers);
  return new PlainRequest(url, method, own, plainBody ?? null, passed);
}

/** A body that is not used up by sending it; `undefined` for any other. */
function plainBodyOf(body: unknown): PlainBody | undefined {
  if (body === null || typeof body === 'string' || body instanceof Blob) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  return undefined;
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
