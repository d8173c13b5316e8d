import type { JsonSchema } from '../contract-types.js';
import { typesOf } from './coerce.js';
import type { Random } from './random.js';
import type { Schemas } from './schemas.js';

type SchemaObject = Exclude<JsonSchema, boolean>;

/** What making a value takes along on its way down a schema. */
interface Context {
  readonly random: Random;
  readonly schemas: Schemas;
  /** Name of the property that is being made; `''` at the top. */
  readonly name: string;
  readonly depth: number;
}

const WORDS = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heron'] as const;
/** A time in 2026, so that generated timestamps look like what they are. */
const SOME_TIME_MS = 1_788_000_000_000;
/** Below this, only what a schema requires is made: schemas may contain themselves. */
const MAX_OPTIONAL_DEPTH = 4;

/**
 * Makes a value for a schema, by the given sequence of choices.
 *
 * It knows the keywords that documents commonly use and makes no promise for the rest (`if`, `not`, most patterns): the
 * caller validates what comes out.
 */
export function sampleSchema(schema: JsonSchema, random: Random, schemas: Schemas): unknown {
  return sample(schema, { random, schemas, name: '', depth: 0 });
}

function sample(schema: JsonSchema, context: Context): unknown {
  const flat = flatten(schema, context);
  if (flat.const !== undefined) return flat.const;
  const choices = listOf(flat.enum ?? flat['x-extensible-enum']);
  if (choices.length > 0) return pick(choices, context.random);
  return sampleByType(flat, context);
}

function sampleByType(schema: SchemaObject, context: Context): unknown {
  switch (typeOf(schema, context.random)) {
    case 'object':
      return sampleObject(schema, context);
    case 'array':
      return sampleArray(schema, context);
    case 'number':
    case 'integer':
      return sampleNumber(schema, context);
    case 'boolean':
      return context.random.next() < 0.5;
    case 'null':
      return null;
    default:
      return sampleString(schema, context);
  }
}

function typeOf(schema: SchemaObject, random: Random): unknown {
  const types = [...typesOf(schema)];
  if (types.length > 0) return pick(types, random);
  if (schema.properties !== undefined || schema.required !== undefined) return 'object';
  return schema.items === undefined ? 'string' : 'array';
}

/** One object of keywords: references followed, `allOf` merged, one branch of `oneOf` and `anyOf` taken. */
function flatten(schema: JsonSchema, context: Context): SchemaObject {
  const resolved = context.schemas.resolve(schema);
  if (typeof resolved === 'boolean') return {};
  const { allOf, oneOf, anyOf, ...own } = resolved;
  const branches = [listOf(oneOf), listOf(anyOf)].filter((list) => list.length > 0);
  const parts = [...listOf(allOf), ...branches.map((list) => pick(list, context.random))];
  return parts.reduce<SchemaObject>((merged, part) => merge(merged, flatten(toSchema(part), context)), own);
}

function merge(left: SchemaObject, right: SchemaObject): SchemaObject {
  return {
    ...left,
    ...right,
    ...(left.required || right.required
      ? { required: [...listOf(left.required), ...listOf(right.required)] }
      : {}),
    ...(left.properties || right.properties
      ? { properties: { ...recordOf(left.properties), ...recordOf(right.properties) } }
      : {}),
  };
}

function sampleObject(schema: SchemaObject, context: Context): Record<string, unknown> {
  const properties = recordOf(schema.properties);
  const required = new Set(listOf(schema.required));
  const names = new Set([...Object.keys(properties), ...[...required].map(String)]);
  const made: Record<string, unknown> = {};
  for (const name of names) {
    const optional = !required.has(name);
    // The choice is drawn in either case, so that one property more or less does not change all that follow.
    const wanted = context.random.next() < 0.5 && context.depth < MAX_OPTIONAL_DEPTH;
    if (optional && !wanted) continue;
    made[name] = sample(toSchema(properties[name]), { ...context, name, depth: context.depth + 1 });
  }
  return made;
}

function sampleArray(schema: SchemaObject, context: Context): unknown[] {
  const min = numberOf(schema.minItems) ?? 0;
  const max = Math.min(numberOf(schema.maxItems) ?? min + 2, min + 2);
  const length = context.random.integer(Math.max(min, Math.min(1, max)), max);
  return Array.from({ length }, () =>
    sample(toSchema(schema.items), { ...context, depth: context.depth + 1 }),
  );
}

function sampleNumber(schema: SchemaObject, { random, name }: Context): number {
  const usual = /(?:At|Ms)$/.test(name) ? SOME_TIME_MS : 1;
  const above = numberOf(schema.exclusiveMinimum);
  const min = numberOf(schema.minimum) ?? (above === undefined ? undefined : above + 1) ?? usual;
  const max = numberOf(schema.maximum) ?? (numberOf(schema.exclusiveMaximum) ?? min + 1_000) - 1;
  return random.integer(Math.ceil(min), Math.max(Math.ceil(min), Math.floor(max)));
}

function sampleString(schema: SchemaObject, { random, name }: Context): string {
  if (schema.format === 'uri' || /url$/i.test(name)) return `https://${random.pick(WORDS)}.example.com`;
  // The letters that a pattern begins with are as much of it as is understood here: `^env_` gives `env_...`.
  const prefix = /^\^([\w-]+)(?![?*+{])/.exec(String(schema.pattern ?? ''))?.[1] ?? '';
  const text = `${prefix}${/id$/i.test(name) || prefix ? random.text(12) : `${random.pick(WORDS)}-${random.text(6)}`}`;
  const min = numberOf(schema.minLength) ?? 0;
  const padded = text.length < min ? text + random.text(min - text.length) : text;
  return padded.slice(0, numberOf(schema.maxLength) ?? padded.length);
}

function pick(list: readonly unknown[], random: Random): unknown {
  return list[random.integer(0, list.length - 1)];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function toSchema(value: unknown): JsonSchema {
  // Only what stands where the dialect puts a schema is passed in; nothing there means that anything goes.
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : true;
}
