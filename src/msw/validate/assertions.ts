import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import type { SchemaSource } from './components.js';
import type { Formats } from './formats.js';
import { listOf } from './schema-parts.js';

/** Told of each keyword that a value breaks. */
export type Assert = (keyword: string, params?: Readonly<Record<string, unknown>>) => void;

type Keywords = JsonSchema & object;

/** Finds which keywords of a schema a value breaks, of those that say nothing of what the value holds inside. */
export function assertKeywords(
  source: SchemaSource,
  schema: Keywords,
  value: unknown,
  formats: Formats,
  broken: Assert,
): void {
  assertAny(source, schema, value, broken);
  if (typeof value === 'string') assertText(source, schema, value, formats, broken);
  else if (typeof value === 'number') assertNumber(schema, value, broken);
  else if (Array.isArray(value)) assertList(schema, value, broken);
  else if (isRecord(value)) assertObject(schema, value, broken);
}

function assertAny(source: SchemaSource, schema: Keywords, value: unknown, broken: Assert): void {
  const { type } = schema;
  if (type !== undefined && !(Array.isArray(type) ? type : [type]).some((one) => isOfType(value, one)))
    broken('type', { type });
  const allowedValues = schema.enum;
  if (Array.isArray(allowedValues) && !isListed(source, allowedValues, value))
    broken('enum', { allowedValues });
  if (Object.hasOwn(schema, 'const') && !isSame(schema.const, value))
    broken('const', { allowedValue: schema.const });
}

function isListed(source: SchemaSource, values: readonly unknown[], value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return source.setOf(values).has(value);
  return values.some((one) => isSame(one, value));
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return Number.isFinite(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  return type === 'object' ? isRecord(value) : typeof value === type;
}

function assertText(
  source: SchemaSource,
  schema: Keywords,
  text: string,
  formats: Formats,
  broken: Assert,
): void {
  const { minLength, maxLength, pattern, format } = schema;
  if (typeof minLength === 'number' && lengthOf(text) < minLength) broken('minLength', { limit: minLength });
  if (typeof maxLength === 'number' && text.length > maxLength && lengthOf(text) > maxLength)
    broken('maxLength', { limit: maxLength });
  if (typeof pattern === 'string' && !source.expression(pattern).test(text)) broken('pattern', { pattern });
  if (!source.checksFormats || typeof format !== 'string') return;
  const isFormat = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (isFormat !== undefined && !isFormat(text)) broken('format', { format });
}

/** Counts characters as a reader does, and not units of UTF-16. */
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
  if (typeof multipleOf === 'number' && !isMultiple(number, multipleOf)) broken('multipleOf', { multipleOf });
}

/** Whether a number is a multiple as it is written in decimal: 19.99 is one of 0.01, which binary fractions deny. */
function isMultiple(number: number, step: number): boolean {
  const quotient = number / step;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 4 * Number.EPSILON;
}

function assertList(schema: Keywords, items: readonly unknown[], broken: Assert): void {
  const { minItems, maxItems, uniqueItems } = schema;
  if (typeof minItems === 'number' && items.length < minItems) broken('minItems', { limit: minItems });
  if (typeof maxItems === 'number' && items.length > maxItems) broken('maxItems', { limit: maxItems });
  if (uniqueItems === true && new Set(items.map(canonicalKey)).size < items.length) broken('uniqueItems');
}

function assertObject(schema: Keywords, object: Readonly<Record<string, unknown>>, broken: Assert): void {
  const { minProperties, maxProperties } = schema;
  const has = (name: unknown) => Object.hasOwn(object, String(name)) && object[String(name)] !== undefined;
  const size = Object.keys(object).length;
  if (size < Number(minProperties ?? 0)) broken('minProperties', { limit: minProperties });
  if (size > Number(maxProperties ?? size)) broken('maxProperties', { limit: maxProperties });
  for (const missingProperty of listOf(schema.required))
    if (!has(missingProperty)) broken('required', { missingProperty });
  for (const [name, others] of dependentsOf(schema).filter(([dependent]) => has(dependent)))
    for (const missingProperty of listOf(others).filter((other) => !has(other)))
      broken('dependentRequired', { missingProperty, name });
}

function dependentsOf({ dependentRequired, dependencies }: Keywords): [string, unknown][] {
  return [dependentRequired, dependencies].flatMap((one) => (isRecord(one) ? Object.entries(one) : []));
}

/** Whether two values of JSON are the same, whatever the order of their keys. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  return canonicalKey(left) === canonicalKey(right);
}

/** Writes a value so that equal ones are written the same: keys are sorted. */
function canonicalKey(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalKey).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'undefined';
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonicalKey(value[name])}`).join()}}`;
}
