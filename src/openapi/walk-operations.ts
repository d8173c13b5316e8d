import { isRecord } from '../util/is-record.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import type { Method } from './operation-info.js';
import { dereference } from './references.js';

/** The methods whose operations a client can call, in the order in which they are listed. */
export const WALKED_METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const;

/** One operation of a document, with the parameters of its path item joined to its own and every one dereferenced. */
export interface WalkedOperation {
  readonly operationId: string;
  readonly method: Method;
  readonly path: string;
  readonly parameters: readonly JsonObject[];
  readonly operation: JsonObject;
}

/**
 * Lists the operations of a document in document order.
 *
 * @throws {Error} When an operation has no id, or two have the same.
 */
export function walkOperations(document: OpenApiDocument): WalkedOperation[] {
  const walked: WalkedOperation[] = [];
  const seen = new Set<string>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of WALKED_METHODS) {
      const operation = isRecord(item) ? item[method] : undefined;
      if (!isRecord(operation)) continue;
      const operationId = operation.operationId;
      if (typeof operationId !== 'string')
        throw new Error(`${method.toUpperCase()} ${path} has no operationId`);
      if (seen.has(operationId)) throw new Error(`two operations have the id ${operationId}`);
      seen.add(operationId);
      const parameters = joinParameters(document, item, operation);
      // The spread of an upper-cased literal union is again one; TypeScript widens toUpperCase() to string.
      walked.push({ operationId, method: method.toUpperCase() as Method, path, parameters, operation });
    }
  }
  return walked;
}

/** The parameters of a path and of its operation; where both name one, the operation's own stands. */
function joinParameters(document: OpenApiDocument, item: JsonObject, operation: JsonObject): JsonObject[] {
  const byName = new Map<string, JsonObject>();
  for (const node of [...list(item.parameters), ...list(operation.parameters)]) {
    const parameter = dereference(document, node);
    byName.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...byName.values()];
}

/** The value when it is an array, else an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Puts the operation before what is wrong with it. */
export function namedIn<T>({ method, path }: Pick<WalkedOperation, 'method' | 'path'>, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${method} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
