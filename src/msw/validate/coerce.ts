import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import { toSchema } from './schema-source.js';
import { propertyOf, type SchemaTypes } from './schema-types.js';
import type { Schemas } from './validator.js';

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Turns the texts of a parameter into the types that its schema names.
 *
 * Text that is not a value of such a type stays text, so that the schema refuses it: `limit=many` fails as a string where a
 * number is due.
 *
 * @param sent - A text, or a list or object of texts.
 */
export function coerceParameter(sent: unknown, schema: JsonSchema, schemas: Schemas): unknown {
  const { alternatives, types } = schemas.typesOf(schema);
  if (Array.isArray(sent)) {
    const items = jointSchema(alternatives.map((alternative) => alternative.items));
    return sent.map((item: unknown) => coerceParameter(item, items, schemas));
  }
  if (isRecord(sent)) return coerceObject(sent, schema, schemas);
  // A part of a form that is JSON was parsed already.
  if (typeof sent !== 'string') return sent;
  const value = coerceText(sent, types);
  if (!types.has('array')) return value;
  // A list of one is sent like a text. It is read as a text where the schema allows that too.
  const list = coerceParameter([sent], schema, schemas);
  if (types.size === 1 || (types.size === 2 && types.has('null'))) return list;
  const allows = (one: unknown) => schemas.inRequest(schema, one).length === 0;
  return !allows(value) && allows(list) ? list : value;
}

function coerceObject(
  sent: Readonly<Record<string, unknown>>,
  schema: JsonSchema,
  schemas: Schemas,
): unknown {
  const { alternatives, types } = schemas.typesOf(schema);
  // The items of a list may be numbered: `a[0]=x`.
  const isIndexed =
    types.has('array') && !types.has('object') && Object.keys(sent).every((name) => /^\d+$/.test(name));
  if (isIndexed) return coerceParameter(Object.values(sent), schema, schemas);
  const fields = coerceFields(sent, alternatives, schemas);
  const objects = alternatives.filter(({ properties }) => isRecord(properties));
  const allows = (one: unknown) => schemas.inRequest(schema, one).length === 0;
  if (objects.length < 2 || allows(fields)) return fields;
  // One branch of a union may have a text where another has a number.
  const ofBranches = objects.map((one) => coerceFields(sent, [one], schemas));
  return ofBranches.find(allows) ?? fields;
}

/** Turns the fields of an object into the types that any of some schemas has for them. */
function coerceFields(
  sent: Readonly<Record<string, unknown>>,
  alternatives: SchemaTypes['alternatives'],
  schemas: Schemas,
): Record<string, unknown> {
  const more = jointSchema(alternatives.map(({ additionalProperties }) => additionalProperties));
  const entries = Object.entries(sent).map(([name, value]) => {
    const own = jointSchema(alternatives.map((alternative) => propertyOf(alternative, name)));
    return [name, coerceParameter(value, own === true ? more : own, schemas)];
  });
  return Object.fromEntries(entries);
}

/** A schema for what any of some schemas allows; `true` for none. */
function jointSchema(nodes: readonly unknown[]): JsonSchema {
  const found = [...new Set(nodes.filter(isRecord))];
  return found.length > 1 ? { anyOf: found } : toSchema(found[0]);
}

function coerceText(text: string, types: ReadonlySet<unknown>): unknown {
  if ((types.has('number') || types.has('integer')) && NUMBER.test(text)) return Number(text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && (text === '' || text === 'null')) return null;
  return text;
}
