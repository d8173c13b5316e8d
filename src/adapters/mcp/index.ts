/**
 * Connect's tokens for MCP clients: `@modelcontextprotocol/sdk` 1.x, `@modelcontextprotocol/client` 2.x, `@ai-sdk/mcp`,
 * `@tanstack/ai-mcp`, and any other that takes a `fetch` or an OAuth client provider. No host is imported.
 *
 * @module vercel-rest/mcp
 */
export {
  type ConsentChallenge,
  ConsentRequiredError,
  type ConsentResponseOptions,
  getConsentChallenge,
  isConsentRequiredError,
  toConsentResponse,
} from '../../connect/consent/consent-required.js';
export {
  ConnectError,
  type ConnectErrorOptions,
  ConnectorInstallationRequiredError,
  type ConnectVendorErrorPayload,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from '../../connect/errors.js';
export {
  type ConnectFetch,
  type ConnectFetchOptions,
  createConnectFetch,
} from '../../connect/fetch/connect-fetch.js';
export type { ConnectAdapterOptions } from '../../connect/fetch/provider-token.js';
export type {
  ConnectTokenExchangeSubject,
  ConnectTokenParams,
  ConnectTokenSubject,
} from '../../connect/types.js';
export {
  CONNECT_DISCOVERY_STATE,
  CONNECT_MANAGED_REDIRECT_URL,
  type ConnectAuthProviderOptions,
  type ConnectConsentMode,
  type ConnectMcpAuth,
  type ConnectOAuthClientInformation,
  type ConnectOAuthClientMetadata,
  type ConnectOAuthClientProvider,
  type ConnectOAuthDiscoveryState,
  type ConnectOAuthTokens,
  connectAuthProvider,
  connectMcpAuth,
} from './auth-provider.js';
export {
  type ConnectTool,
  type ConnectToolCallOptions,
  type ConnectToolContext,
  type ConnectToolDefinition,
  type ConnectToolInput,
  type ConnectToolOptions,
  type ConsentRequiredResult,
  connectTool,
  isConsentRequiredResult,
  type ToolModelOutput,
} from './connect-tool.js';
export {
  type ConnectMCPTransport,
  type ConnectMCPTransportConfig,
  type ConnectMCPTransportOptions,
  connectMCPTransport,
} from './mcp-transport.js';
