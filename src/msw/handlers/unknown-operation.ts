import type { Contract, ContractOperation } from '../../openapi/contract-types.js';
import type { ContractError } from '../validate/validation-error.js';
import { findNearMisses, type MockOrigin, urlPattern } from './match-path.js';

/** What is wrong with a request to nothing, with what it may have meant. */
export function unknownOperation(
  contract: Contract,
  place: MockOrigin,
  served: readonly ContractOperation[],
  request: Request,
): ContractError {
  const { origin, pathname } = new URL(request.url);
  // One that is served was answered before it came to this.
  const leftOut = Object.values(contract.operations).find(
    ({ method, path }) => method === request.method && urlPattern(place, path).test(`${origin}${pathname}`),
  );
  const near = findNearMisses(place, served, pathname);
  const hint = near.length === 0 ? '' : `; near misses: ${near.join(', ')}`;
  const problem =
    leftOut === undefined
      ? `is no operation of the document${hint}`
      : `is ${leftOut.operationId}, which the \`operations\` of these handlers leave out`;
  return { check: 'unknownOperation', pointer: '/path', rule: 'undocumented', problem, status: 404 };
}
