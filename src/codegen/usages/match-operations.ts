import { operations } from '../../generated/index.js';
import { createInterner } from '../diff/ids.js';
import type { ProgramPlace, UnknownOperation, UsedOperation } from '../diff/impact-report.js';
import { listOperations, type OperationPair, pairOperations } from '../diff/pair-operations.js';
import type { Json } from '../diff/types.js';
import { createView } from '../diff/view.js';
import type { KnownNames, Wanted } from './usage-search.js';

/** The operations that a program uses. */
export interface UsedIds {
  /** As changes name them: in the newer document, in the older one where the operation is gone. */
  readonly ids: ReadonlySet<string>;
  /** Those of them that are called by their id alone, so that a client made anew follows them to another path. */
  readonly byId: ReadonlySet<string>;
  readonly operations: readonly UsedOperation[];
  readonly unknown: readonly UnknownOperation[];
}

/** An operation that this package knows without a document. */
interface SuppliedOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

/** The operations of two documents. */
export interface KnownOperations {
  readonly pairs: readonly OperationPair[];
  /** Operations that this package brings along, whether a document has them or not. */
  readonly supplement: readonly SuppliedOperation[];
  readonly names: KnownNames;
}

/** One use and where it is. */
export interface PlacedUse {
  readonly wanted: Wanted;
  readonly place: ProgramPlace;
}

/** Reads what two documents call their operations. */
export function readOperations(before: Json, after: Json): KnownOperations {
  const intern = createInterner();
  const [older = [], newer = []] = [before, after].map((document) =>
    listOperations(createView(document, intern)),
  );
  const own = Object.entries(operations.operations).map(([id, { method, path }]) => ({ id, method, path }));
  const all = [...older, ...newer, ...own];
  const ids = new Map<string, Set<string>>();
  for (const { id, path } of all) ids.set(id, (ids.get(id) ?? new Set()).add(path));
  const servers = [before, after].flatMap((document) =>
    Array.isArray(document.servers) ? document.servers : [],
  );
  const hosts = servers.flatMap((server) => /^https?:\/\/[^/]+/.exec(String(Object(server).url))?.[0] ?? []);
  return {
    pairs: pairOperations(older, newer),
    supplement: own,
    names: {
      paths: new Set(all.map(({ path }) => path)),
      ids,
      hosts: new Set(['https://api.vercel.com', ...hosts]),
    },
  };
}

/** Finds the operations that uses mean, in either document: a program may be written for the one or the other. */
export function matchUses(uses: readonly PlacedUse[], { pairs, supplement }: KnownOperations): UsedIds {
  const found = new Map<string, PlacedUse[]>();
  const unknown: UnknownOperation[] = [];
  for (const use of uses) {
    const { wanted, place } = use;
    // Where the documents disagree on what is meant, the program was written for the older one.
    const byOlder = pairs.filter(({ before }) => before !== undefined && isMeant(before, wanted));
    const meant =
      byOlder.length > 0
        ? byOlder
        : pairs.filter(({ after }) => after !== undefined && isMeant(after, wanted));
    const ids = meant.map(({ before, after }) => (after ?? before)?.id ?? '');
    // The published document drops operations of Connect from time to time; this package brings them along.
    const own = ids.length > 0 ? [] : supplement.filter((operation) => isMeant(operation, wanted));
    for (const id of [...ids, ...own.map((operation) => operation.id)])
      found.set(id, [...(found.get(id) ?? []), use]);
    if (ids.length === 0 && own.length === 0 && !('viaConnect' in wanted))
      unknown.push({ ...place, wanted: showWanted(wanted) });
  }
  const usedOperations = [...found].map(
    ([operationId, used]): UsedOperation => ({
      operationId,
      places: [...new Map(used.map(({ place }) => [`${place.file}:${place.line}`, place])).values()],
      ...(used.every(({ wanted }) => 'perhaps' in wanted) ? { perhaps: true } : {}),
    }),
  );
  const byId = [...found].filter(([, used]) => used.every(({ wanted }) => 'operationId' in wanted));
  return {
    ids: new Set(found.keys()),
    byId: new Set(byId.map(([id]) => id)),
    operations: usedOperations,
    unknown,
  };
}

function isMeant(operation: SuppliedOperation, wanted: Wanted): boolean {
  if ('operationId' in wanted) return operation.id === wanted.operationId;
  if ('names' in wanted) return wanted.names.some((name) => plain(name) === plain(operation.id));
  return operation.path === wanted.path && (wanted.methods ?? [operation.method]).includes(operation.method);
}

function plain(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '').toLowerCase();
}

function showWanted(wanted: Wanted): string {
  if ('operationId' in wanted) return wanted.operationId;
  if ('names' in wanted) return wanted.names.at(-1) ?? '';
  return [wanted.methods?.join(' or '), wanted.path].filter(Boolean).join(' ');
}
