import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord, listOf } from '../../util/is-record.js';
import type { Formats } from './formats.js';
import type { SchemaSource } from './schema-source.js';

/** Receives each keyword that a value breaks. */
export type Assert = (keyword: string, params?: Readonly<Record<string, unknown>>) => void;

type Keywords = JsonSchema & object;

/** Reports the keywords of a schema that a value breaks, except for those that apply other schemas. */
export function assertKeywords(
  source: SchemaSource,
  schema: Keywords,
  value: unknown,
  formats: Formats,
  broken: Assert,
): void {
  const { type, enum: allowedValues } = schema;
  const isTyped = Array.isArray(type) ? type.some((one) => isOfType(value, one)) : isOfType(value, type);
  if (!isTyped) broken('type', { type });
  if (Array.isArray(allowedValues) && !isListed(source, allowedValues, value))
    broken('enum', { allowedValues });
  if (Object.hasOwn(schema, 'const') && !isSame(schema.const, value))
    broken('const', { allowedValue: schema.const });
  if (typeof value === 'string') assertText(source, schema, value, formats, broken);
  else if (typeof value === 'number') assertNumber(schema, value, broken);
  else if (Array.isArray(value)) assertList(schema, value, broken);
  else if (isRecord(value)) assertObject(schema, value, broken);
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case undefined:
      return true;
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'object':
      return isRecord(value);
    default:
      return typeof value === type;
  }
}

function isListed(source: SchemaSource, values: readonly unknown[], value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return source.setOf(values).has(value);
  return values.some((one) => isSame(one, value));
}

function assertText(
  source: SchemaSource,
  { minLength, maxLength, pattern, format }: Keywords,
  text: string,
  formats: Formats,
  broken: Assert,
): void {
  if (typeof minLength === 'number' && lengthOf(text) < minLength) broken('minLength', { limit: minLength });
  if (typeof maxLength === 'number' && text.length > maxLength && lengthOf(text) > maxLength)
    broken('maxLength', { limit: maxLength });
  if (typeof pattern === 'string' && !source.expression(pattern).test(text)) broken('pattern', { pattern });
  if (!source.checksFormats || typeof format !== 'string') return;
  const isFormat = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (isFormat !== undefined && !isFormat(text)) broken('format', { format });
}

/** Counts code points, as JSON Schema does, and not units of UTF-16. */
function lengthOf(text: string): number {
  return [...text].length;
}

function assertNumber(schema: Keywords, number: number, broken: Assert): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof minimum === 'number' && number < minimum) broken('minimum', { limit: minimum });
  if (typeof maximum === 'number' && number > maximum) broken('maximum', { limit: maximum });
  if (typeof exclusiveMinimum === 'number' && number <= exclusiveMinimum)
    broken('exclusiveMinimum', { limit: exclusiveMinimum });
  if (typeof exclusiveMaximum === 'number' && number >= exclusiveMaximum)
    broken('exclusiveMaximum', { limit: exclusiveMaximum });
  if (typeof multipleOf !== 'number') return;
  // By decimal notation: 19.99 is a multiple of 0.01, although their binary fractions are not exact.
  const quotient = number / multipleOf;
  const isMultiple = Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 4 * Number.EPSILON;
  if (!isMultiple) broken('multipleOf', { multipleOf });
}

function assertList(schema: Keywords, items: readonly unknown[], broken: Assert): void {
  const { minItems, maxItems, uniqueItems } = schema;
  if (typeof minItems === 'number' && items.length < minItems) broken('minItems', { limit: minItems });
  if (typeof maxItems === 'number' && items.length > maxItems) broken('maxItems', { limit: maxItems });
  if (uniqueItems === true && new Set(items.map(canonicalKey)).size < items.length) broken('uniqueItems');
}

function assertObject(schema: Keywords, object: Readonly<Record<string, unknown>>, broken: Assert): void {
  const { minProperties, maxProperties, required, dependentRequired, dependencies } = schema;
  const size = Object.keys(object).length;
  if (size < Number(minProperties ?? 0)) broken('minProperties', { limit: minProperties });
  if (size > Number(maxProperties ?? size)) broken('maxProperties', { limit: maxProperties });
  for (const missingProperty of listOf(required))
    if (!has(object, missingProperty)) broken('required', { missingProperty });
  for (const dependents of [dependentRequired, dependencies])
    if (isRecord(dependents)) assertDependents(dependents, object, broken);
}

function assertDependents(
  dependents: object,
  object: Readonly<Record<string, unknown>>,
  broken: Assert,
): void {
  for (const [name, others] of Object.entries(dependents)) {
    if (!has(object, name)) continue;
    for (const missingProperty of listOf(others))
      if (!has(object, missingProperty)) broken('dependentRequired', { missingProperty, name });
  }
}

function has(object: Readonly<Record<string, unknown>>, name: unknown): boolean {
  return Object.hasOwn(object, String(name)) && object[String(name)] !== undefined;
}

/** Compares two JSON values; the order of keys does not matter. */
function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  return canonicalKey(left) === canonicalKey(right);
}

/** Writes a value with its keys sorted, so that equal values give equal text. */
function canonicalKey(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalKey).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'undefined';
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalKey(value[name])}`).join()}}`;
}
