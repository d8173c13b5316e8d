import { APIError, InvalidArgumentError } from '../errors/index.js';
import { describeValue } from '../redact.js';
import { checkToken } from '../transport/credentials.js';
import { isRecord } from '../transport/to-error.js';
import {
  checkBuffer,
  checkConnector,
  checkOptionalText,
  checkSubject,
  checkTokenParams,
} from './check-arguments.js';
import { createGateway, type Gateway } from './gateway.js';
import { TokenCache } from './token-cache.js';
import { createIdentifier, takeDown, tokenKey } from './token-key.js';
import { checkTokenResponse, copyTokenResponse } from './token-response.js';
import type {
  ConnectClient,
  ConnectClientOptions,
  ConnectImportResult,
  ConnectImportToken,
  ConnectOptions,
  ConnectorMetadata,
  ConnectRevokeParams,
  ConnectTokenParams,
  ConnectTokenResponse,
} from './types.js';

const DEFAULT_MAX_ENTRIES = 100;
const DEFAULT_BUFFER_MS = 30_000;

/** What the functions of one client share. */
interface State {
  readonly gateway: Gateway;
  readonly cache: TokenCache<ConnectTokenResponse>;
  /** Tells callers apart, without their tokens. */
  readonly identify: (bearer: string) => string;
  /** The client's own buffer, sent to the API only where the client was given one. */
  readonly bufferMs: number | undefined;
}

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
  const { cache, validityBufferMs, ...rest } = options;
  checkBuffer(validityBufferMs, 'validityBufferMs');
  const state: State = {
    gateway: createGateway(rest),
    cache: new TokenCache<ConnectTokenResponse>({
      max: checkMax(cache?.max ?? DEFAULT_MAX_ENTRIES),
      bufferMs: validityBufferMs ?? DEFAULT_BUFFER_MS,
      now: Date.now,
      evictsOn: isFinalAnswer,
    }),
    identify: createIdentifier(),
    bufferMs: validityBufferMs,
  };
  return {
    getToken: async (connector, params, own) => (await findToken(state, connector, params, own)).token,
    getTokenResponse: async (connector, params, own) =>
      copyTokenResponse(await findToken(state, connector, params, own)),
    revokeToken: (connector, params, own) => revokeToken(state, connector, params, own),
    deleteTokenCacheEntry: (connector, params, own) => deleteTokenCacheEntry(state, connector, params, own),
    importTokens: (connector, tokens, own) => importTokens(state, connector, tokens, own),
    getConnectorMetadata: (connector, own) => getConnectorMetadata(state, connector, own),
  };
}

async function findToken(
  { gateway, cache, identify, bufferMs }: State,
  connector: string,
  params: ConnectTokenParams,
  options?: ConnectOptions,
): Promise<ConnectTokenResponse> {
  checkConnector(connector);
  checkTokenParams(params);
  // Everything of the caller's objects is read here, before the first wait.
  const { argumentsKey, body } = takeDown(connector, params);
  const { forceRefresh = false, signal } = options ?? {};
  const ownBufferMs = params.validityBufferMs;
  return gateway.reach(options, ({ client, baseUrl, bearer }) => {
    const identity = identify(bearer);
    const key = tokenKey(baseUrl, identity, argumentsKey);
    const load = async (askMs: number | undefined, flightSignal: AbortSignal) => {
      const wanted = askMs ?? bufferMs;
      const { data, response } = await client.call('getConnectorToken', {
        params: { path: { connector } },
        // Checked above, and plain JSON since; its fields are those of the document and what the caller added.
        body: {
          ...body,
          ...(wanted === undefined ? {} : { validityBufferMs: wanted }),
        } as unknown as ConnectTokenParams,
        bearerToken: bearer,
        signal: flightSignal,
      });
      return checkTokenResponse(data, response);
    };
    return cache.get({
      key,
      identity,
      argumentsKey,
      bufferMs: ownBufferMs,
      force: forceRefresh,
      signal,
      load,
    });
  });
}

async function revokeToken(
  { gateway, cache }: State,
  connector: string,
  params: ConnectRevokeParams,
  options?: ConnectOptions,
): Promise<void> {
  checkConnector(connector);
  if (!isRecord(params))
    throw new InvalidArgumentError(
      'params',
      `must be an object with a subject, got ${describeValue(params)}`,
    );
  checkSubject(params.subject, 'params.subject');
  checkOptionalText(params.installationId, 'params.installationId');
  const body = structuredClone(params);
  await gateway.reach(options, ({ client, bearer }) =>
    client.call('revokeConnectorTokens', {
      params: { path: { connector } },
      body,
      bearerToken: bearer,
      signal: options?.signal,
    }),
  );
  // What the revoked grant had issued can stand under any caller, scope or spelling of the connector.
  cache.drop({});
}

function deleteTokenCacheEntry(
  { cache, identify }: State,
  connector: string,
  params: ConnectTokenParams,
  options?: Pick<ConnectOptions, 'vercelToken'>,
): void {
  checkConnector(connector);
  checkTokenParams(params);
  const { argumentsKey } = takeDown(connector, params);
  const { vercelToken } = options ?? {};
  const identity =
    vercelToken === undefined ? {} : { identity: identify(checkToken('vercelToken', vercelToken)) };
  cache.drop({ argumentsKey, ...identity });
}

async function importTokens(
  { gateway }: State,
  connector: string,
  tokens: ConnectImportToken[],
  options?: ConnectOptions,
): Promise<ConnectImportResult> {
  checkConnector(connector);
  if (!Array.isArray(tokens))
    throw new InvalidArgumentError('tokens', `must be an array, got ${describeValue(tokens)}`);
  for (const [index, item] of tokens.entries()) {
    if (!isRecord(item))
      throw new InvalidArgumentError(`tokens[${index}]`, `must be an object, got ${describeValue(item)}`);
    checkToken(`tokens[${index}].accessToken`, item.accessToken);
    checkSubject(item.subject, `tokens[${index}].subject`);
  }
  const body = structuredClone({ tokens });
  const { data } = await gateway.reach(options, ({ client, bearer }) =>
    client.call('importConnectorTokens', {
      params: { path: { connector } },
      body,
      bearerToken: bearer,
      signal: options?.signal,
    }),
  );
  return data;
}

async function getConnectorMetadata(
  { gateway }: State,
  connector: string,
  options?: ConnectOptions,
): Promise<ConnectorMetadata> {
  checkConnector(connector);
  const { data } = await gateway.reach(options, ({ client, bearer }) =>
    client.call('getConnector', {
      params: { path: { connector } },
      bearerToken: bearer,
      signal: options?.signal,
    }),
  );
  const { data: vendor, ...metadata } = data;
  return { ...metadata, vendor: vendor ?? {} };
}

function checkMax(max: unknown): number {
  if (typeof max === 'number' && Number.isInteger(max) && max >= 1 && max <= 10_000_000) return max;
  throw new InvalidArgumentError(
    'cache.max',
    `must be a whole number from 1 to 10 000 000, got ${describeValue(max)}`,
  );
}

/** Whether a failure is the API's own word on the grant, and not one that may pass. */
function isFinalAnswer(error: unknown): boolean {
  return error instanceof APIError && error.status < 500 && error.status !== 408 && error.status !== 429;
}
