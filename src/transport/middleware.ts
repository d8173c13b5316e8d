import type { OperationInfo } from '../openapi/operation-info.js';
import type { Secrets } from '../util/secrets.js';
import type { SchemeCredential } from './auth/auth.js';
import type { Credential } from './auth/credentials.js';
import type { FetchOptions } from './fetch-options.js';
import type { AttemptTimer, TotalTimeout } from './timeout.js';

/** A body as `fetch` takes it. A stream gives its bytes once, every other body can be sent again. */
export type RequestBody = string | Uint8Array | Blob | FormData | ReadableStream<Uint8Array> | null;

/**
 * A request as plain data. A middleware that changes it passes a changed copy on.
 *
 * It is not a `Request`: `fetch` copies every `Request` that it receives, and a copy of one with a body splits the body's
 * stream. Together they cost more than all middleware.
 */
export interface OutgoingRequest {
  /** HTTP method, upper case. */
  readonly method: string;
  /** Absolute, as URL parsers write it. */
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: RequestBody;
}

/** Forms in which a call can return its body: the modes of openapi-fetch. */
export type ParseAs = 'json' | 'text' | 'blob' | 'arrayBuffer' | 'stream';

/**
 * The facts of one call that travel beside its request through every middleware.
 *
 * A request alone does not say which operation it belongs to. The middleware needs that to decide whether the request may be
 * sent twice, whether the response must have a body, and how an error names the call. Immutable but for `secrets`: a
 * middleware that changes a fact passes a changed copy on.
 */
export interface CallContext {
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path template, without values. */
  readonly path: string;
  /** The operation's row of the generated table; `undefined` for a path outside it. */
  readonly operation: OperationInfo | undefined;
  /** Its id; `undefined` for a path outside the table. */
  readonly operationId: string | undefined;
  readonly parseAs: ParseAs;
  /** Whether sending the request twice does no more than sending it once. */
  readonly repeatable: boolean;
  /**
   * Time for one attempt, in milliseconds: for all of it, or where `hasIdleTimeout`, for the headers and then for each silence
   * between two chunks.
   */
  readonly timeoutMs: number;
  /** Whether the body may take as long as it keeps moving: streams, blobs, array buffers and uploads. */
  readonly hasIdleTimeout: boolean;
  /** The bound of the whole call. */
  readonly totalTimeout: TotalTimeout;
  /** The longest wait that the call obeys when the server asks for it, in milliseconds. */
  readonly maxRetryAfterMs: number;
  /** Whether `fetch` is called with `cache: 'no-store'`: frameworks' fetch would keep credentials and tokens. */
  readonly noStore: boolean;
  /** Passed to `fetch` as they are. */
  readonly fetchOptions: FetchOptions;
  /** Longest parsed body, in bytes after decompression. */
  readonly maxBodyBytes: number;
  /** Further attempts after the first. */
  readonly maxRetries: number;
  /** Number of this attempt, from 1. */
  readonly attempt: number;
  /** The caller's own signal. */
  readonly signal: AbortSignal | undefined;
  /** Source of the bearer; `undefined` sends none. */
  readonly credential: Credential | undefined;
  /** Credentials of other security schemes, sent beside the bearer. */
  readonly schemes: readonly SchemeCredential[];
  /** Values to mask if the server echoes them. The auth middleware adds the bearer that it sends. */
  readonly secrets: Secrets;
  /** Whether the call neither reads nor fills the response cache. Default `false`. */
  readonly skipsCache?: boolean | undefined;
  /** Opens the body again for each attempt and calls back as bytes leave; `undefined` where the request carries it. */
  readonly openBody?: ((onChunk: (sentBytes: number) => void) => ReadableStream<Uint8Array>) | undefined;
  /** Times the current attempt; set by the timeout middleware. */
  readonly timer: AttemptTimer | undefined;
  /** Called when a wait before an attempt begins, with its milliseconds. */
  readonly onWait?: ((ms: number) => void) | undefined;
  /** Called when a request leaves: a call that is held, or fails before that, has not been made. */
  readonly onSend?: (() => void) | undefined;
}

/** Sends one request of one call. */
export type Send = (request: OutgoingRequest, call: CallContext) => Promise<Response>;

/** One layer of the transport: takes the function of the next layer, returns its own. */
export type Middleware = (next: Send) => Send;

/**
 * Folds middleware round the function that sends.
 *
 * @param middleware - Outermost first.
 * @param send - The innermost: one request over the wire.
 *
 * @example
 * const send = compose([retryMiddleware(), timeoutMiddleware()], fetchSend(() => fetch));
 */
export function compose(middleware: readonly Middleware[], send: Send): Send {
  return middleware.reduceRight((next, middleware) => middleware(next), send);
}
