import { CredentialError } from '../../errors/index.js';
import { isFrameworkError } from '../../util/framework-error.js';
import { processEnvironment } from '../../util/node-module.js';
import { checkToken } from './credentials.js';

/** Matches the messages of Node and of bundlers for a missing module. */
const LOAD_FAILURE = /Dynamic require of|Cannot find (?:module|package)|Could not resolve/;

/**
 * Returns the project's own OIDC token from `@vercel/oidc`, which is loaded at the first use: callers with a credential of
 * their own never pay for it.
 *
 * @throws {CredentialError} Without a token, or when the package cannot be loaded.
 */
export async function readOidcToken(): Promise<string> {
  const { getVercelOidcToken } = await import('@vercel/oidc').catch((cause: unknown) => {
    throw notLoaded(cause);
  });
  let token: unknown;
  try {
    token = await getVercelOidcToken();
  } catch (cause) {
    if (isFrameworkError(cause)) throw cause;
    // The package loads parts of itself later, and puts the failure into a message of its own.
    if (cause instanceof Error && LOAD_FAILURE.test(cause.message)) throw notLoaded(cause);
    // A user who has set it may expect that it is read.
    const hint = processEnvironment().VERCEL_TOKEN
      ? '. VERCEL_TOKEN is set, and is read only where you pass bearerToken: environmentCredential()'
      : '';
    throw new CredentialError(
      `no Vercel OIDC token is available here: on Vercel, enable OIDC for the project; locally, run \`vercel link\` and \`vercel env pull\`; elsewhere, pass vercelToken or bearerToken${hint}`,
      { cause },
    );
  }
  return checkToken('VERCEL_OIDC_TOKEN', token);
}

function notLoaded(cause: unknown): CredentialError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new CredentialError(
    `the package @vercel/oidc cannot be loaded, so that no Vercel OIDC token was looked for (${reason}): install it and keep it out of the bundle (esbuild: external), or pass vercelToken or bearerToken`,
    { cause },
  );
}
