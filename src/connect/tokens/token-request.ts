import { InvalidArgumentError } from '../../errors/index.js';
import { toPlainJson } from '../../http/json-copy.js';
import type { Identify } from '../../transport/auth/identity.js';
import { isRecord } from '../../util/is-record.js';
import { lostInJson } from '../../util/json-loss.js';
import { describeValue } from '../../util/redact.js';
import { checkConnector, checkGrantParams, readSubject } from '../check-arguments.js';
import type { CacheLocation } from './cache-request.js';

/** Parameters whose order has no meaning. */
const SETS: ReadonlySet<string> = new Set(['scopes', 'audience', 'resources']);
const DEFAULT_SCOPES: readonly string[] = ['*'];

type PlainObject = Record<string, unknown>;

/** The connector and parameters of a token call, checked and copied before anything is awaited. */
export interface TokenRequest {
  readonly connector: string;
  /** Names connector and parameters. The same for every order of fields and of set-like arrays, and without a token. */
  readonly argumentsKey: string;
  /** The body to send, without the buffer. It can hold a subject's token: keep it no longer than the call. */
  readonly body: Readonly<PlainObject>;
  /** The body with a digest in place of a subject's token. */
  readonly params: Readonly<PlainObject>;
  /** The caller's own buffer in milliseconds. */
  readonly bufferMs: number | undefined;
  /** The location of the last call with this request. */
  location?: CacheLocation;
}

/**
 * Checks and copies connector and parameters.
 *
 * @throws {InvalidArgumentError} Naming the field, never a value that may be secret.
 */
export type ReadTokenRequest = (connector: unknown, params: unknown) => TokenRequest;

/** A step of what a caller passes: a connector, a name, a value, or where an object or a list begins and ends. */
type Step = string | number | boolean | null | symbol;

/** A node of the tree of known arguments. */
interface KnownNode {
  readonly next: Map<Step, KnownNode>;
  request?: TokenRequest;
}

/** The nodes that one request needs, as a rule. */
const NODES_PER_REQUEST = 24;

/**
 * Makes the only reader of a token call's parameters.
 *
 * It reads each field once and copies it. Checks, key and body come from the copy, so they cannot see different values.
 * Arguments that it has seen are found in a tree by the caller's own strings, whose hashes the engine knows: writing them
 * down as JSON takes twice as long. Arguments with a subject's token are never kept. When the tree is full, it forgets all.
 *
 * @param max - The number of requests that it remembers.
 * @param identify - Returns the digest that replaces a subject's token in the key.
 */
export function createTokenRequestReader(max: number, identify: Identify): ReadTokenRequest {
  let root: KnownNode = { next: new Map() };
  let nodes = 0;

  function remember(connector: string, steps: readonly Step[], request: TokenRequest): void {
    if (nodes + steps.length > max * NODES_PER_REQUEST) {
      root = { next: new Map() };
      nodes = 0;
    }
    let node = root;
    for (const step of [connector, ...steps]) {
      const known = node.next.get(step) ?? { next: new Map() };
      if (!node.next.has(step)) nodes++;
      node.next.set(step, known);
      node = known;
    }
    node.request = request;
  }

  return (connector, params) => {
    const steps: Step[] = [];
    let copy: unknown = params;
    try {
      if (typeof params === 'object') copy = copyJson(params, steps, true);
    } catch (cause) {
      throw new InvalidArgumentError(
        'params',
        'must be plain JSON, without cycles, bigints, functions, NaN, a Map or a promise',
        {
          cause,
        },
      );
    }
    let node = typeof connector === 'string' ? root.next.get(connector) : undefined;
    for (let at = 0; node !== undefined && at < steps.length; at++) node = node.next.get(steps[at] as Step); // It is inside the list.
    if (node?.request !== undefined) return node.request;
    checkConnector(connector);
    const request = parseRequest(connector, copy, identify);
    if (request.params === request.body) remember(connector, steps, request);
    return request;
  };
}

function parseRequest(connector: string, body: unknown, identify: Identify): TokenRequest {
  if (!isRecord(body))
    throw new InvalidArgumentError('params', `must be an object with a subject, got ${describeValue(body)}`);
  body.subject = readSubject(body.subject, 'params.subject');
  checkGrantParams(body);
  // The check allows a number or nothing.
  const bufferMs = body.validityBufferMs as number | undefined;
  // The buffer says how fresh the token must be and not which token it is, so it is not part of the key.
  delete body.validityBufferMs;
  body.scopes ??= DEFAULT_SCOPES;
  const subject = withoutToken(body.subject, identify);
  const params = subject === body.subject ? body : { ...body, subject };
  return { connector, argumentsKey: argumentsKey(connector, params), body, params, bufferMs };
}

/** Returns a subject that identifies the same principal, with a digest in place of a token. */
export function withoutToken(subject: unknown, identify: Identify): unknown {
  if (!isRecord(subject) || typeof subject.token !== 'string') return subject;
  return { ...subject, token: identify(subject.token) };
}

/**
 * Copies an argument as JSON carries it, so that a later change of the original changes nothing.
 *
 * @param field - Name of the argument, for the error.
 * @throws {InvalidArgumentError} When JSON cannot write something in it: a cycle, a bigint, a function.
 */
export function copyArgument(field: string, value: object): PlainObject {
  const copy = toPlainJson(field, value);
  if (isRecord(copy)) return copy;
  throw new InvalidArgumentError(field, 'must be an object');
}

const [OBJECT_BEGINS, OBJECT_ENDS, LIST_BEGINS, LIST_ENDS] = [Symbol(), Symbol(), Symbol(), Symbol()];

/**
 * Copies a value as JSON carries it, and lists its steps.
 *
 * @param isTop - Copies a bigint, NaN, Map or Set in a field as null, which the check of that field then refuses by name.
 * @throws {TypeError} For what JSON cannot write or would leave out: a bigint, a function, a symbol.
 */
function copyJson(value: unknown, steps: Step[], isTop = false): unknown {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    throw new TypeError(`JSON has no ${typeof value}`);
  if (typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)) {
    // None of the others is finite but a number.
    steps.push(value as string | boolean | number);
    return value;
  }
  if (typeof value === 'number') throw new TypeError(`JSON has no ${value}`);
  if (typeof value !== 'object' || value === null) {
    steps.push(null);
    return value === undefined ? undefined : null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const isUsual = prototype === (Array.isArray(value) ? Array.prototype : Object.prototype);
  // An object that is plain has fields; reading them by reflection takes twice as long.
  const fields = value as Readonly<PlainObject>;
  if ((isUsual || prototype === null) && fields.toJSON === undefined) return copyPlain(fields, steps, isTop);
  return copyJson(toPlainJson('params', value), steps);
}

/** Whether JSON writes a value, and does not write null or `{}` in its place. */
function isWritable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value !== 'bigint' && lostInJson(value) === undefined;
}

/** Copies an object that JSON writes by its fields, or a list that it writes by its items. */
function copyPlain(source: Readonly<PlainObject>, steps: Step[], isTop: boolean): unknown {
  if (Array.isArray(source)) {
    const list: unknown[] = [];
    steps.push(LIST_BEGINS);
    // By index, as JSON does it: the list may have an iterator of its own.
    for (let at = 0; at < source.length; at++) list.push(copyJson(source[at], steps) ?? null);
    steps.push(LIST_ENDS);
    return list;
  }
  const copy: PlainObject = {};
  steps.push(OBJECT_BEGINS);
  for (const field of Object.keys(source)) {
    const given = source[field];
    if (given === undefined) continue;
    steps.push(field);
    const isUnwritable = isTop && !isWritable(given);
    const copied = copyJson(isUnwritable ? null : given, steps);
    // An assignment to this name would set the prototype.
    if (field === '__proto__') Object.defineProperty(copy, field, { value: copied, enumerable: true });
    else copy[field] = copied;
  }
  steps.push(OBJECT_ENDS);
  return copy;
}

type KeyPart = string | number;

function argumentsKey(connector: string, params: Readonly<PlainObject>): string {
  const parts: KeyPart[] = [connector];
  for (const field of Object.keys(params).sort()) {
    const value = params[field];
    if (field === 'scopes' && Array.isArray(value) && value.length === 1 && value[0] === '*') continue;
    parts.push(field);
    pushPart(parts, Array.isArray(value) && SETS.has(field) ? [...value].sort() : value);
  }
  return JSON.stringify(parts);
}

// A number in a key describes what follows it: lists and objects with their count, a number as text. No two values have the
// same parts, and none reaches into its neighbour, whatever a caller passes.
const [NULL, FALSE, TRUE, NUMBER, LIST, OBJECT] = [0, 1, 2, 3, 4, 5] as const;
const COUNT = 8;

function pushPart(parts: KeyPart[], value: unknown): void {
  if (typeof value === 'string') parts.push(value);
  else if (typeof value === 'boolean') parts.push(value ? TRUE : FALSE);
  else if (typeof value === 'number') parts.push(NUMBER, String(value));
  else if (Array.isArray(value)) {
    parts.push(LIST + COUNT * value.length);
    for (const item of value) pushPart(parts, item);
  } else if (isRecord(value)) {
    const fields = Object.keys(value).sort();
    parts.push(OBJECT + COUNT * fields.length);
    for (const field of fields) {
      parts.push(field);
      pushPart(parts, value[field]);
    }
  } else parts.push(NULL);
}
