import { checkOptionNames } from '../../client/option-names.js';
import {
  APIConnectionError,
  CredentialError,
  checkArgument,
  InvalidArgumentError,
} from '../../errors/index.js';
import { isSafeOrigin } from '../../http/base-url.js';
import { REDIRECTS } from '../../transport/fetch-send.js';
import { ConsentRequiredError } from '../consent/consent-required.js';
import { ConnectError } from '../errors.js';
import type { ConnectTokenParams } from '../types.js';
import { ADAPTER_OPTIONS, type ConnectAdapterOptions, createProviderToken } from './provider-token.js';

/** A `fetch` that sends a provider's token. */
export interface ConnectFetch {
  (input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Why the latest request got no token or was not sent; `undefined` once a request has got one. */
  readonly failure: unknown;
}

/** Options of {@link createConnectFetch}. */
export interface ConnectFetchOptions extends ConnectAdapterOptions {
  /**
   * The provider's origin, e.g. `https://api.github.com`. The token is sent to no other. https, or http on this machine.
   * Of a longer URL the origin is taken.
   */
  readonly origin: string | URL;
  /** Sends the request. Default: the global `fetch`, looked up at each request. */
  readonly fetch?: ((input: string | URL | Request, init?: RequestInit) => Promise<Response>) | undefined;
  /**
   * Returns whether a response refuses the token. Default: its status is 401. A provider that says so in the body of a
   * 200, such as Slack, needs its own: read a clone of the response.
   */
  readonly isRefused?: ((response: Response) => boolean | Promise<boolean>) | undefined;
  /**
   * `'response'` answers a missing consent with a 401 of its own, other errors of Connect with 403, and a wrong origin
   * with 421, in place of throwing. For SSE transports, which reconnect for as long as `fetch` throws. Read the reason
   * from {@link ConnectFetch.failure}. Default `'throw'`.
   */
  readonly errors?: 'throw' | 'response' | undefined;
}

const FETCH_OPTIONS = new Set([...ADAPTER_OPTIONS, 'origin', 'fetch', 'isRefused', 'errors']);
const MAX_REDIRECTS = 5;
/** Pause between renewals after one that did not help, in milliseconds: each renewal is billed. */
const FUTILE_MS = 30_000;

/**
 * Makes a `fetch` that sends the token of a connector, and repairs itself when the provider refuses it.
 *
 * Each request takes the token from the client's cache. When the provider answers 401, it drops the
 * refused token alone, fetches a new one, and sends the request once more. A body that is a stream cannot be sent twice: then
 * the 401 is returned, and the next request has the new token. The token goes to one origin; redirects are followed
 * within it, for GET and HEAD and for 307 and 308.
 *
 * It has the signature of `fetch`, so that octokit, GraphQL and OpenAPI clients, and MCP transports take it.
 *
 * @param connector - Its UID, such as `oauth/linear`, or its id.
 * @param params - Which token: the subject, and what narrows it.
 * @throws {InvalidArgumentError} At once for an argument that cannot work; by a request to another origin.
 * @throws {ConsentRequiredError} By a request, where the user has not consented. Callers who miss the same consent at the
 *   same time share one token request and one consent page.
 * @throws {ConnectError} By a request, for any other response of Connect.
 * @throws {APIConnectionError} By a request, for a redirect to another origin.
 *
 * @example
 * const linear = createConnectFetch(
 *   'oauth/linear',
 *   { subject: { type: 'user', id: 'user_123' } },
 *   { origin: 'https://api.linear.app' },
 * );
 * const response = await linear('https://api.linear.app/graphql', {
 *   method: 'POST',
 *   headers: { 'content-type': 'application/json' },
 *   body: JSON.stringify({ query: '{ viewer { name } }' }),
 * });
 */
export function createConnectFetch(
  connector: string,
  params: ConnectTokenParams,
  options: ConnectFetchOptions,
): ConnectFetch {
  checkOptionNames(options, FETCH_OPTIONS, { prefix: 'options.' });
  const origin = checkOrigin(options.origin);
  const tokens = createProviderToken(connector, params, options);
  const isRefused = options.isRefused ?? (({ status }: Response) => status === 401);
  let failure: unknown;
  let futileUntil = 0;

  async function exchange(input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
    const request = readRequest(input, init, origin);
    const send = options.fetch ?? globalThis.fetch;
    const first = await tokens.get(request.signal);
    failure = undefined;
    const response = await sendWithin(origin, request, first.token, send);
    if (!(await isRefused(response)) || performance.now() < futileUntil) return response;
    tokens.evict(first.token);
    if (!request.isReplayable) return response;
    const second = await tokens.get(request.signal);
    if (second.token === first.token) {
      futileUntil = performance.now() + FUTILE_MS;
      return response;
    }
    response.body?.cancel().catch(() => undefined);
    const again = await sendWithin(origin, request, second.token, send);
    if (await isRefused(again)) futileUntil = performance.now() + FUTILE_MS;
    return again;
  }

  const connectFetch = async (input: string | URL | Request, init?: RequestInit) => {
    try {
      return await exchange(input, init);
    } catch (error) {
      failure = error;
      const response = options.errors === 'response' ? toResponse(error) : undefined;
      if (response === undefined) throw error;
      return response;
    }
  };
  return Object.defineProperty(connectFetch as typeof connectFetch & { failure: unknown }, 'failure', {
    get: () => failure,
  });
}

/** One request, which can be sent with one token after another. */
interface ReadRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly redirect: RequestInit['redirect'];
  readonly signal: AbortSignal | undefined;
  readonly isReplayable: boolean;
  /** Returns the first argument of `fetch`; a `Request` is cloned, because sending uses up its body. */
  readonly input: (target: URL) => URL | Request;
  readonly init: RequestInit;
}

/** @throws {InvalidArgumentError} For a URL that is not within the origin. */
function readRequest(input: string | URL | Request, init: RequestInit = {}, origin: string): ReadRequest {
  if (typeof input === 'object' && !(input instanceof URL)) {
    const url = requireOrigin(input.url, origin);
    const request = new Request(input, init);
    const { method, headers, redirect, signal } = request;
    const copyTo = (target: URL) =>
      target === url ? request.clone() : new Request(target.href, request.clone());
    return { url, method, headers, redirect, signal, isReplayable: true, input: copyTo, init: {} };
  }
  const url = requireOrigin(String(input), origin);
  return {
    url,
    method: (init.method ?? 'GET').toUpperCase(),
    headers: new Headers(init.headers),
    redirect: init.redirect,
    signal: init.signal ?? undefined,
    isReplayable: isReplayable(init.body),
    input: (target) => target,
    init,
  };
}

function requireOrigin(text: string, origin: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.origin === origin) return url;
  const got = url === undefined ? 'a relative or malformed URL' : url.origin;
  throw new InvalidArgumentError('input', `must be a URL at ${origin}, the origin of this fetch, got ${got}`);
}

/** Streams and other iterables are used up by sending them. */
function isReplayable(body: unknown): boolean {
  if (body === undefined || body === null || typeof body === 'string') return true;
  if (body instanceof ReadableStream) return false;
  return (
    body instanceof Blob ||
    body instanceof FormData ||
    body instanceof URLSearchParams ||
    body instanceof ArrayBuffer ||
    ArrayBuffer.isView(body)
  );
}

/**
 * Sends a request with a token, and follows redirects within the origin unless the caller follows them itself.
 *
 * @throws {APIConnectionError} For a redirect that is not followed.
 */
async function sendWithin(
  origin: string,
  request: ReadRequest,
  token: string,
  send: NonNullable<ConnectFetchOptions['fetch']>,
): Promise<Response> {
  const headers = { ...Object.fromEntries(request.headers), authorization: `Bearer ${token}` };
  const init: RequestInit = { ...request.init, headers, redirect: 'manual' };
  let { url } = request;
  for (let hops = 0; ; hops++) {
    const response = await send(request.input(url), init);
    const location = REDIRECTS.has(response.status) ? response.headers.get('location') : null;
    if (location === null || request.redirect === 'manual') return response;
    // Not waited for: a body that will not stop must not hold up the call.
    response.body?.cancel().catch(() => undefined);
    url = redirectTarget(
      origin,
      request,
      response.status,
      URL.canParse(location, url.href) ? new URL(location, url) : undefined,
      hops,
    );
  }
}

/** @throws {APIConnectionError} Saying why the redirect is not followed. */
function redirectTarget(
  origin: string,
  { method, redirect, isReplayable: canRepeat, url }: ReadRequest,
  status: number,
  target: URL | undefined,
  hops: number,
): URL {
  const refuse = (why: string) =>
    new APIConnectionError(`${origin} answered with a redirect ${why}`, { method, path: url.pathname });
  if (redirect === 'error') throw refuse('although none was allowed');
  if (target?.origin !== origin) throw refuse('to another origin, which must not get the token');
  if (hops >= MAX_REDIRECTS) throw refuse(`after ${MAX_REDIRECTS} others`);
  const keepsMethod = method === 'GET' || method === 'HEAD' || status === 307 || status === 308;
  if (!keepsMethod || !canRepeat) throw refuse(`that would lose the body of a ${method}`);
  return target;
}

function checkOrigin(value: unknown): string {
  const text = value instanceof URL ? value.href : value;
  const rule = "must be the provider's URL, such as https://api.github.com";
  checkArgument(typeof text === 'string' && URL.canParse(text), 'options.origin', rule, text);
  const url = new URL(text);
  if (isSafeOrigin(url)) return url.origin;
  throw new InvalidArgumentError(
    'options.origin',
    `must be https (http only on this machine), got ${url.protocol}//${url.host}`,
  );
}

/** Answers for the provider, so that a transport that retries what is thrown stops. `undefined` for what may pass. */
function toResponse(error: unknown): Response | undefined {
  let status: number;
  if (error instanceof ConsentRequiredError) status = 401;
  else if (error instanceof InvalidArgumentError) status = 421;
  else if (error instanceof CredentialError) status = 403;
  // A 5xx or a 429 may pass.
  else if (error instanceof ConnectError && error.status < 500 && error.status !== 429) status = 403;
  else return undefined;
  const code = error instanceof ConnectError ? error.code : undefined;
  return Response.json({ error: code ?? error.name, message: error.message }, { status });
}
