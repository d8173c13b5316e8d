import type { OperationInfo } from '../openapi/operation-info.js';
import type { Secrets } from '../util/secrets.js';
import type { AttemptTimer } from './attempt-timer.js';
import type { Credential } from './auth/credentials.js';
import type { SchemeCredential } from './auth/scheme-credential.js';
import type { FetchOptions } from './fetch-options.js';
import type { OutgoingRequest } from './plain-request.js';
import type { TotalTimeout } from './total-timeout.js';

/** How a call wants its body: the modes of openapi-fetch. */
export type ParseAs = 'json' | 'text' | 'blob' | 'arrayBuffer' | 'stream';

/**
 * The facts of one call that travel beside its request through every middleware.
 *
 * A request alone cannot say which operation it belongs to, and the decisions of the middleware (may this be sent twice,
 * must it answer a body, how is it named in an error) depend on just that. Immutable but for `secrets`: a middleware that
 * changes a fact hands a changed copy to `next`.
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
  /** The longest wait that is obeyed when the server asks for it, in milliseconds. */
  readonly maxRetryAfterMs: number;
  /** Whether `fetch` is told to keep nothing (`cache: 'no-store'`): frameworks' fetch would keep credentials and tokens. */
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
  /** Where the bearer comes from; `undefined` sends none. */
  readonly credential: Credential | undefined;
  /** Credentials of other security schemes, sent beside the bearer. */
  readonly schemes: readonly SchemeCredential[];
  /** What must not be shown if the server echoes it. The auth middleware adds the bearer that it sends. */
  readonly secrets: Secrets;
  /** Opens the body anew for each attempt and calls back as bytes leave; `undefined` where the request carries it. */
  readonly openBody?: ((onChunk: (sentBytes: number) => void) => ReadableStream<Uint8Array>) | undefined;
  /** Times the present attempt; set by the timeout middleware. */
  readonly timer: AttemptTimer | undefined;
  /** Told of each wait before an attempt, in milliseconds, as it begins. */
  readonly onWait?: ((ms: number) => void) | undefined;
  /** Told when a request leaves: a call that is held, or fails before that, has not been made. */
  readonly onSend?: (() => void) | undefined;
}

/** Sends one request of one call. */
export type Send = (request: OutgoingRequest, call: CallContext) => Promise<Response>;

/** One layer of the transport: takes what comes after it, gives what the layer before it calls. */
export type Middleware = (next: Send) => Send;

/**
 * A middleware that is loaded at the first call: what most clients do without must not cost all of them their start-up.
 *
 * @param load - Called once.
 */
export function lazyMiddleware(load: () => Promise<Middleware>): Middleware {
  return (next) => {
    let loaded: Promise<Send> | undefined;
    return async (request, call) => {
      loaded ??= load().then((middleware) => middleware(next));
      return (await loaded)(request, call);
    };
  };
}

/**
 * Folds middleware round the function that really sends.
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
