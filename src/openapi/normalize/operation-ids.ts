import { isRecord } from '../../util/is-record.js';
import { sha256 } from '../../util/sha256.js';
import type { JsonObject, OpenApiDocument } from '../document.js';
import { toPointer } from '../json-pointer.js';
import { operationIdOf } from '../operation-id.js';
import type { Normalized, Repair, RepairKind } from './types.js';
import { METHODS } from './walk.js';

interface Found {
  readonly path: string;
  readonly method: string;
  readonly operation: JsonObject;
}

/**
 * Gives each operation an id that no other has.
 *
 * Where two operations share an id, the first by path and method keeps it, and the other is named by its method and path. An
 * id that is not a TypeScript identifier stays as it is: ids are keys of a table.
 */
export function repairOperationIds(document: OpenApiDocument): Normalized<OpenApiDocument> {
  const repairs: Repair[] = [];
  const ids = assignIds(document);
  const paths: Record<string, JsonObject> = {};
  for (const [path, item] of Object.entries(document.paths)) {
    let result = item;
    for (const method of isRecord(item) ? METHODS : []) {
      const operation = item[method];
      const assigned = ids.get(`${method} ${path}`);
      if (!isRecord(operation) || assigned === undefined || operation.operationId === assigned.id) continue;
      repairs.push({
        kind: assigned.kind,
        pointer: toPointer(['paths', path, method]),
        detail: `named ${assigned.id}`,
      });
      result = { ...result, [method]: { ...operation, operationId: assigned.id } };
    }
    paths[path] = result;
  }
  return { document: repairs.length === 0 ? document : { ...document, paths }, repairs };
}

interface Assigned {
  readonly id: string;
  readonly kind: RepairKind;
}

/** Assigns the ids of the document first, so that none of them yields to a made one. */
function assignIds(document: OpenApiDocument): Map<string, Assigned> {
  const found = Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method): Found[] => {
      const operation = isRecord(item) ? item[method] : undefined;
      return isRecord(operation) ? [{ path, method, operation }] : [];
    }),
  );
  const ids = new Map<string, Assigned>();
  const taken = new Set<string>();
  const keyOf = ({ method, path }: Found) => `${method} ${path}`;
  const sorted = found.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  const named = sorted.filter(({ operation }) => hasId(operation));
  const second: [Found, RepairKind][] = [];
  for (const one of named) {
    const id = operationIdOf(one.method, one.path, one.operation);
    if (taken.has(id)) second.push([one, 'operation-id-duplicate']);
    else {
      taken.add(id);
      ids.set(keyOf(one), { id, kind: 'artifact-name' });
    }
  }
  for (const one of sorted) if (!hasId(one.operation)) second.push([one, 'operation-id-missing']);
  for (const [one, kind] of second) {
    const made = operationIdOf(one.method, one.path, {});
    const id = taken.has(made) ? `${made}_${sha256(keyOf(one)).slice(0, 6)}` : made;
    taken.add(id);
    ids.set(keyOf(one), { id, kind });
  }
  return ids;
}

function hasId({ operationId }: JsonObject): boolean {
  return typeof operationId === 'string' && operationId !== '';
}
