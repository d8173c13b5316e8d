import { InvalidArgumentError } from '../errors/index.js';
import { lostInJson } from '../util/json-loss.js';

/** The rule of an argument that is copied as JSON, for its error. */
export const PLAIN_JSON = 'must be plain JSON, without cycles, bigints, functions, NaN, a Map or a promise';

/**
 * A copy of a value as JSON carries it, taken at once, so that a later change of the caller's object changes nothing.
 *
 * @param field - Name of the argument, for the error.
 * @throws {InvalidArgumentError} When something in it would be lost or cannot be written: a cycle, a bigint, a function.
 */
export function toPlainJson(field: string, value: object): unknown {
  try {
    const text = JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'function' || typeof part === 'symbol')
        throw new TypeError(`JSON has no ${typeof part}`);
      if (typeof part === 'number' && !Number.isFinite(part)) throw new TypeError(`JSON has no ${part}`);
      const lost = lostInJson(part);
      if (lost !== undefined) throw new TypeError(`JSON has no ${lost}`);
      return part;
    });
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidArgumentError(field, PLAIN_JSON, { cause });
  }
}
