import type { JsonSchema } from '../../openapi/contract-types.js';
import { toPointer } from '../../openapi/json-pointer.js';
import { isRecord, listOf, recordOf } from '../../util/is-record.js';
import { isHidden } from '../validate/one-way-properties.js';
import { toSchema } from '../validate/schema-source.js';
import { typesOf } from '../validate/schema-types.js';
import type { Direction, Schemas } from '../validate/validator.js';
import { flatten, type SchemaObject } from './flatten.js';
import type { Random } from './random.js';
import { sampleNumber } from './sample-number.js';
import { sampleText, WORDS } from './sample-text.js';

interface SamplePlan {
  /** By JSON pointer, the number of invalid values made there; each number gives another value. */
  readonly retries?: ReadonlyMap<string, number>;
  /** JSON pointers of values that are empty objects: where branches overlap, what that lacks is often required in all but one. */
  readonly empty?: ReadonlySet<string>;
  /** Whether the examples of a schema are used. */
  readonly examples?: boolean;
  /** Leaves out properties of the other direction: in a response those that are `writeOnly`. */
  readonly direction?: Direction;
}

interface Context extends SamplePlan {
  readonly random: Random;
  readonly schemas: Schemas;
  /** Name of the property that is being made; `''` at the top. */
  readonly name: string;
  readonly path: string;
  readonly depth: number;
}

/** Below this depth, fewer optional properties and the simplest branches are made: each level multiplies the number of values. */
const FEWER_BELOW = 2;
/** Below this depth, only required properties are made: schemas may contain themselves. */
const MAX_OPTIONAL_DEPTH = 4;
/** Below this depth, lists and maps are as short as the schema allows. */
const MAX_DEPTH = 8;
/** A schema that requires itself has no finite value. */
const END_OF_DEPTH = 40;
/** A value that was invalid that often is left out if the schema allows that. */
export const GIVE_UP_AFTER = 8;

/**
 * Makes a value for a schema, by the given sequence of choices.
 *
 * A value may break `not` and branches that contradict each other: the caller validates the value, and requests another one for
 * the invalid parts. Each part has a sequence of its own, so a further property changes no other.
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
  if (outer.empty?.has(outer.path) === true) return {};
  const turn = retriesAt(outer, outer.path);
  const context = turn === 0 ? outer : { ...outer, random: outer.random.fork('again', turn) };
  const { random, schemas, depth } = context;
  // Branches are drawn from the sequence of the first try, so that each further turn takes another one.
  const flat = flatten(schema, { schemas, random: outer.random, turn, shallow: depth > FEWER_BELOW });
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
  if (depth > END_OF_DEPTH) return null;
  switch (typeOf(flat, random, turn)) {
    case 'object':
      return sampleObject(flat, context);
    case 'array':
      return sampleArray(flat, context);
    case 'number':
    case 'integer':
      return sampleNumber(flat, random, context.name);
    case 'boolean':
      return random.next() < 0.5;
    case 'null':
      return null;
    default:
      return sampleText(flat, random, context.name, schemas);
  }
}

/** The type that a keyword belongs to, for a schema that names no type. */
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

/** Types of a value that may have any, the usual one first; the others are for schemas that exclude it. */
const ANY_TYPE = ['string', 'number', 'object', 'array', 'boolean', 'null'];

function typeOf(schema: SchemaObject, random: Random, turn: number): unknown {
  const types = [...typesOf(schema)];
  if (types.length > 0)
    return pick(
      withoutNull(types, (type) => type === 'null'),
      random,
    );
  const keyword = Object.keys(TYPE_OF_KEYWORD).find((key) => schema[key] !== undefined);
  return keyword === undefined ? ANY_TYPE[turn % ANY_TYPE.length] : TYPE_OF_KEYWORD[keyword];
}

function sampleObject(schema: SchemaObject, context: Context): Record<string, unknown> {
  const shape = shapeOf(schema, context);
  const made: Record<string, unknown> = {};
  for (const name of shape.declared) {
    if (shape.required.has(name) || (isWanted(context, name) && shape.isShown(name)))
      made[name] = sample(shape.schemaOf(name), below(context, name));
  }
  const add = (name: string) => {
    if (!Object.hasOwn(made, name) && shape.isShown(name))
      made[name] = sample(shape.schemaOf(name), below(context, name));
  };
  const dependents = Object.entries(recordOf(schema.dependentRequired)).flatMap(([name, others]) =>
    Object.hasOwn(made, name) ? listOf(others).map(String) : [],
  );
  for (const name of dependents) add(name);
  const map = schema.patternProperties ?? schema.additionalProperties;
  // A map has one property to show what it is.
  const isMap = shape.declared.size === 0 && isRecord(map) && context.depth <= MAX_DEPTH;
  const least = Math.max(numberOf(schema.minProperties) ?? 0, isMap ? 1 : 0);
  for (const name of furtherNames(schema, shape, context)) {
    if (Object.keys(made).length >= least) break;
    add(name);
  }
  const most = numberOf(schema.maxProperties) ?? Number.POSITIVE_INFINITY;
  const spare = Object.keys(made).filter((name) => !shape.required.has(name));
  for (const name of spare.slice(0, Math.max(0, Object.keys(made).length - most))) delete made[name];
  return made;
}

interface ObjectShape {
  /** The properties that the schema names. */
  readonly declared: ReadonlySet<string>;
  /** The required ones among them, without those that {@link isShown} leaves out. */
  readonly required: ReadonlySet<string>;
  /** Returns whether a property may be present; one of the other direction may not. */
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
    // Called for the properties that are made only, because it reads a part of the document for each.
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

/** Decides whether an optional property is made, which most of a large schema are not. */
function isWanted(context: Context, name: string): boolean {
  const depth = context.depth + 1;
  if (depth > MAX_OPTIONAL_DEPTH) return false;
  const share = depth <= FEWER_BELOW ? 0.6 : 0.3;
  if (context.random.fork(name).fork('wanted').next() >= share) return false;
  return retriesAt(context, context.path + toPointer([name])) < GIVE_UP_AFTER;
}

/** Generates names for further properties, the declared ones first. */
function* furtherNames(schema: SchemaObject, { declared }: ObjectShape, context: Context): Generator<string> {
  yield* declared;
  const most = 4 * Math.max(1, numberOf(schema.minProperties) ?? 0);
  for (let attempt = 0; attempt < most; attempt++) {
    const name = nameFor(schema, context, attempt);
    if (name !== undefined) yield name;
  }
}

/** Makes a name for a property of a map; `undefined` if no further one is allowed. */
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
    (index < length - contained
      ? toSchema(schema.items)
      : { allOf: [toSchema(schema.items), toSchema(schema.contains)] });
  const itemAt = (index: number, ...again: readonly number[]) => {
    const inside = below(context, String(index));
    const random = again.length === 0 ? inside.random : inside.random.fork('other', ...again);
    return sample(schemaAt(index), { ...inside, random, name: context.name });
  };
  const items = Array.from({ length }, (_, index) => itemAt(index));
  return schema.uniqueItems === true ? distinct(items, min, itemAt) : items;
}

/** Makes each repeated item anew, and leaves out those that stay the same if the list may be shorter. */
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

/** Removes the nulls from a list, unless it has nothing else. */
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
