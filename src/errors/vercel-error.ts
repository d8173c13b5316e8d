import { describeValue, safeText } from '../util/redact.js';
import { brand } from './brand.js';

/**
 * Base of every error that this package throws.
 *
 * `instanceof` also holds for errors of another installed copy of the package. A caller's own abort reason is passed
 * through as it is and is not one of these.
 *
 * @example
 * try {
 *   await client.GET('/v2/connect/connectors');
 * } catch (error) {
 *   if (error instanceof VercelError) console.error(error.name, error.message);
 *   else throw error;
 * }
 */
export class VercelError extends Error {
  static {
    brand(this, 'VercelError');
  }

  /**
   * Code of the failure, which does not change between releases: `invalid_argument`, `credential_unavailable`, `connection_error`,
   * `timeout`, `malformed_response`, `response_too_large`, or what the API said (`not_found`).
   */
  declare readonly code: string | undefined;

  constructor(message: string, options?: ErrorOptions) {
    super(safeText(message), options);
  }

  /** Name, message and the enumerable facts; never a response, a body or a cause. */
  toJSON(): Record<string, unknown> {
    return { ...Object.fromEntries(Object.entries(this)), name: this.name, message: this.message };
  }
}

/**
 * An argument or option was refused before anything was sent.
 *
 * @example
 * await getToken('', { subject: { type: 'app' } }); // throws, with error.argument === 'connector'
 */
export class InvalidArgumentError extends VercelError {
  static {
    brand(this, 'InvalidArgumentError');
  }

  override readonly code: string = 'invalid_argument';
  /** Which argument, option or field was refused, e.g. `connector` or `params.subject.id`. */
  readonly argument: string;

  /**
   * @param argument - Name of the field.
   * @param rule - What it must be and how to fix it; must not contain the value where that may be secret.
   */
  constructor(argument: string, rule: string, options?: ErrorOptions) {
    super(`Invalid ${argument}: ${rule}`, options);
    this.argument = argument;
  }
}

/**
 * Requires that an argument is as it must be.
 *
 * @param argument - Name of the field.
 * @param rule - What it must be and how to fix it; must not contain the value where that may be secret.
 * @param given - The value, which the error describes without showing it, and another function that describes it.
 * @throws {InvalidArgumentError} Otherwise.
 *
 * @example
 * checkArgument(isRecord(options), 'options', 'must be an object', options);
 */
export function checkArgument(
  isRight: boolean,
  argument: string,
  rule: string,
  ...given: [value?: unknown, describe?: (value: unknown) => string]
): asserts isRight {
  if (isRight) return;
  const [value, describe = describeValue] = given;
  throw new InvalidArgumentError(argument, given.length === 0 ? rule : `${rule}, got ${describe(value)}`);
}

/**
 * No credential could be had: the bearer function failed, or no project OIDC token is available here.
 */
export class CredentialError extends VercelError {
  static {
    brand(this, 'CredentialError');
  }

  override readonly code: string = 'credential_unavailable';
}

/** Returns the error of code that reads only a caller's arguments, where a getter or a proxy among them may throw anything. */
export function argumentError(argument: string, cause: unknown): VercelError {
  return cause instanceof VercelError
    ? cause
    : new InvalidArgumentError(argument, 'cannot be read', { cause });
}
