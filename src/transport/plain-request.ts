/** What a middleware is given: a request that is still plain data, or a `Request` where it needs what only that can hold. */
export type OutgoingRequest = PlainRequest | Request;

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const BODILESS_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['method', 'redirect', 'body', 'headers', 'duplex']);
/** A body that can be sent any number of times. */
type PlainBody = string | Uint8Array | Blob | null;

/**
 * A request as plain data, which `fetch` makes its own `Request` of.
 *
 * `fetch` copies every `Request` that it is given, and a copy of one with a body splits the body's stream: together they
 * cost more than all middleware. Nor do a text or bytes have to be copied to be sent again.
 */
export class PlainRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly #body: PlainBody;

  /**
   * @param url - Absolute; written as URL parsers read it.
   * @throws {TypeError} For what is no URL.
   */
  constructor(url: string, method: string, headers: Headers, body: PlainBody) {
    this.url = new URL(url).href;
    this.method = method;
    this.headers = headers;
    this.#body = body;
  }

  /** Bytes of the body; `undefined` where there is none, whose length the transport may know otherwise. */
  get size(): number | undefined {
    const body = this.#body;
    if (body === null) return undefined;
    if (typeof body === 'string') return new TextEncoder().encode(body).byteLength;
    return body instanceof Blob ? body.size : body.byteLength;
  }

  /** The text or the bytes to send; `null` for nothing. */
  get body(): PlainBody {
    return this.#body;
  }

  /** The text to send; `null` for bytes and for nothing. */
  get text(): string | null {
    return typeof this.#body === 'string' ? this.#body : null;
  }

  /** What is passed to `fetch` or `Request` beside {@link url}. No redirect is followed: that is a middleware's to decide. */
  get init(): RequestInit {
    const { method, headers } = this;
    // The types of Node know bytes only as a view of one kind of buffer.
    return {
      method,
      headers,
      body: this.#body as NonNullable<RequestInit['body']> | null,
      redirect: 'manual',
    };
  }

  /** The same request to another URL, or with other headers. */
  with({ url = this.url, headers = this.headers }: { url?: string; headers?: Headers }): PlainRequest {
    return new PlainRequest(url, this.method, headers, this.#body);
  }
}

/**
 * Makes plain data of what plain data can hold: a method that `fetch` takes as it is, with a text, bytes or nothing as its
 * body. Bytes are copied, so that a later change by the caller does not change what is sent again.
 * All else becomes a `Request`, which checks what it is given.
 *
 * @throws {TypeError} As `new Request` does.
 */
export function createRequest(url: string, init: RequestInit): OutgoingRequest {
  const { method = 'GET', headers, body = null } = init;
  const plainBody = BODILESS_METHODS.has(method) && body !== null ? undefined : plainBodyOf(body);
  const isPlain = METHODS.has(method) && Object.keys(init).every((field) => PLAIN_FIELDS.has(field));
  if (!isPlain || plainBody === undefined) return new Request(url, init);
  const own = headers instanceof Headers ? headers : new Headers(headers);
  return new PlainRequest(url, method, own, plainBody);
}

/** A body that is not used up by sending it; `undefined` for any other. */
function plainBodyOf(body: unknown): PlainBody | undefined {
  if (body === null || typeof body === 'string' || body instanceof Blob) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body.slice(0));
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  return undefined;
}

/** The same request to another URL. */
export function withUrl(request: OutgoingRequest, url: string): OutgoingRequest {
  return request instanceof PlainRequest ? request.with({ url }) : new Request(url, request);
}

/** The same request with other headers. */
export function withHeaders(request: OutgoingRequest, headers: Headers): OutgoingRequest {
  return request instanceof PlainRequest ? request.with({ headers }) : new Request(request, { headers });
}

/** A request that can be sent while the given one is kept to be sent again. */
export function copyOf(request: OutgoingRequest): OutgoingRequest {
  // Nothing of plain data is used up by sending it, nor of a request without a body.
  return request instanceof PlainRequest || request.body === null ? request : request.clone();
}
