import { checkConnector, checkTokenParams } from './check-arguments.js';
import type { Route } from './gateway.js';
import type { State } from './state.js';
import { type TokenRequest, takeDown, tokenKey } from './token-key.js';
import { checkTokenResponse } from './token-response.js';
import type { ConnectOptions, ConnectTokenParams, ConnectTokenResponse } from './types.js';

/** Time for a whole token request, in milliseconds. */
const TOKEN_DEADLINE_MS = 30_000;

/**
 * A token from the cache, or from the API through it.
 *
 * @returns The cache's own value: to be copied before it is given away.
 */
export async function findToken(
  state: State,
  connector: string,
  params: ConnectTokenParams,
  options?: ConnectOptions,
): Promise<ConnectTokenResponse> {
  return bindToken(state, connector, params, options)();
}

/**
 * {@link findToken} with everything of the caller's taken down now, to be asked any number of times.
 *
 * @throws {InvalidArgumentError} For what cannot be asked for.
 */
export function bindToken(
  state: State,
  connector: string,
  params: ConnectTokenParams,
  options?: ConnectOptions,
): () => Promise<ConnectTokenResponse> {
  checkConnector(connector);
  checkTokenParams(params);
  const request = takeDown(connector, params);
  const { forceRefresh: force = false, signal } = options ?? {};
  const bufferMs = params.validityBufferMs;
  const wanted = { request, connector, bufferMs, askMs: bufferMs ?? state.bufferMs, force, signal };
  return () => state.gateway.reach(options, (route) => askCache(state, route, wanted));
}

/** What one caller wants, but for who it is. */
interface Wanted {
  readonly request: TokenRequest;
  readonly connector: string;
  readonly bufferMs: number | undefined;
  readonly askMs: number | undefined;
  readonly force: boolean;
  readonly signal: AbortSignal | undefined;
}

function askCache({ cache, identify }: State, route: Route, { request, connector, ...rest }: Wanted) {
  const { argumentsKey, body } = request;
  const identity = route.identity ?? identify(route.bearer);
  const key = tokenKey(route.baseUrl, identity, argumentsKey);
  const topic = { identity, argumentsKey, connector, params: body };
  return cache.get({ ...rest, key, topic, load: loader(route, connector, body) });
}

function loader({ client, bearer, deadline }: Route, connector: string, wanted: TokenRequest['body']) {
  return async (askMs: number | undefined, signal: AbortSignal): Promise<ConnectTokenResponse> => {
    const body = { ...wanted, ...(askMs === undefined ? {} : { validityBufferMs: askMs }) };
    const { data, response } = await client.call('getConnectorToken', {
      params: { path: { connector } },
      body,
      bearerToken: bearer,
      // A token request is quick or it is not worth waiting for; a client's own deadline stands.
      deadline: deadline ?? TOKEN_DEADLINE_MS,
      signal,
    });
    return checkTokenResponse(data, response);
  };
}
