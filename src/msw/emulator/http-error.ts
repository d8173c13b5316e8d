import { errorBody } from '../respond/json-response.js';
import type { PlainResponse } from '../respond/responder.js';

/** Ends the handling of a request with an error response of the API. */
export class HttpError extends Error {
  readonly response: PlainResponse;

  /**
   * @param status - HTTP status of the response.
   * @param code - Default: the usual code of the status.
   * @param facts - Further fields of the error.
   */
  constructor(
    status: number,
    message: string,
    code: string | number = status,
    facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'HttpError';
    this.response = { status, body: errorBody(code, message, facts) };
  }
}
