import { type BearerToken, createCredential } from '../../transport/auth/credentials.js';
import { defined } from '../../util/defined.js';
import { isRecord } from '../../util/is-record.js';
import { type ConsentChallenge, ConsentRequiredError, createChallenge } from '../consent/consent-required.js';
import { checkCallbackUrl } from '../consent/urls.js';
import { client as defaultClient } from '../default-client.js';
import { NoValidTokenError, UserAuthorizationRequiredError } from '../errors.js';
import { copyArgument } from '../tokens/token-request.js';
import type { ConnectClient, ConnectOptions, ConnectTokenParams, ConnectTokenResponse } from '../types.js';

/** Options of every adapter: whose tokens to use, and how to ask for consent. */
export interface ConnectAdapterOptions {
  /** The client whose cache, base URL and events are used. Default: the one of the exported functions. */
  readonly client?: ConnectClient | undefined;
  /**
   * The caller's own credential, or a function that returns it. A function is called at each use, because an adapter
   * outlives an OIDC token. Default: the client's credential.
   */
  readonly vercelToken?: BearerToken | undefined;
  /** Region of Connect's API, e.g. `sfo1`, or `'auto'`. Default: the client's. */
  readonly region?: string | undefined;
  /** URL to which the user's browser returns after consent. https, or http on localhost. Default: Connect's own page. */
  readonly redirectUrl?: string | undefined;
  /** Asks for a code that the user types on another device. Default false. */
  readonly deviceCode?: boolean | undefined;
  /** Called with each challenge before {@link ConsentRequiredError} is thrown. What it throws is thrown instead. */
  readonly onConsentRequired?: ((challenge: ConsentChallenge) => void | Promise<void>) | undefined;
}

/** The names of {@link ConnectAdapterOptions}, for the adapters that refuse all others. */
export const ADAPTER_OPTIONS = [
  ...['client', 'vercelToken', 'region', 'redirectUrl', 'deviceCode', 'onConsentRequired'],
];

/** The token of one connector and subject, for an adapter that sends it to a provider. */
export interface ProviderToken {
  /** Returns the current token. @throws {ConsentRequiredError} Where the user has not consented. */
  get(signal?: AbortSignal): Promise<ConnectTokenResponse>;
  /** Returns the current token without asking for consent. @throws {ConnectError} */
  peek(signal?: AbortSignal): Promise<ConnectTokenResponse>;
  /** Drops a token that the provider refused, and no other. */
  evict(refused: string): void;
  /** Opens a request for consent, or joins the one that is open. @throws {ConsentRequiredError} Always. */
  requireConsent(signal?: AbortSignal, cause?: unknown): Promise<never>;
}

/**
 * Binds connector, parameters and caller.
 *
 * @throws {InvalidArgumentError} At once for what cannot be asked for.
 */
export function createProviderToken(
  connector: string,
  params: ConnectTokenParams,
  options: ConnectAdapterOptions = {},
): ProviderToken {
  const { vercelToken, region, redirectUrl, onConsentRequired } = options;
  const client = options.client ?? defaultClient();
  // Refuses wrong arguments now and not at the first request.
  client.tokenSource(connector, params);
  if (redirectUrl !== undefined) checkCallbackUrl(redirectUrl, 'redirectUrl');
  // A clone of the structured kind refuses proxies.
  const wanted = copyArgument('params', params) as unknown as ConnectTokenParams; // The token source has checked it.
  const credential = vercelToken === undefined ? undefined : createCredential('vercelToken', vercelToken);

  async function callOptions(signal: AbortSignal | undefined): Promise<ConnectOptions> {
    return { vercelToken: await credential?.get(), region, signal };
  }

  async function peek(signal?: AbortSignal): Promise<ConnectTokenResponse> {
    return client.getTokenResponse(connector, wanted, await callOptions(signal));
  }

  async function requireConsent(signal?: AbortSignal, cause?: unknown): Promise<never> {
    const authorization = await client.startAuthorization(connector, wanted, {
      ...(await callOptions(signal)),
      ...{ callbackUrl: redirectUrl, deviceCode: options.deviceCode, reuse: true },
    });
    const { url, request, verifier, deviceCode, expiresAt } = authorization;
    const optional = defined({ deviceCode, expiresAt });
    const fields = { connector, subject: wanted.subject, url, request, verifier, ...optional };
    const challenge = createChallenge(fields, authorization);
    await onConsentRequired?.(challenge);
    throw new ConsentRequiredError(challenge, { cause });
  }

  return {
    peek,
    requireConsent,
    evict: (token) => client.deleteTokenCacheEntry(connector, wanted, { token }),
    async get(signal) {
      try {
        return await peek(signal);
      } catch (cause) {
        if (!isConsentMissing(cause, wanted.subject)) throw cause;
        return requireConsent(signal, cause);
      }
    },
  };
}

/** Whether consent of the user would help. Without a token of its own an app needs an operator, whom no page asks. */
export function isConsentMissing(error: unknown, subject: unknown): boolean {
  if (error instanceof UserAuthorizationRequiredError) return true;
  return error instanceof NoValidTokenError && isRecord(subject) && subject.type === 'user';
}
