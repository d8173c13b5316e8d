import type { JsonSchema } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { isRecord } from '../../util/is-record.js';
import { typesOf } from '../validate/coerce.js';
import { isHidden } from '../validate/one-way-properties.js';
import { listOf, recordOf, toSchema } from '../validate/schema-source.js';
import type { Direction, Schemas } from '../validate/validator.js';
import { flatten, type SchemaObject } from './flatten.js';
import type { Random } from './random.js';
import { sampleNumber } from './sample-number.js';
import { sampleText, WORDS } from './sample-text.js';

/** How values are made where the first one was not valid. */
export interface SamplePlan {
  /** By JSON pointer, how often the value there was found wanting; each number gives another one. */
  readonly retries?: ReadonlyMap<string, number>;
  /** Whether the examples that a schema has beside its values are used. */
  readonly examples?: boolean;
  /** Leaves out what goes the other way only: in a response what is `writeOnly`. */
  readonly direction?: Direction;
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

/** Below this, fewer optional properties are made: each level multiplies what is below. */
const FEWER_BELOW = 2;
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
 * It makes no promise for `not` and for what branches say against each other: the caller validates what comes out, and asks
 * for another value at the places that are wrong. Each part has a sequence of its own, so one property more changes no other.
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
  if (context.examples && turn === 0) {
    const written = [flat.example, ...listOf(flat.examples)].filter(
      (one) => one !== undefined && one !== null,
    );
    const example = written.find(
      (one) =>
        schemas.inResponse(flat, one, 'one').length === 0 && schemas.looseFormats(flat, one).length === 0,
    );
    if (example !== undefined) return example;
  }
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
      return sampleNumber(schema, context.random, context.name);
    case 'boolean':
      return context.random.next() < 0.5;
    case 'null':
      return null;
    default:
      return sampleText(schema, context.random, context.name, context.schemas);
  }
}

/** The type that a schema speaks of where it names none. */
const TYPE_OF_KEYWORD: Readonly<Record<string, string>> = {
  ...{
    properties: 'object',
    required: 'object',
    additionalProperties: 'object',
    patternProperties: 'object',
  },
  ...{ propertyNames: 'object', minProperties: 'object', maxProperties: 'object' },
  ...{ minimum: 'number', maximum: 'number', exclusiveMinimum: 'number', exclusiveMaximum: 'number' },
  ...{ multipleOf: 'number', items: 'array', prefixItems: 'array', contains: 'array', minItems: 'array' },
};

function typeOf(schema: SchemaObject, random: Random): unknown {
  const types = [...typesOf(schema)];
  if (types.length > 0)
    return pick(
      withoutNull(types, (type) => type === 'null'),
      random,
    );
  return (
    Object.keys(TYPE_OF_KEYWORD).flatMap((key) =>
      schema[key] === undefined ? [] : [TYPE_OF_KEYWORD[key]],
    )[0] ?? 'string'
  );
}

function sampleObject(schema: SchemaObject, context: Context): Record<string, unknown> {
  const shape = shapeOf(schema, context);
  const made: Record<string, unknown> = {};
  for (const name of shape.declared) {
    const inside = below(context, name);
    if (shape.required.has(name) || (isWanted(inside) && shape.isShown(name)))
      made[name] = sample(shape.schemaOf(name), inside);
  }
  const add = (name: string) => {
    if (!Object.hasOwn(made, name) && shape.isShown(name))
      made[name] = sample(shape.schemaOf(name), below(context, name));
  };
  for (const name of dependentNames(schema, made)) add(name);
  for (const name of furtherNames(schema, shape, context)) if (lacks(made, schema, shape, context)) add(name);
  const most = numberOf(schema.maxProperties) ?? Number.POSITIVE_INFINITY;
  const spare = Object.keys(made).filter((name) => !shape.required.has(name));
  for (const name of spare.slice(0, Math.max(0, Object.keys(made).length - most))) delete made[name];
  return made;
}

/** The properties of an object, as a schema has them. */
interface ObjectShape {
  /** Those that have a name in the schema. */
  readonly declared: ReadonlySet<string>;
  /** Of those, what is not left out, see {@link isShown}. */
  readonly required: ReadonlySet<string>;
  /** Whether a property may be there; what goes the other way only may not. */
  isShown(name: string): boolean;
  schemaOf(name: string): JsonSchema;
}

function shapeOf(schema: SchemaObject, { schemas, direction }: Context): ObjectShape {
  const properties = recordOf(schema.properties);
  const patterns = Object.entries(recordOf(schema.patternProperties));
  const isShown = (name: string) =>
    properties[name] !== false &&
    (direction === undefined || !isHidden(schemas.source, toSchema(properties[name]), direction));
  const required = listOf(schema.required).map(String).filter(isShown);
  return {
    declared: new Set([...Object.keys(properties), ...required]),
    required: new Set(required),
    // Asked of what is made alone: the answer is in a part of the document that has to be read for it.
    isShown,
    schemaOf: (name) => {
      const matching = patterns.filter(([pattern]) => schemas.source.expression(pattern).test(name));
      const own = Object.hasOwn(properties, name) ? [properties[name]] : [];
      const parts = [...own, ...matching.map(([, one]) => one)];
      if (parts.length === 0) return toSchema(schema.additionalProperties);
      return parts.length === 1 ? toSchema(parts[0]) : { allOf: parts };
    },
  };
}

/** Whether an optional property is made. */
function isWanted(inside: Context): boolean {
  const share = inside.depth <= FEWER_BELOW ? 0.6 : 0.3;
  const wanted = inside.random.fork('wanted').next() < share && inside.depth <= MAX_OPTIONAL_DEPTH;
  return wanted && retriesAt(inside, inside.path) < GIVE_UP_AFTER;
}

function dependentNames(
  { dependentRequired }: SchemaObject,
  made: Readonly<Record<string, unknown>>,
): string[] {
  const entries = Object.entries(isRecord(dependentRequired) ? dependentRequired : {});
  return entries.flatMap(([name, others]) => (Object.hasOwn(made, name) ? listOf(others).map(String) : []));
}

/** Whether the schema asks for more properties; a map has one to show what it is. */
function lacks(made: object, schema: SchemaObject, { declared }: ObjectShape, { depth }: Context): boolean {
  const map = schema.patternProperties ?? schema.additionalProperties;
  const isMap = declared.size === 0 && isRecord(map) && depth <= MAX_DEPTH;
  return Object.keys(made).length < Math.max(numberOf(schema.minProperties) ?? 0, isMap ? 1 : 0);
}

/** Names that may be added, the declared ones first. */
function* furtherNames(schema: SchemaObject, { declared }: ObjectShape, context: Context): Generator<string> {
  yield* declared;
  const most = 4 * Math.max(1, numberOf(schema.minProperties) ?? 0);
  for (let attempt = 0; attempt < most; attempt++) {
    const name = nameFor(schema, context, attempt);
    if (name !== undefined) yield name;
  }
}

/** A name for a property of a map; `undefined` where no further one is allowed. */
function nameFor(schema: SchemaObject, { random, schemas }: Context, attempt: number): string | undefined {
  const draw = random.fork('name', attempt);
  const [pattern] = Object.keys(recordOf(schema.patternProperties));
  if (pattern !== undefined) return sampleText({ pattern }, draw, '', schemas);
  if (schema.additionalProperties === false) return undefined;
  if (schema.propertyNames === undefined)
    return attempt === 0 ? random.pick(WORDS) : `${draw.pick(WORDS)}-${draw.text(3)}`;
  const names = flatten(toSchema(schema.propertyNames), {
    schemas,
    random: draw,
    turn: attempt,
    shallow: false,
  });
  const listed = listOf(names.enum);
  return listed.length > 0 ? String(listed[attempt % listed.length]) : sampleText(names, draw, '', schemas);
}

function sampleArray(schema: SchemaObject, context: Context): unknown[] {
  const first = listOf(schema.prefixItems).map(toSchema);
  const contained = schema.contains === undefined ? 0 : (numberOf(schema.minContains) ?? 1);
  const min = Math.max(numberOf(schema.minItems) ?? 0, contained);
  const most =
    schema.items === false ? first.length : (numberOf(schema.maxItems) ?? Number.POSITIVE_INFINITY);
  const max = Math.min(most, Math.max(min, first.length) + 2);
  const few = context.depth > MAX_DEPTH || retriesAt(context, context.path) >= GIVE_UP_AFTER;
  const usual = Math.max(min, Math.min(first.length || 1, max));
  const length = few ? min : context.random.integer(usual, max);
  const schemaAt = (index: number): JsonSchema =>
    first[index] ??
    (index >= length - contained ? both(schema.items, schema.contains) : toSchema(schema.items));
  const itemAt = (index: number, ...again: readonly number[]) => {
    const inside = below(context, String(index));
    const random = again.length === 0 ? inside.random : inside.random.fork('other', ...again);
    return sample(schemaAt(index), { ...inside, random, name: context.name });
  };
  const items = Array.from({ length }, (_, index) => itemAt(index));
  return schema.uniqueItems === true ? distinct(items, min, itemAt) : items;
}

/** Makes each item that is there before anew, and leaves out those that stay the same where they may be. */
function distinct(
  items: readonly unknown[],
  min: number,
  itemAt: (index: number, again: number) => unknown,
): unknown[] {
  const found = new Map<string, unknown>();
  for (const [index, item] of items.entries()) {
    let own = item;
    for (
      let again = 0;
      again < 20 && found.has(JSON.stringify(own)) && found.size < Math.max(min, 2);
      again++
    )
      own = itemAt(index, again);
    found.set(JSON.stringify(own), own);
  }
  return [...found.values()];
}

function both(items: unknown, contains: unknown): JsonSchema {
  return items === undefined ? toSchema(contains) : { allOf: [toSchema(items), toSchema(contains)] };
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

function retriesAt({ retries }: Context, path: string): number {
  return retries?.get(path) ?? 0;
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
