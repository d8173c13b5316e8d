import { InvalidArgumentError } from '../errors/index.js';
import type { OperationInfo, QueryStyle } from '../openapi/operation-info.js';
import { describeKind } from '../util/redact.js';
import { hasLoneSurrogate } from './check-path.js';
import { serializeArrayParam, serializeObjectParam, serializePrimitiveParam } from './openapi-fetch.js';

type Query = Readonly<Record<string, unknown>>;
type Leaf = string | number | boolean | bigint;

/**
 * Checks that each value of a query can be sent as it is meant.
 *
 * `undefined` and `null` mean that the parameter is absent.
 *
 * @throws {InvalidArgumentError} Naming the parameter: for a `Date`, `Set`, `Map` or other object of a class, `NaN`,
 *   `null` in a list, nested objects, and half of a surrogate pair.
 */
export function checkQuery(query: Query, operation: OperationInfo | undefined): void {
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    const at = `params.query.${name}`;
    if (operation?.query?.[name] === 'json') checkJsonParameter(value, at);
    else if (Array.isArray(value))
      for (const [index, item] of value.entries()) checkLeaf(item, `${at}[${index}]`);
    else if (isPlainObject(value)) checkFields(value, at);
    else checkLeaf(value, at);
  }
}

/** Writes a query in the styles of the operation, `form` with `explode` where it names none (OpenAPI 3.1, 4.8.12.2). */
export function serializeQuery(query: Query, operation: OperationInfo | undefined): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    // An empty list and an empty object have no text in any style.
    const part = serializeParameter(name, value, operation?.query?.[name]);
    if (part !== '') parts.push(part);
  }
  return parts.join('&');
}

function serializeParameter(name: string, value: unknown, style: QueryStyle | undefined): string {
  const key = encodeName(name);
  if (style === 'json') return `${key}=${encodeURIComponent(JSON.stringify(value))}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return '';
    if (style === undefined || style === 'deepObject')
      return serializeArrayParam(key, value, { style: 'form', explode: true });
    return serializeArrayParam(key, value, { style, explode: false });
  }
  if (!isPlainObject(value)) return serializePrimitiveParam(key, String(value));
  const fields = Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined && field !== null)
      .map(([field, held]) => [encodeName(field), String(held)]),
  );
  if (Object.keys(fields).length === 0) return '';
  if (style === 'deepObject') return serializeObjectParam(key, fields, { style, explode: true });
  return serializeObjectParam(key, fields, { style: 'form', explode: style === undefined });
}

// Brackets are left alone: `filter[name]` is how documents spell a name, and servers read both forms.
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('%5B', '[').replaceAll('%5D', ']');
}

function checkFields(value: Query, at: string): void {
  for (const [field, held] of Object.entries(value))
    if (held !== undefined && held !== null) checkLeaf(held, `${at}.${field}`);
}

function checkLeaf(value: unknown, at: string): asserts value is Leaf {
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value === 'boolean' || typeof value === 'bigint') return;
  if (typeof value !== 'string') throw new InvalidArgumentError(at, ruleFor(value));
  if (hasLoneSurrogate(value))
    throw new InvalidArgumentError(at, 'must be well-formed text, has half of a surrogate pair');
}

function ruleFor(value: unknown): string {
  if (value instanceof Date)
    return 'must be a string or a number, got a Date: pass date.toISOString() or date.getTime(), as the API documents it';
  if (value instanceof Set || value instanceof Map)
    return `must be a plain array or object, got a ${value instanceof Set ? 'Set: pass [...set]' : 'Map: pass Object.fromEntries(map)'}`;
  if (typeof value === 'number') return `must be a finite number, got ${value}`;
  return `must be a string, a number or a boolean, got ${describeKind(value)}`;
}

function checkJsonParameter(value: unknown, at: string): void {
  try {
    if (JSON.stringify(value) !== undefined) return;
  } catch (cause) {
    throw new InvalidArgumentError(at, 'must be a value that JSON can carry', { cause });
  }
  throw new InvalidArgumentError(at, `must be a value that JSON can carry, got ${describeKind(value)}`);
}

function isPlainObject(value: unknown): value is Query {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
