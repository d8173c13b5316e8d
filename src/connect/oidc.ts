import { CredentialError } from '../errors/index.js';
import { type Credential, checkToken } from '../transport/credentials.js';

/**
 * The project's own OIDC token, from `@vercel/oidc`: request context, token file, environment, or refreshed in
 * development. The package is loaded at the first use, so that callers with a credential of their own never pay for it.
 *
 * Source: https://vercel.com/docs/oidc
 */
export function oidcCredential(): Credential {
  return { renewable: true, get: async () => checkToken('VERCEL_OIDC_TOKEN', await readOidcToken()) };
}

async function readOidcToken(): Promise<string> {
  try {
    const { getVercelOidcToken } = await import('@vercel/oidc');
    return await getVercelOidcToken();
  } catch (cause) {
    throw new CredentialError(
      'no Vercel OIDC token is available here: on Vercel, enable OIDC for the project; locally, run `vercel link` and `vercel env pull`; elsewhere, pass vercelToken or bearerToken',
      { cause },
    );
  }
}
