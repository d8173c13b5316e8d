import type { JsonSchema } from '../../openapi/contract-types.js';
import type { ParameterKinds } from '../../openapi/parameters.js';
import { isRecord, listOf } from '../../util/is-record.js';
import { type SchemaSource, toSchema } from './schema-source.js';

/** Unions in unions of a parameter; a document that nests more refers to itself. */
const MAX_NESTING = 4;

/** The types that a schema allows, with those of the branches of its unions. */
export interface SchemaTypes {
  /** The schema and its branches, their references followed. */
  readonly alternatives: readonly (JsonSchema & object)[];
  /** The names of the types; empty where none is named. */
  readonly types: ReadonlySet<unknown>;
  readonly kinds: ParameterKinds;
}

/** Collects the types that a schema allows. */
export function readSchemaTypes(schema: JsonSchema, source: SchemaSource): SchemaTypes {
  const alternatives = alternativesOf(schema, source);
  const types = new Set(alternatives.flatMap((alternative) => [...typesOf(alternative)]));
  const objects = alternatives.filter((one) => typesOf(one).has('object') || isRecord(one.properties));
  const isFree = types.size === 0 && objects.length === 0;
  const takesAny = objects.some(
    ({ properties, additionalProperties = false }) =>
      properties === undefined || additionalProperties !== false,
  );
  const kinds: ParameterKinds = {
    array: isFree || types.has('array'),
    value: isFree || [...types].some((type) => type !== 'array' && type !== 'object' && type !== 'null'),
    isField:
      objects.length === 0
        ? undefined
        : (name) => takesAny || objects.some((one) => propertyOf(one, name) !== undefined),
  };
  return { alternatives, types, kinds };
}

/** Returns a schema, the target of its reference and its branches, as far as they say of which type the value is. */
function alternativesOf(schema: JsonSchema, source: SchemaSource, depth = 0): (JsonSchema & object)[] {
  if (typeof schema === 'boolean' || depth > MAX_NESTING) return [];
  const branches = ['oneOf', 'anyOf', 'allOf'].flatMap((key) => listOf(schema[key]));
  const below = branches.flatMap((branch) => alternativesOf(toSchema(branch), source, depth + 1));
  if (typeof schema.$ref !== 'string') return [schema, ...below];
  // Components that are nothing but references to each other were refused, so this ends.
  return [
    ...alternativesOf(source.follow(schema, '$ref', undefined).target, source, depth),
    schema,
    ...below,
  ];
}

/** Returns the schema of a property. */
export function propertyOf({ properties }: JsonSchema & object, name: string): unknown {
  return isRecord(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Returns the types that a schema itself names; an empty set where it names none. */
export function typesOf(schema: JsonSchema): ReadonlySet<unknown> {
  if (typeof schema === 'boolean') return new Set();
  const { type } = schema;
  return new Set(Array.isArray(type) ? type : type === undefined ? [] : [type]);
}
