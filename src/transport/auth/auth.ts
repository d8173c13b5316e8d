import { InvalidArgumentError } from '../../errors/index.js';
import { isSafeOrigin } from '../../http/base-url.js';
import type { KnownScheme } from '../../openapi/security-schemes.js';
import type { CallContext, Middleware, OutgoingRequest, Send } from '../middleware.js';
import { withinCall } from '../timeout.js';
import type { Credential } from './credentials.js';

/** A credential and the security scheme that says how it is sent. */
export interface SchemeCredential {
  readonly scheme: KnownScheme;
  readonly credential: Credential;
}

const BEARER: KnownScheme = { kind: 'bearer' };

/**
 * Sets `Authorization: Bearer` (RFC 6750 section 2.1) and the credentials of other schemes.
 *
 * After a 401 it resolves the credentials once more and sends the request again, but only if one of them is renewable and now
 * has a different value. No credential ever leaves for a plain http URL off this machine, nor for an origin other than the
 * configured one.
 *
 * @param allowedOrigin - The only origin that may see a credential.
 */
export function authMiddleware(allowedOrigin: string): Middleware {
  const isSafe = isSafeOrigin(new URL(allowedOrigin));
  return (next) =>
    async function authenticate(request, call) {
      const { credential, schemes } = call;
      if (credential === undefined && schemes.length === 0) return next(request, call);
      call.signal?.throwIfAborted();
      // A serialised URL begins with its origin, and with nothing else: a user name in it would come before the host.
      if (!isSafe || !request.url.startsWith(`${allowedOrigin}/`))
        throw new InvalidArgumentError(
          'path',
          `leads to ${new URL(request.url).origin}, and the bearer is for ${allowedOrigin} alone`,
        );
      if (credential === undefined || credential.renewable || schemes.length > 0)
        return sendWithCredentials(next, request, call);
      const token = await credential.get();
      call.secrets.add(token);
      const headers = { ...request.headers, authorization: `Bearer ${token}` };
      return next({ ...request, headers }, call);
    };
}

/** Sends a request with credentials that are functions or belong to several schemes. */
async function sendWithCredentials(
  next: Send,
  request: OutgoingRequest,
  call: CallContext,
): Promise<Response> {
  const { credential, schemes } = call;
  const own = credential === undefined ? schemes : [{ scheme: BEARER, credential }, ...schemes];
  const isRenewable = own.some((one) => one.credential.renewable);
  let [first, second] = [request, request];
  // A stream is split; every other body can be sent again.
  if (isRenewable && request.body instanceof ReadableStream) {
    const [body, copy] = request.body.tee();
    first = { ...request, body };
    second = { ...request, body: copy };
  }
  const resolve = (method: 'get' | 'renew') =>
    Promise.all(
      own.map(({ credential }) =>
        credential.renewable ? withinCall(credential[method](), call) : credential.get(),
      ),
    );
  const send = (sent: OutgoingRequest, values: readonly string[]) => {
    // An API may echo a key without what stands before it: `Bot abc`, `Token token=abc`.
    const words = values.filter((value) => value.includes(' ')).flatMap((value) => value.split(' '));
    const parts = words.flatMap((word) => [word, word.slice(word.indexOf('=') + 1)]);
    call.secrets.add(...new Set([...values, ...values.map(encodeURIComponent), ...parts]));
    return next(
      own.reduce((request, { scheme }, at) => applyScheme(request, scheme, values[at] ?? ''), sent),
      call,
    );
  };
  const values = await resolve('get');
  const response = await send(first, values);
  if (response.status !== 401 || !isRenewable) return response;
  const renewed = await resolve('renew');
  return renewed.every((value, at) => value === values[at]) ? response : send(second, renewed);
}

/** Writes a credential into a request. The value of `basic` is the base64 of user name and password. */
function applyScheme(request: OutgoingRequest, scheme: KnownScheme, value: string): OutgoingRequest {
  const { headers, url } = request;
  const withHeader = (name: string, text: string) => ({ ...request, headers: { ...headers, [name]: text } });
  if (scheme.kind === 'bearer') return withHeader('authorization', `Bearer ${value}`);
  if (scheme.kind === 'basic') return withHeader('authorization', `Basic ${value}`);
  if (scheme.in === 'header') return withHeader(scheme.name.toLowerCase(), value);
  const pair = `${encodeURIComponent(scheme.name)}=${encodeURIComponent(value)}`;
  if (scheme.in === 'query') return { ...request, url: `${url}${url.includes('?') ? '&' : '?'}${pair}` };
  return withHeader('cookie', headers.cookie === undefined ? pair : `${headers.cookie}; ${pair}`);
}
