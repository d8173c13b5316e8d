import type { JsonObject } from '../document.js';
import { list } from '../walk-operations.js';
import type { SchemaRepair } from './types.js';

/** Drops values that an enum lists twice, gives an enum without type the type of its values, and orders the values. */
export const repairEnum: SchemaRepair = (schema, note) => {
  if (!Array.isArray(schema.enum)) return orderExtensible(schema);
  const values = list(schema.enum);
  const unique = sortValues(values);
  const result: Record<string, unknown> = { ...schema };
  if (unique.length < values.length)
    note('duplicate-enum-value', `${values.length} values, ${unique.length} of them different`, 'enum');
  result.enum = unique;
  if (schema.type === undefined && unique.length > 0 && isPlain(schema)) {
    result.type = typeOfValues(unique);
    note('enum-without-type', `type ${[result.type].flat().join(' or ')}`);
  }
  return result;
};

/** Distinct values, `null` last, the others by type and then by value. */
export function sortValues(values: readonly unknown[]): unknown[] {
  const keyed = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...keyed.values()].sort(compareValues);
}

function compareValues(left: unknown, right: unknown): number {
  const rank = Number(left === null) - Number(right === null);
  if (rank !== 0) return rank;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const [a, b] = [typeof left + JSON.stringify(left), typeof right + JSON.stringify(right)];
  return a < b ? -1 : Number(a > b);
}

function orderExtensible(schema: JsonObject): JsonObject {
  const values = schema['x-extensible-enum'];
  return Array.isArray(values) ? { ...schema, 'x-extensible-enum': sortValues(values) } : schema;
}

/** Whether nothing but the enum says what a value is. */
function isPlain(schema: JsonObject): boolean {
  return ['$ref', 'oneOf', 'anyOf', 'allOf'].every((key) => schema[key] === undefined);
}

function typeOfValues(values: readonly unknown[]): string | string[] {
  const types = new Set(values.map(jsonType));
  const [first = 'string', ...others] = [...types].sort(
    (left, right) => Number(left === 'null') - Number(right === 'null') || (left < right ? -1 : 1),
  );
  return others.length === 0 ? first : [first, ...others];
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
