import type { ContractOperation } from '../../openapi/contract-types.js';
import type { SentParameters } from '../../openapi/parameter-text.js';
import { readBody } from './check-body.js';
import { checkCredentials, readBearer } from './check-credentials.js';
import { findUndocumented, readParameter } from './check-parameter.js';
import type { IsChecked } from './checks.js';
import type { Schemas } from './schemas.js';
import type { ContractError } from './validation-error.js';

/** A request, taken apart as it was sent. */
export interface SentRequest extends SentParameters {
  /** The body's text, `''` for none. */
  readonly text: string;
}

/** What a request says, once it has been found to be as the document has it. */
export interface CheckedParts {
  readonly params: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly bearer: string | undefined;
}

/** What a check came to: a value to go on with, or what is wrong. */
export type Read = { readonly value: unknown } | ContractError;

/**
 * Checks a request against its operation: bearer, path, query, headers, then body.
 *
 * @param isChecked - Default: every check is made. What a check that is not made would have refused is passed on as sent.
 * @returns What the request says, or the first breach found.
 */
export function checkRequest(
  operation: ContractOperation,
  sent: SentRequest,
  schemas: Schemas,
  isChecked: IsChecked = () => true,
): CheckedParts | ContractError {
  const bearer = readBearer(sent.headers);
  const unauthorized = isChecked('credentials') ? checkCredentials(operation, sent) : undefined;
  if (unauthorized !== undefined) return unauthorized;
  const undocumented = findUndocumented(operation, sent.query, schemas);
  if (undocumented !== undefined && isChecked('undocumentedParameter')) return undocumented;
  const values: Record<string, Record<string, unknown>> = { path: {}, query: {}, header: {} };
  for (const parameter of operation.parameters) {
    const read = readParameter(operation, parameter, sent, schemas);
    if ('pointer' in read && isOn(read.check, isChecked)) return read;
    if ('value' in read && read.value !== undefined)
      values[parameter.in] = { ...values[parameter.in], [parameter.name]: read.value };
  }
  const read = readBody(operation, sent, schemas, isChecked);
  if ('pointer' in read) return read;
  return { params: values.path ?? {}, query: values.query ?? {}, body: read.value, bearer };
}

function isOn(check: ContractError['check'], isChecked: IsChecked): boolean {
  return check === undefined || check === 'preference' || check === 'document' || isChecked(check);
}
