import { InvalidArgumentError } from '../../errors/index.js';
import { isSafeOrigin } from '../../http/base-url.js';
import { withinCall } from '../attempt-timer.js';
import type { CallContext, Middleware, Send } from '../middleware.js';
import { copyOf, type OutgoingRequest } from '../plain-request.js';
import { applyScheme, BEARER, type SchemeCredential } from './scheme-credential.js';

/**
 * Sets `Authorization: Bearer` (RFC 6750 section 2.1) and the credentials of other schemes, and answers a 401 by asking for them
 * once more.
 *
 * A 401 is sent again once, and only where a credential is renewable and then gives a different value. No credential ever
 * leaves for a plain http URL off this machine, nor for an origin other than the configured one.
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
      if (!isSafe || !request.url.startsWith(`${allowedOrigin}/`)) throw strayed(request, allowedOrigin);
      const own = credential === undefined ? schemes : [{ scheme: BEARER, credential }, ...schemes];
      const isRenewable = own.some((one) => one.credential.renewable);
      const spare = isRenewable ? copyOf(request) : request;
      const values = await valuesOf(own, call, 'get');
      const response = await sendWith(next, request, own, values)(call);
      if (response.status !== 401 || !isRenewable) return response;
      const renewed = await valuesOf(own, call, 'renew');
      return renewed.every((value, at) => value === values[at])
        ? response
        : sendWith(next, spare, own, renewed)(call);
    };
}

function valuesOf(
  own: readonly SchemeCredential[],
  call: CallContext,
  ask: 'get' | 'renew',
): Promise<string[]> {
  return Promise.all(
    own.map(({ credential }) =>
      credential.renewable ? withinCall(credential[ask](), call) : credential.get(),
    ),
  );
}

function sendWith(
  next: Send,
  given: OutgoingRequest,
  own: readonly SchemeCredential[],
  values: readonly string[],
) {
  // The request is this attempt's own copy, so its headers are ours to set.
  const request = own.reduce((sent, { scheme }, at) => applyScheme(sent, scheme, values[at] ?? ''), given);
  return (call: CallContext) => {
    // A key in a query is encoded there.
    call.secrets.add(...new Set([...values, ...values.map(encodeURIComponent)]));
    return next(request, call);
  };
}

function strayed(request: OutgoingRequest, allowedOrigin: string): Error {
  return new InvalidArgumentError(
    'path',
    `leads to ${new URL(request.url).origin}, and the bearer is for ${allowedOrigin} alone`,
  );
}
