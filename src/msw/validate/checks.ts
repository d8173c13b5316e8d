import { InvalidArgumentError } from '../../errors/index.js';

/** The checks that a request goes through, by name. */
export const CHECK_NAMES = [
  'unknownOperation',
  'credentials',
  'undocumentedParameter',
  'missingParameter',
  'parameter',
  'contentType',
  'body',
  'deprecated',
] as const;

/**
 * A check by name:
 *
 * - `unknownOperation`: method and path are an operation of the document;
 * - `credentials`: a bearer is sent where the document asks for credentials;
 * - `undocumentedParameter`: no query parameter but those of the document;
 * - `missingParameter`: every required one;
 * - `parameter`: each is of its type, and sent once;
 * - `contentType`: the body is of a documented media type;
 * - `body`: it is there where it has to be, is JSON, and fits its schema;
 * - `deprecated`: operations that are used although the document deprecates them are reported, and answered all the same.
 */
export type CheckName = (typeof CHECK_NAMES)[number];

/** Which checks are made: all, none, or all but those that are `false`. */
export type Checks = boolean | { readonly [Name in CheckName]?: boolean | undefined };

/** Whether a check is made. */
export type IsChecked = (name: CheckName) => boolean;

/**
 * Reads the choice of checks.
 *
 * @throws {InvalidArgumentError} Naming `validate`, for a check that there is none of.
 */
export function readChecks(checks: Checks = true): IsChecked {
  if (typeof checks === 'boolean') return () => checks;
  const unknown = Object.keys(checks).find((name) => !CHECK_NAMES.some((known) => known === name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(`validate.${unknown}`, `is no check; there are ${CHECK_NAMES.join(', ')}`);
  }
  return (name) => checks[name] !== false;
}
