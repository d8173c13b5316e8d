import { putIntoWords } from './advice.js';
import { counted, type ImpactReport } from './impact-report.js';
import { BREAKS_NAMES } from './kinds.js';
import { type Change, type ChangeClass, CLASSES } from './types.js';

/** A document that was compared, as a report names it. */
export interface ComparedDocument {
  /** As it was given. */
  readonly path: string;
  /** Of its bytes, hex. */
  readonly sha256: string;
  /** When it was pulled, ISO 8601, where that is recorded. */
  readonly retrievedAt?: string;
}

/** All that a report tells. */
export interface Report {
  readonly changes: readonly Change[];
  /** The effects on a program; `undefined` where none was named. */
  readonly impact?: ImpactReport | undefined;
  readonly documents?: { readonly before: ComparedDocument; readonly after: ComparedDocument } | undefined;
}

/** A document in a few words: its path, the beginning of its hash, and its date where one is known. */
export function showDocument({ path, sha256, retrievedAt }: ComparedDocument): string {
  const date = retrievedAt === undefined ? '' : `, ${retrievedAt.slice(0, 10)}`;
  return `${path} (${sha256.slice(0, 12)}${date})`;
}

/** The number of changes of each class. */
export type Summary = Readonly<Record<ChangeClass, number>>;

/** Counts changes by class. */
export function summarize(changes: readonly Change[]): Summary {
  const counts = Object.fromEntries(CLASSES.map((name) => [name, 0]));
  for (const { class: name } of changes) counts[name] = (counts[name] ?? 0) + 1;
  // Every class was given a count above.
  return counts as Record<ChangeClass, number>;
}

/** The next version of a client, which follows the newer document after the older one. */
export interface VersionSuggestion {
  readonly bump: 'major' | 'minor' | 'patch' | 'none';
  readonly reason: string;
}

/**
 * Suggests a version: major where a call, a promised value or a name goes away, minor for anything new, patch for prose.
 *
 * New cases of a union or an enum are minor: only an exhaustive switch notices them.
 */
export function suggestVersion(changes: readonly Change[]): VersionSuggestion {
  const summary = summarize(changes);
  const renamed = changes.filter(({ class: name, kind }) => name === 'type' && BREAKS_NAMES.has(kind));
  if (summary.wire > 0) {
    return {
      bump: 'major',
      reason: `${counted(summary.wire, 'change')} on the wire: calls or values go away`,
    };
  }
  if (renamed.length > 0) {
    return {
      bump: 'major',
      reason: `${counted(renamed.length, 'name')} that code uses: it no longer compiles`,
    };
  }
  const grown = [
    [summary.type, 'type changes that only exhaustive code notices'],
    [summary.sunset, 'deprecations or sunsets'],
    [summary['error-body'], 'changes of error bodies'],
    [summary.added, 'additions'],
  ] as const;
  const reasons = grown.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  if (reasons.length > 0) return { bump: 'minor', reason: reasons.join(', ') };
  if (summary.docs > 0) return { bump: 'patch', reason: 'only prose changed' };
  return { bump: 'none', reason: 'nothing changed' };
}

/** The values of `--fail-on`. */
export const FAIL_ON = ['wire', 'sunset', 'type', 'any', 'none'] as const;

/** The least severe change that should stop a build. */
export type FailOn = (typeof FAIL_ON)[number];

const SELECTED: Readonly<Record<FailOn, readonly ChangeClass[]>> = {
  wire: ['wire'],
  sunset: ['wire', 'sunset'],
  type: ['wire', 'type'],
  any: ['wire', 'type', 'sunset', 'error-body'],
  none: [],
};

/** The changes that a `--fail-on` stops at. */
export function selectChanges(changes: readonly Change[], failOn: FailOn): Change[] {
  return changes.filter(({ class: name }) => SELECTED[failOn].includes(name));
}

/**
 * Leaves only what touches the given operations, and of each change only those.
 *
 * An operation that was renamed is found by either id. One that moved breaks nothing for a program that calls it by its id
 * alone: a client made anew follows.
 *
 * @param byId - The operations that are called by their id alone.
 */
export function narrowChanges(
  changes: readonly Change[],
  operationIds: Iterable<string>,
  byId: ReadonlySet<string> = new Set(),
): Change[] {
  const ids = new Set(operationIds);
  for (const { kind, before, after } of changes) {
    if (kind === 'operation-renamed' && before !== null && after !== null && ids.has(before)) ids.add(after);
  }
  const narrowed = changes.flatMap((change): Change[] => {
    const operations = change.operations.filter(({ operationId }) => ids.has(operationId));
    const { class: ofClass, kind, before, after, field } = change;
    const isFollowed =
      kind === 'operation-moved' && operations.every(({ operationId }) => byId.has(operationId));
    if (operations.length === 0) return [];
    if (isFollowed)
      return [putIntoWords({ class: 'added', kind: 'operation-moved-followed', operations, before, after })];
    if (operations.length === change.operations.length) return [change];
    // "`a.b` of the query parameter `filter`" is about the latter.
    const parameter = change.at.startsWith('/parameters/')
      ? field.slice(Math.max(0, field.lastIndexOf('the ')))
      : undefined;
    return [putIntoWords({ class: ofClass, kind, operations, before, after, parameter })];
  });
  return narrowed.sort((a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class));
}
