import { type Change, type ChangeClass, CLASSES } from './types.js';

/** The meaning of each class, for the heading above its changes. */
export const MEANING: Readonly<Record<ChangeClass, string>> = {
  wire: 'a call that was valid or a value that was promised goes away',
  type: 'only compilation or an exhaustive switch is hit',
  sunset: 'an operation is deprecated, or has a date on which it ends',
  'error-body': 'answers other than 2xx',
  added: 'new, and nothing breaks',
  docs: 'only prose',
};

/** Changes by class, most severe first, without the classes that have none. */
export function byClass(changes: readonly Change[]): Array<[ChangeClass, Change[]]> {
  return CLASSES.map((name): [ChangeClass, Change[]] => [
    name,
    changes.filter((change) => change.class === name),
  ]).filter(([, found]) => found.length > 0);
}

/** The number of names in a line about operations that are gone: a caller of one of them has to find it there. */
const MOST_REMOVED = 30;

/** Puts operations that are gone into one change before the others: their lines would be left out, or leave out all others. */
export function removedFirst(changes: readonly Change[]): readonly Change[] {
  const removed = changes.filter(({ kind }) => kind === REMOVED);
  const [first] = removed;
  if (first === undefined) return changes;
  const merged = { ...first, operations: removed.flatMap(({ operations }) => operations) };
  return [merged, ...changes.filter(({ kind }) => kind !== REMOVED)];
}

const REMOVED = 'operation-removed';

/** The operations of a change in a few words. */
export function abbreviateIds({ kind }: Change, ids: readonly string[], most: number): string {
  return abbreviate(ids, kind === REMOVED ? MOST_REMOVED : most);
}

/** Changes by kind, the most frequent first. */
export function byKind(changes: readonly Change[]): Array<[kind: string, changes: Change[]]> {
  const kinds = new Map<string, Change[]>();
  for (const change of changes) kinds.set(change.kind, [...(kinds.get(change.kind) ?? []), change]);
  return [...kinds].sort(([, a], [, b]) => b.length - a.length);
}

/** "12 description-changed, 3 example-changed". */
export function countKinds(changes: readonly Change[]): string {
  return byKind(changes)
    .map(([kind, found]) => `${found.length} ${kind}`)
    .join(', ');
}

/** The ids of all operations that changes touch, each once. */
export function operationIdsOf(changes: readonly Change[]): string[] {
  return [...new Set(changes.flatMap(({ operations }) => operations.map(({ operationId }) => operationId)))];
}

/** The first few of a list and how many more there are. */
export function abbreviate(items: readonly string[], most: number): string {
  const shown = items.slice(0, most).join(', ');
  return items.length > most ? `${shown} +${items.length - most} more` : shown;
}
