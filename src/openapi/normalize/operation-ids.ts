import { sha256 } from '../../util/sha256.js';
import type { OpenApiDocument } from '../document.js';
import { toPointer } from '../json-pointer.js';
import { operationIdOf } from '../operation-id.js';
import type { Normalized, Repair, RepairKind } from './types.js';
import { operationsIn, type PlacedOperation } from './walk.js';

/**
 * Gives each operation an id that no other has.
 *
 * Where two operations share an id, the first by path and method keeps it, and the other is named by its method and path. An
 * id that is not a TypeScript identifier stays as it is: ids are keys of a table.
 */
export function repairOperationIds(document: OpenApiDocument): Normalized<OpenApiDocument> {
  const repairs: Repair[] = [];
  const paths = { ...document.paths };
  const taken = new Set<string>();
  const assign = ({ path, method, operation }: PlacedOperation, id: string, kind: RepairKind) => {
    taken.add(id);
    if (operation.operationId === id) return;
    repairs.push({ kind, pointer: toPointer(['paths', path, method]), detail: `named ${id}` });
    paths[path] = { ...paths[path], [method]: { ...operation, operationId: id } };
  };
  const keyOf = ({ method, path }: PlacedOperation) => `${method} ${path}`;
  const sorted = operationsIn(document.paths).sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  // The ids of the document come first, so that none of them yields to a made one.
  const unnamed: [PlacedOperation, RepairKind][] = [];
  const twice: typeof unnamed = [];
  for (const one of sorted) {
    const { operationId } = one.operation;
    const id = operationIdOf(one.method, one.path, one.operation);
    if (typeof operationId !== 'string' || operationId === '') unnamed.push([one, 'operation-id-missing']);
    else if (taken.has(id)) twice.push([one, 'operation-id-duplicate']);
    else assign(one, id, 'artifact-name');
  }
  for (const [one, kind] of [...twice, ...unnamed]) {
    const made = operationIdOf(one.method, one.path, {});
    assign(one, taken.has(made) ? `${made}_${sha256(keyOf(one)).slice(0, 6)}` : made, kind);
  }
  return { document: repairs.length === 0 ? document : { ...document, paths }, repairs };
}
