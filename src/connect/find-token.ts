import { checkConnector, checkTokenParams } from './check-arguments.js';
import type { Route } from './gateway.js';
import type { State } from './state.js';
import { argumentsKey, type TokenRequest, takeDown, tokenKey } from './token-key.js';
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
  const { peek, ask } = bindToken(state, connector, params, options);
  return peek() ?? ask();
}

/**
 * What the cache would give at once, found without waiting and without checking: what an earlier call with the same
 * arguments has left, and that one was checked.
 *
 * @returns `undefined` for everything that is not that simple.
 */
export function peekToken(
  { gateway, cache, identify, keys }: State,
  connector: string,
  params: ConnectTokenParams,
  options?: ConnectOptions,
): ConnectTokenResponse | undefined {
  if (typeof connector !== 'string' || typeof params !== 'object' || params === null) return undefined;
  const bufferMs = params.validityBufferMs;
  if (bufferMs !== undefined && !(bufferMs >= 0)) return undefined;
  const route = gateway.instant(options);
  if (route === undefined) return undefined;
  const identity = identify(route.bearer);
  const known = keys.find(route.baseUrl, identity, connector, params);
  if (known !== undefined) return cache.peek(known, bufferMs);
  const written = argumentsKey(connector, params, identify);
  if (written === undefined) return undefined;
  const key = tokenKey(route.baseUrl, identity, written);
  const value = cache.peek(key, bufferMs);
  // A call that hits is likely to come again; one that misses pays for its request, and may never.
  if (value !== undefined) keys.remember(key, route.baseUrl, identity, connector, params);
  return value;
}

/** A token that can be asked for any number of times. */
export interface BoundToken {
  /** What the cache gives at once; the cache's own value. */
  readonly peek: () => ConnectTokenResponse | undefined;
  /** The cache's value or the API's; the cache's own value. */
  readonly ask: () => Promise<ConnectTokenResponse>;
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
): BoundToken {
  checkConnector(connector);
  checkTokenParams(params);
  const request = takeDown(connector, params, state.identify);
  const { forceRefresh: force = false, signal } = options ?? {};
  const bufferMs = params.validityBufferMs;
  const wanted = { request, connector, bufferMs, askMs: bufferMs ?? state.bufferMs, force, signal };
  const ask = () => state.gateway.reach(options, (route) => askCache(state, route, wanted));
  const route = state.gateway.instant(options);
  if (route === undefined) return { peek: () => undefined, ask };
  const key = tokenKey(route.baseUrl, state.identify(route.bearer), request.argumentsKey);
  return { peek: () => state.cache.peek(key, bufferMs), ask };
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

async function askCache(
  { cache, refusals, identify }: State,
  route: Route,
  { request, connector, ...rest }: Wanted,
) {
  const { argumentsKey, body } = request;
  const identity = route.identity ?? identify(route.bearer);
  const key = tokenKey(route.baseUrl, identity, argumentsKey);
  const topic = { identity, argumentsKey, connector, params: body };
  if (rest.force)
    refusals.forget((known) => known.argumentsKey === argumentsKey && known.identity === identity);
  else refusals.throwKnown(key);
  const load = loader(route, connector, body);
  return cache.get({
    ...rest,
    key,
    topic,
    load: (askMs, signal) => refusals.watch(key, topic, () => load(askMs, signal)),
  });
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
