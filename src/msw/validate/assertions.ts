import type { JsonSchema } from '../../openapi/contract-types.js';
import { isRecord } from '../../util/is-record.js';
import { FORMATS } from './formats.js';
import { listOf } from './schema-parts.js';

/** Told of each keyword that a value breaks. */
export type Break = (keyword: string, params?: Readonly<Record<string, unknown>>) => void;

type Keywords = JsonSchema & object;

/** Tells which keywords of a schema a value breaks, of those that say nothing of what the value holds inside. */
export function breaksOf(schema: Keywords, value: unknown, broken: Break): void {
  breaksOfAny(schema, value, broken);
  if (typeof value === 'string') breaksOfText(schema, value, broken);
  else if (typeof value === 'number') breaksOfNumber(schema, value, broken);
  else if (Array.isArray(value)) breaksOfList(schema, value, broken);
  else if (isRecord(value)) breaksOfObject(schema, value, broken);
}

function breaksOfAny(schema: Keywords, value: unknown, broken: Break): void {
  const { type } = schema;
  if (type !== undefined && ![type].flat().some((one) => isOfType(value, one))) broken('type', { type });
  if (schema.enum !== undefined && !listOf(schema.enum).some((one) => isSame(one, value))) broken('enum');
  if (Object.hasOwn(schema, 'const') && !isSame(schema.const, value)) broken('const');
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return Number.isFinite(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  return type === 'object' ? isRecord(value) : typeof value === type;
}

function breaksOfText(schema: Keywords, text: string, broken: Break): void {
  const { minLength, maxLength, pattern, format } = schema;
  // In characters as a reader counts them, and not in units of UTF-16.
  if (typeof minLength === 'number' && [...text].length < minLength) broken('minLength');
  if (typeof maxLength === 'number' && [...text].length > maxLength) broken('maxLength');
  if (typeof pattern === 'string' && !expressionOf(pattern).test(text)) broken('pattern', { pattern });
  const isFormat = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (isFormat !== undefined && !isFormat(text)) broken('format', { format });
}

const expressions = new Map<string, RegExp>();
/** Kept compiled; a document has a few dozen. */
const MAX_EXPRESSIONS = 500;

/** The expression of a pattern, which is read with Unicode as JSON Schema has it. */
export function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern);
  if (known !== undefined) return known;
  if (expressions.size >= MAX_EXPRESSIONS) expressions.clear();
  const expression = new RegExp(pattern, 'u');
  expressions.set(pattern, expression);
  return expression;
}

function breaksOfNumber(schema: Keywords, number: number, broken: Break): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof minimum === 'number' && number < minimum) broken('minimum');
  if (typeof maximum === 'number' && number > maximum) broken('maximum');
  if (typeof exclusiveMinimum === 'number' && number <= exclusiveMinimum) broken('exclusiveMinimum');
  if (typeof exclusiveMaximum === 'number' && number >= exclusiveMaximum) broken('exclusiveMaximum');
  if (typeof multipleOf === 'number' && !Number.isInteger(number / multipleOf)) broken('multipleOf');
}

function breaksOfList(schema: Keywords, items: readonly unknown[], broken: Break): void {
  const { minItems, maxItems, uniqueItems } = schema;
  if (typeof minItems === 'number' && items.length < minItems) broken('minItems');
  if (typeof maxItems === 'number' && items.length > maxItems) broken('maxItems');
  if (uniqueItems !== true) return;
  const twice = items.some((item, index) => items.slice(0, index).some((other) => isSame(other, item)));
  if (twice) broken('uniqueItems');
}

function breaksOfObject(schema: Keywords, object: Readonly<Record<string, unknown>>, broken: Break): void {
  const { minProperties, maxProperties, dependentRequired } = schema;
  const has = (name: unknown) => Object.hasOwn(object, String(name)) && object[String(name)] !== undefined;
  const size = Object.keys(object).length;
  if (typeof minProperties === 'number' && size < minProperties) broken('minProperties');
  if (typeof maxProperties === 'number' && size > maxProperties) broken('maxProperties');
  for (const missingProperty of listOf(schema.required))
    if (!has(missingProperty)) broken('required', { missingProperty });
  for (const [name, others] of Object.entries(isRecord(dependentRequired) ? dependentRequired : {}))
    for (const missingProperty of listOf(others))
      if (has(name) && !has(missingProperty)) broken('dependentRequired', { missingProperty });
}

/** Whether two values of JSON are the same, whatever the order of their keys. */
function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  if (!isRecord(left) || !isRecord(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]))
  );
}
