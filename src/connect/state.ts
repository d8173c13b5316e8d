import { checkOptionNames } from '../client/option-names.js';
import { RENAMED_OPTIONS } from '../client/options.js';
import { APIConnectionError, APIError, APITimeoutError, checkArgument } from '../errors/index.js';
import { createIdentify, type Identify } from '../transport/auth/identity.js';
import { copyFields } from '../util/copy-fields.js';
import { isRecord } from '../util/is-record.js';
import { checkBuffer } from './check-arguments.js';
import { OpenConsents } from './consent/open-consents.js';
import type { StartedConsent } from './consent/wait.js';
import { type ContextResolver, createContextResolver } from './request-context.js';
import { type ConnectStats, createRecorder, type TokenEvent } from './stats.js';
import type { createStoreLevel, StoreLevel } from './store/level.js';
import { TOKEN_BOUNDS } from './tokens/find-token.js';
import { createGrants, type Grants } from './tokens/grants.js';
import { createNegativeCache, type NegativeCache } from './tokens/negative-cache.js';
import { TokenCache } from './tokens/token-cache.js';
import { createTokenRequestReader, type ReadTokenRequest } from './tokens/token-request.js';
import { TOKEN_CALL } from './tokens/token-response.js';
import type { ConnectClientOptions, ConnectTokenResponse } from './types.js';

const DEFAULT_MAX_ENTRIES = 100;
const DEFAULT_BUFFER_MS = 30_000;
const DEFAULT_NEGATIVE_MS = 30_000;

const CONNECT_OPTIONS: ReadonlySet<string> = new Set(
  Object.keys({
    ...{ baseUrl: true, bearerToken: true, fetch: true, fetchOptions: true, headers: true, userAgent: true },
    ...{ timeout: true, totalTimeout: true, maxBodyBytes: true, maxRetries: true, maxRetryAfterMs: true },
    ...{ hooks: true, logger: true, onEvent: true, teamId: true, slug: true, region: true, cache: true },
    ...{ validityBufferMs: true },
  } satisfies Readonly<Record<keyof ConnectClientOptions, true>>),
);
const CACHE_OPTIONS: ReadonlySet<string> = new Set(
  Object.keys({
    ...{ max: true, negativeMs: true, store: true, storeTimeoutMs: true },
  } satisfies Readonly<Record<keyof NonNullable<ConnectClientOptions['cache']>, true>>),
);

/** State that the functions of one Connect client share. */
export interface State {
  readonly contexts: ContextResolver;
  readonly cache: TokenCache<ConnectTokenResponse>;
  readonly negativeCache: NegativeCache;
  /** Ends grants, in this process and in the others. */
  readonly grants: Grants;
  /** The level that this process shares with others; `undefined` without a store. */
  readonly shared: StoreLevel | undefined;
  /** Counts and emits an event. */
  readonly record: (event: TokenEvent) => void;
  /** Returns a copy of the counters. */
  readonly stats: () => ConnectStats;
  /** Tells callers apart, without their tokens. */
  readonly identify: Identify;
  /** Checks and copies the arguments of a token call. */
  readonly readRequest: ReadTokenRequest;
  /** The bound of a whole token call, in milliseconds. */
  readonly tokenTimeoutMs: number;
  /** The arguments of each open request for consent, for as long as its response is referenced. */
  readonly consents: WeakMap<object, StartedConsent>;
  /** Requests for consent that callers share. */
  readonly openConsents: OpenConsents;
  /** The client's own buffer, sent to the API only where the client was given one. */
  readonly bufferMs: number | undefined;
}

/**
 * Makes the state of one client.
 *
 * @param createLevel - Makes the level that other processes share. It is passed in, so that a program which uses the default
 *   client alone does not carry it.
 * @throws {InvalidArgumentError} For an option that cannot work.
 */
export function createState(options: ConnectClientOptions, createLevel?: typeof createStoreLevel): State {
  checkArgument(isRecord(options), 'options', 'must be an object', options);
  const copy: ConnectClientOptions = copyFields(options, CONNECT_OPTIONS);
  checkOptionNames(copy, CONNECT_OPTIONS, { instead: RENAMED_OPTIONS });
  const { cache: given, validityBufferMs, ...rest } = copy;
  checkArgument(given === undefined || isRecord(given), 'cache', 'must be an object', given);
  if (given !== undefined) checkOptionNames(given, CACHE_OPTIONS, { prefix: 'cache.' });
  const { record, stats } = createRecorder(rest.onEvent);
  checkBuffer(validityBufferMs, 'validityBufferMs');
  const { max = DEFAULT_MAX_ENTRIES, negativeMs: lifeMs = DEFAULT_NEGATIVE_MS } = given ?? {};
  const isCount = Number.isInteger(max) && max >= 1 && max <= 1_000_000;
  checkArgument(isCount, 'cache.max', 'must be a whole number from 1 to 1 000 000', max);
  checkBuffer(lifeMs, 'cache.negativeMs');
  const tokenTimeoutMs = rest.totalTimeout ?? TOKEN_BOUNDS.totalMs;
  const identify = createIdentify();
  const negativeCache = createNegativeCache({ lifeMs, max, record });
  const shared =
    given?.store &&
    createLevel?.(given.store, given.storeTimeoutMs, {
      max,
      record,
      negativeMs: lifeMs,
      identify,
      isFinal: isFinalAnswer,
      drop: (selects) => void cache.drop(selects),
      forget: (selects) => negativeCache.forget(selects),
    });
  const cache = new TokenCache<ConnectTokenResponse>({
    max,
    bufferMs: validityBufferMs ?? DEFAULT_BUFFER_MS,
    evictsOn: isFinalAnswer,
    record,
    trust: shared?.trust,
    throwCached: negativeCache.throwCached,
    failure: (reason) =>
      reason === 'timeout'
        ? new APITimeoutError(tokenTimeoutMs, TOKEN_CALL)
        : new APIConnectionError(
            'The token was invalidated each time before it arrived, and no further request was sent',
            TOKEN_CALL,
          ),
  });
  const contexts = createContextResolver(rest, identify, shared?.cooldowns);
  return {
    cache,
    shared,
    stats: () => stats(contexts.clientStats()),
    record,
    identify,
    negativeCache,
    readRequest: createTokenRequestReader(max, identify),
    tokenTimeoutMs,
    contexts,
    grants: createGrants(cache, negativeCache, shared),
    consents: new WeakMap(),
    openConsents: new OpenConsents(max),
    bufferMs: validityBufferMs,
  };
}

/** Whether a failure is the API's own word on the grant, and not one that may pass. */
function isFinalAnswer(error: unknown): boolean {
  return error instanceof APIError && error.status < 500 && error.status !== 408 && error.status !== 429;
}
