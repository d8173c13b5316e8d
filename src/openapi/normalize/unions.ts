import { isRecord } from '../../util/is-record.js';
import type { JsonObject } from '../document.js';
import { list } from '../walk-operations.js';
import { canonicalJson } from './canonical.js';
import type { SchemaRepair } from './types.js';

const UNIONS = ['oneOf', 'anyOf'] as const;

/** Drops `oneOf: []` and its like: no value satisfies it, and none was meant to be refused. */
export const dropEmptyUnions: SchemaRepair = (schema, note) => {
  const empty = ['oneOf', 'anyOf', 'allOf'].filter(
    (key) => Array.isArray(schema[key]) && list(schema[key]).length === 0,
  );
  if (empty.length === 0) return schema;
  for (const key of empty) note('empty-union', `dropped the empty ${key}`, key);
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !empty.includes(key)));
};

/**
 * Makes a repair that orders the branches of unions and drops the ones that say again what another says.
 *
 * Branches are compared by what they mean, so of two that differ in their descriptions one stays: the one that says more.
 *
 * @param memo - Keeps what a branch was written as, for the unions around it.
 */
export function uniteBranches(memo: WeakMap<object, string>): SchemaRepair {
  return (schema, note) => {
    let result = schema;
    for (const key of UNIONS) {
      const branches = list(schema[key]);
      if (branches.length < 2) continue;
      const united = uniteAndSort(branches, memo);
      if (united.length < branches.length)
        note('equal-branches', `${branches.length} branches, ${united.length} of them different`, key);
      if (united.length < branches.length || united.some((branch, at) => branch !== branches[at]))
        result = { ...result, [key]: united };
    }
    return result;
  };
}

/** The different ones of some branches, in the order that their meaning gives. */
export function uniteAndSort(branches: readonly unknown[], memo: WeakMap<object, string>): unknown[] {
  const byMeaning = new Map<string, unknown>();
  for (const branch of branches) {
    const meaning = canonicalJson(branch, { memo });
    if (isRecord(branch)) memo.set(branch, meaning);
    const other = byMeaning.get(meaning);
    byMeaning.set(meaning, other === undefined ? branch : sayingMore(other, branch));
  }
  // `null` last, as one reads it; the rest by what it means, which no reordering of the document changes.
  const rank = (meaning: string) => Number(meaning === '{"type":"null"}');
  return [...byMeaning.entries()]
    .sort(([left], [right]) => rank(left) - rank(right) || (left < right ? -1 : 1))
    .map(([, branch]) => branch);
}

/** The better documented of two parts that mean the same, whichever comes first. */
export function sayingMore(left: unknown, right: unknown): unknown {
  if (left === right) return left;
  const [a, b] = [canonicalJson(left, { docs: true }), canonicalJson(right, { docs: true })];
  return a.length > b.length || (a.length === b.length && a <= b) ? left : right;
}

/** Puts the only branch of a union in the place of the union. */
export const unwrapSingleBranch: SchemaRepair = (schema, note) => {
  let result = schema;
  for (const key of UNIONS) {
    const branches = list(result[key]);
    const [branch] = branches;
    if (branches.length !== 1 || !isRecord(branch)) continue;
    const { [key]: _, ...rest } = result;
    result = canJoin(rest, branch)
      ? { ...branch, ...rest }
      : { ...rest, allOf: [...list(rest.allOf), branch] };
    note('single-branch', `took the only branch of ${key} for the union`, key);
  }
  return result;
};

/** Whether two objects of keywords can be one: where both say something, they say the same, or it is mere documentation. */
function canJoin(outer: JsonObject, branch: JsonObject): boolean {
  const docs = new Set(['description', 'title', 'example', 'examples', 'deprecated', 'nullable']);
  const shared = Object.keys(branch).filter((key) => key in outer && !docs.has(key));
  if (branch.additionalProperties === false && outer.properties !== undefined) return false;
  if (outer.additionalProperties === false && branch.properties !== undefined) return false;
  return shared.every(
    (key) => canonicalJson({ [key]: outer[key] }) === canonicalJson({ [key]: branch[key] }),
  );
}
