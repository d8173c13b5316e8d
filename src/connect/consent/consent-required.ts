import { brand } from '../../errors/brand.js';
import { defined } from '../../util/defined.js';
import { isRecord } from '../../util/is-record.js';
import { UserAuthorizationRequiredError } from '../errors.js';
import type { ConnectTokenSubject } from '../types.js';
import type { ConnectAuthorizationResponse } from './types.js';

/** Tells a user whose consent is missing where to give it. */
export interface ConsentChallenge {
  /** The connector as the caller named it. */
  readonly connector: string;
  /** The subject that has to consent. Not enumerable, so that logs and JSON leave it out. */
  readonly subject: ConnectTokenSubject;
  /** The consent page: open it in the user's browser. */
  readonly url: string;
  /** The id of the request. Not enumerable. */
  readonly request: string;
  /** The secret that reads the outcome: keep it on the server. Not enumerable. */
  readonly verifier: string;
  /** The code that the user types on another device, where one was asked for. */
  readonly deviceCode?: string;
  /** When the page stops working, in epoch milliseconds. */
  readonly expiresAt?: number;
}

const HIDDEN = ['subject', 'request', 'verifier'] as const;

/** The field that holds the response a challenge was made of, for `waitForAuthorization`. */
const AUTHORIZATION = Symbol('authorization');

/**
 * Reports that a user's consent is missing, and holds the page that asks for it.
 *
 * It is a {@link UserAuthorizationRequiredError}, so code that catches that class needs no further branch. `subject`,
 * `request` and `verifier` can be read, and appear in no JSON, log or inspection.
 *
 * @example
 * try {
 *   await linear('https://api.linear.app/graphql', { method: 'POST', body });
 * } catch (error) {
 *   if (error instanceof ConsentRequiredError) return Response.redirect(error.url, 303);
 *   throw error;
 * }
 */
export class ConsentRequiredError extends UserAuthorizationRequiredError implements ConsentChallenge {
  static {
    brand(this, 'ConsentRequiredError');
  }

  /** The connector as the caller named it. */
  readonly connector: string;
  readonly url: string;
  declare readonly deviceCode?: string;
  declare readonly expiresAt?: number;
  readonly #challenge: ConsentChallenge;

  constructor(challenge: ConsentChallenge, options?: ErrorOptions) {
    const { connector, url, deviceCode, expiresAt } = challenge;
    super(`The user has not authorized ${connector}: open error.url in the user's browser`, {
      code: 'user_authorization_required',
      ...options,
    });
    this.connector = connector;
    this.url = url;
    if (deviceCode !== undefined) this.deviceCode = deviceCode;
    if (expiresAt !== undefined) this.expiresAt = expiresAt;
    this.#challenge = challenge;
  }

  get subject(): ConnectTokenSubject {
    return this.#challenge.subject;
  }

  get request(): string {
    return this.#challenge.request;
  }

  get verifier(): string {
    return this.#challenge.verifier;
  }

  /** @internal */
  get [AUTHORIZATION](): ConnectAuthorizationResponse | undefined {
    return authorizationOf(this.#challenge);
  }
}

/** Returns the response that a challenge, or the error that holds it, was made of. */
export function authorizationOf(challenge: unknown): ConnectAuthorizationResponse | undefined {
  return isRecord(challenge) ? Reflect.get(challenge, AUTHORIZATION) : undefined;
}

/**
 * Makes a challenge whose secrets are read by name alone.
 *
 * @param authorization - The response that it is made of.
 */
export function createChallenge(
  fields: ConsentChallenge,
  authorization: ConnectAuthorizationResponse | undefined,
): ConsentChallenge {
  const { connector, url, deviceCode, expiresAt } = fields;
  const challenge = defined({ connector, url, deviceCode, expiresAt });
  // A getter is not shown by `inspect` either, which prints hidden data fields on request.
  for (const name of HIDDEN) Object.defineProperty(challenge, name, { get: () => fields[name] });
  Object.defineProperty(challenge, AUTHORIZATION, { get: () => authorization });
  return challenge as ConsentChallenge; // The three that were missing have just been defined.
}

/**
 * Returns whether an error is a {@link ConsentRequiredError} itself; {@link getConsentChallenge} also looks at its causes.
 *
 * @example
 * if (isConsentRequiredError(error)) return Response.redirect(error.url, 303);
 */
export function isConsentRequiredError(error: unknown): error is ConsentRequiredError {
  return error instanceof ConsentRequiredError;
}

/** Causes that are followed, as `@vercel/connect` does: errors can cause each other in a circle. */
const MAX_CAUSES = 16;

/**
 * Finds the consent challenge of an error, of one of its causes, or of the last failure of a `createConnectFetch` fetch.
 *
 * MCP clients wrap errors, and their SSE transports replace them: there, pass the fetch.
 *
 * @returns The challenge, or `undefined`.
 *
 * @example
 * const challenge = getConsentChallenge(error) ?? getConsentChallenge(transport.fetch);
 * if (challenge) return Response.redirect(challenge.url, 303);
 */
export function getConsentChallenge(error: unknown): ConsentChallenge | undefined {
  let current: unknown = typeof error === 'function' ? Reflect.get(error, 'failure') : error;
  for (let depth = 0; depth < MAX_CAUSES && isRecord(current); depth++) {
    const { name, connector, url, verifier, cause } = current;
    // By name: also the error of `@vercel/connect`, and of another copy of this package.
    const isTexts = [connector, url, verifier].every((field) => typeof field === 'string');
    if (name === 'ConsentRequiredError' && isTexts)
      return createChallenge(current as unknown as ConsentChallenge, authorizationOf(current)); // Just checked.
    current = cause;
  }
  return undefined;
}

/** Options of {@link toConsentResponse}. */
export interface ConsentResponseOptions {
  /** Default 409. */
  readonly status?: number;
}

/**
 * Makes the response that tells a browser where to get consent. It holds the page's URL, and no secret.
 *
 * The body is `{ "error": "consent_required", "url": "https://..." }`, with `deviceCode` and `expiresAt` where there are
 * any. It must not be cached.
 *
 * @param error - An error, or a fetch of `createConnectFetch`.
 * @returns `undefined` where no consent is missing.
 *
 * @example
 * try {
 *   return Response.json(await runAgent(request));
 * } catch (error) {
 *   const response = toConsentResponse(error);
 *   if (response) return response;
 *   throw error;
 * }
 */
export function toConsentResponse(
  error: unknown,
  { status = 409 }: ConsentResponseOptions = {},
): Response | undefined {
  const challenge = getConsentChallenge(error);
  if (challenge === undefined) return undefined;
  const { url, deviceCode, expiresAt } = challenge;
  const headers = { 'cache-control': 'no-store' };
  return Response.json({ error: 'consent_required', url, deviceCode, expiresAt }, { status, headers });
}
