import { codeOfStatus, errorBody } from '../respond/json-response.js';
import type { PlainResponse } from '../respond/responder.js';

/** Ends the handling of a request with an error answer of the API. */
export class HttpError extends Error {
  readonly answer: PlainResponse;

  /**
   * @param status - HTTP status of the answer.
   * @param code - Default: the usual code of the status.
   * @param facts - What the error tells besides.
   */
  constructor(
    status: number,
    message: string,
    code: string = codeOfStatus(status),
    facts: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.name = 'HttpError';
    this.answer = { status, body: errorBody(code, message, facts) };
  }
}
