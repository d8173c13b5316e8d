import type { JsonSchema } from '../../openapi/contract-types.js';
import { listOf, toSchema } from './schema-parts.js';
import type { Schemas } from './schemas.js';

/** Unions in unions of a parameter; a document that nests more refers to itself. */
const MAX_NESTING = 4;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Turns the text of a path, query or header parameter into the type that its schema asks for.
 *
 * Text that is no such value stays text, so that the schema itself refuses it: `limit=many` fails as a string where a
 * number is due.
 *
 * @param texts - The values sent, one a repetition.
 */
export function coerceParameter(texts: readonly string[], schema: JsonSchema, schemas: Schemas): unknown {
  const alternatives = alternativesOf(schema, schemas);
  const types = new Set(alternatives.flatMap((alternative) => [...typesOf(alternative)]));
  const isList = types.has('array') && (texts.length > 1 || !types.has('string'));
  if (!isList) return coerceText(texts[0] ?? '', types);
  const list = alternatives.find((alternative) => typesOf(alternative).has('array')) ?? true;
  const items = itemsOf(list);
  // Both of the usual spellings: repeated (`a=1&a=2`) and joined with commas (`a=1,2`).
  const parts = texts.length === 1 ? (texts[0] ?? '').split(',') : texts;
  return parts.map((text) => coerceText(text, typesOf(schemas.resolve(items))));
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

function itemsOf(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return true;
  const { items } = schema;
  // What stands under `items` of a schema is a schema.
  return typeof items === 'object' && items !== null ? (items as JsonSchema) : true;
}
