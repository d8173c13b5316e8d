import { checkConnector, checkTokenParams } from '../check-arguments.js';
import type { Route } from '../gateway.js';
import type { State } from '../state.js';
import type { FetchToken } from '../store/fetched.js';
import type { Place } from '../store/store-names.js';
import type { ConnectOptions, ConnectTokenParams, ConnectTokenResponse } from '../types.js';
import { argumentsKey, type TokenRequest, takeDown, tokenKey } from './token-key.js';
import { checkTokenResponse } from './token-response.js';
import type { Ask, Loaded, Topic } from './wish.js';

/** Time for a whole token request, in milliseconds. */
const TOKEN_TOTAL_TIMEOUT_MS = 30_000;

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

async function askCache(state: State, route: Route, { request, connector, ...rest }: Wanted) {
  const { cache, refusals, identify } = state;
  const { argumentsKey, body } = request;
  const identity = route.identity ?? identify(route.bearer);
  const key = tokenKey(route.baseUrl, identity, argumentsKey);
  const topic = { identity, argumentsKey, connector, params: body };
  if (rest.force)
    refusals.forget((known) => known.argumentsKey === argumentsKey && known.identity === identity);
  else refusals.throwKnown(key);
  const load = loader(state, { key, origin: route.baseUrl, topic }, route);
  return cache.get({ ...rest, key, topic, load: (ask) => refusals.watch(key, topic, () => load(ask)) });
}

/** Where a token comes from that is not in memory: the shared store where there is one, else the API. */
function loader({ shared, record }: State, place: Place, route: Route) {
  const { connector } = place.topic;
  const fetchToken = fetcher(route, place.topic);
  const recorded: FetchToken = (wanted) => {
    record({ type: 'upstream', connector });
    return fetchToken(wanted);
  };
  return async (ask: Ask<ConnectTokenResponse>): Promise<Loaded<ConnectTokenResponse>> => {
    if (shared === undefined) return { value: (await recorded({ ...ask, spentMs: 0 })).value };
    const need = { ask, fetchToken: recorded, deadlineMs: route.totalTimeout ?? TOKEN_TOTAL_TIMEOUT_MS };
    return shared.use((tokens) => tokens.load(place, need));
  };
}

function fetcher({ client, bearer, totalTimeout = TOKEN_TOTAL_TIMEOUT_MS }: Route, topic: Topic): FetchToken {
  const { connector, params: wanted } = topic;
  return async ({ askMs, signal, spentMs }) => {
    const body = { ...wanted, ...(askMs === undefined ? {} : { validityBufferMs: askMs }) };
    const { data, response } = await client.call('getConnectorToken', {
      params: { path: { connector } },
      body,
      bearerToken: bearer,
      // A token request is quick or it is not worth waiting for; a client's own total timeout stands.
      totalTimeout: Math.max(1, totalTimeout - spentMs),
      signal,
    });
    return { value: checkTokenResponse(data, response), date: response.headers.get('date') };
  };
}
