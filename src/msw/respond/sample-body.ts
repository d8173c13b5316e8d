import type { JsonSchema } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { typesOf } from '../validate/coerce.js';
import { listOf, recordOf, toSchema } from '../validate/schema-parts.js';
import type { Schemas } from '../validate/schemas.js';
import { flatten, type SchemaObject } from './flatten.js';
import type { Random } from './random.js';
import { SOME_TIME_MS, sampleText, WORDS } from './sample-text.js';

/** How values are made where the first one was not valid. */
export interface SamplePlan {
  /** By JSON pointer, how often the value there was found wanting; each number gives another one. */
  readonly retries?: ReadonlyMap<string, number>;
  /** Whether the examples that a schema has beside its values are used. */
  readonly examples?: boolean;
}

/** What making a value takes along on its way down a schema. */
interface Context extends SamplePlan {
  readonly random: Random;
  readonly schemas: Schemas;
  /** Name of the property that is being made; `''` at the top. */
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}

/** Below this, only what a schema requires is made: schemas may contain themselves. */
const MAX_OPTIONAL_DEPTH = 4;
/** Below this, what can be without further values is. */
const MAX_DEPTH = 8;
/** A schema that requires itself has no finite value. */
const END_OF_DEPTH = 40;
/** What was found wanting that often is left out where it may be. */
export const GIVE_UP_AFTER = 8;

/**
 * Makes a value for a schema, by the given sequence of choices.
 *
 * It knows the keywords that documents commonly use and makes no promise for the rest (`if`, `not`, most patterns): the
 * caller validates what comes out. Each part has a sequence of its own, so one property more changes no other.
 */
export function sampleSchema(
  schema: JsonSchema,
  random: Random,
  schemas: Schemas,
  plan: SamplePlan = {},
): unknown {
  return sample(schema, { ...plan, random, schemas, name: '', path: '', depth: 0 });
}

function sample(schema: JsonSchema, outer: Context): unknown {
  const turn = retriesAt(outer, outer.path);
  const context = turn === 0 ? outer : { ...outer, random: outer.random.fork('again', turn) };
  const { random, schemas, depth } = context;
  // Branches are drawn from the sequence of the first try, so that each further turn takes another one.
  const flat = flatten(schema, { schemas, random: outer.random, turn, shallow: depth > MAX_DEPTH });
  if (context.examples && turn === 0 && isPlain(flat.example)) return flat.example;
  if (flat.const !== undefined) return flat.const;
  const choices = listOf(flat.enum ?? flat['x-extensible-enum']);
  if (choices.length > 0)
    return pick(
      withoutNull(choices, (value) => value === null),
      random,
    );
  return depth > END_OF_DEPTH ? null : sampleByType(flat, context);
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
      return sampleText(schema, context.random, context.name);
  }
}

function typeOf(schema: SchemaObject, random: Random): unknown {
  const types = [...typesOf(schema)];
  if (types.length > 0)
    return pick(
      withoutNull(types, (type) => type === 'null'),
      random,
    );
  if (['properties', 'required', 'additionalProperties'].some((key) => schema[key] !== undefined))
    return 'object';
  if (typeof (schema.minimum ?? schema.maximum) === 'number') return 'number';
  return schema.items === undefined ? 'string' : 'array';
}

function sampleObject(schema: SchemaObject, context: Context): Record<string, unknown> {
  const properties = recordOf(schema.properties);
  const required = new Set(listOf(schema.required).map(String));
  const names = new Set([...Object.keys(properties), ...required]);
  const made: Record<string, unknown> = {};
  for (const name of names) {
    const inside = below(context, name);
    const wanted = inside.random.fork('wanted').next() < 0.6 && context.depth < MAX_OPTIONAL_DEPTH;
    if (!required.has(name) && (!wanted || retriesAt(context, inside.path) >= GIVE_UP_AFTER)) continue;
    made[name] = sample(toSchema(properties[name] ?? schema.additionalProperties), inside);
  }
  const open = schema.additionalProperties;
  if (names.size > 0 || typeof open !== 'object' || context.depth > MAX_DEPTH) return made;
  const name = context.random.pick(WORDS);
  return { [name]: sample(toSchema(open), below(context, name)) };
}

function sampleArray(schema: SchemaObject, context: Context): unknown[] {
  const min = numberOf(schema.minItems) ?? 0;
  const max = Math.min(numberOf(schema.maxItems) ?? min + 2, min + 2);
  const few = context.depth > MAX_DEPTH || retriesAt(context, context.path) >= GIVE_UP_AFTER;
  const length = few ? min : context.random.integer(Math.max(min, Math.min(1, max)), max);
  const items = Array.from({ length }, (_, index) =>
    sample(toSchema(schema.items), { ...below(context, String(index)), name: context.name }),
  );
  if (schema.uniqueItems !== true) return items;
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function below(context: Context, step: string): Context {
  const { random, path, depth } = context;
  return {
    ...context,
    random: random.fork(step),
    name: step,
    path: path + toPointer([step]),
    depth: depth + 1,
  };
}

function sampleNumber(schema: SchemaObject, { random, name }: Context): number {
  const usual = /(?:At|Ms)$/.test(name) ? SOME_TIME_MS : 1;
  const above = numberOf(schema.exclusiveMinimum);
  const max = numberOf(schema.maximum) ?? lessOne(numberOf(schema.exclusiveMaximum));
  const lowest = numberOf(schema.minimum) ?? (above === undefined ? undefined : above + 1);
  const min = lowest ?? Math.min(usual, max ?? usual);
  const step = numberOf(schema.multipleOf) ?? 1;
  const value = random.integer(Math.ceil(min), Math.max(Math.ceil(min), Math.floor(max ?? min + 999)));
  return step === 1 ? value : Math.ceil(value / step) * step;
}

function lessOne(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value - 1;
}

function retriesAt({ retries }: Context, path: string): number {
  return retries?.get(path) ?? 0;
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** The list without what says nothing, unless that is all there is. */
function withoutNull(list: readonly unknown[], isNull: (value: unknown) => boolean): readonly unknown[] {
  const rest = list.filter((value) => !isNull(value));
  return rest.length > 0 ? rest : list;
}

function pick(list: readonly unknown[], random: Random): unknown {
  return list[random.integer(0, list.length - 1)];
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
