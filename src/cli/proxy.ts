import { UsageError } from './io.js';

const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/**
 * Sends every request of this process through the proxy that the environment names: `HTTPS_PROXY`, `HTTP_PROXY` and
 * `NO_PROXY`, in upper or lower case, as curl and gh do.
 *
 * Node reads them itself where `NODE_USE_ENV_PROXY` is set, since version 22.21. For the others undici does, which is loaded
 * only where a proxy is named.
 *
 * @throws {UsageError} For a proxy that is not a URL.
 */
export async function useProxyOfEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  warn: (text: string) => void,
): Promise<void> {
  const name = PROXY_VARIABLES.find((variable) => env[variable]);
  if (name === undefined || env.NODE_USE_ENV_PROXY === '1') return;
  const undici = await import('undici').catch(() => undefined);
  if (undici === undefined) {
    warn(`warning: ${name} is set and not used: undici is not installed. Run npm install undici\n`);
    return;
  }
  try {
    const read = (upper: string) => env[upper] ?? env[upper.toLowerCase()];
    const [httpsProxy, httpProxy, noProxy] = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].map(read);
    undici.setGlobalDispatcher(
      new undici.EnvHttpProxyAgent({
        ...(httpsProxy && { httpsProxy }),
        ...(httpProxy && { httpProxy }),
        ...(noProxy && { noProxy }),
      }),
    );
  } catch {
    // The value may hold a password.
    throw new UsageError(
      `${name} is not the URL of a proxy; give one such as http://proxy.acme.example:3128`,
    );
  }
}
