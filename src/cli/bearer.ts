import { isLoopback } from '../http/base-url.js';
import type { Io } from './io.js';

/** Stands for a credential where a local server asks for one and nobody has any. */
const PLACEHOLDER_BEARER = 'vercel-rest-placeholder';

/** `VERCEL_TOKEN`; where a local server is asked and nobody has a credential, a placeholder; else `undefined`. */
export function chooseBearer(baseUrl: string | undefined, env: Io['env']): string | undefined {
  if (env.VERCEL_TOKEN) return env.VERCEL_TOKEN;
  const hasOidc = Boolean(env.VERCEL_OIDC_TOKEN || env.VERCEL_OIDC_TOKEN_FILE);
  const isLocal = baseUrl !== undefined && URL.canParse(baseUrl) && isLoopback(new URL(baseUrl).hostname);
  return isLocal && !hasOidc ? PLACEHOLDER_BEARER : undefined;
}
