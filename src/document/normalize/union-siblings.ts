import { isRecord } from '../../is-record.js';
import type { JsonObject } from '../document.js';
import { list } from '../walk-operations.js';
import type { SchemaRepair } from './types.js';
import { uniteAndSort } from './unions.js';

const UNIONS = ['oneOf', 'anyOf'] as const;
// Beside a union these make a second schema that holds as well.
const STRUCTURAL: ReadonlySet<string> = new Set([
  'type',
  'properties',
  'patternProperties',
  'additionalProperties',
  'required',
  'minProperties',
  'maxProperties',
  'items',
  'minItems',
  'maxItems',
  'uniqueItems',
]);
// Code generators read a union beside one of these as one more alternative.
const MISREAD = ['properties', 'patternProperties', 'additionalProperties', 'items'] as const;

/**
 * Says with `allOf` what a union beside other keywords means: both hold.
 *
 * `{ properties, anyOf }` becomes `{ allOf: [{ properties }, { anyOf }] }`. Where `type` alone stands beside a union, it moves
 * into the branches that have none.
 *
 * @param memo - Keeps what a branch was written as, to order branches by.
 */
export function separateUnion(memo: WeakMap<object, string>): SchemaRepair {
  return (schema, note) => {
    const unions = UNIONS.filter((key) => list(schema[key]).length > 0);
    if (unions.length === 0) return schema;
    const typed = moveTypeIntoBranches(schema, unions, memo);
    const misread = MISREAD.some((key) => key in schema) || unions.length > 1;
    if (misread) {
      note('union-beside-keywords', `${unions.join(' and ')} beside other keywords became allOf`);
      return separate(typed ?? schema, unions);
    }
    if (typed === undefined) return schema;
    note('union-beside-keywords', `type ${String(schema.type)} moved into the branches of ${unions[0]}`);
    const { type: _, ...rest } = typed;
    return rest;
  };
}

function separate(schema: JsonObject, unions: readonly string[]): JsonObject {
  const core: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (STRUCTURAL.has(key)) core[key] = value;
    else if (!unions.includes(key) && key !== 'allOf') rest[key] = value;
  }
  const parts = unions.map((key) => ({ [key]: schema[key] }));
  const holdsSomething = Object.keys(core).length > 0;
  return { ...rest, allOf: [...(holdsSomething ? [core] : []), ...parts, ...list(schema.allOf)] };
}

/** The schema with its type in each branch, or nothing where it has no single type or a branch says otherwise. */
function moveTypeIntoBranches(
  schema: JsonObject,
  unions: readonly string[],
  memo: WeakMap<object, string>,
): JsonObject | undefined {
  const { type } = schema;
  if (typeof type !== 'string') return undefined;
  const moved = unions.map(
    (key) => [key, list(schema[key]).map((branch) => withType(branch, type, memo))] as const,
  );
  if (moved.some(([, branches]) => branches.includes(undefined))) return undefined;
  // With their type, branches may stand in another order than without.
  const sorted = moved.map(([key, branches]) => [key, uniteAndSort(branches, memo)] as const);
  return { ...schema, ...Object.fromEntries(sorted) };
}

function withType(branch: unknown, type: string, memo: WeakMap<object, string>): unknown {
  if (!isRecord(branch)) return undefined;
  if (branch.$ref !== undefined) return branch;
  if (branch.type !== undefined) return allows(branch.type, type) ? branch : undefined;
  const nested = ['oneOf', 'anyOf', 'allOf'].find((key) => list(branch[key]).length > 0);
  if (nested === undefined) return { type, ...branch };
  const inner = list(branch[nested]).map((item) => withType(item, type, memo));
  if (inner.includes(undefined)) return undefined;
  return { ...branch, [nested]: nested === 'allOf' ? inner : uniteAndSort(inner, memo) };
}

function allows(types: unknown, type: string): boolean {
  return [types]
    .flat()
    .every((own) => own === type || own === 'null' || (own === 'integer' && type === 'number'));
}
