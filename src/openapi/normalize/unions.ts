import { isRecord, listOf } from '../../util/is-record.js';
import { canonicalJson } from './canonical.js';
import type { SchemaRepair } from './types.js';

const UNIONS = ['oneOf', 'anyOf'] as const;

/** Drops empty unions such as `oneOf: []`: no value satisfies them, and their author meant to refuse none. */
export const dropEmptyUnions: SchemaRepair = (schema, note) => {
  const empty = ['oneOf', 'anyOf', 'allOf'].filter(
    (key) => Array.isArray(schema[key]) && listOf(schema[key]).length === 0,
  );
  if (empty.length === 0) return schema;
  for (const key of empty) note('empty-union', `dropped the empty ${key}`, key);
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !empty.includes(key)));
};

/**
 * Makes a repair that orders the branches of unions and drops the ones that mean the same as another.
 *
 * Of two branches that differ in their documentation alone, the better documented one stays.
 *
 * @param memo - Keeps the canonical text of branches, for the unions around them.
 */
export function uniteBranches(memo: WeakMap<object, string>): SchemaRepair {
  return (schema, note) => {
    let result = schema;
    for (const key of UNIONS) {
      const branches = listOf(schema[key]);
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

/** Returns the distinct branches, ordered by their meaning. */
export function uniteAndSort(branches: readonly unknown[], memo: WeakMap<object, string>): unknown[] {
  const byMeaning = new Map<string, unknown>();
  for (const branch of branches) {
    const meaning = canonicalJson(branch, { memo });
    if (isRecord(branch)) memo.set(branch, meaning);
    const other = byMeaning.get(meaning);
    byMeaning.set(meaning, other === undefined ? branch : betterDocumented(other, branch));
  }
  // `null` comes last. The rest is ordered by its meaning, which no reordering of the document changes.
  const rank = (meaning: string) => Number(meaning === '{"type":"null"}');
  return [...byMeaning.entries()]
    .sort(([left], [right]) => rank(left) - rank(right) || (left < right ? -1 : 1))
    .map(([, branch]) => branch);
}

/** Returns the better documented of two parts that mean the same, in either order. */
export function betterDocumented(left: unknown, right: unknown): unknown {
  if (left === right) return left;
  const [a, b] = [canonicalJson(left, { docs: true }), canonicalJson(right, { docs: true })];
  return a.length > b.length || (a.length === b.length && a <= b) ? left : right;
}

const DOCS: ReadonlySet<string> = new Set([
  'description',
  'title',
  'example',
  'examples',
  'deprecated',
  'nullable',
]);

/** Replaces a union of one branch with that branch. */
export const unwrapSingleBranch: SchemaRepair = (schema, note) => {
  let result = schema;
  for (const key of UNIONS) {
    const [branch, ...others] = listOf(result[key]);
    if (others.length > 0 || !isRecord(branch)) continue;
    const { [key]: _, ...rest } = result;
    const isClosed =
      (branch.additionalProperties === false && rest.properties !== undefined) ||
      (rest.additionalProperties === false && branch.properties !== undefined);
    // Keywords that both have must be equal, or documentation.
    const shared = Object.keys(branch).filter((keyword) => keyword in rest && !DOCS.has(keyword));
    const canMerge =
      !isClosed &&
      shared.every(
        (keyword) =>
          canonicalJson({ [keyword]: rest[keyword] }) === canonicalJson({ [keyword]: branch[keyword] }),
      );
    result = canMerge ? { ...branch, ...rest } : { ...rest, allOf: [...listOf(rest.allOf), branch] };
    note('single-branch', `took the only branch of ${key} for the union`, key);
  }
  return result;
};
