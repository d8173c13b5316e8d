import { isFrameworkError } from '../util/framework-error.js';
import { safeText } from '../util/redact.js';
import type { Secrets } from '../util/secrets.js';

/** Objects and texts of a cause that are read; a cause that has more is copied. */
const MAX_NODES = 2_000;
const MAX_CHARACTERS = 100_000;
/** Causes of a cause that a copy keeps. */
const MAX_CAUSES = 8;
/** Facts of a system error that a copy keeps beside its code. */
const KEPT_FIELDS = ['errno', 'syscall', 'hostname', 'host', 'address', 'port'];

const PLAIN_PROTOTYPES: ReadonlySet<unknown> = new Set([
  ...[null, Object.prototype, Array.prototype, Error.prototype, AggregateError.prototype],
  ...[TypeError.prototype, RangeError.prototype, SyntaxError.prototype, URIError.prototype],
]);

/**
 * Makes the cause of a failure safe for an error that will be logged.
 *
 * A cause stays as it is if all of it can be read and no secret is in it: errors of the runtime, plain objects, arrays and
 * texts. A caller's `fetch` may throw an error that holds the whole request. So any other cause (with a secret, a getter, an
 * object with a class of its own, or too large) is replaced by a copy: name, code, masked message and its own causes.
 *
 * @param secrets - Values that must not be shown.
 */
export function safeCause(cause: unknown, secrets: Secrets): unknown {
  return isFrameworkError(cause) || secrets.isEmpty || isHarmless(cause, secrets)
    ? cause
    : copyOf(cause, secrets, 0);
}

function copyOf(cause: unknown, secrets: Secrets, depth: number): unknown {
  if (!(cause instanceof Error)) {
    try {
      return safeText(String(cause), secrets);
    } catch {
      return typeof cause;
    }
  }
  const copy = new Error(safeText(textOf(cause, 'message'), secrets));
  copy.name = safeText(textOf(cause, 'name'), secrets);
  // The stack begins with the message that was masked.
  copy.stack = `${copy.name}: ${copy.message}`;
  for (const field of ['code', ...KEPT_FIELDS]) {
    const value = read(cause, field);
    if (typeof value === 'number') Object.assign(copy, { [field]: value });
    else if (typeof value === 'string') Object.assign(copy, { [field]: safeText(value, secrets) });
  }
  // The first error of an `AggregateError` says what happened.
  const errors = read(cause, 'errors');
  const next = Array.isArray(errors) && errors.length > 0 ? errors[0] : read(cause, 'cause');
  if (next !== undefined && depth < MAX_CAUSES)
    Object.defineProperty(copy, 'cause', {
      value: copyOf(next, secrets, depth + 1),
      configurable: true,
      writable: true,
    });
  return copy;
}

function read(target: object, field: string): unknown {
  try {
    return Reflect.get(target, field);
  } catch {
    return undefined;
  }
}

function textOf(target: object, field: string): string {
  const value = read(target, field);
  return typeof value === 'string' ? value : '';
}

/** Returns whether all of a value can be read, and holds no secret. */
function isHarmless(root: unknown, secrets: Secrets): boolean {
  const seen = new Set<unknown>();
  const pending: unknown[] = [root];
  let characters = 0;
  for (let nodes = 1; pending.length > 0; nodes++) {
    const value = pending.pop();
    if (nodes > MAX_NODES || typeof value === 'function') return false;
    if (typeof value === 'string') {
      characters += value.length;
      if (characters > MAX_CHARACTERS || secrets.isIn(value)) return false;
    }
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (!addContents(value, pending)) return false;
  }
  return true;
}

/** Adds the contents of an object to `pending`; returns `false` where the object may show more than that. */
function addContents(value: object, pending: unknown[]): boolean {
  try {
    if (value instanceof DOMException) {
      pending.push(value.name, value.message, value.stack, ...Object.values(value));
      return true;
    }
    if (!isPlain(value)) return false;
    for (const key of Reflect.ownKeys(value)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
      // The engine's own accessor: newer versions of V8 have the stack behind one.
      if (key === 'stack' && value instanceof Error) pending.push(value.stack);
      else if (descriptor === undefined || !('value' in descriptor)) return false;
      else pending.push(descriptor.value);
      pending.push(typeof key === 'symbol' ? key.description : key);
      if (pending.length > MAX_NODES) return false;
    }
    return true;
  } catch {
    // A proxy that throws.
    return false;
  }
}

/** Returns whether a value is an object of the language, or an error of a class without accessors, as those of undici are. */
function isPlain(value: object): boolean {
  if (PLAIN_PROTOTYPES.has(Object.getPrototypeOf(value))) return true;
  if (!(value instanceof Error)) return false;
  for (
    let prototype: unknown = Object.getPrototypeOf(value);
    typeof prototype === 'object' && prototype !== null && !PLAIN_PROTOTYPES.has(prototype);
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const descriptors = Object.values(Object.getOwnPropertyDescriptors(prototype));
    if (descriptors.some((descriptor) => !('value' in descriptor))) return false;
  }
  return true;
}
