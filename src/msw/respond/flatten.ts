import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord, listOf, recordOf } from '../../util/is-record.js';
import { discriminatorOf } from '../validate/discriminator.js';
import { toSchema } from '../validate/schema-source.js';
import { typesOf } from '../validate/schema-types.js';
import type { Schemas } from '../validate/validator.js';
import type { Random } from './random.js';

/** A schema other than a boolean. */
export type SchemaObject = Exclude<JsonSchema, boolean>;

interface Choice {
  readonly schemas: Schemas;
  readonly random: Random;
  /** Counts the invalid values made before; each number gives another combination of branches. */
  turn: number;
  /** Whether to prefer branches without further values, because the value is nested deep already. */
  readonly shallow: boolean;
}

/** References and parts inside each other; a circle ends sooner, because each part is taken once. */
const MAX_HOPS = 256;

/**
 * Flattens a schema to one object of keywords: follows references, merges `allOf`, and takes one branch of each `oneOf` and
 * `anyOf` and one side of each condition.
 */
export function flatten(
  schema: JsonSchema,
  choice: Choice,
  hops = 0,
  seen = new Set<JsonSchema>(),
): SchemaObject {
  // The same part a second time adds nothing, and a schema that contains itself would never end.
  if (typeof schema === 'boolean' || hops > MAX_HOPS || seen.has(schema)) return {};
  seen.add(schema);
  const { $ref, allOf, oneOf, anyOf, if: condition, then: yes, else: no, ...own } = schema;
  // One step: what a reference leads to may have keywords beside a further one.
  const target = $ref === undefined ? [] : [choice.schemas.source.follow(schema, '$ref', undefined).target];
  const taken = [oneOf, anyOf].flatMap((list) =>
    listOf(list).length > 0 ? takeBranch(schema, listOf(list), choice) : [],
  );
  const sides: unknown[] = [];
  if (condition !== undefined) {
    // The condition and what follows from it, or else what applies without it.
    sides.push(...(choice.turn % 2 === 0 ? [condition, yes] : [no]).filter(isRecord));
    choice.turn = Math.floor(choice.turn / 2);
  }
  const parts = [...target, ...listOf(allOf), ...taken, ...sides];
  const flat = (part: unknown) => flatten(toSchema(part), choice, hops + 1, seen);
  // A reference with nothing beside it, as most are.
  if (parts.length === 1 && Object.keys(own).length === 0) return flat(parts[0]);
  return parts.reduce<SchemaObject>((merged, part) => merge(merged, flat(part)), own);
}

/** Takes one branch of a union, and requires the discriminator value that names it. */
function takeBranch(union: SchemaObject, branches: readonly unknown[], choice: Choice): readonly unknown[] {
  const draw = choice.random.integer(0, branches.length - 1);
  const turn = choice.turn % branches.length;
  // A mixed-radix number: unions inside this one use the rest of it.
  choice.turn = Math.floor(choice.turn / branches.length);
  const order = branches.map((_, index) => branches[(draw + index) % branches.length]);
  let branch: unknown;
  let place = 0;
  for (branch of preferredFirst(order, choice)) if (place++ === turn) break;
  const discriminator = discriminatorOf(union, branches.map(toSchema));
  const named = [...(discriminator?.names ?? [])].filter(([, one]) => one === branch).map(([name]) => name);
  if (discriminator === undefined || named.length === 0) return [branch];
  const { property } = discriminator;
  return [branch, { required: [property], properties: { [property]: { enum: named } } }];
}

/** Generates the branches of a union, those last that show the least. Each is read when its turn comes: it may be large. */
function* preferredFirst(branches: readonly unknown[], { schemas, shallow }: Choice): Generator<unknown> {
  const rest: unknown[] = [];
  for (const branch of branches) {
    const types = typesOf(schemas.resolve(toSchema(branch)));
    const isNull = types.size === 1 && types.has('null');
    const isDeep = types.size === 0 || types.has('object') || types.has('array');
    if (isNull || (shallow && isDeep)) rest.push(branch);
    else yield branch;
  }
  yield* rest;
}

/** Keywords of which the stricter one of two holds. */
const STRICTER: Readonly<Record<string, (left: number, right: number) => number>> = {
  ...{ minimum: Math.max, exclusiveMinimum: Math.max, minLength: Math.max, minItems: Math.max },
  ...{ maximum: Math.min, exclusiveMaximum: Math.min, maxLength: Math.min, maxItems: Math.min },
  ...{ minProperties: Math.max, maxProperties: Math.min, minContains: Math.max, maxContains: Math.min },
};

function merge(left: SchemaObject, right: SchemaObject): SchemaObject {
  const merged: Record<string, unknown> = { ...left, ...right };
  for (const key of Object.keys(right)) {
    const [stricter, one, other] = [STRICTER[key], left[key], right[key]];
    if (stricter !== undefined && one !== undefined) merged[key] = stricter(Number(one), Number(other));
  }
  if (left.type !== undefined && right.type !== undefined) merged.type = commonTypes(left, right);
  const [listed, others] = [valuesOf(left), valuesOf(right)];
  if (listed !== undefined && others !== undefined) {
    // Without a common value the branch of a union, which comes second, was the wrong one.
    merged.enum = commonOf(listed, others) ?? listed;
    delete merged.const;
  }
  if (left.required !== undefined || right.required !== undefined)
    merged.required = [...new Set([...listOf(left.required), ...listOf(right.required)])];
  if (left.properties !== undefined && right.properties !== undefined)
    merged.properties = mergeProperties(left, right);
  if (isRecord(left.items) && isRecord(right.items) && left.items !== right.items)
    merged.items = { allOf: [left.items, right.items] };
  return merged;
}

function mergeProperties(left: SchemaObject, right: SchemaObject): Record<string, unknown> {
  const properties = { ...recordOf(left.properties) };
  for (const [name, schema] of Object.entries(recordOf(right.properties))) {
    const other = properties[name];
    properties[name] = other === undefined || other === schema ? schema : { allOf: [other, schema] };
  }
  return properties;
}

function valuesOf(schema: SchemaObject): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

function commonTypes(left: SchemaObject, right: SchemaObject): unknown {
  const [types, others] = [[...typesOf(left)], [...typesOf(right)]];
  // `integer` is a `number`; any other pair is a contradiction, where the more specific schema wins.
  const isInteger = types.includes('integer') && others.includes('number');
  return commonOf(types, others) ?? (isInteger ? 'integer' : right.type);
}

/** Returns what both lists have; `undefined` for nothing. */
function commonOf(left: readonly unknown[], right: readonly unknown[]): readonly unknown[] | undefined {
  const common = left.filter((value) => right.includes(value));
  return common.length > 0 ? common : undefined;
}
