import { isRecord } from '../../util/is-record.js';
import type { JsonObject } from '../document.js';
import { list } from '../walk-operations.js';
import { DOCS } from './canonical.js';
import { sortValues } from './enums.js';
import type { Note, SchemaRepair } from './types.js';

const NULL = { type: 'null' };
const UNIONS = ['oneOf', 'anyOf'] as const;
// What stays outside when a schema becomes one branch of a union with `null`.
const OUTSIDE: ReadonlySet<string> = new Set([...DOCS, 'deprecated', 'default', 'readOnly', 'writeOnly']);

/**
 * Says in the way of OpenAPI 3.1 that a value may be null.
 *
 * OpenAPI 3.0 ignores `nullable` where there is no `type` beside it, and refuses a null that an enum does not list. Neither is
 * what the author of `nullable: true` meant.
 */
export const repairNullable: SchemaRepair = (schema, note) => {
  if (!('nullable' in schema)) return schema;
  const { nullable, ...rest } = schema;
  if (nullable !== true) return rest;
  if (schema.type === undefined) note('nullable-without-type', 'null is allowed beside the rest');
  if (Array.isArray(rest.enum)) return withNullValue(rest, note);
  const union = UNIONS.find((key) => list(rest[key]).length > 0);
  if (union !== undefined && rest.allOf === undefined) return withNullBranch(rest, union);
  if (rest.type !== undefined && rest.allOf === undefined) return { ...rest, type: withNullType(rest.type) };
  return Object.keys(rest).every((key) => OUTSIDE.has(key)) ? rest : besideNull(rest);
};

/** OpenAPI 3.0 has booleans for what JSON Schema has since made bounds of their own. */
export const repairExclusiveBounds: SchemaRepair = (schema) => {
  const { exclusiveMinimum: low, exclusiveMaximum: high } = schema;
  if (typeof low !== 'boolean' && typeof high !== 'boolean') return schema;
  const result: Record<string, unknown> = { ...schema };
  for (const [exclusive, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[exclusive] !== 'boolean') continue;
    delete result[exclusive];
    if (schema[exclusive] === false || typeof schema[bound] !== 'number') continue;
    delete result[bound];
    result[exclusive] = schema[bound];
  }
  return result;
};

function withNullValue(schema: JsonObject, note: Note): JsonObject {
  const values = list(schema.enum);
  if (!values.includes(null)) note('nullable-enum-without-null', 'added null to the values', 'enum');
  return {
    ...schema,
    enum: sortValues([...values, null]),
    ...(schema.type === undefined ? {} : { type: withNullType(schema.type) }),
  };
}

function withNullBranch(schema: JsonObject, union: string): JsonObject {
  const branches = list(schema[union]);
  return branches.some(takesNull) ? schema : { ...schema, [union]: [...branches, NULL] };
}

function takesNull(branch: unknown): boolean {
  if (!isRecord(branch)) return branch === true;
  return (
    [branch.type].flat().includes('null') || [...list(branch.oneOf), ...list(branch.anyOf)].some(takesNull)
  );
}

function withNullType(type: unknown): unknown[] {
  return [...new Set([...[type].flat(), 'null'])];
}

function besideNull(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema);
  const outside = entries.filter(([key]) => OUTSIDE.has(key));
  const inside = entries.filter(([key]) => !OUTSIDE.has(key));
  return { ...Object.fromEntries(outside), anyOf: [Object.fromEntries(inside), NULL] };
}
