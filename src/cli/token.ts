import { type ConnectTokenParams, type ConnectTokenSubject, createConnectClient } from '../connect/index.js';
import { isLoopback } from '../transport/base-url.js';
import { type Io, UsageError } from './io.js';

/** The flags of `vercel-rest token`, as parsed. */
export interface TokenFlags {
  readonly subject: string;
  readonly baseUrl?: string;
  readonly installationId?: string;
  readonly scopes?: string[];
  /** `false` where the default of all scopes is not wanted. */
  readonly defaultScopes?: boolean;
  readonly resources?: string[];
  readonly audience?: string[];
  readonly authorizationDetails?: string;
  readonly json?: boolean;
}

/** Stands for a credential where a local server asks for one and nobody has any. */
const PLACEHOLDER_BEARER = 'vercel-rest-placeholder';

/**
 * Prints a provider token: alone, so that it pipes, or with `--json` all that the API says of it.
 *
 * The credential is `VERCEL_TOKEN`, else the project's OIDC token; a local server without either gets a placeholder.
 *
 * @throws {UsageError} For a flag that cannot be read.
 */
export async function printToken(connector: string, flags: TokenFlags, io: Io): Promise<void> {
  const params = readTokenParams(flags);
  const client = createConnectClient({
    baseUrl: flags.baseUrl,
    bearerToken: chooseBearer(flags.baseUrl, io.env),
  });
  const response = await client.getTokenResponse(connector, params, { signal: io.signal });
  io.stdout(flags.json ? `${JSON.stringify(response, null, 2)}\n` : `${response.token}\n`);
}

/**
 * Reads `app`, `user:<id>` or `jwt-bearer:<sub>`.
 *
 * @throws {UsageError}
 */
export function readSubject(text: string): ConnectTokenSubject {
  const [, type, value] = /^(app|user|jwt-bearer)(?::(.+))?$/s.exec(text) ?? [];
  if (type === 'app' && value === undefined) return { type };
  if (type === 'user' && value !== undefined) return { type, id: value };
  if (type === 'jwt-bearer' && value !== undefined) return { type, sub: value };
  throw new UsageError('--subject must be app, user:<id> or jwt-bearer:<sub>');
}

/** The parameters that the flags of a token name. @throws {UsageError} */
export function readTokenParams(flags: Omit<TokenFlags, 'json' | 'baseUrl'>): ConnectTokenParams {
  const { installationId, scopes, resources, audience, authorizationDetails } = flags;
  return {
    subject: readSubject(flags.subject),
    ...(installationId === undefined ? {} : { installationId }),
    ...(scopes === undefined ? (flags.defaultScopes === false ? { scopes: [] } : {}) : { scopes }),
    ...(resources === undefined ? {} : { resources }),
    ...(audience === undefined ? {} : { audience }),
    ...(authorizationDetails === undefined
      ? {}
      : { authorizationDetails: readDetails(authorizationDetails) }),
  };
}

function readDetails(text: string): NonNullable<ConnectTokenParams['authorizationDetails']> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(
      '--authorization-details must be JSON, e.g. \'[{"type":"github_app_installation","org":"acme"}]\'',
    );
  }
  // Each member is checked as an object with the other parameters; a single object is a list of one.
  return (Array.isArray(value) ? value : [value]) as NonNullable<ConnectTokenParams['authorizationDetails']>;
}

/** `VERCEL_TOKEN`; where a local server is asked and nobody has a credential, a placeholder; else `undefined`. */
export function chooseBearer(baseUrl: string | undefined, env: Io['env']): string | undefined {
  if (env.VERCEL_TOKEN) return env.VERCEL_TOKEN;
  const hasOidc = Boolean(env.VERCEL_OIDC_TOKEN || env.VERCEL_OIDC_TOKEN_FILE);
  const isLocal = baseUrl !== undefined && URL.canParse(baseUrl) && isLoopback(new URL(baseUrl).hostname);
  return isLocal && !hasOidc ? PLACEHOLDER_BEARER : undefined;
}
