import { InvalidArgumentError } from '../errors/index.js';
import { jsonText } from '../http/json-copy.js';
import type { OperationInfo } from '../openapi/operation-info.js';
import {
  defaultStyle,
  delimiterOf,
  type ParameterLocation,
  type ParameterStyle,
  serializeParameter,
} from '../openapi/parameters.js';
import { describeKind, describeValue } from '../util/redact.js';

type Values = Readonly<Record<string, unknown>>;

/**
 * Writes a query in the styles of the operation, `form` with `explode` where it names none. `undefined` and `null` mean that
 * the parameter is absent.
 *
 * @throws {InvalidArgumentError} Naming the parameter: for a `Date`, `Set`, `Map` or other object of a class, `NaN`,
 *   `null` in a list, nested objects, and half of a surrogate pair.
 */
export function serializeQuery(query: Values, operation: OperationInfo | undefined): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    const allowReserved = operation?.reserved?.includes(name);
    const style = styleIn(operation?.query, 'query', name);
    checkValue(value, `params.query.${name}`, { in: 'query', style });
    // An empty list and an empty object have no text in any style.
    const part = serializeParameter({ name, in: 'query', style, allowReserved }, value);
    if (part !== '') parts.push(part);
  }
  return parts.join('&');
}

/**
 * Writes the values of a path into its template, each in its style and as one segment.
 *
 * `''`, `.` and `..` are valid characters of a segment, but URL parsers collapse them (WHATWG URL, "shorten a path"), so
 * that the request would reach another operation. A lone surrogate cannot be percent-encoded. Everything else is sent
 * encoded, and the server decides.
 *
 * @param template - E.g. `/v1/connect/token/{connector}`.
 * @param values - The call's `params.path`.
 * @throws {InvalidArgumentError} Naming the parameter, for a placeholder without such a value.
 */
export function serializePath(template: string, values: Values, operation?: OperationInfo): string {
  return template.replaceAll(/\{([^{}]+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    let parts: readonly unknown[] = [value];
    if (Array.isArray(value)) parts = value;
    // Absent fields of an object are left out; a list has no absent items.
    else if (isPlainObject(value)) parts = Object.values(value).filter((one) => (one ?? null) !== null);
    if (parts.every(isLeaf)) {
      const style = styleIn(operation?.styles?.path, 'path', name);
      const segment = serializeParameter({ name, in: 'path', style }, value);
      if (segment !== '' && segment !== '.' && segment !== '..') return segment;
    }
    throw new InvalidArgumentError(
      `params.path.${name}`,
      `must be a non-empty string other than "." and "..", got ${describeValue(value)}`,
    );
  });
}

/**
 * Writes header parameters that are lists or objects in their styles; texts, numbers and `null` stay as they are.
 *
 * @throws {InvalidArgumentError} Naming the parameter, for a value that would be lost in it.
 */
export function serializeHeaders(headers: unknown, operation: OperationInfo | undefined): unknown {
  if (!isPlainObject(headers)) return headers;
  const entries = Object.entries(headers).map(([name, value]) => {
    const style = styleIn(operation?.styles?.header, 'header', name);
    if (style !== 'json' && !Array.isArray(value) && !isPlainObject(value)) return [name, value];
    checkValue(value, `params.header.${name}`, { in: 'header', style });
    return [name, serializeParameter({ name, in: 'header', style }, value)];
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
  const sent = Object.entries(cookies ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const [first] = sent;
  if (first === undefined) return '';
  if (!new Request('https://localhost', { headers: { cookie: 'a=1' } }).headers.has('cookie'))
    throw new InvalidArgumentError(
      `params.cookie.${first[0]}`,
      'cannot be sent: browsers let no script send cookies',
    );
  const parts = sent.map(([name, value]) => {
    const style = styleIn(operation?.styles?.cookie, 'cookie', name);
    checkValue(value, `params.cookie.${name}`, { in: 'cookie', style });
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

/** The form in which a value is written. */
interface Form {
  readonly in: ParameterLocation;
  readonly style: ParameterStyle;
}

/** @throws {InvalidArgumentError} For a value that would be lost in a parameter of this form. */
export function checkValue(value: unknown, at: string, form: Form): void {
  if (form.style === 'json') jsonText(at, value);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      if (form.style === 'deepObject' && isPlainObject(item)) checkFields(item, `${at}[${index}]`, form);
      else checkPart(item, `${at}[${index}]`, form);
  } else if (isPlainObject(value)) checkFields(value, at, form);
  else checkLeaf(value, at);
}

/** Only `deepObject` has a form for what is nested. */
function checkFields(value: Values, at: string, form: Form): void {
  for (const [field, held] of Object.entries(value)) {
    if (held === undefined || held === null) continue;
    if (form.style === 'deepObject') checkValue(held, `${at}.${field}`, form);
    else {
      checkDelimiter(field, at, form);
      if (form.style === 'simpleExplode' && form.in === 'header' && field.includes('='))
        throw new InvalidArgumentError(
          at,
          'must have fields without "=" in their names: it ends a name there',
        );
      checkPart(held, `${at}.${field}`, form);
    }
  }
}

function checkPart(value: unknown, at: string, form: Form): void {
  checkLeaf(value, at);
  checkDelimiter(String(value), at, form);
}

function checkDelimiter(part: string, at: string, form: Form): void {
  const [found] = delimiterOf(form.in, form.style)?.exec(part) ?? [];
  if (found === undefined) return;
  const style = form.in === 'header' ? 'a list in a header' : `the style ${form.style}`;
  throw new InvalidArgumentError(at, `must have no ${JSON.stringify(found)}, which ${style} cannot carry`);
}

function checkLeaf(value: unknown, at: string): void {
  if (isLeaf(value)) return;
  let rule = `must be a string, a number or a boolean, got ${describeKind(value)}`;
  if (value instanceof Date)
    rule =
      'must be a string or a number, got a Date: pass date.toISOString() or date.getTime(), as the API documents it';
  else if (value instanceof Set) rule = 'must be a plain array or object, got a Set: pass [...set]';
  else if (value instanceof Map)
    rule = 'must be a plain array or object, got a Map: pass Object.fromEntries(map)';
  else if (typeof value === 'number') rule = `must be a finite number, got ${value}`;
  else if (typeof value === 'string') rule = 'must be well-formed text, has half of a surrogate pair';
  throw new InvalidArgumentError(at, rule);
}

/** Returns whether a value has a text that can be encoded: one with half of a surrogate pair has none. */
function isLeaf(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
  return typeof value === 'boolean' || typeof value === 'bigint';
}

/** Whether a value is an object of no class. */
function isPlainObject(value: unknown): value is Values {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
