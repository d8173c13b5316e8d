import { withoutTrailingSlashes } from '../../http/base-url.js';
import { httpDate } from '../../http/retry-after.js';
import type { Credential } from '../auth/credentials.js';
import type { Identify } from '../auth/identity.js';
import type { CallContext, OutgoingRequest } from '../middleware.js';
import { withinCall } from '../timeout.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Fetch modes (Fetch standard, section 2.2.5) that ask for a response from the server itself. */
const BYPASSING_MODES: ReadonlySet<string> = new Set(['no-store', 'reload', 'no-cache']);
/** Headers of requests for a part, or with conditions of the caller: the responses are for that caller alone. */
const PARTIAL_HEADERS = [
  ...['range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'],
];

/** Returns whether a call may change something: its method is not one of the safe ones (RFC 9110 section 9.2.1). */
export function isWrite({ method }: CallContext): boolean {
  return !SAFE_METHODS.has(method);
}

/**
 * Returns whether the response to a request may come from a cache, or go into one.
 *
 * A GET for parsed data, which neither says `Cache-Control: no-store` or `no-cache` (RFC 9111 sections 5.2.1.4 and
 * 5.2.1.5) nor asks for a part or sends conditions of its own.
 */
export function isCacheable(
  request: OutgoingRequest,
  { method, parseAs, fetchOptions, schemes }: CallContext,
): boolean {
  return (
    // A key is made of the bearer, and knows no other credential.
    schemes.length === 0 &&
    method === 'GET' &&
    (parseAs === 'json' || parseAs === 'text') &&
    !BYPASSING_MODES.has(fetchOptions.cache ?? 'default') &&
    !PARTIAL_HEADERS.some((name) => request.headers[name] !== undefined) &&
    !directivesOf(request.headers['cache-control']).some((directive) => /^no-(store|cache)\b/.test(directive))
  );
}

/**
 * Returns a key of everything that changes a response: method, URL (which holds the team), form, `Accept` and the caller.
 *
 * Every other header counts too, as a digest. Only the response says which of them the server reads (`Vary`), and callers
 * share a request in flight before that. A caller may also authenticate by a header of its own.
 *
 * @param token - The bearer that will be sent; `undefined` where the call has no credential.
 * @param identify - Makes the digests, so that the key holds no secret.
 *
 * @example
 * const key = responseKey(request, call, 'token', createIdentify());
 */
export function responseKey(
  { method, url, headers }: OutgoingRequest,
  { parseAs }: CallContext,
  token: string | undefined,
  identify: Identify,
): string {
  const others = Object.entries(headers)
    // The auth middleware replaces the header where the call has a credential.
    .filter(([name]) => name !== 'accept' && (token === undefined || name !== 'authorization'))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const identity = token === undefined ? null : identify(token);
  return JSON.stringify([
    method,
    url,
    parseAs,
    headers.accept ?? null,
    identity,
    identify(JSON.stringify(others)),
  ]);
}

/** Returns whether a call in flight has at least half of the time of another, so that the other one loses little by joining. */
export function leavesEnough(inFlight: CallContext, { totalTimeout }: CallContext): boolean {
  return inFlight.totalTimeout.leftMs() >= totalTimeout.leftMs() / 2;
}

/**
 * Returns the bearer that a call is about to send, for its key; `undefined` where it has no credential.
 *
 * @throws What the credential throws; the caller's abort reason; {@link APITimeoutError} when the call's time is up.
 */
export async function tokenOf(call: CallContext): Promise<string | undefined> {
  const { credential } = call;
  if (credential === undefined) return undefined;
  return credential.renewable ? withinCall(credential.get(), call) : credential.get();
}

/** Returns a credential that first returns the token of the key, so that its function is not called twice. */
export function startingWith(
  token: string | undefined,
  credential: Credential | undefined,
): Credential | undefined {
  if (token === undefined || !credential?.renewable) return credential;
  let isFirst = true;
  return {
    renewable: true,
    async get() {
      if (!isFirst) return credential.get();
      isFirst = false;
      return token;
    },
    renew: () => credential.renew(),
  };
}

/**
 * Returns the path of a URL, percent-encoded as it is sent, without its version and without slashes at its end.
 *
 * The Vercel API has versions by operation: `GET /v1/...` shows what `PATCH /v2/...` of the same resource changed.
 */
export function pathOf(url: string): string {
  return withoutTrailingSlashes(new URL(url).pathname.replace(/^\/v\d+(?=\/)/, ''));
}

/** Returns whether a path equals another one or is below it, by whole segments: `/a/b` is below `/a`, `/ab` is not. */
export function isAtOrBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

/**
 * Returns the directives of `Cache-Control` (RFC 9111 section 5.2), in lower case, each with its argument: `max-age=60`.
 *
 * A comma within quotes splits too. At worst this sees a directive that is not there, and less is kept.
 */
function directivesOf(field: string | null | undefined): string[] {
  return (field ?? '')
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
}

/** Headers that the key covers, or that change only the encoding of a response. */
const KEYED_HEADERS: ReadonlySet<string> = new Set(['accept', 'authorization', 'accept-encoding', 'origin']);

/**
 * Returns how long a response stays fresh, in milliseconds.
 *
 * At most `ttlMs`; less where `max-age`, or without it `Expires`, less the `Age` of the response, is shorter (RFC 9111 section
 * 4.2.1); 0 for `no-cache`, and for a `max-age` or an `Expires` that cannot be read. `private` changes nothing: the cache
 * belongs to one client.
 *
 * @returns `undefined` for a response that must not be kept: with `no-store`, or with `Vary` by a header that the key does not
 *   name. Also for a response that would be stale at once and has no `ETag`.
 */
export function lifeMsOf(headers: Headers, ttlMs: number): number | undefined {
  const varied = directivesOf(headers.get('vary'));
  if (isNoStore(headers) || !varied.every((name) => name === '' || KEYED_HEADERS.has(name))) return undefined;
  const directives = directivesOf(headers.get('cache-control'));
  const maxAges = directives
    .map((directive) => directive.split('=', 2))
    .filter(([name]) => name?.trim() === 'max-age')
    .map(([, value = '']) => 1000 * (wholeNumber(value.replaceAll('"', '')) ?? 0));
  const expires = headers.get('expires');
  // By the server's clock.
  const untilExpiryMs =
    expires === null
      ? Number.POSITIVE_INFINITY
      : (httpDate(expires) ?? 0) - (httpDate(headers.get('date')) ?? Date.now());
  let lifetimeMs = maxAges.length > 0 ? Math.min(...maxAges) : untilExpiryMs;
  if (directives.some((directive) => /^no-cache\b/.test(directive))) lifetimeMs = 0;
  const ageMs = 1000 * (wholeNumber(headers.get('age')) ?? 0);
  const lifeMs = Math.max(0, Math.min(ttlMs, lifetimeMs - ageMs));
  return lifeMs > 0 || headers.has('etag') ? lifeMs : undefined;
}

/** Returns whether a response has `Cache-Control: no-store` (RFC 9111 section 5.2.2.5). */
export function isNoStore(headers: Headers): boolean {
  return directivesOf(headers.get('cache-control')).includes('no-store');
}

function wholeNumber(text: string | null): number | undefined {
  const digits = text?.trim() ?? '';
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

/** Headers of a 304 that do not describe the stored response (RFC 9111 section 3.2). */
const NOT_UPDATED = ['content-length', 'content-encoding', 'content-type', 'content-range'];

/** Returns the headers of a stored response, updated by those of the 304 that renewed it (RFC 9111 section 4.3.4). */
export function updatedHeaders(stored: Headers, update: Headers): Headers {
  const headers = new Headers(stored);
  // The age at that time; the 304 brings its own.
  headers.delete('age');
  for (const [name, value] of update) if (!NOT_UPDATED.includes(name)) headers.set(name, value);
  return headers;
}
