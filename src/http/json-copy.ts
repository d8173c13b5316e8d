import { InvalidArgumentError } from '../errors/index.js';

/**
 * A copy of a value as JSON carries it, taken at once, so that a later change of the caller's object changes nothing.
 *
 * @param field - Name of the argument, for the error.
 * @throws {InvalidArgumentError} When something in it would be lost or cannot be written: a cycle, a bigint, a function.
 */
export function toPlainJson(field: string, value: object): unknown {
  try {
    return JSON.parse(JSON.stringify(value, refuseUnwritable));
  } catch (cause) {
    throw new InvalidArgumentError(
      field,
      'must be plain JSON, without cycles, bigints, functions, NaN, Map and Set',
      {
        cause,
      },
    );
  }
}

function refuseUnwritable(_: string, value: unknown): unknown {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new TypeError(`JSON has no ${typeof value}`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`);
  if (value instanceof Map || value instanceof Set) throw new TypeError('JSON has no Map or Set');
  return value;
}
