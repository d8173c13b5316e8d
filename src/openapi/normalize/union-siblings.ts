import { isRecord, listOf } from '../../util/is-record.js';
import type { JsonObject } from '../document.js';
import type { SchemaRepair } from './types.js';
import { uniteAndSort, unwrapSingleBranch } from './unions.js';
import { mapValues } from './walk.js';

const UNIONS = ['oneOf', 'anyOf'] as const;
/** Nesting of references and branches. A schema that nests more leads to itself. */
const MAX_HOPS = 16;
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
 * Writes a union beside other keywords as `allOf`, which means the same: both hold.
 *
 * `{ properties, anyOf }` becomes `{ allOf: [{ properties }, { anyOf }] }`.
 */
export const separateUnion: SchemaRepair = (schema, note) => {
  const unions = unionsOf(schema);
  if (!isMisread(schema, unions)) return schema;
  note('union-beside-keywords', `${unions.join(' and ')} beside other keywords became allOf`);
  const core: Record<string, unknown> = {};
  const rest: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (STRUCTURAL.has(key)) core[key] = value;
    else if (!unions.includes(key) && key !== 'allOf' && key !== 'discriminator') rest[key] = value;
  }
  const { discriminator } = schema;
  const parts = unions.map((key) => ({
    [key]: schema[key],
    ...(discriminator === undefined ? {} : { discriminator }),
  }));
  const holdsSomething = Object.keys(core).length > 0;
  return { ...rest, allOf: [...(holdsSomething ? [core] : []), ...parts, ...listOf(schema.allOf)] };
};

/**
 * Makes a repair that moves the type beside a union into the branches without a type, unless a branch has another one.
 *
 * The `type` beside the union is removed, unless a branch is a reference to a schema of any type, or {@link separateUnion}
 * repairs the schema later.
 *
 * @param memo - Keeps the canonical text of branches.
 * @param resolve - Follows the reference of a branch.
 */
export function moveTypeIntoBranches(memo: WeakMap<object, string>, resolve: Resolve): SchemaRepair {
  return (schema, note) => {
    const { type } = schema;
    const unions = unionsOf(schema);
    if (typeof type !== 'string' || unions.length === 0) return schema;
    let result: Record<string, unknown> = schema;
    for (const key of unions) {
      const branches = listOf(schema[key]);
      const typed = mapValues(branches, (branch) => withType(branch, type, memo));
      if (typed.includes(undefined)) return schema;
      // The type can change the order of the branches.
      if (typed !== branches) result = { ...result, [key]: uniteAndSort(typed, memo) };
    }
    const isImplied = unions.some((key) =>
      listOf(result[key]).every((branch) => impliesType(branch, type, resolve)),
    );
    if (isMisread(schema, unions) || !isImplied) return result;
    note('union-beside-keywords', `type ${type} moved into the branches of ${unions[0]}`);
    const { type: _, ...rest } = result;
    return rest;
  };
}

/** Follows the reference of a schema. */
type Resolve = (schema: JsonObject) => unknown;

/** Whether every value of a schema is of a type, or null. */
function impliesType(schema: unknown, type: string, resolve: Resolve, hops = 0): boolean {
  if (!isRecord(schema) || hops > MAX_HOPS) return false;
  if (schema.$ref !== undefined && impliesType(resolve(schema), type, resolve, hops + 1)) return true;
  if (schema.type !== undefined) return allows(schema.type, type);
  const implies = (branch: unknown) => impliesType(branch, type, resolve, hops + 1);
  return (
    listOf(schema.allOf).some(implies) ||
    UNIONS.some((key) => listOf(schema[key]).length > 0 && listOf(schema[key]).every(implies))
  );
}

function unionsOf(schema: JsonObject): readonly string[] {
  return UNIONS.filter((key) => listOf(schema[key]).length > 0);
}

function isMisread(schema: JsonObject, unions: readonly string[]): boolean {
  return unions.length > 1 || (unions.length === 1 && MISREAD.some((key) => key in schema));
}

/** Returns a branch with the type; the same branch where it has the type, and `undefined` where it has another one. */
function withType(branch: unknown, type: string, memo: WeakMap<object, string>): unknown {
  if (!isRecord(branch)) return undefined;
  if (branch.$ref !== undefined) return branch;
  if (branch.type !== undefined) return allows(branch.type, type) ? branch : undefined;
  const nested = ['oneOf', 'anyOf', 'allOf'].find((key) => listOf(branch[key]).length > 0);
  if (nested === undefined) return { type, ...branch };
  const before = listOf(branch[nested]);
  const inner = mapValues(before, (item) => withType(item, type, memo));
  if (inner.includes(undefined)) return undefined;
  if (inner === before) return branch;
  if (nested === 'allOf') return { ...branch, allOf: inner };
  // Branches that differed in their types alone are one now.
  return unwrapSingleBranch({ ...branch, [nested]: uniteAndSort(inner, memo) }, () => undefined);
}

function allows(types: unknown, type: string): boolean {
  return [types]
    .flat()
    .every((own) => own === type || own === 'null' || (own === 'integer' && type === 'number'));
}
