import { CredentialError } from '../../errors/index.js';
import { isFrameworkError } from '../../util/framework-error.js';
import { isRecord } from '../../util/is-record.js';
import { jwtClaims } from '../../util/jwt-claims.js';
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
  let ofRequest: string | undefined;
  try {
    ofRequest = requestToken();
    token = await getVercelOidcToken();
  } catch (cause) {
    if (isFrameworkError(cause)) throw cause;
    // The package loads parts of itself later, and puts the failure into a message of its own.
    if (cause instanceof Error && LOAD_FAILURE.test(cause.message)) throw notLoaded(cause);
    // A user who has set it may expect that it is read.
    const hint = processEnvironment().VERCEL_TOKEN
      ? '. VERCEL_TOKEN is set, and is read only where you pass bearerToken: environmentCredential()'
      : '';
    const reason =
      faultOfToken(ofRequest) ??
      'no Vercel OIDC token is available here: on Vercel, enable OIDC for the project; locally, run `vercel link` and `vercel env pull`; elsewhere, pass vercelToken or bearerToken';
    throw new CredentialError(`${reason}${hint}`, { cause });
  }
  return checkToken('VERCEL_OIDC_TOKEN', token);
}

/** Returns the token that the platform gave to the request that this code serves. */
export function requestToken(): string | undefined {
  const context: unknown = Reflect.get(globalThis, Symbol.for('@vercel/request-context'));
  if (!isRecord(context) || typeof context.get !== 'function') return undefined;
  const store: unknown = context.get();
  if (!isRecord(store) || !isRecord(store.headers)) return undefined;
  const token = store.headers['x-vercel-oidc-token'];
  return typeof token === 'string' ? token : undefined;
}

/**
 * Returns what is wrong with the token that `@vercel/oidc` finds, should it fail: it looks in this order, and fails with a token
 * only where the token is not a JWT, or has expired and cannot be renewed.
 */
function faultOfToken(ofRequest: string | undefined): string | undefined {
  const { VERCEL_OIDC_TOKEN, VERCEL_OIDC_TOKEN_FILE } = processEnvironment();
  if (ofRequest) {
    return `the OIDC token of the request (the x-vercel-oidc-token header) ${faultOf(ofRequest)}: make the call in a new request, or pass vercelToken or bearerToken`;
  }
  if (VERCEL_OIDC_TOKEN_FILE) {
    return 'the file that VERCEL_OIDC_TOKEN_FILE names has no valid Vercel OIDC token: it is missing or empty, or its token has expired or is malformed. Write a new token to it, or unset the variable; locally, run `vercel link` and `vercel env pull`; elsewhere, pass vercelToken or bearerToken';
  }
  if (!VERCEL_OIDC_TOKEN) return undefined;
  return `the token in VERCEL_OIDC_TOKEN ${faultOf(VERCEL_OIDC_TOKEN)}: run \`vercel link\` and \`vercel env pull\`, and load the new value; elsewhere, pass vercelToken or bearerToken`;
}

function faultOf(token: string): string {
  return jwtClaims(token) === undefined
    ? 'is not a Vercel OIDC token'
    : 'has expired, and could not be renewed';
}

function notLoaded(cause: unknown): CredentialError {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return new CredentialError(
    `the package @vercel/oidc cannot be loaded, so that no Vercel OIDC token was looked for (${reason}): install it and keep it out of the bundle (esbuild: external), or pass vercelToken or bearerToken`,
    { cause },
  );
}
