import { InvalidArgumentError } from '../errors/index.js';
import { toPlainJson } from '../plain-json.js';
import type { ConnectTokenParams } from './types.js';

/** Parameters whose order has no meaning. */
const SETS: ReadonlySet<string> = new Set(['scopes', 'audience', 'resources']);
const DEFAULT_SCOPES: readonly string[] = ['*'];

/** A token request, taken down at the moment of the call so that a later change of the caller's object changes nothing. */
export interface TokenRequest {
  /** Names connector and parameters; the same for every order of fields and of set-like arrays. */
  readonly argumentsKey: string;
  /** What is sent, but for the buffer. */
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Takes down connector and parameters, with the default scopes filled in.
 *
 * The buffer is left out: it says how fresh the token must be, not which token it is. Fields that this package does not
 * know are sent and keyed as they are, so that nothing of the caller's is lost and nothing is shared by mistake.
 *
 * @throws {InvalidArgumentError} When the parameters are no plain JSON.
 */
export function takeDown(connector: string, params: ConnectTokenParams): TokenRequest {
  const { validityBufferMs: _, ...wanted } = params;
  // An object was put in, so an object comes out.
  const body = toPlainJson('params', { ...wanted, scopes: params.scopes ?? DEFAULT_SCOPES }) as Record<
    string,
    unknown
  >;
  const key = argumentsKey(connector, body);
  // Never an empty or shared key: what cannot be named exactly is refused.
  if (key === undefined) throw new InvalidArgumentError('params', 'must be plain JSON');
  return { argumentsKey: key, body };
}

/**
 * The key of connector and parameters, straight from the caller's objects.
 *
 * Every text in it is preceded by its length, so that no value can be read as two or reach into its neighbour, whatever a
 * caller puts into it. This runs at every call: it costs less than `JSON.stringify`.
 *
 * @returns `undefined` where something is no plain data (an instance, a getter's own class): {@link takeDown} then reads
 *   it the way JSON does.
 */
export function argumentsKey(connector: string, params: object): string | undefined {
  let key = textKey(connector);
  const fields = Object.keys(params);
  if (!fields.includes('scopes')) fields.push('scopes');
  if (fields.length > 1) fields.sort();
  for (const field of fields) {
    if (field === 'validityBufferMs') continue;
    let value: unknown = Reflect.get(params, field);
    if (value === undefined && field === 'scopes') value = DEFAULT_SCOPES;
    if (value === undefined) continue;
    const encoded = Array.isArray(value) && SETS.has(field) ? setKey(value) : valueKey(value, 0);
    if (encoded === undefined) return undefined;
    key += textKey(field) + encoded;
  }
  return key;
}

/** The full key of a token: where it came from, who asked, and what was asked. The first two have no line break. */
export function tokenKey(origin: string, identity: string, argumentsPart: string): string {
  return `${origin}\n${identity}\n${argumentsPart}`;
}

function textKey(text: string): string {
  return `${text.length}:${text}`;
}

/** Deeper data is left to JSON, which tells a cycle from depth. */
const MAX_DEPTH = 32;

function setKey(values: readonly unknown[]): string | undefined {
  return valueKey(values.length > 1 ? [...values].sort() : values, 0);
}

function valueKey(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return `"${textKey(value)}`;
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? `#${value}` : undefined;
  if (typeof value !== 'object' || depth > MAX_DEPTH) return undefined;
  return Array.isArray(value) ? listKey(value, depth + 1) : objectKey(value, depth + 1);
}

function listKey(values: readonly unknown[], depth: number): string | undefined {
  let key = `[${values.length}`;
  for (const value of values) {
    const encoded = valueKey(value, depth);
    if (encoded === undefined) return undefined;
    key += `,${encoded}`;
  }
  return key;
}

function objectKey(value: object, depth: number): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  if (typeof Reflect.get(value, 'toJSON') === 'function') return undefined;
  const fields = Object.keys(value);
  if (fields.length > 1) fields.sort();
  let key = '{';
  for (const field of fields) {
    const inner: unknown = Reflect.get(value, field);
    if (inner === undefined) continue;
    const encoded = valueKey(inner, depth);
    if (encoded === undefined) return undefined;
    key += textKey(field) + encoded;
  }
  return `${key}}`;
}
