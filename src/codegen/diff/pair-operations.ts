import { stableName } from '../../openapi/artifact-name.js';
import { templateOf } from '../../openapi/normalize/path-templates.js';
import { METHODS } from '../../openapi/normalize/walk.js';
import { operationIdOf } from '../../openapi/operation-id.js';
import { isRecord } from '../../util/is-record.js';
import { recordOf } from './nodes.js';
import type { Json, View } from './types.js';

/** The members of a path that are operations. */
export const METHOD_KEYS: ReadonlySet<string> = new Set(METHODS);

/** An operation and what it takes over from its path and its document. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly node: Json;
  readonly item: Json;
  /** Whether the API sends this request, as a callback or a webhook, and the program responds. */
  readonly isInbound?: true;
}

/** An operation in both documents, or in one of them. */
export interface OperationPair {
  readonly before?: Operation;
  readonly after?: Operation;
}

/** Lists the operations of a document in its order: those of paths, then those of webhooks. */
export function listOperations({ document, resolve }: View): Operation[] {
  const read = ([path, entry]: [string, unknown]): Operation[] => {
    const item = resolve(entry);
    return METHODS.flatMap((method) => {
      const node = item[method];
      if (!isRecord(node)) return [];
      return [{ id: operationIdOf(method, path, node), method: method.toUpperCase(), path, node, item }];
    });
  };
  const webhooks = Object.entries(recordOf(document.webhooks)).flatMap(read);
  return [
    ...Object.entries(recordOf(document.paths)).flatMap(read),
    ...webhooks.map((operation): Operation => ({ ...operation, isInbound: true })),
  ];
}

/** Pairs operations by id, then by call: the same id elsewhere has moved, the same call with another id was renamed. */
export function pairOperations(before: readonly Operation[], after: readonly Operation[]): OperationPair[] {
  const partners = new Map<Operation, Operation>();
  const left = new Set(before);
  for (const keyOf of [idAndCall, id, call, callTemplate]) {
    const byKey = new Map<string, Operation>();
    for (const operation of left) if (!byKey.has(keyOf(operation))) byKey.set(keyOf(operation), operation);
    for (const operation of after) {
      const partner = byKey.get(keyOf(operation));
      if (partners.has(operation) || partner === undefined) continue;
      partners.set(operation, partner);
      left.delete(partner);
      byKey.delete(keyOf(operation));
    }
  }
  const pairs = after.map((operation): OperationPair => {
    const partner = partners.get(operation);
    return partner === undefined ? { after: operation } : { before: partner, after: operation };
  });
  return [...pairs, ...[...left].map((operation) => ({ before: operation }))];
}

const id = (operation: Operation) => operation.id;
const call = ({ method, path }: Operation) => `${method} ${path}`;
const idAndCall = (operation: Operation) => `${operation.id} ${call(operation)}`;
const callTemplate = ({ method, path }: Operation) => `${method} ${templateOf(path)}`;

/** Returns the parameters that a path names, in their order. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => stableName(name ?? ''));
}
