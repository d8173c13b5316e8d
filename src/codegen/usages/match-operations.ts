import type ts from 'typescript';
import type { ProgramPlace, UnknownOperation, UsedOperation } from '../diff/impact-report.js';
import { createInterner } from '../diff/interner.js';
import {
  listOperations,
  type Operation,
  type OperationPair,
  pairOperations,
} from '../diff/pair-operations.js';
import type { Json } from '../diff/types.js';
import { createView } from '../diff/view.js';
import type { Use, Wanted } from './uses.js';

/** The operations that a program uses. */
export interface UsedIds {
  /** As changes name them: in the newer document, in the older one where the operation is gone. */
  readonly ids: ReadonlySet<string>;
  readonly operations: readonly UsedOperation[];
  readonly unknown: readonly UnknownOperation[];
}

/** Finds the operations that uses mean, in either document: a program may be written for the one or the other. */
export function matchUses(
  uses: readonly Use[],
  documents: { readonly before: Json; readonly after: Json },
  placeOf: (node: ts.Node) => ProgramPlace,
): UsedIds {
  const intern = createInterner();
  const [before, after] = [documents.before, documents.after].map((document) =>
    listOperations(createView(document, intern)),
  );
  const pairs = pairOperations(before ?? [], after ?? []);
  const places = new Map<string, ProgramPlace[]>();
  const unknown: UnknownOperation[] = [];
  for (const { node, wanted } of uses) {
    const meant = pairsOf(pairs, wanted);
    // The published document drops operations of Connect from time to time; this package brings them along.
    if (meant.length === 0 && !('viaConnect' in wanted))
      unknown.push({ ...placeOf(node), wanted: showWanted(wanted) });
    for (const pair of meant) {
      const { id = '' } = pair.after ?? pair.before ?? {};
      places.set(id, [...(places.get(id) ?? []), placeOf(node)]);
    }
  }
  const operations = [...places].map(([operationId, found]) => ({ operationId, places: distinct(found) }));
  return { ids: new Set(places.keys()), operations, unknown };
}

/** Where the documents disagree on what is meant, the older one is what the program was written for. */
function pairsOf(pairs: readonly OperationPair[], wanted: Wanted): readonly OperationPair[] {
  const byOlder = pairs.filter(({ before }) => before !== undefined && isMeant(before, wanted));
  return byOlder.length > 0
    ? byOlder
    : pairs.filter(({ after }) => after !== undefined && isMeant(after, wanted));
}

function isMeant(operation: Operation, wanted: Wanted): boolean {
  if ('operationId' in wanted) return operation.id === wanted.operationId;
  return operation.path === wanted.path && (wanted.method ?? operation.method) === operation.method;
}

function showWanted(wanted: Wanted): string {
  return 'operationId' in wanted
    ? wanted.operationId
    : [wanted.method, wanted.path].filter(Boolean).join(' ');
}

function distinct(places: readonly ProgramPlace[]): ProgramPlace[] {
  return [...new Map(places.map((place) => [`${place.file}:${place.line}`, place])).values()];
}
