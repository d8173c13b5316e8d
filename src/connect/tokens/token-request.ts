import { InvalidArgumentError } from '../../errors/index.js';
import { toPlainJson } from '../../http/json-copy.js';
import type { Identify } from '../../transport/auth/identity.js';
import { isRecord } from '../../util/is-record.js';
import { checkConnector, checkTokenParams } from '../check-arguments.js';
import type { KeyPart } from './key-cache.js';

/** Parameters whose order has no meaning. */
const SETS: ReadonlySet<string> = new Set(['scopes', 'audience', 'resources']);
const DEFAULT_SCOPES: readonly string[] = ['*'];

type PlainObject = Record<string, unknown>;

/** The arguments of a token call, checked and copied before anything is awaited. */
export interface TokenRequest {
  readonly connector: string;
  /** Names connector and parameters. They are the same for every order of fields and of set-like arrays, and hold no token. */
  readonly parts: readonly KeyPart[];
  /** The body to send, without the buffer. It can hold a subject's token: keep it no longer than the call. */
  readonly body: Readonly<PlainObject>;
  /** The caller's own buffer in milliseconds. */
  readonly bufferMs: number | undefined;
}

/**
 * Checks and copies connector and parameters, and makes the parts of their key.
 *
 * This is the only reader of the parameters: each field is read once, so the checks, the key and the body cannot see
 * different values. The buffer is not part of the key, because it says how fresh the token must be and not which token it
 * is. Unknown fields are sent and keyed as they are.
 *
 * @param identify - Gives the digest that stands for a subject's token in the key.
 * @throws {InvalidArgumentError} Naming the field, never a value that may be secret.
 */
export function readTokenRequest(connector: unknown, params: unknown, identify: Identify): TokenRequest {
  checkConnector(connector);
  const parts: KeyPart[] = [connector];
  const body = isRecord(params) ? copyArguments(params, parts, identify) : params;
  checkTokenParams(body);
  const bufferMs = body.validityBufferMs;
  if (bufferMs !== undefined) delete body.validityBufferMs;
  // The default scopes have no part of their own: whoever asks for them by name means the same.
  if (body.scopes === undefined) body.scopes = DEFAULT_SCOPES;
  // The check above allows a number or nothing.
  return { connector, parts, body, bufferMs: bufferMs as number | undefined };
}

/** Copies the parameters and pushes the parts of their key in one go, because this is most of what a hit costs. */
function copyArguments(params: PlainObject, parts: KeyPart[], identify: Identify): PlainObject {
  if (!isOrdinary(params, Object.prototype)) {
    const copy = snapshot('params', params);
    return copyArguments(copy, parts, identify);
  }
  try {
    const copy: PlainObject = {};
    for (const field of inOrder(Object.keys(params))) {
      const given = params[field];
      // The check of the arguments names the field.
      const value = typeof given === 'bigint' ? Number.NaN : copyOf(given, 1);
      if (value === undefined) continue;
      setField(copy, field, value);
      if (field === 'validityBufferMs' || (field === 'scopes' && isDefault(value))) continue;
      parts.push(field);
      if (Array.isArray(value) && SETS.has(field)) pushList(parts, inOrder(value.slice()));
      else pushPart(parts, field === 'subject' ? withoutToken(value, identify) : value);
    }
    return copy;
  } catch (cause) {
    throw refusePlain('params', cause);
  }
}

/** Sets a field of a copy: an assignment to `__proto__` would set its prototype. */
function setField(copy: PlainObject, field: string, value: unknown): void {
  switch (field) {
    // By name, which takes half as long, for the fields that nearly every call has.
    case 'subject':
      copy.subject = value;
      break;
    case 'type':
      copy.type = value;
      break;
    case 'id':
      copy.id = value;
      break;
    case 'issuer':
      copy.issuer = value;
      break;
    case 'scopes':
      copy.scopes = value;
      break;
    case 'installationId':
      copy.installationId = value;
      break;
    case '__proto__':
      Object.defineProperty(copy, field, { value, enumerable: true });
      break;
    default:
      copy[field] = value;
  }
}

function isDefault(scopes: unknown): boolean {
  return Array.isArray(scopes) && scopes.length === 1 && scopes[0] === '*';
}

/** Returns the parts of a key as one text: what no other parts give. */
export function argumentsKey({ parts }: Pick<TokenRequest, 'parts'>): string {
  return JSON.stringify(parts);
}

/**
 * Copies an argument as JSON carries it. Each field is read once, and later changes of the original change nothing.
 *
 * @param field - Name of the argument, for the error.
 * @throws {InvalidArgumentError} When something in it would be lost or cannot be written: a cycle, a bigint, a function.
 */
export function snapshot(field: string, value: object): PlainObject {
  let copy: unknown;
  try {
    copy = copyOf(value);
  } catch (cause) {
    throw refusePlain(field, cause);
  }
  if (isRecord(copy)) return copy;
  throw new InvalidArgumentError(field, 'must be an object');
}

function refusePlain(field: string, cause: unknown): InvalidArgumentError {
  if (cause instanceof InvalidArgumentError) return cause;
  return new InvalidArgumentError(field, 'must be plain JSON, without cycles, bigints or functions', {
    cause,
  });
}

/** Returns the full key of a token: API, caller and arguments. The first two contain no line break. */
export function tokenKey(origin: string, identity: string, argumentsKey: string): string {
  return `${origin}\n${identity}\n${argumentsKey}`;
}

/** Returns a subject that tells the same principals apart, with a digest in place of a token. */
export function withoutToken(subject: unknown, identify: Identify): unknown {
  if (!isRecord(subject) || typeof subject.token !== 'string') return subject;
  return { ...subject, token: identify(subject.token) };
}

/** Deeper data is left to JSON, which distinguishes a cycle from depth. */
const MAX_DEPTH = 32;

function copyOf(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
    case 'undefined':
      return value;
    case 'object':
      if (value === null) return null;
      if (depth > MAX_DEPTH) return throughJson(value);
      if (Array.isArray(value))
        return isOrdinary(value, Array.prototype) ? copyList(value, depth) : throughJson(value);
      // An object that is no array has fields.
      return isOrdinary(value, Object.prototype)
        ? copyObject(value as PlainObject, depth)
        : throughJson(value);
    default:
      throw new TypeError(`a ${typeof value} is not JSON`);
  }
}

/** Whether JSON would write a value by its own fields. */
function isOrdinary(value: object & { readonly toJSON?: unknown }, expected: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === expected || prototype === null) && value.toJSON === undefined;
}

function copyList(values: readonly unknown[], depth: number): unknown[] {
  // By index, as JSON does: an iterator of the caller's own must not decide what is sent.
  const copy = values.slice();
  for (let at = 0; at < copy.length; at++) {
    const given = copy[at];
    if (typeof given !== 'string') copy[at] = copyOf(given, depth + 1) ?? null;
  }
  return copy;
}

function copyObject(value: PlainObject, depth: number): PlainObject {
  // Field by field: a spread of objects of many shapes takes several times as long.
  const copy: PlainObject = {};
  for (const field of Object.keys(value)) {
    const given = value[field];
    const inner = typeof given === 'string' ? given : copyOf(given, depth + 1);
    if (inner !== undefined) setField(copy, field, inner);
  }
  return copy;
}

/** An instance, a list with a `toJSON`, or data that is very deep: written and read once. */
function throughJson(value: object): unknown {
  return toPlainJson('params', value);
}

// A number in a key says what follows it: lists and objects with their count, a number as text. No value can be read as two or
// reach into its neighbour, whatever a caller puts into it.
const [NULL, FALSE, TRUE, NUMBER, LIST, OBJECT] = [0, 1, 2, 3, 4, 5] as const;
const COUNT = 8;

function pushPart(parts: KeyPart[], value: unknown): void {
  if (typeof value === 'string') parts.push(value);
  else if (typeof value === 'boolean') parts.push(value ? TRUE : FALSE);
  // What JSON writes as null is null.
  else if (typeof value === 'number' && Number.isFinite(value)) parts.push(NUMBER, String(value));
  else if (Array.isArray(value)) pushList(parts, value);
  else if (isRecord(value)) pushObject(parts, value);
  else parts.push(NULL);
}

function pushList(parts: KeyPart[], values: readonly unknown[]): void {
  parts.push(LIST + COUNT * values.length);
  for (const value of values) {
    if (typeof value === 'string') parts.push(value);
    else pushPart(parts, value);
  }
}

function pushObject(parts: KeyPart[], value: PlainObject): void {
  const fields = inOrder(Object.keys(value));
  parts.push(OBJECT + COUNT * fields.length);
  for (const field of fields) {
    parts.push(field);
    pushPart(parts, value[field]);
  }
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
