import { CredentialError, InvalidArgumentError, VercelError } from '../../errors/index.js';
import { isFrameworkError } from '../../util/framework-error.js';
import { describeKind } from '../../util/redact.js';

/**
 * A bearer as callers give it: the token, or a function that gives the present one.
 *
 * A function is asked by every call for itself: it may depend on whose request the call serves (`AsyncLocalStorage`), so
 * that concurrent calls must not share what it gives.
 */
export type BearerToken = string | (() => string | Promise<string>);

/** Where the transport takes the bearer of a call from. */
export interface Credential {
  /** Whether asking again can give another token, so that a 401 is worth one more try. */
  readonly renewable: boolean;
  /** The token to send now, already checked. */
  get(): Promise<string>;
  /** A token asked for after this call began: what was about to be given before does not count. */
  renew(): Promise<string>;
  /** Gives up what is being asked for, because it does not come: the next call asks anew. */
  abandon?(): void;
  /** A stable name of who the token stands for, where the source can vouch for one; never the token itself. */
  identityOf?(token: string): string | undefined;
}

// RFC 6750 allows fewer characters still; what matters is that no header can be split and no token is cut.
// By what no token has: the engine remembers the last text that a pattern has matched, and must not remember a token.
const NO_TOKEN_CHARACTER = /[^\x21-\x7e]/;

/**
 * Checks that a value can be sent as a bearer token.
 *
 * @param field - Name of the option, for the error; the value itself is never shown.
 * @throws {InvalidArgumentError} When it is no string, empty, or has characters that no token has.
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
 * Makes a credential of what the caller gave.
 *
 * @param field - Name of the option, for errors.
 * @throws {InvalidArgumentError} At once for a string that cannot be a token; at `get` for what a function gave.
 */
export function createCredential(field: string, bearer: BearerToken): Credential {
  if (typeof bearer !== 'function') {
    const token = checkToken(field, bearer);
    const get = async () => token;
    return { renewable: false, get, renew: get };
  }
  const ask = async () => {
    let token: unknown;
    try {
      token = await bearer();
    } catch (cause) {
      if (cause instanceof VercelError || isFrameworkError(cause)) throw cause;
      throw new CredentialError(`the ${field} function failed, so there is nothing to authenticate with`, {
        cause,
      });
    }
    return checkToken(field, token);
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
