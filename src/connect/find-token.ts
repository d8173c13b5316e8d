import { checkConnector, checkTokenParams } from './check-arguments.js';
import type { Route } from './gateway.js';
import type { State } from './state.js';
import { takeDown, tokenKey } from './token-key.js';
import { checkTokenResponse } from './token-response.js';
import type { ConnectOptions, ConnectTokenParams, ConnectTokenResponse } from './types.js';

/**
 * A token from the cache, or from the API through it.
 *
 * @returns The cache's own value: to be copied before it is given away.
 */
export async function findToken(
  { gateway, cache, identify, bufferMs: clientBufferMs }: State,
  connector: string,
  params: ConnectTokenParams,
  options?: ConnectOptions,
): Promise<ConnectTokenResponse> {
  checkConnector(connector);
  checkTokenParams(params);
  // Everything of the caller's objects is read here, before the first wait.
  const { argumentsKey, body } = takeDown(connector, params);
  const { forceRefresh: force = false, signal } = options ?? {};
  const bufferMs = params.validityBufferMs;
  const askMs = bufferMs ?? clientBufferMs;
  return gateway.reach(options, (route) => {
    const identity = identify(route.bearer);
    const key = tokenKey(route.baseUrl, identity, argumentsKey);
    const load = loader(route, connector, body);
    return cache.get({ key, identity, argumentsKey, bufferMs, askMs, force, signal, load });
  });
}

function loader({ client, bearer }: Route, connector: string, wanted: Readonly<Record<string, unknown>>) {
  return async (askMs: number | undefined, signal: AbortSignal): Promise<ConnectTokenResponse> => {
    const body = { ...wanted, ...(askMs === undefined ? {} : { validityBufferMs: askMs }) };
    const { data, response } = await client.call('getConnectorToken', {
      params: { path: { connector } },
      body,
      bearerToken: bearer,
      signal,
    });
    return checkTokenResponse(data, response);
  };
}
