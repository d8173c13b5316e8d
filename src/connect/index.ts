/**
 * Short-lived provider tokens from Vercel Connect, cached, shared and never another caller's.
 *
 * @packageDocumentation
 */
import { createConnectClient } from './client.js';
import type { ConnectClient } from './types.js';

export { createConnectClient } from './client.js';
export {
  ClientNotEnabledForEnvironmentError,
  ClientNotLinkedToProjectError,
  ConnectError,
  type ConnectErrorCode,
  type ConnectErrorOptions,
  ConnectorInstallationRequiredError,
  ConnectorNotFoundError,
  type ConnectVendorErrorPayload,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from './errors.js';
export type { ConnectEvent, ConnectStats, StoreEvent, TokenEvent } from './stats.js';
export {
  createStoreKeys,
  type KeyMaterial,
  type StoreKeys,
  type StoreKeysOptions,
} from './store/store-keys.js';
export type {
  Look,
  LookRequest,
  StoreListener,
  TokenNames,
  TokenStore,
  WriteOutcome,
  WriteRequest,
} from './store/token-store.js';
export type {
  ConnectAppTokenSubject,
  ConnectAuthorizationDetail,
  ConnectClient,
  ConnectClientOptions,
  ConnectImportResult,
  ConnectImportToken,
  ConnectJwtBearerTokenSubject,
  ConnectOptions,
  ConnectorMetadata,
  ConnectRevokeParams,
  ConnectTokenExchangeSubject,
  ConnectTokenParams,
  ConnectTokenResponse,
  ConnectTokenSubject,
  ConnectUserTokenSubject,
  TokenAbsence,
  TokenOutcome,
  TokenSource,
  TokenSourceOptions,
} from './types.js';

// The one mutable state of the package: what the functions below share, made at their first use.
let defaultClient: ConnectClient | undefined;

function client(): ConnectClient {
  defaultClient ??= createConnectClient();
  return defaultClient;
}

/**
 * A short-lived provider token, from the cache where that has one with enough life.
 *
 * @param connector - Id (`scl_...`) or UID (`slack/acme-slack`).
 * @param params - Subject, and what narrows the token.
 * @throws {ConnectError} Or a child of it, for every answer of the API that is no success.
 * @throws {InvalidArgumentError} Before anything is sent.
 *
 * @example
 * const token = await getToken('slack/acme-slack', { subject: { type: 'app' } });
 */
export const getToken: ConnectClient['getToken'] = async (...call) => client().getToken(...call);

/**
 * {@link getToken} with all that the API says of the token.
 *
 * @returns A copy of the caller's own.
 *
 * @example
 * const { token, expiresAt } = await getTokenResponse('slack/acme-slack', { subject: { type: 'app' } });
 */
export const getTokenResponse: ConnectClient['getTokenResponse'] = async (...call) =>
  client().getTokenResponse(...call);

/**
 * {@link getToken} that throws nothing for the states that an application has to expect.
 *
 * @throws {VercelError} For everything else.
 *
 * @example
 * const outcome = await tryGetToken('oauth/linear', { subject: { type: 'user', id: 'user_123' } });
 * if (!outcome.ok && outcome.reason === 'user_authorization_required') showConsentButton();
 */
export const tryGetToken: ConnectClient['tryGetToken'] = async (...call) => client().tryGetToken(...call);

/**
 * A handle on one token, for callers that ask for the same again and again: its `getToken()` does no key work.
 *
 * @throws {InvalidArgumentError} At once for what cannot be asked for.
 *
 * @example
 * const slack = tokenSource('slack/acme-slack', { subject: { type: 'app' } });
 * await post(await slack.getToken());
 */
export const tokenSource: ConnectClient['tokenSource'] = (...call) => client().tokenSource(...call);

/**
 * What the default client has done: hits, requests (which are billed), refreshes, retries.
 *
 * @example
 * console.log(connectStats().upstreamCalls);
 */
export const connectStats: ConnectClient['stats'] = () => client().stats();

/**
 * Revokes a subject's tokens, at the provider where it can, and drops them from the cache.
 *
 * @example
 * await revokeToken('oauth/linear', { subject: { type: 'user', id: 'user_123' } });
 */
export const revokeToken: ConnectClient['revokeToken'] = async (...call) => client().revokeToken(...call);

/**
 * Drops what the cache holds for these arguments, and keeps a fetch under way from storing. Synchronous.
 *
 * Use it when the provider answered 401, so that the next call asks anew.
 *
 * @param options - `vercelToken` narrows it to one caller; without it the entries of every caller and region go.
 *
 * @example
 * deleteTokenCacheEntry('slack/acme-slack', { subject: { type: 'app' } });
 */
export const deleteTokenCacheEntry: ConnectClient['deleteTokenCacheEntry'] = (...call) =>
  client().deleteTokenCacheEntry(...call);

/**
 * Brings tokens from elsewhere into Connect.
 *
 * @returns `imported` of `accepted`, and each item's `succeeded`; a partial failure throws nothing.
 *
 * @example
 * const { accepted, imported } = await importTokens('oauth/linear', [
 *   { accessToken, expiresAt, environment: 'production', subject: { type: 'user', id: 'user_123' } },
 * ]);
 */
export const importTokens: ConnectClient['importTokens'] = async (...call) => client().importTokens(...call);

/**
 * What a connector is, the provider's public configuration under `vendor`.
 *
 * @example
 * const { name, vendor } = await getConnectorMetadata('snowflake/warehouse');
 */
export const getConnectorMetadata: ConnectClient['getConnectorMetadata'] = async (...call) =>
  client().getConnectorMetadata(...call);
