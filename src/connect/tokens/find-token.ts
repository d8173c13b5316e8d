import { secretsOf } from '../../client/request-secrets.js';
import { withCallerFrames } from '../../errors/index.js';
import { operations as table } from '../../generated/index.js';
import { createCredential } from '../../transport/auth/credentials.js';
import type { OutgoingRequest } from '../../transport/middleware.js';
import { TotalTimeout } from '../../transport/timeout.js';
import { Secrets } from '../../util/secrets.js';
import {
  type CallBounds,
  type Caller,
  type CallOptions,
  NO_OPTIONS,
  type RequestContext,
  readOptions,
} from '../request-context.js';
import type { State } from '../state.js';
import type { ConnectClient, ConnectOptions, ConnectTokenParams, ConnectTokenResponse } from '../types.js';
import type { CacheLocation, Loaded, LoadOptions } from './cache-request.js';
import type { TokenRequest } from './token-request.js';
import { checkTokenResponse, type Fetched, TOKEN_CALL } from './token-response.js';

/** The bounds of a token call. The client's own `totalTimeout` takes precedence. */
export const TOKEN_BOUNDS: CallBounds = { facts: TOKEN_CALL, totalMs: 30_000 };

/** One token call: what it asks for, where the token is cached, and as whom it is sent. */
export interface TokenCall {
  readonly request: TokenRequest;
  readonly location: CacheLocation;
  readonly context: RequestContext;
}

/** {@link ConnectClient.getToken} of a client with this state. */
export async function getToken(
  state: State,
  connector: string,
  params: ConnectTokenParams,
  options?: ConnectOptions,
): Promise<string> {
  const request = state.readRequest(connector, params);
  const found = findToken(state, request, options === undefined ? NO_OPTIONS : readOptions(options));
  return found instanceof Promise ? (await found).token : found.token;
}

/** {@link ConnectClient.getTokenResponse} of a client with this state. */
export async function getTokenResponse(
  state: State,
  connector: string,
  params: ConnectTokenParams,
  options?: ConnectOptions,
): Promise<ConnectTokenResponse> {
  const request = state.readRequest(connector, params);
  return structuredClone(await findToken(state, request, readOptions(options)));
}

/**
 * Returns a token from the cache, synchronously when nothing has to be awaited, or loads it through the cache.
 *
 * @returns The cache's own value: copy it before returning it to a caller.
 */
export function findToken(
  state: State,
  request: TokenRequest,
  options: CallOptions,
): ConnectTokenResponse | Promise<ConnectTokenResponse> {
  const { contexts } = state;
  const fixed = options === NO_OPTIONS ? contexts.fixedCaller : undefined;
  const caller = fixed ?? contexts.resolveSync(options);
  if (caller !== undefined) {
    const found = lookUp(state, request, options, caller);
    return found instanceof Promise ? withCallerFrames(found) : found;
  }
  const use = async (context: RequestContext) => lookUp(state, request, options, context);
  return withCallerFrames(contexts.resolve(options, use, TOKEN_BOUNDS));
}

/** @param caller - The context of a caller whose credential had to be awaited. The time of any other begins with the request. */
function lookUp(
  state: State,
  request: TokenRequest,
  options: CallOptions,
  caller: Caller | RequestContext,
): ConnectTokenResponse | Promise<ConnectTokenResponse> {
  const { baseUrl, identity } = caller;
  const { argumentsKey, connector, params, bufferMs } = request;
  const { forceRefresh: force, signal } = options;
  let { location } = request;
  if (location === undefined || location.origin !== baseUrl || location.tags.identity !== identity) {
    // Neither a base URL nor an identity contains a line break.
    const key = `${baseUrl}\n${identity}\n${argumentsKey}`;
    location = { key, origin: baseUrl, tags: { identity, argumentsKey, connector, params } };
    // The same caller is likely to ask again.
    request.location = location;
  }
  let context = 'api' in caller ? caller : undefined;
  const leftMs = context?.leftMs() ?? state.tokenTimeoutMs;
  const askMs = bufferMs ?? state.bufferMs;
  return state.cache.get({ location, bufferMs, askMs, force, signal, leftMs }, (wanted) => {
    context ??= state.contexts.contextOf(caller, state.tokenTimeoutMs);
    return loadToken(state, { request, location, context }, wanted);
  });
}

/** Loads a token for the cache: from the shared store if the client has one, otherwise from the API. */
async function loadToken(
  { negativeCache, grants, shared, record }: State,
  call: TokenCall,
  options: LoadOptions<ConnectTokenResponse>,
): Promise<Loaded<ConnectTokenResponse>> {
  const { key, tags } = call.location;
  if (options.force)
    negativeCache.forget(
      (known) => known.argumentsKey === tags.argumentsKey && known.identity === tags.identity,
    );
  const { generation } = negativeCache;
  try {
    const loaded = await (shared === undefined
      ? fetchToken(call, options, record)
      : shared.use((tokens) => tokens.load(call, options)));
    // A caller that skips the cache after a refusal has probably just obtained the consent of its subject.
    if (options.force) grants.consented(tags.params.subject);
    return loaded;
  } catch (error) {
    throw negativeCache.remember(key, tags, error, generation);
  }
}

/**
 * Fetches a token from the API.
 *
 * @throws {MalformedResponseError} For an unusable response, and for a token that has expired on arrival.
 */
export async function fetchToken(
  { request, context }: TokenCall,
  { askMs, signal, onWait }: Pick<LoadOptions<ConnectTokenResponse>, 'askMs' | 'signal' | 'onWait'>,
  record: State['record'],
): Promise<Fetched> {
  const { connector, body } = request;
  const { transport } = context.api;
  const { options } = transport;
  // Arguments were checked and copied when they were read, so the request is made of them as they are.
  const outgoing: OutgoingRequest = {
    method: TOKEN_CALL.method,
    url: new URL(`${options.baseUrl}/v1/connect/token/${encodeURIComponent(connector)}`).href,
    headers: { ...options.headers, 'content-type': 'application/json' },
    body: JSON.stringify(askMs === undefined ? body : { ...body, validityBufferMs: askMs }),
  };
  let isSent = false;
  // Every field by its name: with a spread among them, a call takes a seventh longer.
  const { data, response } = await transport.send(outgoing, {
    method: TOKEN_CALL.method,
    path: TOKEN_CALL.path,
    operation: table.operations.getConnectorToken,
    operationId: 'getConnectorToken',
    parseAs: 'json',
    // The same arguments give the same grant.
    repeatable: true,
    timeoutMs: options.timeoutMs,
    hasIdleTimeout: false,
    // A token is waited for no longer than the call may take: waits that the server asks for count.
    totalTimeout: new TotalTimeout(context.leftMs(), true),
    maxRetries: options.maxRetries,
    maxRetryAfterMs: options.maxRetryAfterMs,
    maxBodyBytes: options.maxBodyBytes,
    noStore: true,
    fetchOptions: options.fetchOptions,
    attempt: 1,
    timer: undefined,
    signal,
    credential: createCredential('bearerToken', context.bearer),
    schemes: [],
    secrets: new Secrets([], () => secretsOf(outgoing, {}, undefined)),
    onWait,
    onSend() {
      if (!isSent) record({ type: 'upstream', connector });
      isSent = true;
    },
  });
  return checkTokenResponse(data, response);
}
