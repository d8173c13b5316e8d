import {
  type ConnectFetch,
  type ConnectFetchOptions,
  createConnectFetch,
} from '../../connect/fetch/connect-fetch.js';
import type { ConnectTokenParams } from '../../connect/types.js';
import type { ConnectConsentMode } from './auth-provider.js';

/** The transport of `createMCPClient`, in `@ai-sdk/mcp` and in `@tanstack/ai-mcp`. */
export interface ConnectMCPTransportConfig {
  readonly type: 'http' | 'sse';
  /** The MCP server. The token is sent to its origin alone. */
  readonly url: string;
  readonly headers?: Record<string, string>;
  /** Sends the requests. Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** {@link ConnectMCPTransportConfig} with a `fetch` that sends the connector's token. */
export type ConnectMCPTransport<T extends ConnectMCPTransportConfig> = Omit<T, 'fetch'> & {
  readonly fetch: ConnectFetch;
  readonly redirect?: 'follow';
};

/** Options of {@link connectMCPTransport}. */
export interface ConnectMCPTransportOptions extends Omit<ConnectFetchOptions, 'origin' | 'fetch'> {
  /**
   * `'follow'` follows redirects within the server's origin; another origin never gets the token. Default `'error'`; the
   * transports of the MCP SDKs follow within the origin on their own.
   */
  readonly redirect?: 'follow' | 'error' | undefined;
  /**
   * `'server'` asks for a token of this MCP server alone (RFC 8707), which some servers demand. It is another grant than
   * the one without. Default: none.
   */
  readonly resource?: 'server' | undefined;
  /**
   * Has no effect, and is accepted for code that moves from `@vercel/connect`: a missing consent always shows before a request
   * is sent.
   */
  readonly consent?: ConnectConsentMode | undefined;
}

/**
 * Adds a connector to the transport of an MCP client.
 *
 * It gives the transport a `fetch` of `createConnectFetch` and no `authProvider`, so that no OAuth code of the host runs. Over
 * SSE errors are answered in place of thrown (`errors: 'response'`), because the MCP SDKs reconnect for as long as `fetch`
 * throws: pass `transport.fetch` to `getConsentChallenge` there.
 *
 * @throws {InvalidArgumentError} At once for an argument that cannot work.
 *
 * @example
 * const transport = connectMCPTransport(
 *   { type: 'http', url: 'https://mcp.linear.app/mcp' },
 *   'oauth/linear',
 *   { subject: { type: 'user', id: 'user_123' } },
 * );
 * try {
 *   const client = await createMCPClient({ transport });
 * } catch (error) {
 *   const challenge = getConsentChallenge(error) ?? getConsentChallenge(transport.fetch);
 *   if (challenge) return Response.redirect(challenge.url, 303);
 *   throw error;
 * }
 */
export function connectMCPTransport<T extends ConnectMCPTransportConfig>(
  config: T,
  connector: string,
  params: ConnectTokenParams,
  options: ConnectMCPTransportOptions = {},
): ConnectMCPTransport<T> {
  const { redirect, resource, consent: _, ...own } = options;
  let wanted = params;
  if (resource === 'server') {
    // The canonical URI of an MCP server: without a query, a fragment, or a slash at the end of its origin.
    const { origin, pathname } = new URL(config.url);
    wanted = { ...params, resources: [pathname === '/' ? origin : `${origin}${pathname}`] };
  }
  const connectFetch = createConnectFetch(connector, wanted, {
    errors: config.type === 'sse' ? 'response' : 'throw',
    ...own,
    origin: config.url,
    fetch: config.fetch,
  });
  return { ...config, fetch: connectFetch, ...(redirect === 'follow' ? { redirect } : {}) };
}
