import { processEnvironment } from '../../util/node-module.js';
import { checkToken } from './credentials.js';
import { readOidcToken } from './oidc-token.js';

/**
 * A credential for scripts, to pass as `bearerToken`: what the machine that runs them offers.
 *
 * In this order: `VERCEL_TOKEN`, where it is set and not empty; the project's OIDC token through `@vercel/oidc`, which looks
 * into the request context, the token file, `VERCEL_OIDC_TOKEN`, and renews in development. Called for each attempt, so
 * that a renewed token is used.
 *
 * Pass it yourself: it is not a default of `createClient`, because a credential that the program does not name must not go to a
 * `baseUrl` that another part of it does.
 *
 * @param environment - Default `process.env`.
 * @returns A function that throws {@link CredentialError} when there is neither, and {@link InvalidArgumentError} when
 *   `VERCEL_TOKEN` cannot be a token.
 *
 * @example
 * const client = createClient({ bearerToken: environmentCredential() });
 *
 * Source: https://vercel.com/docs/rest-api (access tokens), https://vercel.com/docs/oidc
 */
export function environmentCredential(
  environment: Readonly<Record<string, string | undefined>> = processEnvironment(),
): () => Promise<string> {
  return async () => {
    const token = environment.VERCEL_TOKEN;
    return token ? checkToken('VERCEL_TOKEN', token) : readOidcToken();
  };
}
