import type { OperationInfo } from '../openapi/operation-info.js';

/** Registered, so that a client of another installed copy of the package is understood too. */
const OPERATIONS = Symbol.for('vercel-rest.operations');

/** Operations by method and path template, e.g. `GET /v2/connect/connectors`. */
export type OperationsAt = ReadonlyMap<string, OperationInfo>;

/** Leaves on a client what it knows of its document, for functions that work on any client. */
export function rememberOperations<C extends object>(client: C, operations: OperationsAt): C {
  return Object.defineProperty(client, OPERATIONS, { value: operations });
}

/** What a client's document says of an operation; `undefined` for one that it does not have. */
export function operationOf(client: object, method: string, path: string): OperationInfo | undefined {
  const operations: unknown = Reflect.get(client, OPERATIONS);
  // Only `rememberOperations` writes under this symbol.
  return operations instanceof Map ? (operations as OperationsAt).get(`${method} ${path}`) : undefined;
}
