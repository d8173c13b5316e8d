import { type Credential, sharedCredential } from '../transport/auth/credentials.js';
import { readOidcToken, requestToken } from '../transport/auth/oidc-token.js';
import { jwtClaims } from '../util/jwt-claims.js';
import { processEnvironment } from '../util/node-module.js';

/** Longest token that is looked into, in characters. */
const MAX_TOKEN_LENGTH = 16_384;

/** The claims that identify the holder of a project's token; all others change with each issue. */
const STABLE_CLAIMS = [
  ...['iss', 'sub', 'owner_id', 'project_id', 'environment', 'custom_environment_id'],
  ...['user_id', 'external_sub', 'act'],
];

/**
 * The project's own OIDC token, from `@vercel/oidc`: request context, token file, environment, or refreshed in
 * development. The package is loaded at the first use, so that callers with a credential of their own never pay for it.
 *
 * It was read from the platform and not handed in by a caller, so that its claims may name it: an hourly rotation keeps
 * the cache. A token from the request context is believed on Vercel alone, where callers cannot set it.
 *
 * Source: https://vercel.com/docs/oidc
 */
export function oidcCredential(
  environment: Readonly<Record<string, string | undefined>> = processEnvironment(),
): Credential {
  const shared = sharedCredential(readOidcToken);
  return {
    ...shared,
    // Concurrent requests on the platform have a context each, and one must not be served another's token.
    get: () => (requestToken() !== undefined ? readOidcToken() : shared.get()),
    renew: () => (requestToken() !== undefined ? readOidcToken() : shared.renew()),
    identityOf: (token) =>
      requestToken() !== undefined && environment.VERCEL !== '1' ? undefined : stableIdentity(token),
  };
}

/**
 * Names the holder of a token by its unverified claims.
 *
 * Only for a token that this process read from its platform: anybody can write claims.
 *
 * @returns `undefined` for any other text, which its digest then names.
 */
export function stableIdentity(token: string): string | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  const claims = jwtClaims(token);
  if (typeof claims?.iss !== 'string' || typeof claims.sub !== 'string') return undefined;
  return JSON.stringify(STABLE_CLAIMS.map((name) => claims[name] ?? null));
}

/** The team (`owner_id`) in a name that {@link stableIdentity} made. */
export function teamOf(identity: string): string | undefined {
  const claims: unknown = JSON.parse(identity);
  const team: unknown = Array.isArray(claims) ? claims[STABLE_CLAIMS.indexOf('owner_id')] : undefined;
  return typeof team === 'string' ? team : undefined;
}
