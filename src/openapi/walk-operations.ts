import { isRecord, listOf } from '../util/is-record.js';
import { messageOf } from '../util/message-of.js';
import type { JsonObject, OpenApiDocument } from './document.js';
import { METHODS } from './normalize/walk.js';
import type { Method } from './operation-info.js';
import { dereference } from './references.js';

/** The methods whose operations a client can call: `fetch` does not send TRACE. */
export const WALKED_METHODS = METHODS.filter((method) => method !== 'trace');

/** One operation of a document, with its own parameters and those of its path item, all of them dereferenced. */
export interface WalkedOperation {
  readonly operationId: string;
  readonly method: Method;
  readonly path: string;
  readonly parameters: readonly JsonObject[];
  readonly operation: JsonObject;
  /** The path item that the operation belongs to. */
  readonly item: JsonObject;
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
      if (!isRecord(item)) continue;
      const operation = item[method];
      if (!isRecord(operation)) continue;
      const operationId = operation.operationId;
      if (typeof operationId !== 'string')
        throw new Error(`${method.toUpperCase()} ${path} has no operationId`);
      if (seen.has(operationId)) throw new Error(`two operations have the id ${operationId}`);
      seen.add(operationId);
      const parameters = parametersOf(document, item, operation);
      // The spread of an upper-cased literal union is again one; TypeScript widens toUpperCase() to string.
      walked.push({ operationId, method: method.toUpperCase() as Method, path, parameters, operation, item });
    }
  }
  return walked;
}

/** Returns the parameters of an operation and of its path item, dereferenced. The operation's own replace those of the path. */
export function parametersOf(document: OpenApiDocument, item: unknown, operation: JsonObject): JsonObject[] {
  const byName = new Map<string, JsonObject>();
  const shared = isRecord(item) ? listOf(item.parameters) : [];
  for (const node of [...shared, ...listOf(operation.parameters)]) {
    const parameter = dereference(document, node);
    byName.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  return [...byName.values()];
}

/** Prefixes the message of an error with the operation. */
export function namedIn<T>({ method, path }: Pick<WalkedOperation, 'method' | 'path'>, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${method} ${path}: ${messageOf(cause)}`, {
      cause,
    });
  }
}
