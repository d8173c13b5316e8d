import { withoutTrailingSlashes } from '../../http/base-url.js';
import { withinCall } from '../attempt-timer.js';
import type { Credential } from '../auth/credentials.js';
import type { Identify } from '../auth/identity.js';
import type { CallContext } from '../middleware.js';
import { type OutgoingRequest, withHeaders } from '../plain-request.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Fetch modes (Fetch standard, section 2.2.5) that ask for an answer from the server itself. */
const BYPASSING_MODES: ReadonlySet<string> = new Set(['no-store', 'reload', 'no-cache']);
/** Requests for a part, or conditional on what the caller holds: their answers are for that caller alone. */
const PARTIAL_HEADERS = [
  ...['range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'if-range'],
];

/** Whether a call may change something: its method is none of the safe ones (RFC 9110 section 9.2.1). */
export function isWrite({ method }: CallContext): boolean {
  return !SAFE_METHODS.has(method);
}

/**
 * Whether the answer to a request may come from a cache, or go into one.
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
    !PARTIAL_HEADERS.some((name) => request.headers.has(name)) &&
    !directivesOf(request.headers).some((directive) => /^no-(store|cache)\b/.test(directive))
  );
}

/**
 * Names everything that changes an answer: method, URL (which holds the team), form, `Accept` and who asks.
 *
 * Every other header counts too, as a digest: which of them the server heeds is known only from its answer (`Vary`), and
 * a request under way is shared before that. A caller may also authenticate by a header of its own.
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
  const others = [...headers].filter(
    // The auth middleware replaces the header where the call has a credential.
    ([name]) => name !== 'accept' && (token === undefined || name !== 'authorization'),
  );
  const identity = token === undefined ? null : identify(token);
  // `Headers` gives its entries sorted by name.
  return JSON.stringify([
    method,
    url,
    parseAs,
    headers.get('accept'),
    identity,
    identify(JSON.stringify(others)),
  ]);
}

/** Whether a call under way has at least half of the time that another has, so that sharing it costs that one little. */
export function leavesEnough(underWay: CallContext, { totalTimeout }: CallContext): boolean {
  return underWay.totalTimeout.leftMs() >= totalTimeout.leftMs() / 2;
}

/**
 * The bearer that a call is about to send, to make its key of; `undefined` where it has no credential.
 *
 * @throws What the credential throws; the caller's abort reason; {@link APITimeoutError} when the call's time is up.
 */
export async function tokenOf(call: CallContext): Promise<string | undefined> {
  const { credential } = call;
  if (credential === undefined) return undefined;
  return credential.renewable ? withinCall(credential.get(), call) : credential.get();
}

/** The same credential, giving at first the token that the key was made of, so that it is not asked twice for it. */
export function startingWith(
  token: string | undefined,
  credential: Credential | undefined,
): Credential | undefined {
  if (token === undefined || credential === undefined) return credential;
  let isFirst = true;
  return {
    renewable: credential.renewable,
    async get() {
      if (!isFirst) return credential.get();
      isFirst = false;
      return token;
    },
    renew: () => credential.renew(),
  };
}

/**
 * The path of a URL, percent-encoded as it is sent, without its version and without slashes at its end.
 *
 * The Vercel API has versions by operation: what `PATCH /v2/connect/connectors/x` changes, `GET /v1/...` of it shows.
 */
export function pathOf(url: string): string {
  return withoutTrailingSlashes(new URL(url).pathname.replace(/^\/v\d+(?=\/)/, ''));
}

/** Whether a path is another one or stands below it, by whole segments: `/a/b` is below `/a`, `/ab` is not. */
export function isAtOrBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}/`);
}

/**
 * The directives of `Cache-Control` (RFC 9111 section 5.2), in lower case, each with its argument: `max-age=60`.
 *
 * A comma within quotes splits too, so at worst a directive is seen that is none, and less is kept.
 */
export function directivesOf(headers: Headers): string[] {
  const field = headers.get('cache-control') ?? '';
  return field
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim());
}

/** Headers whose part in an answer the key covers, or that change its encoding only. */
const KEYED_HEADERS: ReadonlySet<string> = new Set(['accept', 'authorization', 'accept-encoding', 'origin']);

/**
 * How long an answer stays fresh, in milliseconds.
 *
 * At most `ttlMs`; less where `max-age`, less the `Age` that the answer came with, is shorter (RFC 9111 section 4.2.1); 0
 * for `no-cache` and for a `max-age` that is no number. `private` changes nothing: the cache belongs to one client.
 *
 * @returns `undefined` for what must not be kept (`no-store`, or `Vary` by what the key does not name), and for what
 *   would be stale at once and has no `ETag` to ask again with.
 */
export function lifeMsOf(headers: Headers, ttlMs: number): number | undefined {
  const directives = directivesOf(headers);
  if (isNoStore(headers) || !variesByKeyOnly(headers)) return undefined;
  const ageMs = 1000 * (wholeNumber(headers.get('age')) ?? 0);
  const limits = directives.map((directive) => {
    if (/^no-cache\b/.test(directive)) return 0;
    const [name, value = ''] = directive.split('=', 2);
    return name?.trim() === 'max-age'
      ? 1000 * (wholeNumber(value.replaceAll('"', '')) ?? 0) - ageMs
      : Number.POSITIVE_INFINITY;
  });
  const lifeMs = Math.max(0, Math.min(ttlMs, ...limits));
  return lifeMs > 0 || headers.has('etag') ? lifeMs : undefined;
}

/** Whether an answer says `Cache-Control: no-store` (RFC 9111 section 5.2.2.5). */
export function isNoStore(headers: Headers): boolean {
  return directivesOf(headers).includes('no-store');
}

function variesByKeyOnly(headers: Headers): boolean {
  const names = (headers.get('vary') ?? '').toLowerCase().split(',');
  return names.map((name) => name.trim()).every((name) => name === '' || KEYED_HEADERS.has(name));
}

function wholeNumber(text: string | null): number | undefined {
  const digits = text?.trim() ?? '';
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

/** The same request, to be answered by a 304 if what is kept still holds (RFC 9110 section 13.1.2). */
export function conditional(request: OutgoingRequest, etag: string): OutgoingRequest {
  const headers = new Headers(request.headers);
  headers.set('if-none-match', etag);
  return withHeaders(request, headers);
}

/** What of a 304 says nothing about the stored answer (RFC 9111 section 3.2). */
const NOT_UPDATED = ['content-length', 'content-encoding', 'content-type', 'content-range'];

/** The headers of a stored answer under those of the 304 that renewed it (RFC 9111 section 4.3.4). */
export function updatedHeaders(stored: Headers, update: Headers): Headers {
  const headers = new Headers(stored);
  // The age of then; the 304 brings its own.
  headers.delete('age');
  for (const [name, value] of update) if (!NOT_UPDATED.includes(name)) headers.set(name, value);
  return headers;
}
