import { withCallerFrames } from '../../errors/index.js';
import type { Caller, CallOptions, RequestContext } from '../request-context.js';
import { NO_OPTIONS, readOptions } from '../request-context.js';
import type { State } from '../state.js';
import type { ConnectClient, ConnectTokenResponse } from '../types.js';
import { loadToken, TOKEN_BOUNDS } from './load-token.js';
import type { TokenRequest } from './token-request.js';

/** Makes {@link ConnectClient.getToken}. */
export function createGetToken(state: State): ConnectClient['getToken'] {
  return async (connector, params, options) => {
    const request = state.readRequest(connector, params);
    const found = findToken(state, request, options === undefined ? NO_OPTIONS : readOptions(options));
    return found instanceof Promise ? (await found).token : found.token;
  };
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
  const use = async (context: RequestContext) => lookUp(state, request, options, context, context);
  return withCallerFrames(contexts.resolve(options, use, TOKEN_BOUNDS));
}

/** @param known - The context of a caller whose credential had to be awaited. Default: its time begins with the request. */
function lookUp(
  state: State,
  request: TokenRequest,
  options: CallOptions,
  caller: Caller,
  known?: RequestContext,
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
  const call = { request, location };
  const leftMs = known?.leftMs() ?? state.tokenTimeoutMs;
  const askMs = bufferMs ?? state.bufferMs;
  let context = known;
  return state.cache.get({ location, bufferMs, askMs, force, signal, leftMs }, (wanted) => {
    context ??= state.contexts.contextOf(caller, state.tokenTimeoutMs);
    return loadToken(state, { ...call, context }, wanted);
  });
}
