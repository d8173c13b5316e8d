import { brand } from './brand.js';
import { VercelError } from './vercel-error.js';

/** Which call an error belongs to. */
export interface CallFacts {
  /** HTTP method, upper case. */
  readonly method: string;
  /** Path template, without values: `/v1/connect/token/{connector}`. */
  readonly path: string;
}

/** The request got no response: refused, reset, unknown host, TLS. `cause` is the error of `fetch`. */
export class APIConnectionError extends VercelError {
  static {
    brand(this, 'APIConnectionError');
  }

  override readonly code: string = 'connection_error';
  /** HTTP method of the call. */
  readonly method: string;
  /** Path template of the call, without values. */
  readonly path: string;

  constructor(message: string, call: CallFacts, options?: ErrorOptions) {
    super(message, options);
    this.method = call.method;
    this.path = call.path;
  }
}

/** An attempt took longer than `timeout`. */
export class APITimeoutError extends APIConnectionError {
  static {
    brand(this, 'APITimeoutError');
  }

  override readonly code: string = 'timeout';
  /** The time that the attempt was given, in milliseconds. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number, call: CallFacts, options?: ErrorOptions) {
    super(`${call.method} ${call.path} gave no complete answer within ${timeoutMs} ms`, call, options);
    this.timeoutMs = timeoutMs;
  }
}

/** A 2xx response with an invalid body: truncated, not JSON, or missing. */
export class MalformedResponseError extends VercelError {
  static {
    brand(this, 'MalformedResponseError');
  }

  override readonly code: string = 'malformed_response';
  /** Status of the response. */
  readonly status: number;
  /** HTTP method of the call. */
  readonly method: string;
  /** Path template of the call, without values. */
  readonly path: string;
  /** The response's `x-vercel-id`, to quote in a support case. */
  readonly requestId: string | undefined;

  constructor(
    reason: string,
    call: CallFacts & { readonly status: number; readonly requestId: string | undefined },
    options?: ErrorOptions,
  ) {
    super(`${call.method} ${call.path} answered ${call.status} with a malformed body: ${reason}`, options);
    this.status = call.status;
    this.method = call.method;
    this.path = call.path;
    this.requestId = call.requestId;
  }
}

/**
 * A success whose body is longer than `maxBodyBytes` allows. Reading stopped at the limit; the call is not repeated.
 */
export class ResponseTooLargeError extends MalformedResponseError {
  static {
    brand(this, 'ResponseTooLargeError');
  }

  override readonly code: string = 'response_too_large';
  /** The limit, in bytes after decompression. */
  readonly maxBodyBytes: number;

  constructor(
    maxBodyBytes: number,
    call: CallFacts & { readonly status: number; readonly requestId: string | undefined },
  ) {
    super(`it is longer than maxBodyBytes allows (${maxBodyBytes} bytes)`, call);
    this.maxBodyBytes = maxBodyBytes;
  }
}
