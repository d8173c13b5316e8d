import { InvalidArgumentError } from '../../errors/index.js';
import type { Contract } from '../../openapi/contract-types.js';
import { checkResponseNames } from '../known-options.js';
import type { PlainResponse, Responder } from '../respond/responder.js';
import { mostSpecific } from './validation-error.js';

/**
 * Checks the fields of a planned response, and its body if the document has a schema for its status.
 *
 * @throws {InvalidArgumentError} Naming the field, or the part of the body and the rule that it breaks.
 */
export function checkResponse(
  argument: string,
  contract: Contract,
  operationId: string,
  response: PlainResponse,
  responder: Responder,
): void {
  checkResponseNames(`${argument}.${operationId}`, response);
  const operation = contract.operations[operationId];
  if (operation === undefined || response.body === undefined || response.raw !== undefined) return;
  const status = response.status ?? responder.defaultStatus(operation);
  const error = mostSpecific('', responder.check(operation, status, response.body, response.headers));
  if (error === undefined) return;
  throw new InvalidArgumentError(
    `${argument}.${operationId}.body`,
    `${error.pointer || 'the body'} of ${operationId} ${status} ${error.problem} (rule ${error.rule}); ` +
      'send it all the same with `raw`',
  );
}
