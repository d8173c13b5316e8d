import type { Contract, ContractOperation } from '../../openapi/contract-types.js';
import type { ContractError } from '../validate/validation-error.js';
import { bySpecificity, type MockOrigin, urlPattern, withoutVersion } from './match-path.js';

/** Makes the error of a request that no operation takes, with the operations that it may have meant. */
export function unknownOperation(
  contract: Contract,
  origin: MockOrigin,
  served: readonly ContractOperation[],
  request: Request,
): ContractError {
  const { origin: base, pathname } = new URL(request.url);
  // An operation of these handlers would have taken the request.
  const leftOut = Object.values(contract.operations).find(
    ({ method, path }) => method === request.method && urlPattern(origin, path).test(base + pathname),
  );
  const near = findNearMisses(origin, served, pathname);
  const hint = near.length === 0 ? '' : `; near misses: ${near.join(', ')}`;
  const problem =
    leftOut === undefined
      ? `is not an operation in the document${hint}`
      : `is ${leftOut.operationId}, which the \`operations\` of these handlers leave out`;
  return { check: 'unknownOperation', pointer: '/path', rule: 'undocumented', problem, status: 404 };
}

/**
 * Finds the operations of the same path with another method, or under another version.
 *
 * @returns E.g. `GET /v2/connect/connectors (listConnectors)`.
 */
export function findNearMisses(
  { prefixes }: MockOrigin,
  operations: readonly ContractOperation[],
  pathname: string,
): string[] {
  const prefix = prefixes.find((one) => pathname === one || pathname.startsWith(`${one}/`)) ?? '';
  const unversioned = withoutVersion(pathname.slice(prefix.length).replace(/\/+$/, ''));
  const anywhere: MockOrigin = { source: '', prefixes: [''] };
  return bySpecificity(operations)
    .filter(({ path }) => urlPattern(anywhere, withoutVersion(path)).test(unversioned))
    .map(({ method, path, operationId }) => `${method} ${path} (${operationId})`);
}
