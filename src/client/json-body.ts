import { InvalidArgumentError } from '../errors/index.js';
import { describeKind } from '../util/redact.js';

/**
 * Writes a value as JSON.
 *
 * @throws {InvalidArgumentError} Naming the place, for a value that JSON would lose or change: `NaN`, a `Map`, a `Set`, bytes,
 *   a stream, a bigint, a function, a cycle. `undefined` is left out and `toJSON` is called, as `JSON.stringify` does.
 */
export function jsonText(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (cause) {
    throw new InvalidArgumentError(
      'body',
      'must be a value that JSON can carry, without cycles and bigints',
      {
        cause,
      },
    );
  }
  checkJson(value, 'body');
  // Only `toJSON` can still have returned nothing.
  if (text === undefined) throw new InvalidArgumentError('body', 'must be a value that JSON can carry');
  return text;
}

/** Returns whether an object keeps its content outside its fields, so that JSON would write `{}`, or its internals. */
function isIterable(value: object): boolean {
  return Symbol.asyncIterator in value || Symbol.iterator in value;
}

/** Checks a value that `JSON.stringify` has written before, so that it cannot have a cycle. */
function checkJson(value: unknown, at: string): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new InvalidArgumentError(at, `must be a finite number, got ${value}`);
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new InvalidArgumentError(at, `must be a value that JSON can carry, got ${describeKind(value)}`);
  if (typeof value !== 'object' || value === null) return;
  if ('toJSON' in value && typeof value.toJSON === 'function') return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkJson(item, `${at}[${index}]`);
    return;
  }
  if (
    isIterable(value) ||
    value instanceof Blob ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value)
  ) {
    const name = value.constructor?.name ?? 'another object';
    throw new InvalidArgumentError(
      at,
      `must be a plain array or object, got ${name}, which JSON cannot carry`,
    );
  }
  for (const [name, field] of Object.entries(value)) checkJson(field, `${at}.${name}`);
}
