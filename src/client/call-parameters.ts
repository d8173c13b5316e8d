import { InvalidArgumentError } from '../errors/index.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import { defaultStyle, type ParameterLocation, type ParameterStyle } from '../openapi/parameter-style.js';
import { serializeParameter } from '../openapi/parameter-text.js';
import { hasLoneSurrogate } from '../util/lone-surrogate.js';
import { describeKind } from '../util/redact.js';

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
    checkValue(value, `params.query.${name}`, styleIn(operation?.query, 'query', name));
  }
}

/** Writes a query in the styles of the operation, `form` with `explode` where it names none. */
export function serializeQuery(query: Query, operation: OperationInfo | undefined): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    const allowReserved = operation?.reserved?.includes(name);
    const style = styleIn(operation?.query, 'query', name);
    // An empty list and an empty object have no text in any style.
    const part = serializeParameter({ name, in: 'query', style, allowReserved }, value);
    if (part !== '') parts.push(part);
  }
  return parts.join('&');
}

/** Writes the values of a path into its template, each in its style. */
export function serializePath(template: string, values: Query, operation: OperationInfo | undefined): string {
  return template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => segmentOf(name, values[name], operation));
}

/** Returns the text of a path parameter. */
export function segmentOf(name: string, value: unknown, operation: OperationInfo | undefined): string {
  const style = styleIn(operation?.styles?.path, 'path', name);
  return serializeParameter({ name, in: 'path', style }, value);
}

/** Writes header parameters that are lists or objects in their styles; texts, numbers and `null` stay as they are. */
export function serializeHeaders(headers: unknown, operation: OperationInfo | undefined): unknown {
  if (!isPlainObject(headers)) return headers;
  const entries = Object.entries(headers).map(([name, value]) => {
    const style = styleIn(operation?.styles?.header, 'header', name);
    const isText = style !== 'json' && !Array.isArray(value) && !isPlainObject(value);
    return [name, isText ? value : serializeParameter({ name, in: 'header', style }, value)];
  });
  return Object.fromEntries(entries);
}

/**
 * Writes cookie parameters as a `Cookie` header; an empty text for none.
 *
 * @throws {InvalidArgumentError} Where the runtime is a browser, which lets no script send cookies, or for a value that a cookie
 *   cannot carry.
 */
export function serializeCookies(cookies: unknown, operation: OperationInfo | undefined): string {
  const sent = Object.entries(isPlainObject(cookies) ? cookies : {}).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  const [first] = sent;
  if (first === undefined) return '';
  if (!new Request('https://localhost', { headers: { cookie: 'a=1' } }).headers.has('cookie'))
    throw new InvalidArgumentError(
      `params.cookie.${first[0]}`,
      'cannot be sent: browsers let no script send cookies',
    );
  const parts = sent.map(([name, value]) => {
    const style = styleIn(operation?.styles?.cookie, 'cookie', name);
    checkValue(value, `params.cookie.${name}`, style);
    return serializeParameter({ name, in: 'cookie', style }, value);
  });
  return parts.filter((part) => part !== '').join('; ');
}

function styleIn(
  styles: Readonly<Record<string, ParameterStyle>> | undefined,
  place: ParameterLocation,
  name: string,
): ParameterStyle {
  const own = styles !== undefined && Object.hasOwn(styles, name) ? styles[name] : undefined;
  return own ?? defaultStyle(place);
}

function checkValue(value: unknown, at: string, style: ParameterStyle): void {
  if (style === 'json') checkJsonParameter(value, at);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries())
      if (style === 'deepObject' && isPlainObject(item)) checkFields(item, `${at}[${index}]`, style);
      else checkLeaf(item, `${at}[${index}]`);
  else if (isPlainObject(value)) checkFields(value, at, style);
  else checkLeaf(value, at);
}

/** Only `deepObject` has a form for what is nested. */
function checkFields(value: Query, at: string, style: ParameterStyle): void {
  for (const [field, held] of Object.entries(value)) {
    if (held === undefined || held === null) continue;
    if (style === 'deepObject') checkValue(held, `${at}.${field}`, style);
    else checkLeaf(held, `${at}.${field}`);
  }
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

/** Whether a value is an object of no class. */
export function isPlainObject(value: unknown): value is Query {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
