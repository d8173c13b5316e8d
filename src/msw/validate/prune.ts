import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import { listOf, recordOf, toSchema } from './schema-parts.js';

const OF_OBJECTS: ReadonlySet<string> = new Set([
  'properties',
  'required',
  'additionalProperties',
  'minProperties',
  'maxProperties',
]);
const OF_ARRAYS: ReadonlySet<string> = new Set(['items', 'minItems', 'maxItems', 'uniqueItems']);

/** Follows references. */
type Resolve = (schema: JsonSchema) => JsonSchema;
type Prune = (schema: unknown, values: readonly unknown[]) => JsonSchema;

/** Below this a schema stays whole: one that refers to itself in a circle never ends. */
const MAX_DEPTH = 100;

/**
 * Leaves of a schema what has a say in whether some values are valid: no property that none of them has, and nothing about
 * objects where there is none.
 *
 * A schema of half a megabyte describes an answer of a few kilobytes, and compiling all of it takes a hundred times longer.
 * The values are valid by what is left if and only if they are valid by the whole.
 */
export function pruneFor(
  schema: JsonSchema,
  values: readonly unknown[],
  resolve: Resolve,
  depth = 0,
): JsonSchema {
  if (typeof schema === 'boolean' || depth > MAX_DEPTH) return schema;
  if (values.length === 0) return true;
  const prune: Prune = (inner, of) => pruneFor(toSchema(inner), of, resolve, depth + 1);
  if (schema.$ref !== undefined) {
    const { $ref, ...siblings } = schema;
    return { allOf: [prune(resolve({ $ref }), values), prune(siblings, values)] };
  }
  const objects = values.filter(isRecord);
  const arrays = values.filter(Array.isArray);
  const pruned: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if ((OF_OBJECTS.has(key) && objects.length === 0) || (OF_ARRAYS.has(key) && arrays.length === 0))
      continue;
    pruned[key] = pruneKeyword(key, value, schema, { values, objects, arrays }, prune);
  }
  return pruned;
}

interface Sorted {
  readonly values: readonly unknown[];
  readonly objects: readonly Record<string, unknown>[];
  readonly arrays: readonly (readonly unknown[])[];
}

function pruneKeyword(
  key: string,
  value: unknown,
  { properties, patternProperties }: Readonly<Record<string, unknown>>,
  { values, objects, arrays }: Sorted,
  prune: Prune,
): unknown {
  if (key === 'properties') return pruneProperties(recordOf(value), objects, prune);
  if (key === 'items') return prune(value, arrays.flat());
  if (key === 'oneOf' || key === 'anyOf' || key === 'allOf') {
    return listOf(value).map((branch) => prune(branch, values));
  }
  if (key !== 'additionalProperties' || patternProperties !== undefined || !isRecord(value)) return value;
  const declared = recordOf(properties);
  const others = objects.flatMap((object) =>
    Object.entries(object).flatMap(([name, inner]) => (Object.hasOwn(declared, name) ? [] : [inner])),
  );
  return prune(value, others);
}

function pruneProperties(
  declared: Readonly<Record<string, unknown>>,
  objects: readonly Record<string, unknown>[],
  prune: Prune,
): Record<string, unknown> {
  const kept = Object.entries(declared).flatMap(([name, schema]) => {
    const inner = objects.flatMap((object) => (Object.hasOwn(object, name) ? [object[name]] : []));
    return inner.length === 0 ? [] : [[name, prune(schema, inner)] as const];
  });
  return Object.fromEntries(kept);
}
