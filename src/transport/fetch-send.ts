import { APIConnectionError, InvalidArgumentError } from '../errors/index.js';
import { callerMistake, networkErrorCode } from '../http/network-error.js';
import { isFrameworkError } from '../util/framework-error.js';
import { isRecord } from '../util/is-record.js';
import { nodeModule } from '../util/node-module.js';
import { describeValue } from '../util/redact.js';
import type { CallContext, Send } from './middleware.js';
import { type OutgoingRequest, PlainRequest } from './plain-request.js';
import { safeCause } from './safe-cause.js';
import { uncachedFetch } from './uncached-fetch.js';

/** Bytes in a buffer that is not shared: `Uint8Array<ArrayBuffer>`, which TypeScript below 5.7 cannot write. */
type Bytes = ReturnType<typeof Uint8Array.of>;

/** What a `fetch` of the caller's own is given beside the URL. */
export interface FetchInit {
  readonly method: string;
  /** By lower-case name: every implementation of `fetch` takes a record, and not every one a `Headers` of another. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Bytes | Blob | ReadableStream<Uint8Array> | null;
  /** Set where the body is a stream. */
  readonly duplex?: 'half';
  /** `manual` for calls: the client follows redirects itself. */
  readonly redirect: 'manual' | 'error';
  readonly signal?: AbortSignal | null;
}

/** What a `fetch` of the caller's own resolves to: a `Response` of this runtime, or of another implementation. */
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
 * Where `call.noStore` is set, `fetch` is given `cache: 'no-store'`, unless the runtime refuses the field.
 *
 * @param own - The caller's `fetch`. Without one the global is looked up at every call, so that one patched later (by
 *   msw, by instrumentation) is used.
 * @param requestClass - The runtime's own. Default: the global one.
 * @returns A {@link Send} that throws {@link APIConnectionError} for a failure, the abort reason for an abort, what a
 *   framework throws to steer itself as it is, and {@link InvalidArgumentError} for a request that cannot be sent.
 */
export function fetchSend(own: Fetch | undefined, requestClass: () => typeof Request = () => Request): Send {
  let takesCache: boolean | undefined;
  return async function send(prepared, call) {
    if (call.noStore) takesCache ??= runtimeTakesCache(requestClass());
    const { input, init } = argumentsFor(prepared, call, call.noStore && takesCache === true);
    let response: unknown;
    call.onSend?.();
    try {
      if (own) response = await own(prepared.url, ownInit(prepared, init));
      // A cached answer to a request that changes something, or brings a token, is wrong for whoever gets it.
      else {
        const sent = withHeaderRecord(init);
        response = await (isWrite(call) ? uncachedFetch(input, sent) : globalThis.fetch(input, sent));
      }
    } catch (cause) {
      if (own && isOldForm(own, cause)) throw oldForm(cause, call);
      throw failureOf(cause, prepared, call);
    }
    if (isResponse(response)) return response;
    throw new InvalidArgumentError('fetch', `must resolve to a Response, got ${describeValue(response)}`);
  };
}

function isWrite({ method, noStore }: CallContext): boolean {
  return noStore && method !== 'GET' && method !== 'HEAD';
}

/** Whether `Request` knows the field `cache`. workerd throws for it before its compatibility date 2024-11-11. */
function runtimeTakesCache(RequestClass: typeof Request): boolean {
  try {
    return new RequestClass('https://localhost/', { cache: 'no-store' } as RequestInit) !== undefined;
  } catch {
    return false;
  }
}

/** Bytes that the buffers of both ends can hold, and how fast a slow server takes them, in bytes a millisecond. */
const MAX_BUFFERED_BYTES = 10_000_000;
const SLOW_BYTES_PER_MS = 1_000;

/** How long bytes that were handed to the network may still be on their way to a slow server, in milliseconds. */
function inTransitMs(sentBytes: number): number {
  return Math.min(sentBytes, MAX_BUFFERED_BYTES) / SLOW_BYTES_PER_MS;
}

/** The arguments of `fetch`, with the attempt's signal and the bytes that are opened for it. */
function argumentsFor(
  request: OutgoingRequest,
  { openBody, timer, fetchOptions }: CallContext,
  noStore: boolean,
): { input: string | Request; init: RequestInit } {
  const onChunk = (sentBytes: number) => timer?.touch(inTransitMs(sentBytes));
  const isPlain = request instanceof PlainRequest;
  const init: RequestInit = {
    // The types of Node know fewer fields than `fetch` takes.
    ...(fetchOptions as RequestInit),
    ...(isPlain ? request.init : {}),
    ...(noStore ? { cache: 'no-store' } : {}),
    ...(timer === undefined ? {} : { signal: timer.signal }),
    ...(openBody === undefined
      ? streamedBytes(request, onChunk)
      : { body: openBody(onChunk), duplex: 'half' }),
  };
  return { input: isPlain ? request.url : request, init };
}

/** Bytes that are handed over at once are no sign of life for as long as the network takes them. */
const MIN_STREAMED_BYTES = 64 * 1024;

/**
 * Hands long bytes to `fetch` chunk by chunk with their length, so that each chunk that leaves counts as life of the attempt, as
 * it does for an upload. Browsers take no streams as bodies over HTTP/1.1, and get the bytes as they are.
 */
function streamedBytes(request: OutgoingRequest, onChunk: (sentBytes: number) => void): RequestInit {
  if (!(request instanceof PlainRequest) || nodeModule('node:stream') === undefined) return {};
  const { body, size } = request;
  if (body === null || typeof body === 'string' || size === undefined || size < MIN_STREAMED_BYTES) return {};
  const headers = new Headers(request.headers);
  headers.set('content-length', String(size));
  let sentBytes = 0;
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
  return { headers, body: counted, duplex: 'half' };
}

/** Writes headers as callers of `fetch` do: mocks of the global read `init.headers.Authorization`. */
function withHeaderRecord(init: RequestInit): RequestInit {
  if (!(init.headers instanceof Headers)) return init;
  const written = [...init.headers].map(([name, value]) => [
    name.replaceAll(/(?:^|-)[a-z]/g, (start) => start.toUpperCase()),
    value,
  ]);
  return { ...init, headers: Object.fromEntries(written) };
}

/** The init of a caller's own `fetch`, which may be of another implementation that knows no `Request` of this runtime. */
function ownInit(request: OutgoingRequest, init: RequestInit): FetchInit {
  const { method } = request;
  const headers = init.headers instanceof Headers ? init.headers : request.headers;
  const own = { ...init, method, headers: Object.fromEntries(headers), redirect: 'manual' };
  const isOpened = request instanceof PlainRequest || init.body !== undefined;
  const stream = isOpened || request.body === null ? {} : { body: request.body, duplex: 'half' };
  // A text, bytes, a Blob or a stream: everything else has become a stream of a `Request`.
  return { ...own, ...stream } as FetchInit;
}

/** Whether a `fetch` of one argument took its URL for the `Request` that it was given until version 0.2. */
function isOldForm(own: Fetch, cause: unknown): boolean {
  return own.length === 1 && cause instanceof TypeError && /undefined|not a function/.test(cause.message);
}

function oldForm(cause: unknown, { secrets }: CallContext): InvalidArgumentError {
  const rule =
    'is called with a URL and an init, and failed with one argument: give (url, init) => fetch(url, init)';
  return new InvalidArgumentError('fetch', rule, { cause: safeCause(cause, secrets) });
}

// Not by `instanceof`: a test or a proxy may bring a Response of another implementation.
function isResponse(value: unknown): value is Response {
  if (typeof value !== 'object' || value === null) return false;
  const { status, headers } = value as Partial<Response>; // Any object has these, or not.
  return typeof status === 'number' && typeof headers?.get === 'function';
}

function failureOf(cause: unknown, { url }: OutgoingRequest, call: CallContext): unknown {
  const signal = call.timer?.signal;
  if (signal?.aborted) return signal.reason;
  if (isFrameworkError(cause)) return cause;
  const code = networkErrorCode(cause);
  const mistake = callerMistake(cause);
  if (mistake === 'request') {
    const rule = `describes a request that cannot be sent (${code}${reasonOf(cause)}); check its headers against its body`;
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

/** The words of undici, which are fixed texts; only those of known ones. */
function reasonOf(error: unknown): string {
  const { message } = isRecord(error) && error.cause instanceof Error ? error.cause : { message: '' };
  return /^[\w -]{1,80}$/.test(message) ? `: ${message}` : '';
}
