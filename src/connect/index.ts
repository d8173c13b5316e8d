/**
 * Short-lived provider tokens from Vercel Connect, cached, shared and never another caller's.
 *
 * @module vercel-rest/connect
 */
export { createConnectClient } from './client.js';
export {
  type ConsentChallenge,
  ConsentRequiredError,
  type ConsentResponseOptions,
  getConsentChallenge,
  isConsentRequiredError,
  toConsentResponse,
} from './consent/consent-required.js';
export type {
  ConnectAuthorizationOptions,
  ConnectAuthorizationResponse,
  ConnectInstallationOptions,
  ConnectInstallationParams,
  ConnectInstallationResponse,
  PendingAuthorization,
  WaitOptions,
} from './consent/types.js';
export {
  connectors,
  connectStats,
  createConnectWebhookVerifier,
  deleteTokenCacheEntry,
  experimental_startInstallation,
  getConnectorMetadata,
  getToken,
  getTokenResponse,
  importTokens,
  projects,
  revokeToken,
  startAuthorization,
  startInstallation,
  tokenSource,
  triggers,
  tryGetToken,
  verifyTrigger,
  waitForAuthorization,
} from './default-client.js';
export {
  AuthorizationDeniedError,
  AuthorizationExpiredError,
  ClientNotEnabledForEnvironmentError,
  ClientNotLinkedToProjectError,
  ConnectError,
  type ConnectErrorCode,
  type ConnectErrorOptions,
  ConnectorInstallationRequiredError,
  ConnectorNotFoundError,
  ConnectorRegistrationRequiredError,
  type ConnectVendorErrorPayload,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from './errors.js';
export { type ConnectFetch, type ConnectFetchOptions, createConnectFetch } from './fetch/connect-fetch.js';
export type { ConnectAdapterOptions } from './fetch/provider-token.js';
export type {
  ConnectImportItemResult,
  ConnectImportOptions,
  ConnectImportResult,
  ConnectImportToken,
  ImportOutcome,
} from './import/types.js';
export type {
  ConnectorType,
  ConnectProviderData,
  ConnectProviderUpdateData,
} from './management/provider-data.js';
export type {
  ConnectConnector,
  ConnectConnectors,
  ConnectEnvironment,
  ConnectProjectConnection,
  ConnectProjects,
  ConnectRegistration,
  ConnectRevocation,
  ConnectService,
  ConnectTriggerDestination,
  ConnectTriggers,
  ConnectUpdateResult,
  CreateConnectorParams,
  CreateManagedConnectorParams,
  CreateManagedOptions,
  ListConnectorsParams,
  ListLinksParams,
  ManageOptions,
  UpdateConnectorParams,
} from './management/types.js';
export type { ConnectEvent, ConnectStats, StoreEvent, TokenEvent } from './stats.js';
export {
  createStoreCrypto,
  createStoreKeys,
  type KeyMaterial,
  type StoreCrypto,
  type StoreCryptoOptions,
} from './store/store-crypto.js';
export type {
  AcquireRequest,
  AcquireResult,
  ReplaceCondition,
  StoreListener,
  TokenStore,
  TokenStoreKeys,
  WriteOutcome,
  WriteRequest,
} from './store/token-store.js';
export type { IncomingRequest, RawBody } from './triggers/incoming.js';
export { createReplayStore, type ReplayStore } from './triggers/replay.js';
export type {
  ConnectWebhookVerifier,
  ConnectWebhookVerifierOptions,
  TriggerEvent,
  TriggerExpectations,
  TriggerSource,
  TriggerVerifierOptions,
  VerifyTriggerOptions,
} from './triggers/types.js';
export { VerificationError, type VerificationFailure } from './triggers/verification-error.js';
export { createTriggerVerifier, type TriggerVerifier } from './triggers/verify.js';
export { type VerifyWebhookOptions, verifyWebhook, type WebhookEvent } from './triggers/webhook.js';
export type {
  ConnectAppTokenSubject,
  ConnectAuthorizationDetail,
  ConnectClient,
  ConnectClientOptions,
  ConnectJwtBearerTokenSubject,
  ConnectOptions,
  ConnectorMetadata,
  ConnectRevokeParams,
  ConnectTokenExchangeSubject,
  ConnectTokenParams,
  ConnectTokenResponse,
  ConnectTokenSubject,
  ConnectUserTokenSubject,
  DeleteEntryOptions,
  TokenAbsence,
  TokenOutcome,
  TokenSource,
  TokenSourceOptions,
} from './types.js';
