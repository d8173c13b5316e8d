import { CredentialError } from '../../errors/index.js';
import { isFrameworkError } from '../../util/framework-error.js';
import { checkToken } from './credentials.js';

/**
 * The project's own OIDC token, from `@vercel/oidc`, which is loaded at the first use: callers with a credential of their
 * own never pay for it.
 *
 * @throws {CredentialError} When there is none.
 */
export async function readOidcToken(): Promise<string> {
  let token: unknown;
  try {
    const { getVercelOidcToken } = await import('@vercel/oidc');
    token = await getVercelOidcToken();
  } catch (cause) {
    if (isFrameworkError(cause)) throw cause;
    throw new CredentialError(
      'no Vercel OIDC token is available here: on Vercel, enable OIDC for the project; locally, run `vercel link` and `vercel env pull`; elsewhere, pass vercelToken or bearerToken',
      { cause },
    );
  }
  return checkToken('VERCEL_OIDC_TOKEN', token);
}
