import type { JsonSchema } from '../../openapi/contract-types.js';
import { typesOf } from '../validate/coerce.js';
import { listOf, recordOf, toSchema } from '../validate/schema-parts.js';
import type { Schemas } from '../validate/schemas.js';
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

const MAX_HOPS = 24;

/** One object of keywords: references followed, `allOf` merged, one branch of each `oneOf` and `anyOf` taken. */
export function flatten(schema: JsonSchema, choice: Choice, hops = 0): SchemaObject {
  if (typeof schema === 'boolean' || hops > MAX_HOPS) return {};
  const { $ref, allOf, oneOf, anyOf, ...own } = schema;
  const target = $ref === undefined ? [] : [choice.schemas.resolve({ $ref })];
  const taken = [listOf(oneOf), listOf(anyOf)].flatMap((list) =>
    list.length > 0 ? [take(list, choice)] : [],
  );
  return [...target, ...listOf(allOf), ...taken].reduce<SchemaObject>(
    (merged, part) => merge(merged, flatten(toSchema(part), choice, hops + 1)),
    own,
  );
}

function take(branches: readonly unknown[], choice: Choice): unknown {
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
  return branches[[...preferred, ...rest][turn] ?? 0];
}

function isDeep(schema: JsonSchema | undefined): boolean {
  const types = typesOf(schema ?? true);
  return types.size === 0 || types.has('object') || types.has('array');
}

function merge(left: SchemaObject, right: SchemaObject): SchemaObject {
  return {
    ...left,
    ...right,
    ...(left.type && right.type ? { type: commonTypes(left, right) } : {}),
    ...(left.required || right.required
      ? { required: [...new Set([...listOf(left.required), ...listOf(right.required)])] }
      : {}),
    ...(left.properties || right.properties
      ? { properties: mergeProperties(recordOf(left.properties), recordOf(right.properties)) }
      : {}),
  };
}

function commonTypes(left: SchemaObject, right: SchemaObject): unknown {
  const allowed = typesOf(right);
  const common = [...typesOf(left)].filter((type) => allowed.has(type));
  // `number` beside `integer`, or a contradiction: the more exact one stands.
  return common.length > 0 ? common : right.type;
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
