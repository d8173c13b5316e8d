import { APIConnectionError, APIError, APITimeoutError, InvalidArgumentError } from '../errors/index.js';
import { createIdentify } from '../transport/auth/identity.js';
import { describeValue } from '../util/redact.js';
import { checkBuffer } from './check-arguments.js';
import { OpenConsents } from './consent/open-consents.js';
import { startAuthorization, startInstallation } from './consent/start.js';
import { waitForAuthorization } from './consent/wait.js';
import { importTokens } from './import/import-tokens.js';
import { createConnectors } from './management/connectors.js';
import { createProjects } from './management/projects.js';
import { createTriggers } from './management/triggers.js';
import { createContextResolver, readOptions } from './request-context.js';
import type { State } from './state.js';
import { createRecorder, type Recorder } from './stats.js';
import { createStoreLevel } from './store/level.js';
import { deleteTokenCacheEntry, getConnectorMetadata, revokeToken } from './token-operations.js';
import { createGetToken, findToken, TOKEN_BOUNDS } from './tokens/find-token.js';
import { createGrants } from './tokens/grants.js';
import { createNegativeCache } from './tokens/negative-cache.js';
import { TokenCache } from './tokens/token-cache.js';
import { createTokenRequestReader } from './tokens/token-request.js';
import { copyTokenResponse, TOKEN_CALL } from './tokens/token-response.js';
import { createTokenSource } from './tokens/token-source.js';
import { tryGetToken } from './tokens/try-get-token.js';
import type { ConnectClient, ConnectClientOptions, ConnectTokenResponse } from './types.js';

const DEFAULT_MAX_ENTRIES = 100;
const MOST_ENTRIES = 1_000_000;
const DEFAULT_BUFFER_MS = 30_000;
const DEFAULT_NEGATIVE_MS = 30_000;

/**
 * Makes a Connect client with a token cache, credential and settings of its own.
 *
 * @throws {InvalidArgumentError} For an option that cannot work, before anything is sent.
 *
 * @example
 * const connect = createConnectClient({ bearerToken: () => readToken(), cache: { max: 2_000 } });
 * const token = await connect.getToken('slack/acme-slack', { subject: { type: 'app' } });
 */
export function createConnectClient(options: ConnectClientOptions = {}): ConnectClient {
  const recorder = createRecorder(options.onEvent);
  const state = createState(options, recorder.record);
  return {
    getToken: createGetToken(state),
    getTokenResponse: async (connector, params, own) =>
      copyTokenResponse(await findToken(state, state.readRequest(connector, params), readOptions(own))),
    tryGetToken: (...call) => tryGetToken(state, ...call),
    tokenSource: (connector, params, own) => createTokenSource(state, connector, params, own),
    revokeToken: (...call) => revokeToken(state, ...call),
    deleteTokenCacheEntry: (...call) => deleteTokenCacheEntry(state, ...call),
    importTokens: (...call) => importTokens(state, ...call),
    getConnectorMetadata: (...call) => getConnectorMetadata(state, ...call),
    startAuthorization: (...call) => startAuthorization(state, ...call),
    startInstallation: (...call) => startInstallation(state, ...call),
    waitForAuthorization: (...call) => waitForAuthorization(state, ...call),
    connectors: createConnectors(state),
    projects: createProjects(state),
    triggers: createTriggers(state),
    stats: () => recorder.stats(state.contexts.clientStats()),
    close: async () => state.shared?.close(),
  };
}

function createState(options: ConnectClientOptions, record: Recorder['record']): State {
  const { cache: given, validityBufferMs, ...rest } = options;
  checkBuffer(validityBufferMs, 'validityBufferMs');
  const max = given?.max ?? DEFAULT_MAX_ENTRIES;
  if (!Number.isInteger(max) || max < 1 || max > MOST_ENTRIES)
    throw new InvalidArgumentError(
      'cache.max',
      `must be a whole number from 1 to 1 000 000, got ${describeValue(max)}`,
    );
  const lifeMs = given?.negativeMs ?? DEFAULT_NEGATIVE_MS;
  checkBuffer(lifeMs, 'cache.negativeMs');
  const tokenTimeoutMs = rest.totalTimeout ?? TOKEN_BOUNDS.totalMs;
  const identify = createIdentify();
  const negativeCache = createNegativeCache({ lifeMs, max, record });
  const shared =
    given?.store &&
    createStoreLevel(given.store, given.storeTimeoutMs, {
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
  return {
    cache,
    shared,
    record,
    identify,
    negativeCache,
    readRequest: createTokenRequestReader(max, identify),
    tokenTimeoutMs,
    contexts: createContextResolver(rest, identify, shared?.cooldowns),
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
