import type { JsonSchema } from '../../openapi/contract-types.js';
import type { ParameterKinds } from '../../openapi/parameter-text.js';
import { isRecord } from '../../util/is-record.js';
import { listOf, toSchema } from './schema-parts.js';
import type { Schemas } from './schemas.js';

/** Unions in unions of a parameter; a document that nests more refers to itself. */
const MAX_NESTING = 4;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Turns the texts of a parameter into the types that its schema asks for.
 *
 * Text that is no such value stays text, so that the schema itself refuses it: `limit=many` fails as a string where a
 * number is due.
 *
 * @param sent - A text, or a list or object of texts.
 */
export function coerceParameter(sent: unknown, schema: JsonSchema, schemas: Schemas): unknown {
  const alternatives = alternativesOf(schema, schemas);
  const below = (of: (alternative: JsonSchema) => unknown) =>
    toSchema(alternatives.map(of).find((found) => typeof found === 'object' && found !== null));
  if (Array.isArray(sent)) {
    const items = below((alternative) => keywordOf(alternative, 'items'));
    return sent.map((item: unknown) => coerceParameter(item, items, schemas));
  }
  if (isRecord(sent) && !isIndexed(sent, alternatives)) {
    const more = below((alternative) => keywordOf(alternative, 'additionalProperties'));
    const entries = Object.entries(sent).map(([name, value]) => {
      const own = below((alternative) => propertyOf(alternative, name));
      return [name, coerceParameter(value, own === true ? more : own, schemas)];
    });
    return Object.fromEntries(entries);
  }
  if (isRecord(sent)) return coerceParameter(Object.values(sent), schema, schemas);
  // What was parsed already, such as a part of a form that is JSON.
  if (typeof sent !== 'string') return sent;
  const types = new Set(alternatives.flatMap((alternative) => [...typesOf(alternative)]));
  const value = coerceText(sent, types);
  if (!types.has('array')) return value;
  // A list of one is sent like a text. It is read as a text where the schema allows that too.
  const list = coerceParameter([sent], schema, schemas);
  const isList = [...types].every((type) => type === 'array' || type === 'null');
  const allows = (one: unknown) => schemas.inRequest(schema, one).length === 0;
  return isList || (!allows(value) && allows(list)) ? list : value;
}

/** Whether fields are the items of a list: `a[0]=x`. */
function isIndexed(fields: Readonly<Record<string, unknown>>, alternatives: readonly JsonSchema[]): boolean {
  const types = new Set(alternatives.flatMap((alternative) => [...typesOf(alternative)]));
  return (
    types.has('array') && !types.has('object') && Object.keys(fields).every((name) => /^\d+$/.test(name))
  );
}

/** Returns of which kinds a value of a schema may be. */
export function kindsOf(schema: JsonSchema, schemas: Schemas): ParameterKinds {
  const alternatives = alternativesOf(schema, schemas);
  const types = new Set(alternatives.flatMap((alternative) => [...typesOf(alternative)]));
  const objects = alternatives.filter(
    (one) => typesOf(one).has('object') || isRecord(keywordOf(one, 'properties')),
  );
  const isFree = types.size === 0 && objects.length === 0;
  const takesAny = objects.some(
    (one) =>
      keywordOf(one, 'properties') === undefined ||
      (keywordOf(one, 'additionalProperties') ?? false) !== false,
  );
  return {
    array: isFree || types.has('array'),
    value: isFree || [...types].some((type) => type !== 'array' && type !== 'object' && type !== 'null'),
    isField:
      objects.length === 0
        ? undefined
        : (name) => takesAny || objects.some((one) => propertyOf(one, name) !== undefined),
  };
}

function keywordOf(schema: JsonSchema, keyword: string): unknown {
  return typeof schema === 'boolean' ? undefined : schema[keyword];
}

function propertyOf(schema: JsonSchema, name: string): unknown {
  const properties = keywordOf(schema, 'properties');
  return isRecord(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** A schema, and those of its branches that say of which type the value is. */
function alternativesOf(schema: JsonSchema, schemas: Schemas, depth = 0): JsonSchema[] {
  const resolved = schemas.resolve(schema);
  if (typeof resolved === 'boolean' || depth > MAX_NESTING) return [];
  const branches = ['oneOf', 'anyOf', 'allOf'].flatMap((key) => listOf(resolved[key]));
  return [resolved, ...branches.flatMap((branch) => alternativesOf(toSchema(branch), schemas, depth + 1))];
}

function coerceText(text: string, types: ReadonlySet<unknown>): unknown {
  if ((types.has('number') || types.has('integer')) && NUMBER.test(text)) return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && (text === '' || text === 'null')) return null;
  return text;
}

/** The types that a schema allows by name; empty when it names none. */
export function typesOf(schema: JsonSchema): ReadonlySet<unknown> {
  if (typeof schema === 'boolean') return new Set();
  const { type } = schema;
  return new Set(Array.isArray(type) ? type : type === undefined ? [] : [type]);
}
