import { checkArgument, InvalidArgumentError } from '../errors/index.js';
import type { OperationTable } from '../openapi/operation-info.js';
import {
  describeScheme,
  type SecurityRequirement,
  type SecurityScheme,
  schemeNamed,
} from '../openapi/security-schemes.js';
import type { SchemeCredential } from '../transport/auth/auth.js';
import {
  type BearerToken,
  type Credential,
  checkApiKey,
  checkToken,
  createCredential,
} from '../transport/auth/credentials.js';
import type { OutgoingRequest } from '../transport/middleware.js';
import { isRecord, recordOf } from '../util/is-record.js';
import { describeKind } from '../util/redact.js';
import type { KnownOperation } from './client-operations.js';
import type { ResolvedOptions } from './options.js';

/** A user name and a password, for HTTP basic (RFC 7617). */
export interface BasicCredential {
  /** Without a colon. */
  readonly username: string;
  readonly password: string;
}

/**
 * Credentials by the names of the security schemes in the document.
 *
 * An API key, and the token of a bearer scheme, of OAuth 2 and of OpenID Connect, is a text or a function that returns the current
 * one, as `bearerToken` is. HTTP basic takes a user name and a password, or a function that returns them.
 */
export type SchemeCredentials = Readonly<
  Record<string, BearerToken | BasicCredential | (() => BasicCredential | Promise<BasicCredential>)>
>;

/** The credentials of a client by the names of their schemes. */
export type CredentialsByScheme = ReadonlyMap<string, SchemeCredential>;

/** The checks of the texts that schemes send. */
const CHECKS = { apiKey: checkApiKey, basic: encodeBasic, bearer: checkToken };

/**
 * Checks the `credentials` of a client against the table of its document.
 *
 * @throws {InvalidArgumentError} For a name that the document does not have, a scheme that is not supported, and a value that its
 *   scheme does not take. The value is never shown.
 */
export function resolveCredentials(
  given: unknown,
  { securitySchemes = {} }: Pick<OperationTable, 'securitySchemes'>,
): CredentialsByScheme {
  if (given === undefined) return new Map();
  checkArgument(isRecord(given), 'credentials', 'must be an object', given, describeKind);
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return new Map(
    entries.map(([name, value]): [string, SchemeCredential] => {
      const at = `credentials.${name}`;
      const scheme = Object.hasOwn(securitySchemes, name) ? securitySchemes[name] : undefined;
      if (scheme === undefined) {
        const known = Object.keys(securitySchemes).join(', ');
        throw new InvalidArgumentError(
          at,
          `is not a security scheme of this client's document; ${known === '' ? 'it needs bearerToken alone' : `it has ${known}`}`,
        );
      }
      if (scheme.kind === 'unknown')
        throw new InvalidArgumentError(at, `is ${describeScheme(scheme)}, which is not supported`);
      if (scheme.kind !== 'basic' && typeof value !== 'string' && typeof value !== 'function')
        throw new InvalidArgumentError(at, `must be a text or a function, got ${describeKind(value)}`);
      // Its result is checked when it is there.
      return [name, { scheme, credential: createCredential(at, value, CHECKS[scheme.kind]) }];
    }),
  );
}

/** The credentials of one call: the bearer token of the client or call, and those of other schemes. */
interface ChosenCredentials {
  readonly credential: Credential | undefined;
  readonly schemes: readonly SchemeCredential[];
}

/**
 * Chooses the credentials of a call: those of the first alternative of its operation that the client has all of.
 *
 * `bearerToken` is the credential of each bearer scheme that `credentials` does not name. The bearer token is sent for an operation
 * that takes a bearer alone, and where the client meets no alternative but the request passes all the same. An operation that is
 * not in the table gets everything.
 *
 * @throws {InvalidArgumentError} See {@link requireInRequest}.
 */
export function chooseCredentials(
  request: OutgoingRequest,
  operation: KnownOperation | undefined,
  bearer: Credential | undefined,
  { securitySchemes = {}, credentials }: Pick<ResolvedOptions, 'securitySchemes' | 'credentials'>,
): ChosenCredentials {
  if (operation === undefined) return { credential: bearer, schemes: [...credentials.values()] };
  const { security } = operation;
  if (security === undefined) {
    // An operation that takes a bearer alone, whose table does not name its scheme.
    const named = [...credentials.values()].find(({ scheme }) => scheme.kind === 'bearer');
    return { credential: bearer ?? named?.credential, schemes: [] };
  }
  const has = (name: string) =>
    credentials.has(name) || (schemeNamed(securitySchemes, name).kind === 'bearer' && bearer !== undefined);
  const met = security.filter((names) => names.every(has));
  // One that sends something comes before one that does not.
  const way = met.find((names) => names.length > 0) ?? met[0];
  if (way === undefined) {
    requireInRequest(request, operation, security, securitySchemes);
    return { credential: bearer, schemes: [] };
  }
  const schemes = way.flatMap((name) => credentials.get(name) ?? []);
  return { credential: schemes.length === way.length ? undefined : bearer, schemes };
}

/**
 * Refuses a request to an operation if the client's `credentials` meet none of its alternatives. The request passes if the
 * caller has put all credentials of one alternative into it, and if one needs a credential that this package does not send, such
 * as a client certificate.
 *
 * @throws {InvalidArgumentError} Naming the schemes that the operation takes.
 */
function requireInRequest(
  request: OutgoingRequest,
  { id, path }: KnownOperation,
  security: readonly SecurityRequirement[],
  securitySchemes: NonNullable<OperationTable['securitySchemes']>,
): void {
  const isInRequest = (name: string) => isSetIn(request, schemeNamed(securitySchemes, name));
  if (security.some((names) => names.every(isInRequest))) return;
  const describe = (name: string) => `${name} (${describeScheme(schemeNamed(securitySchemes, name))})`;
  const alternatives = security.map((names) => names.map(describe).join(' and '));
  throw new InvalidArgumentError(
    'credentials',
    `lack what ${id ?? path} takes: ${alternatives.join(', or ')}`,
  );
}

/** Returns whether a request carries a credential of a scheme that the client does not add. */
function isSetIn({ headers, url }: OutgoingRequest, scheme: SecurityScheme): boolean {
  if (scheme.kind === 'unknown') return true;
  if (scheme.kind !== 'apiKey') return headers.authorization !== undefined;
  if (scheme.in === 'header') return headers[scheme.name.toLowerCase()] !== undefined;
  if (scheme.in === 'query') return new URL(url).searchParams.has(scheme.name);
  const cookies = (headers.cookie ?? '').split(';');
  return cookies.some((cookie) => cookie.trim().startsWith(`${encodeURIComponent(scheme.name)}=`));
}

/** The user name and the password in base64 of their UTF-8 (RFC 7617, section 2.1). */
function encodeBasic(at: string, value: unknown): string {
  const { username, password } = recordOf(value);
  const isPair = typeof username === 'string' && typeof password === 'string';
  checkArgument(isPair, at, 'must have a username and a password', value, describeKind);
  checkArgument(!username.includes(':'), `${at}.username`, 'must have no colon (RFC 7617)');
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
