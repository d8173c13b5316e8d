import { createTransport } from '../client/create-transport.js';
import { checkOptionNames } from '../client/option-names.js';
import { resolveOptions } from '../client/options.js';
import {
  APITimeoutError,
  AuthenticationError,
  argumentError,
  type CallFacts,
  checkArgument,
  InvalidArgumentError,
} from '../errors/index.js';
import { checkBaseUrl } from '../http/base-url.js';
import { type Credential, checkToken, createCredential } from '../transport/auth/credentials.js';
import type { Identify } from '../transport/auth/identity.js';
import type { SharedCooldowns } from '../transport/retry/rate-limit.js';
import { waitWithin } from '../util/abort.js';
import type { ClientStats } from '../util/emitter.js';
import { isRecord } from '../util/is-record.js';
import { isConnectCode, toConnectError } from './errors.js';
import { oidcCredential, teamOf } from './oidc.js';
import { regionBaseUrl } from './region.js';
import type { ConnectApi } from './rest-client.js';
import type { ConnectClientOptions, ConnectOptions } from './types.js';

/** The caller of one call, and its API. */
export interface Caller {
  /** The API's base URL for this call. */
  readonly baseUrl: string;
  /** The bearer of this call. */
  readonly bearer: string;
  /** Names the holder of the bearer: by its digest, or by its claims if its source can be trusted. */
  readonly identity: string;
}

/** The caller, API and time of one call. */
export interface RequestContext extends Caller {
  readonly api: ConnectApi;
  /** Returns what is left of the time for the whole call, in milliseconds, at least 1. */
  leftMs(): number;
}

/** The options of one call, each read once. */
export interface CallOptions {
  readonly vercelToken: string | undefined;
  readonly region: string | undefined;
  readonly forceRefresh: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Bounds of a call that {@link ContextResolver.resolve} makes. */
export interface CallBounds {
  /** Names the call in a timeout error. */
  readonly facts: CallFacts;
  /** Time for the whole call, in milliseconds, where the client has no `totalTimeout`. */
  readonly totalMs: number;
}

/** Reaches the API as the caller of one call. */
export interface ContextResolver {
  /**
   * Resolves base URL and credential, and runs `use` with them; once more after a 401, if the credential then gives
   * another token. Waits for the credential no longer than the whole call may take.
   *
   * @throws {ConnectError} For every response of the API that is not a success.
   */
  resolve<R>(
    options: ConnectOptions | CallOptions | undefined,
    use: (context: RequestContext) => Promise<R>,
    bounds?: CallBounds,
  ): Promise<R>;
  /** The caller of each call without options, when the client's credential, region and base URL are fixed. */
  readonly fixedCaller: Caller | undefined;
  /** Resolves a call whose credential is known without waiting; `undefined` for any other. */
  resolveSync(options: CallOptions): Caller | undefined;
  /** Returns the context of a call that {@link resolveSync} has resolved, which may take so many milliseconds from now. */
  contextOf(caller: Caller, leftMs: number): RequestContext;
  /** Returns the counters of the APIs that were used so far, one for each base URL. */
  clientStats(): ClientStats[];
}

/** Cooldowns of all processes, which know by which team's limits a bearer counts. */
export interface TeamCooldowns extends SharedCooldowns {
  setTeam(bearer: string, team: string): void;
}

const MANAGEMENT: CallBounds = {
  facts: { method: 'POST', path: '/v1/connect' },
  totalMs: 60_000,
};

/**
 * Makes the resolver of a Connect client.
 *
 * @param identify - Gives the digest that names a bearer.
 * @param cooldowns - Shared with other processes; default: none are.
 * @throws {InvalidArgumentError} For an option that cannot work.
 */
export function createContextResolver(
  options: ConnectClientOptions,
  identify: Identify,
  cooldowns?: TeamCooldowns,
): ContextResolver {
  const { baseUrl, region, bearerToken, ...shared } = options;
  if (baseUrl !== undefined) refuseRegion(region);
  // A cache of a framework would keep the tokens of these calls, and give one caller's to another.
  const fetchOptions: unknown = options.fetchOptions;
  for (const name of ['cache', 'next'])
    if (isRecord(fetchOptions) && fetchOptions[name] !== undefined)
      throw new InvalidArgumentError(
        `fetchOptions.${name}`,
        'must be left out: a token is never cached by fetch',
      );
  const ordinary =
    bearerToken === undefined ? oidcCredential() : createCredential('bearerToken', bearerToken);
  const apis = new Map<string, ConnectApi>();

  function apiOf(url: string): ConnectApi {
    const known = apis.get(url);
    if (known !== undefined) return known;
    try {
      const transport = createTransport(resolveOptions({ ...shared, baseUrl: url }), {
        sharedCooldowns: cooldowns,
      });
      const api = { transport, call: undefined };
      apis.set(url, api);
      return api;
    } catch (cause) {
      throw argumentError('options', cause);
    }
  }

  function resolveBaseUrl(own: string | undefined): string {
    if (own === undefined && region !== 'auto') return ordinaryUrl;
    return baseUrlOf(options, own);
  }

  function contextOf(caller: Caller, leftMs: number): RequestContext {
    const endsAt = performance.now() + leftMs;
    return {
      ...caller,
      api: apiOf(caller.baseUrl),
      leftMs: () => Math.max(1, endsAt - performance.now()),
    };
  }

  // A wrong option fails where it is given and not at the first call.
  const ordinaryUrl = baseUrlOf(options, undefined);
  apiOf(ordinaryUrl);
  const fixedCaller =
    typeof bearerToken === 'string' && region !== 'auto'
      ? { baseUrl: ordinaryUrl, bearer: bearerToken, identity: identify(bearerToken) }
      : undefined;
  return {
    fixedCaller,
    resolveSync({ vercelToken, region: own }) {
      const bearer = vercelToken ?? bearerToken;
      if (typeof bearer !== 'string') return undefined;
      return { baseUrl: resolveBaseUrl(own), bearer, identity: identify(bearer) };
    },
    contextOf,
    clientStats: () => [...apis.values()].map(({ transport }) => transport.stats()),
    async resolve(given, use, bounds = MANAGEMENT) {
      const own = readOptions(given);
      const url = resolveBaseUrl(own.region);
      const credential =
        own.vercelToken === undefined ? ordinary : createCredential('vercelToken', own.vercelToken);
      const totalMs = options.totalTimeout ?? bounds.totalMs;
      const endsAt = performance.now() + totalMs;
      const leftMs = () => Math.max(1, endsAt - performance.now());
      const timeoutError = () => new APITimeoutError(totalMs, bounds.facts);
      const wait: Wait = (work) =>
        waitWithin(work, { ms: leftMs(), signal: own.signal, timeoutError }, (reason) => {
          // Later callers must not join a resolution that hangs.
          if (reason !== own.signal?.reason) credential.abandon?.();
        });
      try {
        return await withRenewal(credential, wait, (bearer) => {
          const vouched = credential.identityOf?.(bearer);
          const team = vouched === undefined ? undefined : teamOf(vouched);
          if (team !== undefined) cooldowns?.setTeam(bearer, team);
          const caller = { baseUrl: url, bearer, identity: vouched ?? identify(bearer) };
          return use(contextOf(caller, leftMs()));
        });
      } catch (error) {
        throw toConnectError(error);
      }
    },
  };
}

type Wait = <T>(work: Promise<T>) => Promise<T>;

// The bearer is part of the cache key, so a renewed one has to come in here and not inside the transport: the response
// belongs to the credential that really got it.
async function withRenewal<R>(
  credential: Credential,
  wait: Wait,
  use: (bearer: string) => Promise<R>,
): Promise<R> {
  const bearer = await wait(credential.get());
  try {
    return await use(bearer);
  } catch (error) {
    // A 401 can also be about the user's consent, which no other credential would change.
    const isRefused = error instanceof AuthenticationError && !isConnectCode(error.code);
    if (!credential.renewable || !isRefused) throw error;
    const renewed = await wait(credential.renew());
    if (renewed === bearer) throw error;
    return use(renewed);
  }
}

function baseUrlOf({ baseUrl, region }: ConnectClientOptions, own: string | undefined): string {
  if (baseUrl === undefined) return regionBaseUrl(own ?? region);
  refuseRegion(own);
  return checkBaseUrl(baseUrl);
}

function refuseRegion(region: string | undefined): void {
  if (region === undefined) return;
  throw new InvalidArgumentError('region', 'give region or baseUrl, not both: each says where the API is');
}

/** The options of a call that gives none. */
export const NO_OPTIONS: CallOptions = {
  vercelToken: undefined,
  region: undefined,
  forceRefresh: false,
  signal: undefined,
};

/** The names of {@link ConnectOptions}. Each call accepts them all, so that calls can share one object. */
const CALL_OPTIONS: ReadonlySet<string> = new Set(
  Object.keys({
    ...{ vercelToken: true, region: true, forceRefresh: true, signal: true },
  } satisfies Readonly<Record<keyof ConnectOptions, true>>),
);

/** Says what to do with names that other calls of this package know. */
const NAMES_ELSEWHERE = {
  prefix: 'options.',
  instead: {
    bearerToken: 'is set on the client; give vercelToken on a call',
    validityBufferMs: 'belongs to the parameters of a token, or to the client',
  },
};

/** Returns the names of the options of a call that has more than {@link ConnectOptions}. */
export function callOptionNames(further: Readonly<Record<string, true>>): ReadonlySet<string> {
  return new Set([...CALL_OPTIONS, ...Object.keys(further)]);
}

/**
 * Reads and checks the options of a call, each of them once. One that does not exist is refused: ignored, a misspelt
 * `vercelToken` would leave the call to another caller.
 *
 * @param known - Names of the options of this call; see {@link callOptionNames}. Default: those of {@link ConnectOptions}.
 * @throws {InvalidArgumentError}
 */
export function readOptions(options: unknown, known = CALL_OPTIONS): CallOptions {
  if (options === undefined) return NO_OPTIONS;
  checkArgument(isRecord(options), 'options', 'must be an object', options);
  checkOptionNames(options, known, NAMES_ELSEWHERE);
  const { vercelToken, region, forceRefresh, signal } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidArgumentError('options.signal', 'must be an AbortSignal');
  }
  return {
    vercelToken: vercelToken === undefined ? undefined : checkToken('vercelToken', vercelToken),
    // Checked where it is made into a host.
    region: region as string | undefined,
    forceRefresh: Boolean(forceRefresh),
    signal,
  };
}
