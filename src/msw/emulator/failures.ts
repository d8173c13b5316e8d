import { checkArgument } from '../../errors/index.js';
import { contract } from '../../generated/contract.js';
import { checkOperationId } from '../handlers/core.js';
import { checkNames, FAILURE } from '../known-options.js';
import { errorBody } from '../respond/json-response.js';
import type { PlainResponse } from '../respond/responder.js';
import type { PlannedFailure } from './types.js';

/** Planned failures that wait for their request. */
export class Failures {
  #waiting: { readonly failure: PlannedFailure; left: number }[] = [];

  /** @throws {InvalidArgumentError} For an unknown operation id or an impossible status or number of times. */
  plan(failure: PlannedFailure): void {
    checkNames('failure', failure, FAILURE);
    const { operationId, status, times = 1 } = failure;
    if (operationId !== undefined) checkOperationId('operationId', operationId, contract);
    checkWhole('status', status, 200, 599);
    checkWhole('times', times, 1, Number.MAX_SAFE_INTEGER);
    this.#waiting.push({ failure, left: times });
  }

  /** Takes the response of the failure that is planned for this request; `undefined` without one. */
  take(operationId: string): PlainResponse | undefined {
    const planned = this.#waiting.find(
      ({ failure }) => failure.operationId === undefined || failure.operationId === operationId,
    );
    if (planned === undefined) return undefined;
    planned.left -= 1;
    if (planned.left === 0) this.#waiting = this.#waiting.filter((other) => other !== planned);
    const { status, headers } = planned.failure;
    const standard = errorBody(status, `A failure that was planned with failNext: ${status}.`);
    return { status, headers, body: 'body' in planned.failure ? planned.failure.body : standard };
  }

  clear(): void {
    this.#waiting = [];
  }
}

function checkWhole(field: string, value: unknown, min: number, max: number): void {
  const isWithin = typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
  checkArgument(isWithin, field, `must be a whole number from ${min} to ${max}`, value);
}
