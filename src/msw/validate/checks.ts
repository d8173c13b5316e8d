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

/** The checks that are made: all, none, or all but those that are `false`. */
export type Checks = boolean | { readonly [Name in CheckName]?: boolean | undefined };

/** Says of each check whether it is made. */
export type ActiveChecks = Readonly<Record<CheckName, boolean>>;

/**
 * Reads the choice of checks.
 *
 * @throws {InvalidArgumentError} Naming `validate`, for a check that does not exist.
 */
export function readChecks(checks: Checks = true): ActiveChecks {
  const chosen = typeof checks === 'boolean' ? {} : checks;
  const unknown = Object.keys(chosen).find((name) => !CHECK_NAMES.some((known) => known === name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(
      `validate.${unknown}`,
      `is not a check; the checks are ${CHECK_NAMES.join(', ')}`,
    );
  const active = CHECK_NAMES.map((name) => [name, checks !== false && chosen[name] !== false]);
  // Each name has an entry.
  return Object.fromEntries(active) as ActiveChecks;
}
