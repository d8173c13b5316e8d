import { InvalidArgumentError } from '../errors/index.js';
import { inheritedFieldsClass, lostInJson } from '../util/json-loss.js';
import { describeKind } from '../util/redact.js';

/**
 * A copy of a value as JSON carries it, taken at once, so that a later change of the caller's object changes nothing. Each field is
 * read once.
 *
 * @param field - Name of the argument, for the error.
 * @throws {InvalidArgumentError} Where {@link jsonText} does, and for such a value that `toJSON` returns.
 */
export function toPlainJson(field: string, value: object): unknown {
  return JSON.parse(checkedText(field, value));
}

/** Writes a value as JSON, and checks each part as `toJSON` writes it. */
function checkedText(field: string, value: unknown): string {
  const places = new Map<unknown, string>();
  return stringify(field, value, function (this: unknown, name, part) {
    const holder = places.get(this);
    let at = field;
    if (holder !== undefined) at = Array.isArray(this) ? `${holder}[${name}]` : `${holder}.${name}`;
    checkPart(part, at);
    places.set(part, at);
    return part;
  });
}

/**
 * Writes a value as JSON. `undefined` is left out and `toJSON` is called, as `JSON.stringify` does.
 *
 * @param field - Name of the argument, for the error.
 * @throws {InvalidArgumentError} Naming the place, for a value that JSON would lose or change: `NaN`, a `Map`, a `Set`, bytes,
 *   a stream, a bigint, a function, a cycle, an object that inherits all its fields, an invalid date; also one that `toJSON` returns.
 */
export function jsonText(field: string, value: unknown): string {
  // Now it cannot have a cycle. With a check for each part, writing would take longer than both.
  const text = stringify(field, value);
  // Only a replacer sees what `toJSON` returns.
  return checkParts(value, field) ? checkedText(field, value) : text;
}

function stringify(
  field: string,
  value: unknown,
  replacer?: (name: string, part: unknown) => unknown,
): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, replacer);
  } catch (cause) {
    if (cause instanceof InvalidArgumentError) throw cause;
    const rule = 'must be a value that JSON can carry, without cycles and bigints';
    throw new InvalidArgumentError(field, rule, { cause });
  }
  if (text !== undefined) return text;
  throw new InvalidArgumentError(field, `must be a value that JSON can carry, got ${describeKind(value)}`);
}

/** Checks a value and all that is in it. @returns Whether some of it writes itself with `toJSON`, and was not checked. */
function checkParts(value: unknown, at: string): boolean {
  checkPart(value, at);
  if (typeof value !== 'object' || value === null || value instanceof Date) return false;
  if (hasToJson(value)) return true;
  let writesItself = false;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      writesItself = checkParts(item, `${at}[${index}]`) || writesItself;
  } else {
    for (const [name, field] of Object.entries(value))
      writesItself = checkParts(field, `${at}.${name}`) || writesItself;
  }
  return writesItself;
}

/** Checks a value without what is in it. */
function checkPart(value: unknown, at: string): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new InvalidArgumentError(at, `must be a finite number, got ${value}`);
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new InvalidArgumentError(at, `must be a value that JSON can carry, got ${describeKind(value)}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  checkDate(value, at);
  if (hasToJson(value)) return;
  // An object that keeps its content outside its fields: JSON would write `{}`, or its internals.
  const lost = lostInJson(value);
  if (
    Symbol.asyncIterator in value ||
    Symbol.iterator in value ||
    lost !== undefined ||
    ArrayBuffer.isView(value)
  ) {
    const name = lost ?? value.constructor?.name ?? 'another object';
    throw new InvalidArgumentError(
      at,
      `must be a plain array or object, got ${name}, which JSON cannot carry`,
    );
  }
  checkOwnFields(value, at);
}

/** @throws {InvalidArgumentError} For an invalid date, of which JSON makes null. */
function checkDate(value: unknown, at: string): void {
  if (value instanceof Date && Number.isNaN(value.getTime()))
    throw new InvalidArgumentError(at, 'must be a valid date, got an invalid one');
}

function hasToJson(value: object): boolean {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

/**
 * Checks that an object does not inherit all its fields, which would be left out without a word.
 *
 * @throws {InvalidArgumentError} Naming its class.
 */
export function checkOwnFields(value: object, at: string): void {
  const name = inheritedFieldsClass(value);
  if (name === undefined) return;
  const rule = `must be a plain object, got ${name}, whose fields are inherited: copy them into one`;
  throw new InvalidArgumentError(at, rule);
}
