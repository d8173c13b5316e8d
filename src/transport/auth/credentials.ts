import { CredentialError, InvalidArgumentError, VercelError } from '../../errors/index.js';
import { isFrameworkError } from '../../util/framework-error.js';
import { describeKind } from '../../util/redact.js';

/**
 * A bearer as callers pass it: the token, or a function that returns the current one.
 *
 * Every call calls the function for itself. The result may depend on whose request the call serves (`AsyncLocalStorage`), so
 * concurrent calls do not share it.
 */
export type BearerToken = string | (() => string | Promise<string>);

/** Source of the bearer of a call. */
export interface Credential {
  /** Whether another request for the token can return a different one, so that a 401 is worth one more try. */
  readonly renewable: boolean;
  /** Returns the token to send now, already checked. */
  get(): Promise<string>;
  /** Returns a token that was requested after this call began; a resolution in flight does not count. */
  renew(): Promise<string>;
  /** Abandons a resolution that does not settle: the next call starts another one. */
  abandon?(): void;
  /** Returns a stable name of the identity behind the token, if the source can vouch for one; never the token itself. */
  identityOf?(token: string): string | undefined;
}

// RFC 6750 allows fewer characters still. This rule only keeps headers from being split and tokens from being cut. It matches
// what no token has: the engine remembers the last text that a pattern has matched, and must not remember a token.
const NO_TOKEN_CHARACTER = /[^\x21-\x7e]/;

/**
 * Checks that a value can be sent as a bearer token.
 *
 * @param field - Name of the option, for the error; the value itself is never shown.
 * @throws {InvalidArgumentError} When it is not a string, is empty, or has characters that no token has.
 */
export function checkToken(field: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new InvalidArgumentError(field, `must be a non-empty token, got ${describeKind(value)}`);
  }
  if (NO_TOKEN_CHARACTER.test(value)) {
    throw new InvalidArgumentError(
      field,
      'has characters that no token has (a space, a line break, or something outside ASCII); was it read from a file with its line end, or sent with its "Bearer " prefix?',
    );
  }
  return value;
}

/**
 * Checks that a value can be sent as an API key. Unlike a token it may have a scheme of the API's own and a space before it, such
 * as `Bot abc` in the header `Authorization`.
 *
 * @param field - Name of the option, for the error; the value itself is never shown.
 * @throws {InvalidArgumentError} When it is not a string, is empty, or has characters that no key has.
 */
export function checkApiKey(field: string, value: unknown): string {
  if (typeof value !== 'string' || !value.includes(' ') || value.trim() !== value)
    return checkToken(field, value);
  // Divided by a text: a pattern would be remembered with the key.
  for (const word of value.split(' ')) if (word !== '') checkToken(field, word);
  return value;
}

/**
 * Makes a credential of a caller's value, or of a function that returns the current one.
 *
 * @param field - Name of the option, for errors.
 * @param check - Returns the text that is sent for a value. Default {@link checkToken}.
 * @throws {InvalidArgumentError} At once for a value that `check` refuses; at `get` for the result of a function.
 */
export function createCredential(
  field: string,
  given: unknown,
  check: (field: string, value: unknown) => string = checkToken,
): Credential {
  if (typeof given !== 'function') {
    const text = check(field, given);
    const get = async () => text;
    return { renewable: false, get, renew: get };
  }
  const ask = async () => {
    let value: unknown;
    try {
      value = await given();
    } catch (cause) {
      if (cause instanceof VercelError || isFrameworkError(cause)) throw cause;
      throw new CredentialError(`the ${field} function failed, so there is nothing to authenticate with`, {
        cause,
      });
    }
    return check(field, value);
  };
  return { renewable: true, get: ask, renew: ask };
}

/** A shared resolution that has not settled after this long is not joined any more, in milliseconds. */
const LONGEST_SHARED_MS = 5_000;

/**
 * A renewable credential that is one and the same for all callers of the process, who share its resolution.
 *
 * A resolution that hangs is not shared for ever: callers that come 5 s later, or after {@link Credential.abandon}, start
 * another.
 */
export function sharedCredential(resolve: () => Promise<string>): Credential {
  const [get, renew] = [shareFlight(resolve), shareFlight(resolve)];
  return {
    renewable: true,
    get: get.join,
    renew: renew.join,
    abandon() {
      get.abandon();
      renew.abandon();
    },
  };
}

function shareFlight(resolve: () => Promise<string>) {
  let pending: { readonly token: Promise<string>; readonly startedAt: number } | undefined;
  return {
    join(): Promise<string> {
      const now = performance.now();
      if (pending !== undefined && now - pending.startedAt < LONGEST_SHARED_MS) return pending.token;
      const started = {
        startedAt: now,
        token: resolve().finally(() => {
          if (pending === started) pending = undefined;
        }),
      };
      pending = started;
      return started.token;
    },
    abandon() {
      pending = undefined;
    },
  };
}
