import { brand, isOfKind } from './brand.js';
import { VercelError } from './vercel-error.js';

/**
 * The `error.code` of a response. Editors complete the known codes; any other string is possible.
 *
 * Source: https://vercel.com/docs/rest-api/errors and the Connect document's `ConnectError`.
 */
export type APIErrorCode =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_authorized_for_scope'
  | 'not_found'
  | 'method_unknown'
  | 'conflict'
  | 'rate_limited'
  | 'too_many_requests'
  | 'internal_server_error'
  | (string & {});

/** Options of an {@link APIError}. */
export interface APIErrorOptions extends ErrorOptions {
  /** HTTP status of the response. */
  readonly status: number;
  /** Reason phrase of the response. */
  readonly statusText?: string | undefined;
  /** Message of the server, where `message` says more than that. */
  readonly serverMessage?: string | undefined;
  /** The API's `error.code`. */
  readonly code?: APIErrorCode | undefined;
  /** The `x-vercel-id` of the response, for support requests. */
  readonly requestId?: string | undefined;
  /** HTTP method of the call. */
  readonly method?: string | undefined;
  /** Path template of the call, without values. */
  readonly path?: string | undefined;
  /** The wait that the server asked for, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The response; logs and JSON leave it out. */
  readonly response?: Response | undefined;
  /** The parsed body; logs and JSON leave it out. */
  readonly body?: unknown;
}

/**
 * Thrown for a response outside 2xx.
 *
 * Tell apart by class (status) or by `code` (meaning). The response and its parsed body hang behind getters of private
 * fields, so that no logger, inspector or serialiser prints them by accident.
 *
 * @example
 * if (error instanceof APIError) console.error(error.status, error.code, error.requestId);
 */
export class APIError extends VercelError {
  static {
    brand(this, 'APIError');
  }

  /** HTTP status of the response. */
  readonly status: number;
  /** Reason phrase of the response; empty over HTTP/2. */
  readonly statusText: string;
  /** The server's `error.code`, when it sent one. */
  override readonly code: APIErrorCode | undefined;
  /** The response's `x-vercel-id`, to quote in a support case. */
  readonly requestId: string | undefined;
  /** HTTP method of the call. */
  readonly method: string | undefined;
  /** Path template of the call, without values. */
  readonly path: string | undefined;
  /** The wait that the server asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  readonly #response: Response | undefined;
  readonly #body: unknown;
  readonly #serverMessage: string | undefined;

  constructor(message: string, options: APIErrorOptions) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.status = options.status;
    this.statusText = options.statusText ?? '';
    this.code = options.code;
    this.requestId = options.requestId;
    this.method = options.method;
    this.path = options.path;
    this.retryAfterMs = options.retryAfterMs;
    this.#response = options.response;
    this.#body = options.body;
    this.#serverMessage = options.serverMessage;
  }

  /** The response, its body already read. Never printed or serialised. */
  get response(): Response | undefined {
    return this.#response;
  }

  /** The message of the server alone; `undefined` where it sent none. `message` holds it too. */
  get serverMessage(): string | undefined {
    return this.#serverMessage;
  }

  /** The parsed body of the response, or its text unless it is JSON. Can echo the request, so it is never printed. */
  get body(): unknown {
    return this.#body;
  }
}

function hasStatus(accepts: (status: number) => boolean): (error: Error) => boolean {
  return (error) => isOfKind(error, 'APIError') && 'status' in error && accepts(Number(error.status));
}

/** 400: the request is wrong; sending it again changes nothing. */
export class BadRequestError extends APIError {
  static {
    brand(
      this,
      'BadRequestError',
      hasStatus((status) => status === 400),
    );
  }
}

/** 401: the credential is missing, expired or unknown. */
export class AuthenticationError extends APIError {
  static {
    brand(
      this,
      'AuthenticationError',
      hasStatus((status) => status === 401),
    );
  }
}

/** 403: the credential is known and may not do this. */
export class PermissionDeniedError extends APIError {
  static {
    brand(
      this,
      'PermissionDeniedError',
      hasStatus((status) => status === 403),
    );
  }
}

/** 404: no such thing, or not for this caller. */
export class NotFoundError extends APIError {
  static {
    brand(
      this,
      'NotFoundError',
      hasStatus((status) => status === 404),
    );
  }
}

/** 409: in conflict with the present state. */
export class ConflictError extends APIError {
  static {
    brand(
      this,
      'ConflictError',
      hasStatus((status) => status === 409),
    );
  }
}

/** 422: understood, but not possible as things stand. */
export class UnprocessableEntityError extends APIError {
  static {
    brand(
      this,
      'UnprocessableEntityError',
      hasStatus((status) => status === 422),
    );
  }
}

/** 429: a rate limit was exceeded. `retryAfterMs` is the wait that the server asked for. */
export class RateLimitError extends APIError {
  static {
    brand(
      this,
      'RateLimitError',
      hasStatus((status) => status === 429),
    );
  }
}

/** 5xx: the API failed. */
export class InternalServerError extends APIError {
  static {
    brand(
      this,
      'InternalServerError',
      hasStatus((status) => status >= 500),
    );
  }
}

const CLASS_BY_STATUS: Readonly<Record<number, typeof APIError>> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  422: UnprocessableEntityError,
  429: RateLimitError,
};

/** Makes the error of the status's own class; a status without one gives a plain {@link APIError}. */
export function createAPIError(message: string, options: APIErrorOptions): APIError {
  const fallback = options.status >= 500 ? InternalServerError : APIError;
  return new (CLASS_BY_STATUS[options.status] ?? fallback)(message, options);
}
