import type { Contract } from '../../openapi/contract-types.js';
import { checkResponseNames } from '../known-options.js';
import type { PlainResponse } from '../respond/responder.js';
import type { CheckedParts } from '../validate/check-request.js';
import type { Checks } from '../validate/checks.js';
import type { ValidationError } from '../validate/validation-error.js';
import type { OneOfReading } from '../validate/validator.js';
import type { RequestIds } from './serve.js';

/** A checked request without the document's types. */
export interface UntypedRequest extends CheckedParts {
  readonly operationId: string;
  readonly request: Request;
}

/** An override without the document's types. */
export type UntypedOverride =
  | PlainResponse
  | ((
      request: UntypedRequest,
    ) => PlainResponse | Response | undefined | Promise<PlainResponse | Response | undefined>);

/**
 * Returns the response that an override has for a request.
 *
 * @throws {InvalidArgumentError} For what a function returns that is neither a `Response` of this runtime nor has fields of a
 *   {@link PlainResponse} alone: the others would not be sent.
 */
export async function responseOf(
  override: UntypedOverride | undefined,
  request: UntypedRequest,
): Promise<PlainResponse | Response | undefined> {
  if (typeof override !== 'function') return override;
  const response = (await override(request)) ?? undefined;
  if (response !== undefined && !(response instanceof Response))
    checkResponseNames(`response.${request.operationId}`, response);
  return response;
}

/** Follows one request through the handlers. */
export interface Observer {
  /** The body was read. */
  readText(text: string): void;
  /** The request passed every check that is made. */
  accepted?(): void;
  /** The request was refused. */
  refused?(validationError: ValidationError): void;
  answered(status: number): void;
}

/** Settings of a set of handlers. */
export interface HandlerSettings {
  readonly contract: Contract;
  readonly baseUrl?: string | undefined;
  readonly seed?: number | string | undefined;
  readonly operations?: readonly string[] | undefined;
  readonly validate?: Checks | undefined;
  readonly oneOf?: OneOfReading | undefined;
  readonly overrideOf?: ((operationId: string) => UntypedOverride | undefined) | undefined;
  readonly onValidationError?: ((validationError: ValidationError) => void) | undefined;
  readonly onDeprecated?: ((operationId: string) => void) | undefined;
  readonly ids?: RequestIds | undefined;
  /** Called for each request once, in the order in which they arrive. */
  readonly onArrival?: ((request: Request) => void) | undefined;
  /** Called for each request before it is handled; `operationId` is `undefined` for an operation that does not exist. */
  readonly observe?: ((request: Request, operationId: string | undefined) => Observer) | undefined;
}
