import { listOf } from '../../util/is-record.js';
import type { SchemaRepair } from './types.js';

/** Drops values that an enum lists twice, gives an enum without type the type of its values, and orders the values. */
export const repairEnum: SchemaRepair = (schema, note) => {
  if (!Array.isArray(schema.enum)) {
    const values = schema['x-extensible-enum'];
    return Array.isArray(values) ? { ...schema, 'x-extensible-enum': sortValues(values) } : schema;
  }
  const values = listOf(schema.enum);
  const unique = sortValues(values);
  if (unique.length < values.length)
    note('duplicate-enum-value', `${values.length} values, ${unique.length} of them different`, 'enum');
  const isTyped = ['type', '$ref', 'oneOf', 'anyOf', 'allOf'].some((key) => schema[key] !== undefined);
  if (isTyped || unique.length === 0) return { ...schema, enum: unique };
  const types = unique.map((value) =>
    value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value,
  );
  const sorted = sortTypes(types);
  note('enum-without-type', `type ${sorted.join(' or ')}`);
  return { ...schema, enum: unique, type: sorted.length === 1 ? sorted[0] : sorted };
};

/** Returns the distinct types, `null` last and the others by name. */
export function sortTypes(types: readonly unknown[]): unknown[] {
  return [...new Set(types)].sort(
    (left, right) =>
      Number(left === 'null') - Number(right === 'null') || (String(left) < String(right) ? -1 : 1),
  );
}

/** Returns the distinct values, `null` last, the others by type and then by value. */
export function sortValues(values: readonly unknown[]): unknown[] {
  const keyed = new Map(values.map((value) => [JSON.stringify(value), value]));
  const sorted = [...keyed].sort(([leftText, left], [rightText, right]) => {
    const rank = Number(left === null) - Number(right === null);
    if (rank !== 0) return rank;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    const [a, b] = [typeof left + leftText, typeof right + rightText];
    return a < b ? -1 : Number(a > b);
  });
  return sorted.map(([, value]) => value);
}
