import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord, listOf, recordOf } from '../../util/is-record.js';
import { type Declarations, type SchemaSource, toSchema } from './schema-source.js';
import type { Direction } from './validator.js';

/** The keyword that takes a property out of each direction (OpenAPI 3.0.3 and 3.1, Schema Object). */
const HIDDEN_BY: Readonly<Record<Direction, 'readOnly' | 'writeOnly'>> = {
  request: 'readOnly',
  response: 'writeOnly',
};

/**
 * Returns whether a required property may be missing, because it is sent in the other direction only.
 *
 * @param schema - The outermost schema of the object: one part of an `allOf` often requires what another part declares.
 */
export function mayBeMissing(
  source: SchemaSource,
  schema: JsonSchema,
  name: string,
  direction: Direction,
): boolean {
  const declared = source.declarationsIn(schema, () => declarationsOf(source, schema)).get(name) ?? [];
  return declared.some((property) => isHidden(source, property, direction));
}

/** Returns whether the schema of a property allows it in the other direction only. */
export function isHidden(source: SchemaSource, property: JsonSchema, direction: Direction): boolean {
  return partsOf(source, property, new Set()).some((part) => part[HIDDEN_BY[direction]] === true);
}

/** Collects the declarations of properties in a schema and its branches. */
function declarationsOf(source: SchemaSource, schema: JsonSchema): Declarations {
  const declarations = new Map<string, JsonSchema[]>();
  const seen = new Set<JsonSchema>();
  const waiting = [schema];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const part of partsOf(source, next, seen)) {
      for (const [name, property] of Object.entries(recordOf(part.properties)))
        declarations.set(name, [...(declarations.get(name) ?? []), toSchema(property)]);
      const branches = [...listOf(part.oneOf), ...listOf(part.anyOf), part.then, part.else];
      waiting.push(...branches.filter(isRecord));
    }
  }
  return declarations;
}

/** Returns the schemas that all apply to a value of a schema: its own, those of its references and of its `allOf`. */
function partsOf(
  source: SchemaSource,
  schema: JsonSchema,
  seen: Set<JsonSchema>,
): Exclude<JsonSchema, boolean>[] {
  if (typeof schema === 'boolean' || seen.has(schema)) return [];
  seen.add(schema);
  const target = typeof schema.$ref === 'string' ? [source.follow(schema, '$ref', undefined).target] : [];
  const parts = [...target, ...listOf(schema.allOf)].filter((part) => isRecord(part));
  return [schema, ...parts.flatMap((part) => partsOf(source, part, seen))];
}
