import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import { typesOf } from '../validate/coerce.js';
import { discriminatorOf } from '../validate/discriminator.js';
import { listOf, recordOf, toSchema } from '../validate/schema-source.js';
import type { Schemas } from '../validate/validator.js';
import type { Random } from './random.js';

/** A schema that is no boolean. */
export type SchemaObject = Exclude<JsonSchema, boolean>;

/** How the branches of unions are chosen on the way. */
export interface Choice {
  readonly schemas: Schemas;
  readonly random: Random;
  /** How often a value at this place was found wanting; each number gives another combination of branches. */
  turn: number;
  /** Whether branches that hold no further values are to be preferred, since the value is deep already. */
  readonly shallow: boolean;
}

/** References and parts inside of each other; a circle ends sooner, since each part is taken once. */
const MAX_HOPS = 256;

/**
 * One object of keywords: references followed, `allOf` merged, one branch of each `oneOf` and `anyOf` taken, and one side of
 * each condition.
 */
export function flatten(
  schema: JsonSchema,
  choice: Choice,
  hops = 0,
  seen = new Set<JsonSchema>(),
): SchemaObject {
  // The same part a second time says nothing new, and a schema of such parts would be gone through for ever.
  if (typeof schema === 'boolean' || hops > MAX_HOPS || seen.has(schema)) return {};
  seen.add(schema);
  const { $ref, allOf, oneOf, anyOf, if: condition, then: yes, else: no, ...own } = schema;
  const target = $ref === undefined ? [] : [choice.schemas.resolve({ $ref })];
  const taken = [oneOf, anyOf].flatMap((list) =>
    listOf(list).length > 0 ? take(schema, listOf(list), choice) : [],
  );
  const conditional = condition === undefined ? [] : takeSide(condition, yes, no, choice);
  const parts = [...target, ...listOf(allOf), ...taken, ...conditional];
  return parts.reduce<SchemaObject>(
    (merged, part) => merge(merged, flatten(toSchema(part), choice, hops + 1, seen)),
    own,
  );
}

/** A branch, and what its name asks for. */
function take(union: SchemaObject, branches: readonly unknown[], choice: Choice): readonly unknown[] {
  const resolved = branches.map((branch) => choice.schemas.resolve(toSchema(branch)));
  const isNull = (index: number) => [...typesOf(resolved[index] ?? true)].join() === 'null';
  const draw = choice.random.integer(0, branches.length - 1);
  const turn = choice.turn % branches.length;
  // A mixed-radix number: unions inside this one see what is left of it.
  choice.turn = Math.floor(choice.turn / branches.length);
  const order = branches.map((_, index) => (draw + index) % branches.length);
  // `null` says the least of all that a union allows, so it comes last.
  const preferred = order.filter((index) => !isNull(index) && !(choice.shallow && isDeep(resolved[index])));
  const rest = order.filter((index) => !preferred.includes(index));
  const branch = branches[[...preferred, ...rest][turn] ?? 0];
  const discriminator = discriminatorOf(union, branches.map(toSchema));
  const named = [...(discriminator?.names ?? [])].filter(([, one]) => one === branch).map(([name]) => name);
  if (discriminator === undefined || named.length === 0) return [branch];
  const { property } = discriminator;
  return [branch, { required: [property], properties: { [property]: { enum: named } } }];
}

/** The condition and what follows from it, or else what holds without it. */
function takeSide(condition: unknown, yes: unknown, no: unknown, choice: Choice): readonly unknown[] {
  const isMet = choice.turn % 2 === 0;
  choice.turn = Math.floor(choice.turn / 2);
  const side = isMet ? [condition, yes] : [no];
  return side.filter((part) => isRecord(part));
}

function isDeep(schema: JsonSchema | undefined): boolean {
  const types = typesOf(schema ?? true);
  return types.size === 0 || types.has('object') || types.has('array');
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
    merged.enum = commonValues(listed, others);
    delete merged.const;
  }
  if (left.required !== undefined || right.required !== undefined)
    merged.required = [...new Set([...listOf(left.required), ...listOf(right.required)])];
  if (left.properties !== undefined || right.properties !== undefined)
    merged.properties = mergeProperties(recordOf(left.properties), recordOf(right.properties));
  if (isRecord(left.items) && isRecord(right.items) && left.items !== right.items)
    merged.items = { allOf: [left.items, right.items] };
  return merged;
}

function valuesOf(schema: SchemaObject): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

/** What both lists have. Where that is nothing, the branch of a union was the wrong one, which comes second. */
function commonValues(left: readonly unknown[], right: readonly unknown[]): readonly unknown[] {
  const common = left.filter((value) => right.includes(value));
  return common.length > 0 ? common : left;
}

function commonTypes(left: SchemaObject, right: SchemaObject): unknown {
  const allowed = typesOf(right);
  const common = [...typesOf(left)].filter((type) => allowed.has(type));
  if (common.length > 0) return common;
  // `integer` is a `number`; else a contradiction, where the more exact one stands.
  return typesOf(left).has('integer') && allowed.has('number') ? 'integer' : right.type;
}

function mergeProperties(
  left: Record<string, unknown>,
  right: Record<string, unknown>,
): Record<string, unknown> {
  const merged = { ...left };
  for (const [name, schema] of Object.entries(right)) {
    const other = left[name];
    merged[name] = other === undefined || other === schema ? schema : { allOf: [other, schema] };
  }
  return merged;
}
