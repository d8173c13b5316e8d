import type { components } from '../../generated/connect.js';
import type { ConnectOptions, ConnectTokenParams } from '../types.js';

type Schemas = components['schemas'];

/** Options of {@link ConnectClient.startAuthorization}. */
export interface ConnectAuthorizationOptions
  extends Pick<ConnectOptions, 'vercelToken' | 'region' | 'signal'> {
  /** URL to which the user's browser returns. https, or http on localhost, `*.localhost` and 127.0.0.1. */
  callbackUrl?: string | undefined;
  /** Called by Connect when the user has decided. https only. */
  webhook?: string | undefined;
  /** Asks for a code that the user types in on another device. */
  deviceCode?: boolean | undefined;
  /** Time that the user has, in milliseconds. Default: the API's. */
  expiresInMs?: number | undefined;
  /** OAuth `prompt` for the provider's authorization server, e.g. `consent`. */
  prompt?: string | undefined;
  /** Further parameters for the provider's authorization server. */
  additionalParams?: Record<string, string> | undefined;
  /**
   * Returns the request that is still open for the same caller, arguments and options instead of starting another:
   * concurrent callers share one, and a page that is asked for again stays the same until somebody decides or it is about
   * to expire. Default false.
   */
  reuse?: boolean | undefined;
}

/** A request for a user's consent: send the user to `url`, and keep `verifier` on the server. */
export type ConnectAuthorizationResponse = Schemas['ConnectAuthorizationResponse'];

/** Which installation is wanted: a token's parameters without a subject. */
export type ConnectInstallationParams = Omit<ConnectTokenParams, 'subject'>;

/** Options of {@link ConnectClient.startInstallation}. */
export interface ConnectInstallationOptions
  extends Pick<ConnectOptions, 'vercelToken' | 'region' | 'signal'> {
  /** URL to which the operator's browser returns. https, or http on localhost, `*.localhost` and 127.0.0.1. */
  returnUrl?: string | undefined;
  /** Called by Connect when it is done. https only. */
  webhook?: string | undefined;
  /** The provider's own id of the workspace or organization. */
  tenantId?: string | undefined;
  /** Asks for a code that is typed in on another device. */
  deviceCode?: boolean | undefined;
  /** Time that the operator has, in milliseconds. Default: the API's. */
  expiresInMs?: number | undefined;
}

/** A request for an installation: open `url`, and keep `verifier` on the server. */
export type ConnectInstallationResponse = Schemas['ConnectAuthorizationResponse'];

/** State of a request while the person has not decided. */
export interface PendingAuthorization {
  /** `pending`, or `partial` when a step is done and another is to come. */
  readonly status: string;
  /** Progress of the steps, in a form that Connect chooses. */
  readonly progress: unknown;
  /** Time that is left, in milliseconds. */
  readonly remainingMs: number;
}

/** Options of {@link ConnectClient.waitForAuthorization}. */
export interface WaitOptions extends Pick<ConnectOptions, 'vercelToken' | 'region' | 'signal'> {
  /** Called with each response that holds no decision. What it throws ends the wait. */
  onPending?: ((pending: PendingAuthorization) => void) | undefined;
  /** The connector, for an authorization that was stored and read back. Default: the one that it was started for. */
  connector?: string | undefined;
  /** The token that is wanted in the end, for an authorization that was stored and read back. */
  params?: ConnectTokenParams | undefined;
}
