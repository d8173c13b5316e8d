import type { ClientOptions } from '../client/options.js';
import type { components } from '../generated/connect.js';
import type { FetchOptions } from '../transport/fetch-options.js';
import type { EventListener } from '../util/emitter.js';
import type { ConsentChallenge } from './consent/consent-required.js';
import type {
  ConnectAuthorizationOptions,
  ConnectAuthorizationResponse,
  ConnectInstallationOptions,
  ConnectInstallationParams,
  ConnectInstallationResponse,
  WaitOptions,
} from './consent/types.js';
import type { ConnectError } from './errors.js';
import type { ConnectImportOptions, ConnectImportResult, ConnectImportToken } from './import/types.js';
import type { ConnectConnectors, ConnectProjects, ConnectTriggers } from './management/types.js';
import type { ConnectEvent, ConnectStats } from './stats.js';
import type { TokenStore } from './store/token-store.js';

type Schemas = components['schemas'];

/** The app itself, as installed with the provider. */
export interface ConnectAppTokenSubject {
  /** Selects this kind of subject. */
  type: 'app';
}

/** One user of yours, who has consented. */
export interface ConnectUserTokenSubject {
  /** Selects this kind of subject. */
  type: 'user';
  /** Your id of the user. */
  id: string;
  /** Issuer of the user id, e.g. `https://id.example.com`. */
  issuer?: string | undefined;
  /** Connector of the identity provider that `id` and `issuer` belong to, for cross-app access. */
  experimental_idp?: string | undefined;
}

/** A principal named by a JWT bearer assertion (RFC 7523). */
export interface ConnectJwtBearerTokenSubject {
  /** Selects this kind of subject. */
  type: 'jwt-bearer';
  /** Subject of the assertion. */
  sub: string;
  /** Default: the connector's OAuth client id. */
  iss?: string | undefined;
  /** Default: the connector's token endpoint. */
  aud?: string | undefined;
  /** Further claims of the assertion. */
  additionalClaims?: Record<string, unknown> | undefined;
}

/** The holder of a token that is exchanged for another (RFC 8693). */
export interface ConnectTokenExchangeSubject {
  /** Selects this kind of subject. Can be left out. */
  type?: 'token' | undefined;
  /** The token to exchange. Keys of the cache hold its digest alone. */
  token: string;
}

/**
 * On whose behalf a token is asked for. Connect may know further types: pass one with `as ConnectTokenSubject`, and it is sent
 * as it is.
 */
export type ConnectTokenSubject =
  | ConnectAppTokenSubject
  | ConnectUserTokenSubject
  | ConnectJwtBearerTokenSubject
  | ConnectTokenExchangeSubject;

/** A fine-grained permission (RFC 9396); GitHub's kind completes in an editor. */
export type ConnectAuthorizationDetail =
  | {
      type: 'github_app_installation';
      org?: string | undefined;
      permissions?: string | readonly string[] | undefined;
      repositories?: string | readonly string[] | undefined;
    }
  | { type: string; [key: string]: unknown };

/**
 * Which token is wanted. A field that this package does not know is sent as it is, unless it is a misspelling of one of these,
 * which throws.
 */
export interface ConnectTokenParams {
  /** The subject that the token acts for. */
  subject: ConnectTokenSubject;
  /** Default: the connector's default installation. */
  installationId?: string | undefined;
  /** Audiences of the token; their order has no meaning. */
  audience?: readonly string[] | undefined;
  /** Default `['*']`: all that the connector has. An empty array is sent as it is. */
  scopes?: readonly string[] | undefined;
  /** Resource indicators (RFC 8707); their order has no meaning. */
  resources?: readonly string[] | undefined;
  /** Fine-grained permissions (RFC 9396). */
  authorizationDetails?: readonly ConnectAuthorizationDetail[] | undefined;
  /** Least remaining life of the token, in milliseconds. Default: the client's, 30 000. Obeyed as given. */
  validityBufferMs?: number | undefined;
}

/** A provider token and what is known of it. */
export type ConnectTokenResponse = Schemas['ConnectTokenResponse'];

/** Options of one call. An option that does not exist throws, and the error names the nearest one that does. */
export interface ConnectOptions {
  /** The caller's own credential: a project OIDC or access token. Wins over the client's `bearerToken`. */
  vercelToken?: string | undefined;
  /** Skips the cache and stores what comes back. */
  forceRefresh?: boolean | undefined;
  /** Region to call, e.g. `sfo1`; `'auto'` takes `VERCEL_REGION` where it is set. Default: no region. */
  region?: string | undefined;
  /** Ends this caller's wait, with the signal's own reason; other callers of the same token are not disturbed. */
  signal?: AbortSignal | undefined;
}

/** Which of the cached tokens of some arguments to drop. */
export interface DeleteEntryOptions extends Pick<ConnectOptions, 'vercelToken'> {
  /**
   * The token that the provider refused. Only that one is dropped: where another caller or process has replaced it already,
   * nothing is fetched again. Default: whatever there is.
   */
  token?: string | undefined;
}

/** Whose tokens to revoke. Unknown fields are treated as those of {@link ConnectTokenParams}. */
export interface ConnectRevokeParams {
  /** The subject whose tokens are revoked. */
  subject: ConnectTokenSubject;
  /** Limits the revocation to one installation. Default: all. */
  installationId?: string | undefined;
}

/** A connector as its v1 endpoint gives it, the provider's public configuration under `vendor`. */
export type ConnectorMetadata = Omit<Schemas['ConnectConnector'], 'data'> & {
  /** Public configuration of the provider; `{}` if it has none. */
  vendor: Record<string, unknown>;
};

/** Options of {@link createConnectClient}: those of `createClient` that apply here, and its own. */
export interface ConnectClientOptions
  extends Pick<
    ClientOptions,
    | 'baseUrl'
    | 'bearerToken'
    | 'fetch'
    | 'headers'
    | 'timeout'
    | 'totalTimeout'
    | 'maxBodyBytes'
    | 'maxRetries'
    | 'maxRetryAfterMs'
    | 'hooks'
    | 'logger'
    | 'userAgent'
    | 'teamId'
    | 'slug'
  > {
  /** Passed to `fetch` with every request. The cache of a framework is left out: it would keep tokens. */
  readonly fetchOptions?: Omit<FetchOptions, 'cache' | 'next'> | undefined;
  /** Told of hits, misses, refreshes, requests, responses and retries; what it throws is ignored. Default: nobody. */
  readonly onEvent?: EventListener<ConnectEvent> | undefined;
  /** Region of every call, e.g. `sfo1`, or `'auto'` for `VERCEL_REGION`. Not beside `baseUrl`. Default: none. */
  readonly region?: string | undefined;
  /** Options of the token cache. */
  readonly cache?: {
    /** Tokens kept at most; the least recently used leaves first. Default 100. */
    readonly max?: number | undefined;
    /**
     * Time for which a missing consent or installation is cached, in milliseconds: calls for the same token fail at once
     * with the same error. Consent that {@link ConnectClient.waitForAuthorization} sees, an import, `forceRefresh` and
     * `deleteTokenCacheEntry` forget it, with a store in every process. 0 turns it off.
     * Default 30 000.
     */
    readonly negativeMs?: number | undefined;
    /**
     * Store in which processes share tokens, fetches, revocations and rate limits: `createRedisStore` of `vercel-rest/redis`, or
     * one of your own. Default: nothing is shared.
     */
    readonly store?: TokenStore | undefined;
    /** Longest wait for one reply of the store, in milliseconds; then the call goes on without it. Default 50. */
    readonly storeTimeoutMs?: number | undefined;
  };
  /** Least remaining life of a token, in milliseconds, for calls that give none. Default 30 000. */
  readonly validityBufferMs?: number | undefined;
}

/** The functions of `vercel-rest/connect` over a cache of their own. */
export interface ConnectClient {
  /** A provider token; {@link getTokenResponse} without the rest. */
  getToken(connector: string, params: ConnectTokenParams, options?: ConnectOptions): Promise<string>;
  /** A provider token with its expiry, from the cache where that has one with enough life. */
  getTokenResponse(
    connector: string,
    params: ConnectTokenParams,
    options?: ConnectOptions,
  ): Promise<ConnectTokenResponse>;
  /** {@link getToken} that throws nothing for the states that an application has to expect. */
  tryGetToken(connector: string, params: ConnectTokenParams, options?: ConnectOptions): Promise<TokenOutcome>;
  /** A handle on one token, for callers that ask for the same again and again: its `getToken()` does no key work. */
  tokenSource(connector: string, params: ConnectTokenParams, options?: TokenSourceOptions): TokenSource;
  /** Revokes a subject's tokens at the provider, and drops them from this client's cache. */
  revokeToken(connector: string, params: ConnectRevokeParams, options?: ConnectOptions): Promise<void>;
  /** Drops what the cache holds for these arguments: of every caller and region, or of one caller. */
  deleteTokenCacheEntry(connector: string, params: ConnectTokenParams, options?: DeleteEntryOptions): void;
  /** Brings tokens from elsewhere into Connect. A failure of the API throws nothing: the result accounts for every item. */
  importTokens(
    connector: string,
    tokens: readonly ConnectImportToken[],
    options?: ConnectImportOptions,
  ): Promise<ConnectImportResult>;
  /** Returns a connector. */
  getConnectorMetadata(connector: string, options?: ConnectOptions): Promise<ConnectorMetadata>;
  /** Asks for a user's consent: send the user to the `url` of what it resolves to. */
  startAuthorization(
    connector: string,
    params: ConnectTokenParams,
    options?: ConnectAuthorizationOptions,
  ): Promise<ConnectAuthorizationResponse>;
  /** Asks for an installation with the provider: an operator opens the `url` of what it resolves to. */
  startInstallation(
    connector: string,
    params?: ConnectInstallationParams,
    options?: ConnectInstallationOptions,
  ): Promise<ConnectInstallationResponse>;
  /**
   * Waits until a person has decided, then gets the token that was asked for, once. Takes what
   * {@link ConnectClient.startAuthorization} returned, or a `ConsentRequiredError`.
   */
  waitForAuthorization(
    authorization: ConnectAuthorizationResponse | ConsentChallenge,
    options?: WaitOptions,
  ): Promise<ConnectTokenResponse>;
  /** Creates, reads, changes and deletes connectors. */
  readonly connectors: ConnectConnectors;
  /** Links connectors and projects. */
  readonly projects: ConnectProjects;
  /** Says where a connector's events go. */
  readonly triggers: ConnectTriggers;
  /** Returns the counters of this client since it was made. */
  stats(): ConnectStats;
  /**
   * Writes pending revocations to the shared store, and ends the subscription to it. Does not close the store's own client:
   * close it afterwards. Does nothing without a store.
   *
   * A process with nothing else to do ends without this call too. A client that is used again subscribes again. Never rejects,
   * and waits at most `cache.storeTimeoutMs` for a store that does not reply.
   *
   * @example
   * connect.deleteTokenCacheEntry('slack/acme-slack', { subject: { type: 'app' } });
   * await connect.close();
   * await redis.close();
   */
  close(): Promise<void>;
}

/** Reason for a missing token that an application has to expect. */
export type TokenAbsence =
  | 'user_authorization_required'
  | 'connector_installation_required'
  | 'no_token'
  | 'connector_not_found'
  | 'client_not_linked_to_project'
  | 'client_not_enabled_for_environment';

/** Result of {@link ConnectClient.tryGetToken}. */
export type TokenOutcome =
  | {
      readonly ok: true;
      readonly token: string;
      /** All that the API says of the token; the caller's own copy. */
      readonly response: ConnectTokenResponse;
      /** Scopes that were asked for by name and are not among those that the token is known to have. */
      readonly missingScopes: readonly string[];
    }
  | { readonly ok: false; readonly reason: TokenAbsence; readonly error: ConnectError };

/** Options of a {@link TokenSource}. */
export type TokenSourceOptions = Pick<ConnectOptions, 'vercelToken' | 'region'>;

/** One token, bound to connector, parameters and caller. */
export interface TokenSource {
  /** The present token; renewed ahead of expiry like any other. */
  getToken(): Promise<string>;
  /** The present token with its expiry; the caller's own copy. */
  getTokenResponse(): Promise<ConnectTokenResponse>;
}
