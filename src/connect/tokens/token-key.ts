import { InvalidArgumentError } from '../../errors/index.js';
import { toPlainJson } from '../../http/json-copy.js';
import type { Identify } from '../../transport/auth/identity.js';
import { isRecord } from '../../util/is-record.js';
import type { ConnectTokenParams } from '../types.js';

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
export function takeDown(connector: string, params: ConnectTokenParams, identify: Identify): TokenRequest {
  const { validityBufferMs: _, ...wanted } = params;
  // An object was put in, so an object comes out.
  const body = toPlainJson('params', { ...wanted, scopes: params.scopes ?? DEFAULT_SCOPES }) as Record<
    string,
    unknown
  >;
  const key = argumentsKey(connector, body, identify);
  // Never an empty or shared key: what cannot be named exactly is refused.
  if (key === undefined) throw new InvalidArgumentError('params', 'must be plain JSON');
  return { argumentsKey: key, body };
}

/**
 * The key of connector and parameters, straight from the caller's objects.
 *
 * An array that JSON writes down, with every object in it as a list of names and values in order: no value can be read
 * as two or reach into its neighbour, whatever a caller puts into it. This runs at every call, hence one text made at
 * once: a text joined of many pieces costs a look-up more than it cost to make.
 *
 * @param identify - Gives the digest that stands for a token among the parameters.
 * @returns `undefined` where something is no plain data (an instance, a getter's own class): {@link takeDown} then reads
 *   it the way JSON does.
 */
export function argumentsKey(connector: string, params: object, identify: Identify): string | undefined {
  const parts: unknown[] = [connector];
  const fields = Object.keys(params);
  if (!fields.includes('scopes')) fields.push('scopes');
  for (const field of inOrder(fields)) {
    if (field === 'validityBufferMs') continue;
    let value: unknown = Reflect.get(params, field);
    if (value === undefined && field === 'scopes') value = DEFAULT_SCOPES;
    if (value === undefined) continue;
    if (field === 'subject') value = withoutToken(value, identify);
    const part = Array.isArray(value) && SETS.has(field) ? setPart(value) : partOf(value, 0);
    if (part === undefined) return undefined;
    parts.push(field, part);
  }
  return JSON.stringify(parts);
}

/** The full key of a token: where it came from, who asked, and what was asked. The first two have no line break. */
export function tokenKey(origin: string, identity: string, argumentsPart: string): string {
  return `${origin}\n${identity}\n${argumentsPart}`;
}

/** Deeper data is left to JSON, which tells a cycle from depth. */
const MAX_DEPTH = 32;
/** What tells a list from an object, which are both arrays in a key. */
const LIST = 0;
const OBJECT = 1;

/** What stands for a value in a key; `undefined` for what is no plain data. */
function partOf(value: unknown, depth: number): unknown {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || depth > MAX_DEPTH) return undefined;
  return Array.isArray(value) ? listPart(value, depth + 1) : objectPart(value, depth + 1);
}

/** A subject's token is a secret: its digest stands for it. */
function withoutToken(subject: unknown, identify: Identify): unknown {
  if (!isRecord(subject) || !isPlain(subject) || typeof subject.token !== 'string') return subject;
  return { ...subject, token: identify(subject.token) };
}

/** A set of texts; anything else in it is left to the check of the arguments, which refuses it by name. */
function setPart(values: readonly unknown[]): unknown {
  return values.every((value) => typeof value === 'string') ? inOrder([...values]) : undefined;
}

function listPart(values: readonly unknown[], depth: number): unknown {
  const parts: unknown[] = [LIST];
  for (const value of values) {
    const part = partOf(value, depth);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

function objectPart(value: object, depth: number): unknown {
  if (!isPlain(value)) return undefined;
  const parts: unknown[] = [OBJECT];
  for (const field of inOrder(Object.keys(value))) {
    const inner: unknown = Reflect.get(value, field);
    if (inner === undefined) continue;
    const part = partOf(inner, depth);
    if (part === undefined) return undefined;
    parts.push(field, part);
  }
  return parts;
}

/** Whether JSON would write an object down by its own fields. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  const isOrdinary = prototype === Object.prototype || prototype === null;
  return isOrdinary && typeof Reflect.get(value, 'toJSON') !== 'function';
}

/** Above this many, sorting by insertion is the slower way. */
const FEW = 16;

/** Sorts in place. Lists here have two or three items, for which a general sort takes several times as long. */
function inOrder<T>(items: T[]): T[] {
  if (items.length > FEW) return items.sort();
  for (let end = 1; end < items.length; end++) {
    // Both places are inside the list.
    const item = items[end] as T;
    let place = end;
    for (; place > 0 && (items[place - 1] as T) > item; place--) items[place] = items[place - 1] as T;
    items[place] = item;
  }
  return items;
}
