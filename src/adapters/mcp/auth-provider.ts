import { checkOptionNames } from '../../client/option-names.js';
import type { ConsentRequiredError } from '../../connect/consent/consent-required.js';
import { ConnectError } from '../../connect/errors.js';
import {
  ADAPTER_OPTIONS,
  type ConnectAdapterOptions,
  createProviderToken,
  isConsentMissing,
  type ProviderToken,
} from '../../connect/fetch/provider-token.js';
import type { ConnectTokenParams, ConnectTokenResponse } from '../../connect/types.js';
import { VercelError } from '../../errors/index.js';

/** The tokens of an MCP client (RFC 6749 section 5.1). There is never a refresh token: Connect keeps it. */
export interface ConnectOAuthTokens {
  access_token: string;
  token_type: string;
  /** Seconds, at least 1. */
  expires_in?: number;
  scope?: string;
  refresh_token?: string;
  id_token?: string;
}

/** The metadata of an OAuth client (RFC 7591 section 2). */
export interface ConnectOAuthClientMetadata {
  redirect_uris: string[];
}

/** The identity of an OAuth client. */
export interface ConnectOAuthClientInformation {
  client_id: string;
}

/** The discovered authorization of an MCP server (RFC 9728, RFC 8414). */
export interface ConnectOAuthDiscoveryState {
  authorizationServerUrl: string;
  authorizationServerMetadata: {
    issuer: string;
    authorization_endpoint: string;
    token_endpoint: string;
    response_types_supported: string[];
    code_challenge_methods_supported: string[];
  };
  resourceMetadata: {
    resource: string;
    authorization_servers: string[];
  };
}

/** The members of the MCP SDKs' `OAuthClientProvider` that {@link connectAuthProvider} has. */
export interface ConnectOAuthClientProvider {
  /** Returns the token for the next request. */
  tokens(): Promise<ConnectOAuthTokens | undefined>;
  /** Stores nothing: Connect holds the tokens. */
  saveTokens(tokens: ConnectOAuthTokens): void;
  /** Rejects: with the page of a missing consent, or after it has replaced a refused token. */
  redirectToAuthorization(authorizationUrl: URL): Promise<void>;
  /** Stores nothing: Connect runs the authorization. */
  saveCodeVerifier(codeVerifier: string): void;
  /** Throws: Connect exchanges the code. */
  codeVerifier(): string;
  /** Returns where the user comes back to. */
  get redirectUrl(): string;
  /** Returns the metadata of the client, as the MCP SDK asks for it. */
  get clientMetadata(): ConnectOAuthClientMetadata;
  /** Returns the connector as the id of the client. */
  clientInformation(): ConnectOAuthClientInformation;
  /** Returns {@link CONNECT_DISCOVERY_STATE}, so that the SDK fetches no metadata. */
  discoveryState(): ConnectOAuthDiscoveryState;
  /** Stores nothing. */
  saveDiscoveryState(state: unknown): void;
  /** Resolves to nothing: Connect chooses the resource. */
  validateResourceURL(serverUrl: string | URL, resource?: string): Promise<URL | undefined>;
  /** Rejects, before the AI SDK fetches metadata from a URL that the MCP server chose. */
  validateAuthorizationServerURL(
    serverUrl: string | URL,
    authorizationServerUrl: string | URL,
  ): Promise<void>;
}

/**
 * When a missing consent shows. `'eager'`: before the first request, as {@link ConsentRequiredError}. `'transport'`: after the
 * server's 401, where the host reaches `redirectToAuthorization`; needed for the SSE transports of the MCP SDKs, which
 * reconnect for as long as `tokens()` throws.
 */
export type ConnectConsentMode = 'transport' | 'eager';

/** Options of {@link connectAuthProvider}. */
export interface ConnectAuthProviderOptions extends ConnectAdapterOptions {
  /** Default `'eager'`. */
  readonly consent?: ConnectConsentMode | undefined;
}

/**
 * The redirect URL of a provider without one. The MCP SDK takes an empty URL for the flow of client credentials, in which
 * nobody consents. Nobody is sent to it.
 */
export const CONNECT_MANAGED_REDIRECT_URL = 'https://connect.vercel.com/';

/**
 * Names Connect as the authorization server. With it the MCP SDK fetches no metadata from URLs that the MCP server chooses,
 * which could be addresses of the private network. Nothing is sent to these endpoints.
 */
export const CONNECT_DISCOVERY_STATE: ConnectOAuthDiscoveryState = {
  authorizationServerUrl: 'https://connect.vercel.com',
  authorizationServerMetadata: {
    issuer: 'https://connect.vercel.com',
    authorization_endpoint: CONNECT_MANAGED_REDIRECT_URL,
    token_endpoint: CONNECT_MANAGED_REDIRECT_URL,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
  },
  resourceMetadata: {
    resource: CONNECT_MANAGED_REDIRECT_URL,
    authorization_servers: ['https://connect.vercel.com'],
  },
};

const PROVIDER_OPTIONS = new Set([...ADAPTER_OPTIONS, 'consent']);

/**
 * Makes an `OAuthClientProvider` for MCP clients, which Connect answers for.
 *
 * Prefer `connectMCPTransport` or `createConnectFetch`: they renew a refused token within the request, send it to one
 * origin, and run no OAuth code of the host. With this provider a refused token makes one request fail, with the code
 * `token_refused`; the next has another token. A user who has consented is never sent to the consent page.
 *
 * @throws {InvalidArgumentError} At once for an argument that cannot work.
 *
 * @example
 * const transport = new StreamableHTTPClientTransport(new URL('https://mcp.linear.app/mcp'), {
 *   authProvider: connectAuthProvider('oauth/linear', { subject: { type: 'user', id: 'user_123' } }),
 * });
 */
export function connectAuthProvider(
  connector: string,
  params: ConnectTokenParams,
  options: ConnectAuthProviderOptions = {},
): ConnectOAuthClientProvider {
  checkOptionNames(options, PROVIDER_OPTIONS, { prefix: 'options.' });
  const { consent = 'eager', redirectUrl = CONNECT_MANAGED_REDIRECT_URL } = options;
  const tokens = createProviderToken(connector, params, options);
  let lastToken: string | undefined;

  /** Says why the MCP server refused the request: no host can be made to send it again. */
  async function refuse(): Promise<never> {
    if (lastToken === undefined) return tokens.requireConsent();
    await renew(connector, tokens, lastToken);
    throw tokenRefused(connector, 'the next request takes another');
  }

  async function findToken(): Promise<ConnectTokenResponse | undefined> {
    if (consent === 'eager') return tokens.get();
    return tokens.peek().catch((error: unknown) => {
      if (isConsentMissing(error, params.subject)) return undefined;
      throw error;
    });
  }

  return {
    async tokens() {
      const found = await findToken();
      lastToken = found?.token;
      if (found === undefined) return undefined;
      const lifeSeconds = Math.floor((found.expiresAt - Date.now()) / 1000);
      return { access_token: found.token, token_type: 'Bearer', expires_in: Math.max(1, lifeSeconds) };
    },
    redirectToAuthorization: refuse,
    // Connect registers the client, keeps the verifier, and receives the callback.
    saveTokens: () => undefined,
    saveCodeVerifier: () => undefined,
    saveDiscoveryState: () => undefined,
    codeVerifier() {
      throw new VercelError('Vercel Connect exchanges the code, so this provider has no code verifier');
    },
    get redirectUrl() {
      return redirectUrl;
    },
    get clientMetadata() {
      return { redirect_uris: [] };
    },
    clientInformation: () => ({ client_id: connector }),
    discoveryState: () => structuredClone(CONNECT_DISCOVERY_STATE),
    validateResourceURL: async () => undefined,
    // The AI SDK calls it after a 401, before it fetches metadata from a URL that the MCP server chose.
    validateAuthorizationServerURL: refuse,
  };
}

/**
 * Replaces the token that the MCP server refused.
 *
 * @throws {ConsentRequiredError} Where Connect has no grant.
 * @throws {ConnectError} With code `token_refused` where it gives the same token again.
 */
async function renew(connector: string, tokens: ProviderToken, refused: string): Promise<void> {
  tokens.evict(refused);
  const { token } = await tokens.get();
  if (token === refused) throw tokenRefused(connector, 'Connect has no other');
}

function tokenRefused(connector: string, outcome: string): ConnectError {
  const message = `The MCP server refused the token of ${connector}, and ${outcome}`;
  return new ConnectError(message, { status: 401, code: 'token_refused' });
}

/** The two methods by which an MCP client 2.x is authorized. */
export interface ConnectMcpAuth {
  /** Returns the token for the next request. */
  token(): Promise<string | undefined>;
  /** Drops the token that the server refused, so that the next one is new. */
  onUnauthorized(context?: unknown): Promise<void>;
}

/**
 * Makes the two-method `AuthProvider` of `@modelcontextprotocol/client` 2.x.
 *
 * After a 401 it drops the refused token and returns, so that the client sends the request again with a new one. Where
 * Connect has no grant it throws {@link ConsentRequiredError}, which also gets through the client's SSE transport.
 *
 * @throws {InvalidArgumentError} At once for an argument that cannot work.
 *
 * @example
 * const transport = new StreamableHTTPClientTransport(new URL('https://mcp.linear.app/mcp'), {
 *   authProvider: connectMcpAuth('oauth/linear', { subject: { type: 'user', id: 'user_123' } }),
 * });
 */
export function connectMcpAuth(
  connector: string,
  params: ConnectTokenParams,
  options: ConnectAdapterOptions = {},
): ConnectMcpAuth {
  checkOptionNames(options, new Set(ADAPTER_OPTIONS), { prefix: 'options.' });
  const tokens = createProviderToken(connector, params, options);
  let lastToken: string | undefined;
  return {
    async token() {
      try {
        lastToken = (await tokens.peek()).token;
      } catch (error) {
        // The server's 401 leads to `onUnauthorized`, whose error gets through where this one would not.
        if (!isConsentMissing(error, params.subject)) throw error;
        lastToken = undefined;
      }
      return lastToken;
    },
    async onUnauthorized() {
      // No token was sent, because Connect has just refused one.
      if (lastToken === undefined) await tokens.requireConsent();
      else await renew(connector, tokens, lastToken);
    },
  };
}
