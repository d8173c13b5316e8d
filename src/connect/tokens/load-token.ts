import type { CallFacts } from '../../errors/index.js';
import type { CallBounds, RequestContext } from '../request-context.js';
import type { State } from '../state.js';
import type { ConnectTokenResponse } from '../types.js';
import type { CacheLocation, Loaded, LoadOptions } from './cache-request.js';
import type { TokenRequest } from './token-request.js';
import { checkTokenResponse, type Fetched } from './token-response.js';

/** The operation behind every token. */
export const TOKEN_CALL: CallFacts = { method: 'POST', path: '/v1/connect/token/{connector}' };
/** The bounds of a token call. The client's own `totalTimeout` takes precedence. */
export const TOKEN_BOUNDS: CallBounds = { facts: TOKEN_CALL, totalMs: 30_000 };

/** One token call: what it asks for, where the token is cached, and as whom it is sent. */
export interface TokenCall {
  readonly request: TokenRequest;
  readonly location: CacheLocation;
  readonly context: RequestContext;
}

/** Loads a token for the cache: from the shared store if the client has one, otherwise from the API. */
export async function loadToken(
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
  const { connector, body: wanted } = request;
  let isSent = false;
  const onSend = () => {
    if (!isSent) record({ type: 'upstream', connector });
    isSent = true;
  };
  const body = { ...wanted, ...(askMs === undefined ? {} : { validityBufferMs: askMs }) };
  const { data, response } = await context.client.call('getConnectorToken', {
    params: { path: { connector } },
    // It was checked when it was read; unknown fields pass through.
    body: body as never,
    bearerToken: context.bearer,
    totalTimeout: context.leftMs(),
    signal,
    // Options of the transport's own, which callers cannot give.
    ...({ onWait, onSend } as object),
  });
  return checkTokenResponse(data, response);
}
