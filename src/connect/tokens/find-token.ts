import { APIConnectionError, APITimeoutError, type CallFacts } from '../../errors/index.js';
import { toConnectError } from '../errors.js';
import {
  type CallBounds,
  type Caller,
  type CallOptions,
  type RequestContext,
  readOptions,
} from '../gateway.js';
import type { State } from '../state.js';
import type { ConnectTokenResponse } from '../types.js';
import type { CacheRequest, EntryTags, Loaded, LoadOptions } from './cache-request.js';
import {
  argumentsKey,
  readTokenRequest,
  type TokenRequest,
  tokenKey,
  withoutToken,
} from './token-request.js';
import { checkTokenResponse, type Fetched } from './token-response.js';

/** The operation behind every token. */
const TOKEN_CALL: CallFacts = { method: 'POST', path: '/v1/connect/token/{connector}' };
/** A token request is quick or it is not worth waiting for; a client's own `totalTimeout` stands. */
const TOKEN_BOUNDS: CallBounds = { facts: TOKEN_CALL, totalMs: 30_000 };

/** Fetches a token from the API. @throws {MalformedResponseError} Also for one that has expired on arrival. */
export type FetchToken = (wanted: {
  /** The life to ask for, in milliseconds. */
  readonly askMs: number | undefined;
  readonly signal: AbortSignal;
}) => Promise<Fetched>;

/** A token call with its arguments checked and copied. It can be made any number of times. */
export interface TokenCall {
  readonly request: TokenRequest;
  readonly options: CallOptions;
  /** The key of its last use, kept by one that is made again and again. */
  last?: { readonly baseUrl: string; readonly identity: string; readonly key: string } | 'none yet';
}

/**
 * Checks and copies the arguments of a token call, at once.
 *
 * @throws {InvalidArgumentError} For what cannot be asked for.
 */
export function readTokenCall(
  state: State,
  connector: unknown,
  params: unknown,
  options: unknown,
): TokenCall {
  return { request: readTokenRequest(connector, params, state.identify), options: readOptions(options) };
}

/**
 * Returns a token from the cache, at once where nothing has to be waited for, or from the API through it.
 *
 * @returns The cache's own value: to be copied before it is given away.
 */
export function findToken(
  state: State,
  call: TokenCall,
): ConnectTokenResponse | Promise<ConnectTokenResponse> {
  const caller = state.gateway.resolveSync(call.options);
  if (caller === undefined) {
    const use = async (context: RequestContext) => askCache(state, context, call, context);
    return state.gateway.reach(call.options, use, TOKEN_BOUNDS);
  }
  const token = askCache(state, caller, call);
  return token instanceof Promise ? token.catch(rethrow) : token;
}

function rethrow(error: unknown): never {
  throw toConnectError(error);
}

function askCache(
  state: State,
  caller: Caller,
  call: TokenCall,
  context?: RequestContext,
): ConnectTokenResponse | Promise<ConnectTokenResponse> {
  const { cache, keys } = state;
  const { baseUrl, identity } = caller;
  const { request, options, last } = call;
  const { parts, bufferMs } = request;
  const isSame = typeof last === 'object' && last.identity === identity && last.baseUrl === baseUrl;
  const known = isSame ? last.key : keys.find(baseUrl, identity, parts);
  const key = known ?? tokenKey(baseUrl, identity, argumentsKey(request));
  if (last !== undefined && !isSame) call.last = { baseUrl, identity, key };
  if (!options.forceRefresh && options.signal?.aborted !== true) {
    const cached = cache.peek(key, bufferMs);
    // A call that hits is likely to come again; one that misses pays for its request, and may never.
    if (cached !== undefined && known === undefined) keys.remember(key, baseUrl, identity, parts);
    if (cached !== undefined) return cached;
  }
  const resolved = context ?? state.gateway.contextOf(caller, TOKEN_BOUNDS);
  return cache.get(new TokenCacheRequest(state, resolved, request, options, key));
}

/** One call's request to the cache. */
class TokenCacheRequest implements CacheRequest<ConnectTokenResponse> {
  readonly key: string;
  readonly connector: string;
  readonly bufferMs: number | undefined;
  readonly askMs: number | undefined;
  readonly force: boolean;
  readonly signal: AbortSignal | undefined;
  readonly #state: State;
  readonly #context: RequestContext;
  readonly #request: TokenRequest;

  constructor(
    state: State,
    context: RequestContext,
    request: TokenRequest,
    options: CallOptions,
    key: string,
  ) {
    this.key = key;
    this.connector = request.connector;
    this.bufferMs = request.bufferMs;
    this.askMs = request.bufferMs ?? state.bufferMs;
    this.force = options.forceRefresh;
    this.signal = options.signal;
    this.#state = state;
    this.#context = context;
    this.#request = request;
  }

  leftMs(): number {
    return this.#context.leftMs();
  }

  failure(reason: 'timeout' | 'superseded'): Error {
    if (reason === 'timeout')
      return new APITimeoutError(this.#state.gateway.totalMs(TOKEN_BOUNDS), TOKEN_CALL);
    return new APIConnectionError(
      'The token was invalidated each time before it had arrived, and no further request was made',
      TOKEN_CALL,
    );
  }

  tags(): EntryTags {
    const { connector, body } = this.#request;
    const subject = withoutToken(body.subject, this.#state.identify);
    const { identity } = this.#context;
    return { connector, identity, argumentsKey: argumentsKey(this.#request), params: { ...body, subject } };
  }

  throwCached(): void {
    this.#state.refusals.throwCached(this.key);
  }

  load(options: LoadOptions<ConnectTokenResponse>): Promise<Loaded<ConnectTokenResponse>> {
    const { refusals, grants } = this.#state;
    const { tags, force } = options;
    if (force) {
      const { argumentsKey: wanted, identity } = tags;
      refusals.forget((known) => known.argumentsKey === wanted && known.identity === identity);
    }
    return refusals.remember(this.key, tags, async () => {
      const loaded = await this.#load(options);
      // Whoever skips the cache for a subject that had been refused has probably just obtained its consent.
      if (force) grants.consented(tags.params.subject);
      return loaded;
    });
  }

  async #load(options: LoadOptions<ConnectTokenResponse>): Promise<Loaded<ConnectTokenResponse>> {
    const { shared } = this.#state;
    const fetchToken = this.#fetcher(options);
    if (shared === undefined) return fetchToken(options);
    const place = { key: this.key, origin: this.#context.baseUrl, tags: options.tags };
    const leftMs = () => this.#context.leftMs();
    return shared.use((tokens) => tokens.load(place, { options, fetchToken, leftMs }));
  }

  #fetcher({ tags, onWait }: LoadOptions<ConnectTokenResponse>): FetchToken {
    const { client, bearer, leftMs } = this.#context;
    const { connector, body: wanted } = this.#request;
    return async ({ askMs, signal }) => {
      let isSent = false;
      const onSend = () => {
        if (!isSent) this.#state.record({ type: 'upstream', connector: tags.connector });
        isSent = true;
      };
      const body = { ...wanted, ...(askMs === undefined ? {} : { validityBufferMs: askMs }) };
      const { data, response } = await client.call('getConnectorToken', {
        params: { path: { connector } },
        // Checked above; what is unknown in it passes through.
        body: body as never,
        bearerToken: bearer,
        totalTimeout: leftMs(),
        signal,
        // Options of the transport's own, which no caller has.
        ...({ onWait, onSend } as object),
      });
      return checkTokenResponse(data, response);
    };
  }
}
