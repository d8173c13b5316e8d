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

interface KnownNode {
  readonly next: Map<Step, KnownNode>;
  request?: TokenRequest;
}

/** The nodes that one request needs, as a rule. */
const NODES_PER_REQUEST = 24;

/**
 * Makes the only reader of a token call's parameters.
 *
 * It reads each field once and writes it down. Checks, key and body come from a copy that is made of this, so they cannot see
 * different values. Arguments that it has seen are found in a tree by the caller's own strings, whose hashes the engine knows:
 * neither a copy nor JSON text is made of them, which would take longer than the rest. Arguments with a subject's token are
 * never kept. When the tree is full, it forgets all.
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
    try {
      if (typeof params === 'object') writeSteps(params, steps, true);
    } catch (cause) {
      // Names the place of what JSON cannot carry.
      toPlainJson('params', Object(params));
      throw new InvalidArgumentError('params', 'must be plain JSON', { cause });
    }
    let node = typeof connector === 'string' ? root.next.get(connector) : undefined;
    for (let at = 0; node !== undefined && at < steps.length; at++) node = node.next.get(steps[at] as Step); // It is inside the list.
    if (node?.request !== undefined) return node.request;
    checkConnector(connector);
    const body = typeof params === 'object' ? readSteps(steps.values()) : params;
    const request = parseRequest(connector, body, identify);
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
 * Writes down what JSON carries of a value.
 *
 * @param isTop - Writes a bigint, NaN, Map or Set in a field as null, which the check of that field then refuses by name.
 * @throws {TypeError} For what JSON cannot write or would leave out: a bigint, a function, a symbol.
 */
function writeSteps(value: unknown, steps: Step[], isTop = false): void {
  if (typeof value === 'string' || typeof value === 'boolean') steps.push(value);
  else if (typeof value === 'object' && value !== null) writeObject(value, steps, isTop);
  else if (value === null || value === undefined) steps.push(null);
  else if (typeof value === 'number' && Number.isFinite(value)) steps.push(value);
  else throw new TypeError(`JSON has no ${typeof value === 'number' ? value : typeof value}`);
}

/** Whether JSON writes a value, and does not write null or `{}` in its place. */
function isWritable(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return typeof value !== 'bigint';
  const prototype: unknown = Object.getPrototypeOf(value);
  // Decides for what callers pass as a rule, at each call; the other check takes longer.
  if (prototype === Object.prototype || prototype === Array.prototype) return true;
  return lostInJson(value) === undefined;
}

function writeObject(value: object, steps: Step[], isTop: boolean): void {
  // Reading a field by reflection takes twice as long.
  const fields = value as Readonly<PlainObject>;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isUsual = prototype === (Array.isArray(value) ? Array.prototype : Object.prototype);
  // An object with a class, or with a word of its own in this, is not written by its fields.
  if ((!isUsual && prototype !== null) || fields.toJSON !== undefined) {
    writeSteps(toPlainJson('params', value), steps);
    return;
  }
  if (Array.isArray(value)) {
    steps.push(LIST_BEGINS);
    // By index, as JSON does it: the list may have an iterator of its own.
    for (let at = 0; at < value.length; at++) writeSteps(value[at], steps);
    steps.push(LIST_ENDS);
    return;
  }
  steps.push(OBJECT_BEGINS);
  for (const field of Object.keys(fields)) {
    const given = fields[field];
    if (given === undefined) continue;
    steps.push(field);
    writeSteps(isTop && !isWritable(given) ? null : given, steps);
  }
  steps.push(OBJECT_ENDS);
}

/** Returns the value that was written down, as a copy of its own. */
function readSteps(steps: Iterator<Step, unknown>): unknown {
  const first = steps.next().value;
  if (first === LIST_BEGINS) {
    const list: unknown[] = [];
    for (let item = readSteps(steps); item !== LIST_ENDS; item = readSteps(steps)) list.push(item);
    return list;
  }
  if (first !== OBJECT_BEGINS) return first;
  const entries: [string, unknown][] = [];
  for (let field = steps.next().value; field !== OBJECT_ENDS; field = steps.next().value)
    entries.push([String(field), readSteps(steps)]);
  // Unlike an assignment, this sets no prototype by the name `__proto__`.
  return Object.fromEntries(entries);
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
