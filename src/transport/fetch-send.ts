import { APIConnectionError, InvalidArgumentError } from '../errors/index.js';
import { callerMistake, networkErrorCode } from '../http/network-error.js';
import type { Bytes } from '../util/bytes.js';
import { isFrameworkError } from '../util/framework-error.js';
import { isRecord } from '../util/is-record.js';
import { nodeModule } from '../util/node-module.js';
import { describeValue } from '../util/redact.js';
import type { CallContext, Middleware, OutgoingRequest, RequestBody, Send } from './middleware.js';
import { safeCause } from './safe-cause.js';

/** The init of a `fetch` of the caller's own, the argument after the URL. */
export interface FetchInit {
  readonly method: string;
  /** By lower-case name: every implementation of `fetch` takes a record, and not every one a `Headers` of another. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * Only what each implementation of `fetch` takes by its own declarations: those of the DOM and of Node.js differ for a `Blob`,
   * which becomes a stream. A browser, whose `fetch` takes no stream over HTTP/1.1, gets the `Blob` itself.
   */
  readonly body?: string | Bytes | (ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) | null;
  /** Set where the body is a stream. */
  readonly duplex?: 'half';
  /** `manual` for calls: the client follows redirects itself. */
  readonly redirect: 'manual' | 'error';
  readonly signal?: AbortSignal | null;
}

/** The result of a `fetch` of the caller's own: a `Response` of this runtime, or of another implementation. */
export interface FetchResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  readonly headers: Pick<Headers, 'get' | 'has'>;
  readonly body: unknown;
  /** Reads the body to its end. */
  text(): Promise<string>;
}

/** A `fetch` of the caller's own: is called like the global one, with a URL and an init. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchResponse>;

/**
 * Makes the innermost function of the transport: one request over the wire.
 *
 * Where `call.noStore` is set, `fetch` receives `cache: 'no-store'`, unless the runtime refuses the field.
 *
 * @param own - The caller's `fetch`. Without one the global is read at every call, so that one patched later (by
 *   msw, by instrumentation) is used.
 * @param requestClass - The runtime's own. Default: the global one.
 * @returns A {@link Send} that throws {@link APIConnectionError} for a failure, the abort reason for an abort, what a
 *   framework throws to steer itself as it is, and {@link InvalidArgumentError} for a request that cannot be sent.
 */
export function fetchSend(own: Fetch | undefined, requestClass: () => typeof Request = () => Request): Send {
  let takesCache: boolean | undefined;
  return async function send(request, call) {
    if (call.noStore) takesCache ??= runtimeTakesCache(requestClass());
    const init = initFor(request, call, call.noStore && takesCache === true, own !== undefined);
    call.onSend?.();
    let response: unknown;
    try {
      response = await (own === undefined ? globalFetch(request, init, call) : own(request.url, init));
    } catch (cause) {
      // A `fetch` of one argument took its URL for the `Request` of versions before 0.2.
      const isOldForm = own?.length === 1 && cause instanceof TypeError && OLD_FORM.test(cause.message);
      if (isOldForm)
        throw new InvalidArgumentError(
          'fetch',
          'is called with a URL and an init, and failed with one argument: give (url, init) => fetch(url, init)',
          { cause: safeCause(cause, call.secrets) },
        );
      throw errorOf(cause, request, call);
    }
    return checkResponse(response);
  };
}

/**
 * Checks what a `fetch` gave. Not by `instanceof`: a test or a proxy may bring a Response of another implementation.
 *
 * @throws {InvalidArgumentError} For anything but a response, and for one whose body cannot be read.
 */
function checkResponse(response: unknown): Response {
  const { status, headers, body, text, json } = Object(response) as Partial<Response>; // Any object has these, or not.
  const isStub = body === undefined && typeof text !== 'function' && typeof json === 'function';
  const hasHeaders = typeof headers?.get === 'function' && typeof headers.has === 'function';
  if (typeof status === 'number' && hasHeaders && !isStub) return response as Response;
  const given = isStub ? 'one with json() alone: give Response.json(data)' : describeValue(response);
  throw new InvalidArgumentError('fetch', `must resolve to a Response, got ${given}`);
}

/** Matches the message of a `fetch` that read a field of its missing second argument. */
const OLD_FORM = /undefined|not a function/;

/** Returns whether `Request` knows the field `cache`. workerd throws for it before its compatibility date 2024-11-11. */
function runtimeTakesCache(RequestClass: typeof Request): boolean {
  try {
    return new RequestClass('https://localhost/', { cache: 'no-store' } as RequestInit) !== undefined;
  } catch {
    return false;
  }
}

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

function initFor(request: OutgoingRequest, call: CallContext, noStore: boolean, isOwn: boolean): FetchInit {
  const { method, headers, body } = request;
  // The further fields are those of `FetchOptions`.
  const init: Writable<FetchInit> & { cache?: string } = {
    ...(call.fetchOptions as object),
    method,
    headers,
    redirect: 'manual',
  };
  if (noStore) init.cache = 'no-store';
  if (call.timer !== undefined) init.signal = call.timer.signal;
  // A text or nothing needs no preparation.
  if (call.openBody === undefined && (body === null || typeof body === 'string')) init.body = body;
  else Object.assign(init, preparedBody(request, call, isOwn));
  return init;
}

/** Bytes that the buffers of both ends can hold, and how fast a slow server takes them, in bytes a millisecond. */
const MAX_BUFFERED_BYTES = 10_000_000;
const SLOW_BYTES_PER_MS = 1_000;
/** Shorter bytes leave at once, so that their way out says nothing about a slow network. */
const MIN_STREAMED_BYTES = 64 * 1024;

/** Returns the fields of an init for a body that is opened, is a stream or a form, or whose bytes are counted as they leave. */
function preparedBody(
  { method, url, headers, body }: OutgoingRequest,
  { openBody, timer }: CallContext,
  isOwn: boolean,
): Partial<FetchInit> {
  // Bytes that were handed to the network may still be on their way to a slow server.
  const onChunk = (sentBytes: number) =>
    timer?.touch(Math.min(sentBytes, MAX_BUFFERED_BYTES) / SLOW_BYTES_PER_MS);
  if (openBody !== undefined) return { body: markFailure('file', openBody(onChunk)), duplex: 'half' };
  if (body instanceof ReadableStream) return { body: markFailure('body', body), duplex: 'half' };
  if (body instanceof FormData && isOwn) {
    // A `fetch` of another implementation need not know the `FormData` of this runtime.
    const written = new Request(url, { method, body });
    const type = written.headers.get('content-type') ?? 'multipart/form-data';
    return { headers: { ...headers, 'content-type': type }, body: written.body, duplex: 'half' };
  }
  const size = bodySize(body);
  const isLong = size !== undefined && size >= MIN_STREAMED_BYTES;
  // Browsers take no streams as bodies over HTTP/1.1, and get the bytes as they are.
  const isStreamed = (isLong || (isOwn && body instanceof Blob)) && nodeModule('node:stream') !== undefined;
  if (size === undefined || !isStreamed || !(body instanceof Blob || body instanceof Uint8Array))
    return { body: body as Bytes }; // Or a form or a `Blob`, which the `fetch` of the runtime knows.
  let sentBytes = 0;
  // Each chunk that leaves counts as life of the attempt, as it does for an upload.
  const counted = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const end = Math.min(sentBytes + MIN_STREAMED_BYTES, size);
      const chunk =
        body instanceof Blob
          ? new Uint8Array(await body.slice(sentBytes, end).arrayBuffer())
          : body.subarray(sentBytes, end);
      controller.enqueue(chunk);
      sentBytes = end;
      onChunk(sentBytes);
      if (sentBytes === size) controller.close();
    },
  });
  return { headers: { ...headers, 'content-length': String(size) }, body: counted, duplex: 'half' };
}

/** The failure of a stream that a body is read from. `fetch` reports it as one of its own. */
class BodyFailure extends Error {
  constructor(
    /** The argument that the stream came from. */
    readonly argument: 'body' | 'file',
    cause: unknown,
  ) {
    super('the body failed', { cause });
  }
}

/** Passes the bytes of a body on, and marks its failure, which must not be taken for one of the network. */
function markFailure(
  argument: BodyFailure['argument'],
  body: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  // `fetch` refuses a locked one. In workerd, a `FixedLengthStream` of the caller tells `fetch` its length.
  if (body.locked || (argument === 'body' && 'FixedLengthStream' in globalThis)) return body;
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch((cause: unknown) => {
          throw new BodyFailure(argument, cause);
        });
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** Returns the number of bytes of a body; `undefined` without one, and for a stream and a form. */
export function bodySize(body: RequestBody): number | undefined {
  if (typeof body === 'string') return new TextEncoder().encode(body).byteLength;
  if (body instanceof Blob) return body.size;
  return body instanceof Uint8Array ? body.byteLength : undefined;
}

/**
 * Calls the global `fetch`, with headers as its callers write them (mocks of it read `init.headers.Authorization`), and so that no
 * framework stores the response to a request that changes something or brings a token.
 *
 * In Next.js a segment with `fetchCache = 'force-cache'` overrides `cache: 'no-store'`: every POST then gets its response from
 * the cache, and a token lies on disk. Only `next.internal` passes that cache. It also passes the check that ends a
 * prerender at a request that cannot be cached, so an empty request with `no-store` goes through that check first.
 *
 * @throws What Next.js throws to end the prerender, as it is.
 *
 * @see https://nextjs.org/docs/app/api-reference/file-conventions/route-segment-config
 */
async function globalFetch({ url }: OutgoingRequest, init: FetchInit, call: CallContext): Promise<Response> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(init.headers))
    headers[name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase())] = value;
  // The types of Node know fewer fields than `fetch` takes.
  const sent = { ...init, headers } as RequestInit;
  const isWrite = call.noStore && call.method !== 'GET' && call.method !== 'HEAD';
  // The `fetch` of Next.js itself, and not a wrapper of it that does not know `next.internal`.
  if (!isWrite || Reflect.get(globalThis.fetch, '__nextPatched') !== true) return globalThis.fetch(url, sent);
  try {
    await globalThis.fetch('data:,', { cache: 'no-store', signal: sent.signal ?? null } as RequestInit);
  } catch (error) {
    if (isFrameworkError(error)) throw error;
    // An edge runtime without data URLs, or a segment that allows only cached requests: the request itself shows it.
    return globalThis.fetch(url, sent);
  }
  return globalThis.fetch(url, { ...sent, next: { internal: true } } as RequestInit);
}

function errorOf(cause: unknown, { url }: OutgoingRequest, call: CallContext): unknown {
  const signal = call.timer?.signal;
  if (signal?.aborted) return signal.reason;
  if (isFrameworkError(cause)) return cause;
  const failure = [cause, isRecord(cause) ? cause.cause : undefined].find(
    (one) => one instanceof BodyFailure,
  );
  if (failure !== undefined) {
    if (failure.cause instanceof InvalidArgumentError) return failure.cause;
    const rule = 'could not be read to its end; the cause says why';
    return new InvalidArgumentError(failure.argument, rule, {
      cause: safeCause(failure.cause, call.secrets),
    });
  }
  const code = networkErrorCode(cause);
  const mistake = callerMistake(cause);
  if (mistake === 'request') {
    // The words of undici are fixed texts; only those of known ones are shown.
    const { message } = isRecord(cause) && cause.cause instanceof Error ? cause.cause : { message: '' };
    const reason = /^[\w -]{1,80}$/.test(message) ? `: ${message}` : '';
    const rule = `describes a request that cannot be sent (${code}${reason}); check its headers against its body`;
    return new InvalidArgumentError('headers', rule, { cause: safeCause(cause, call.secrets) });
  }
  const { host } = new URL(url);
  const suffix = code === undefined ? '' : ` (${code})`;
  const message =
    mistake === 'tls'
      ? `${call.method} ${call.path} found no TLS at ${host}${suffix}: is baseUrl https for a port that speaks http?`
      : `${call.method} ${call.path} got no answer from ${host}${suffix}`;
  return new APIConnectionError(message, call, { cause: safeCause(cause, call.secrets) });
}

const MAX_REDIRECTS = 3;
/** Statuses that send a client elsewhere (RFC 9110 section 15.4); 300 and 304 do not. */
export const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Follows redirects of GET and HEAD within the origin, at most three; every other redirect is returned as it is.
 *
 * `fetch` itself would take custom headers to another origin, since it drops `Authorization` alone. So it follows none, and a
 * redirect that is returned becomes an `APIError` further out.
 */
export function redirectMiddleware(): Middleware {
  return (next) =>
    async function followRedirects(request, call) {
      let response = await next(request, call);
      let { url } = request;
      for (let hops = 0; hops < MAX_REDIRECTS && REDIRECTS.has(response.status); hops++) {
        const target = redirectTarget({ ...request, url }, response);
        if (target === undefined) break;
        // Not waited for: a body that does not stop must not hold up the call.
        response.body?.cancel().catch(() => undefined);
        url = target;
        response = await next({ ...request, url }, call);
      }
      return response;
    };
}

function redirectTarget({ method, url }: OutgoingRequest, { headers }: Response): string | undefined {
  const location = headers.get('location');
  if (location === null || (method !== 'GET' && method !== 'HEAD') || !URL.canParse(location, url))
    return undefined;
  const target = new URL(location, url);
  const isSameOrigin = target.origin === new URL(url).origin;
  return isSameOrigin && target.username === '' && target.password === '' ? target.href : undefined;
}
