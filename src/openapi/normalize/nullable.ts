import { isRecord, listOf } from '../../util/is-record.js';
import { DOCS } from './canonical.js';
import { sortValues } from './enum-repairs.js';
import type { SchemaRepair } from './types.js';

const NULL = { type: 'null' };
const UNIONS = ['oneOf', 'anyOf'] as const;
// Keywords that stay outside when a schema becomes one branch of a union with `null`.
const OUTSIDE: ReadonlySet<string> = new Set([...DOCS, 'deprecated', 'default', 'readOnly', 'writeOnly']);

/**
 * Writes `nullable` of OpenAPI 3.0 in the form of OpenAPI 3.1.
 *
 * OpenAPI 3.0 ignores `nullable` without a `type` beside it, and refuses a null that an enum does not list. The author of
 * `nullable: true` meant neither.
 */
export const repairNullable: SchemaRepair = (schema, note) => {
  if (!('nullable' in schema)) return schema;
  const { nullable, ...rest } = schema;
  if (nullable !== true) return rest;
  if (schema.type === undefined) note('nullable-without-type', 'null is allowed beside the rest');
  const type = rest.type === undefined ? {} : { type: [...new Set([...[rest.type].flat(), 'null'])] };
  if (Array.isArray(rest.enum)) {
    if (!rest.enum.includes(null)) note('nullable-enum-without-null', 'added null to the values', 'enum');
    return { ...rest, enum: sortValues([...rest.enum, null]), ...type };
  }
  const union = UNIONS.find((key) => listOf(rest[key]).length > 0);
  if (union !== undefined && rest.allOf === undefined) {
    const branches = listOf(rest[union]);
    return branches.some(takesNull) ? rest : { ...rest, [union]: [...branches, NULL] };
  }
  if (rest.type !== undefined && rest.allOf === undefined) return { ...rest, ...type };
  const entries = Object.entries(rest);
  const inside = entries.filter(([key]) => !OUTSIDE.has(key));
  if (inside.length === 0) return rest;
  const outside = entries.filter(([key]) => OUTSIDE.has(key));
  return { ...Object.fromEntries(outside), anyOf: [Object.fromEntries(inside), NULL] };
};

/** Writes the boolean `exclusiveMinimum` and `exclusiveMaximum` of OpenAPI 3.0 as the bounds that JSON Schema made of them. */
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

function takesNull(branch: unknown): boolean {
  if (!isRecord(branch)) return branch === true;
  return (
    [branch.type].flat().includes('null') ||
    [...listOf(branch.oneOf), ...listOf(branch.anyOf)].some(takesNull)
  );
}
