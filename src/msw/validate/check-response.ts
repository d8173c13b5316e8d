import { InvalidArgumentError } from '../../errors/index.js';
import type { Contract } from '../../openapi/contract-types.js';
import type { PlainResponse, Responder } from '../respond/responder.js';
import { mostSpecific } from './validation-error.js';

/**
 * Holds an answer to the document, where the document says anything of its status.
 *
 * @throws {InvalidArgumentError} That names the place in the body and the rule that it breaks.
 */
export function checkResponse(
  argument: string,
  contract: Contract,
  operationId: string,
  answer: PlainResponse,
  responder: Responder,
): void {
  const operation = contract.operations[operationId];
  if (operation === undefined || answer.body === undefined || answer.raw !== undefined) return;
  const status = answer.status ?? responder.defaultStatus(operation);
  const wrong = mostSpecific('', responder.check(operation, status, answer.body));
  if (wrong === undefined) return;
  throw new InvalidArgumentError(
    `${argument}.body`,
    `${wrong.pointer || 'the body'} of ${operationId} ${status} ${wrong.problem} (rule ${wrong.rule}); ` +
      'send it all the same with `raw`',
  );
}
