import { startAuthorization, startInstallation } from './consent/start.js';
import { waitForAuthorization } from './consent/wait.js';
import { importTokens } from './import/import-tokens.js';
import { createConnectors } from './management/connectors.js';
import { createProjects } from './management/projects.js';
import { createTriggers } from './management/triggers.js';
import { createState, type State } from './state.js';
import { createStoreLevel } from './store/level.js';
import { deleteTokenCacheEntry, getConnectorMetadata, revokeToken } from './token-operations.js';
import { getToken, getTokenResponse } from './tokens/find-token.js';
import { createTokenSource } from './tokens/token-source.js';
import { tryGetToken } from './tokens/try-get-token.js';
import type { ConnectClient, ConnectClientOptions } from './types.js';

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
  return clientOf(createState(options, createStoreLevel));
}

/** Returns the client of a state. */
export function clientOf(state: State): ConnectClient {
  return {
    // Bound, since it runs for each cached token: a list of rest arguments takes longer.
    getToken: getToken.bind(undefined, state),
    getTokenResponse: (...call) => getTokenResponse(state, ...call),
    tryGetToken: (...call) => tryGetToken(state, ...call),
    tokenSource: (...call) => createTokenSource(state, ...call),
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
    stats: state.stats,
    close: async () => state.shared?.close(),
  };
}
