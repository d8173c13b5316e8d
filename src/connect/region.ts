import { checkArgument } from '../errors/index.js';
import { DEFAULT_BASE_URL } from '../http/base-url.js';
import { processEnvironment } from '../util/node-module.js';

/** Vercel's region names: three letters and a number. The check keeps a region from naming another host. */
const REGION = /^[a-z]{3}\d{1,2}$/;

/**
 * The base URL of a region.
 *
 * `'auto'` takes `VERCEL_REGION` and falls back to the global API where that is unset. Without a region the variable is
 * not read: unlike in `@vercel/connect`, where code runs does not silently change which host gets the credential.
 *
 * @throws {InvalidArgumentError} When it is not a region name.
 */
export function regionBaseUrl(
  region: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = processEnvironment(),
): string {
  const [field, name] =
    region === 'auto'
      ? ['VERCEL_REGION', environment.VERCEL_REGION?.trim() || undefined]
      : ['region', region];
  if (name === undefined) return DEFAULT_BASE_URL;
  const isRegion = typeof name === 'string' && REGION.test(name);
  checkArgument(isRegion, field, "must be a region name such as sfo1, or 'auto'", name);
  return `https://api-${name}.vercel.com`;
}
