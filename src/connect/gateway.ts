import { createClientWith } from '../client/create-client.js';
import type { Client } from '../client/types.js';
import { AuthenticationError, InvalidArgumentError } from '../errors/index.js';
import type { operations, paths } from '../generated/connect.js';
import { checkBaseUrl } from '../http/base-url.js';
import { type Credential, checkToken, createCredential } from '../transport/auth/credentials.js';
import type { SharedHolds } from '../transport/retry/gate.js';
import { untilAborted } from '../util/abort.js';
import { isRecord } from '../util/is-record.js';
import { describeValue } from '../util/redact.js';
import { isConnectCode, toConnectError } from './errors.js';
import { oidcCredential, teamOf } from './oidc.js';
import { regionBaseUrl } from './region.js';
import type { ConnectClientOptions, ConnectOptions } from './types.js';

/** Where one call goes, and as whom. */
export interface Route {
  readonly client: Client<paths, operations>;
  /** The API's base URL for this call. */
  readonly baseUrl: string;
  /** The bearer of this call. */
  readonly bearer: string;
  /** A stable name of who the bearer stands for, where its source vouches for one. */
  readonly identity: string | undefined;
  /** The client's own total timeout, if it has one. */
  readonly totalTimeout: number | undefined;
}

/** Reaches the API as the caller of one call. */
export interface Gateway {
  /**
   * Resolves base URL and credential, and runs `use` with them; once more after a 401, if the credential then gives
   * another token.
   *
   * @throws {ConnectError} For every answer of the API that is no success.
   */
  reach<R>(options: ConnectOptions | undefined, use: (route: Route) => Promise<R>): Promise<R>;
  /**
   * Base URL and bearer of a call, where both are known without waiting and the call asks for nothing special.
   *
   * Unchecked: good for finding what an earlier, checked call has left, and for nothing else.
   */
  instant(
    options: ConnectOptions | undefined,
  ): { readonly baseUrl: string; readonly bearer: string } | undefined;
}

/** Holds of the whole fleet, which can be told whose limits a bearer counts against. */
export interface TeamHolds extends SharedHolds {
  vouch(bearer: string, team: string): void;
}

/**
 * Makes the gateway of a Connect client.
 *
 * @param holds - Shared with other processes; default: none are.
 * @throws {InvalidArgumentError} For an option that cannot work.
 */
export function createGateway(options: ConnectClientOptions, holds?: TeamHolds): Gateway {
  const { baseUrl, region, bearerToken, ...shared } = options;
  if (baseUrl !== undefined) refuseRegion(region);
  const fallback =
    bearerToken === undefined ? oidcCredential() : createCredential('bearerToken', bearerToken);
  const clients = new Map<string, Route['client']>();

  function clientOf(url: string): Route['client'] {
    const client =
      clients.get(url) ?? createClientWith<paths, operations>({ ...shared, baseUrl: url }, holds);
    clients.set(url, client);
    return client;
  }

  function resolveBaseUrl(own: string | undefined): string {
    if (baseUrl === undefined) return regionBaseUrl(own ?? region);
    refuseRegion(own);
    return checkBaseUrl(baseUrl);
  }

  // A wrong option fails where it is given and not at the first call.
  const ordinaryUrl = resolveBaseUrl(undefined);
  clientOf(ordinaryUrl);
  return {
    instant(own) {
      const bearer = own?.vercelToken ?? bearerToken;
      if (typeof bearer !== 'string' || region === 'auto' || isSpecial(own)) return undefined;
      return { baseUrl: ordinaryUrl, bearer };
    },
    async reach(own, use) {
      checkConnectOptions(own);
      const url = resolveBaseUrl(own?.region);
      const credential =
        own?.vercelToken === undefined
          ? fallback
          : createCredential('vercelToken', checkToken('vercelToken', own.vercelToken));
      try {
        return await withRenewal(credential, own?.signal, (bearer) => {
          const identity = credential.identityOf?.(bearer);
          const team = identity === undefined ? undefined : teamOf(identity);
          if (team !== undefined) holds?.vouch(bearer, team);
          return use({
            client: clientOf(url),
            baseUrl: url,
            bearer,
            identity,
            totalTimeout: options.totalTimeout,
          });
        });
      } catch (error) {
        throw toConnectError(error);
      }
    },
  };
}

// The bearer is part of the cache key, so a renewed one has to come in here and not inside the transport: the answer
// belongs to the credential that really got it.
async function withRenewal<R>(
  credential: Credential,
  signal: AbortSignal | undefined,
  use: (bearer: string) => Promise<R>,
): Promise<R> {
  const bearer = await untilAborted(credential.get(), signal);
  try {
    return await use(bearer);
  } catch (error) {
    // A 401 can also be about the user's consent, which no other credential would change.
    const isRefused = error instanceof AuthenticationError && !isConnectCode(error.code);
    if (!credential.renewable || !isRefused) throw error;
    const renewed = await untilAborted(credential.renew(), signal);
    if (renewed === bearer) throw error;
    return use(renewed);
  }
}

/** Whether the options of a call ask for anything but who it is for; what is no options object does, too. */
function isSpecial(own: ConnectOptions | null | undefined): boolean {
  if (own === undefined) return false;
  return own === null || Boolean(own.forceRefresh) || own.signal !== undefined || own.region !== undefined;
}

function refuseRegion(region: string | undefined): void {
  if (region === undefined) return;
  throw new InvalidArgumentError('region', 'give region or baseUrl, not both: each says where the API is');
}

/** Checks the options of a call; absent ones are fine. @throws {InvalidArgumentError} */
export function checkConnectOptions(options: unknown): void {
  if (options === undefined) return;
  if (!isRecord(options))
    throw new InvalidArgumentError('options', `must be an object, got ${describeValue(options)}`);
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw new InvalidArgumentError('options.signal', 'must be an AbortSignal');
  }
}
