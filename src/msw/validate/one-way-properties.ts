import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import type { SchemaSource } from './components.js';
import { listOf } from './schema-parts.js';
import type { Direction } from './validator.js';

/** The keyword that takes a property out of each direction (OpenAPI 3.0.3 and 3.1, Schema Object). */
export const HIDDEN_BY: Readonly<Record<Direction, 'readOnly' | 'writeOnly'>> = {
  request: 'readOnly',
  response: 'writeOnly',
};

/**
 * Whether a required property may be missing, since it goes the other way only.
 *
 * @param schema - The outermost schema of the object: what is required in one part of an `allOf` is often declared in another.
 */
export function mayBeMissing(
  source: SchemaSource,
  schema: JsonSchema,
  name: string,
  direction: Direction,
): boolean {
  return declarationsOf(source, schema, name, new Set()).some((declared) =>
    isHidden(source, declared, direction),
  );
}

/** Whether a property's schema says that it goes the other way only. */
export function isHidden(source: SchemaSource, property: JsonSchema, direction: Direction): boolean {
  return partsOf(source, property, new Set()).some((part) => part[HIDDEN_BY[direction]] === true);
}

function declarationsOf(
  source: SchemaSource,
  schema: JsonSchema,
  name: string,
  seen: Set<JsonSchema>,
): JsonSchema[] {
  return partsOf(source, schema, seen).flatMap((part) => {
    const { properties } = part;
    const own = isRecord(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];
    const branches = [...listOf(part.oneOf), ...listOf(part.anyOf), part.then, part.else].filter(isRecord);
    const inner = branches.flatMap((branch) => declarationsOf(source, branch, name, seen));
    return [...own.filter(isRecord), ...inner];
  });
}

/** The objects of keywords that all hold for a value of a schema. */
function partsOf(
  source: SchemaSource,
  schema: JsonSchema,
  seen: Set<JsonSchema>,
): Exclude<JsonSchema, boolean>[] {
  if (typeof schema === 'boolean' || seen.has(schema)) return [];
  seen.add(schema);
  const target = typeof schema.$ref === 'string' ? [source.resolve(schema)] : [];
  const parts = [...target, ...listOf(schema.allOf)].filter((part) => isRecord(part));
  return [schema, ...parts.flatMap((part) => partsOf(source, part, seen))];
}
