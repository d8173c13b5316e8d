import { InvalidArgumentError } from '../../errors/index.js';
import { isSafeOrigin } from '../../http/base-url.js';
import type { Call, Send, Stage } from '../compose.js';
import { copyOf, type Outgoing } from '../plain-request.js';
import { withinCall } from '../watch.js';

/**
 * Sets `Authorization: Bearer` (RFC 6750 section 2.1) and answers a 401 by asking the credential once more.
 *
 * A 401 is sent again once, and only where the credential is renewable and then gives a different token. A bearer never
 * leaves for a plain http URL off this machine, nor for an origin other than the configured one.
 *
 * @param allowedOrigin - The only origin that may see the bearer.
 */
export function authStage(allowedOrigin: string): Stage {
  const isSafe = isSafeOrigin(new URL(allowedOrigin));
  return (next) =>
    async function authenticate(request, call) {
      const { credential } = call;
      if (credential === undefined) return next(request, call);
      call.signal?.throwIfAborted();
      // A serialised URL begins with its origin, and with nothing else: a user name in it would come before the host.
      if (!isSafe || !request.url.startsWith(`${allowedOrigin}/`)) throw strayed(request, allowedOrigin);
      const spare = credential.renewable ? copyOf(request) : request;
      const token = await (credential.renewable ? withinCall(credential.get(), call) : credential.get());
      const response = await sendWith(next, request, token)(call);
      if (response.status !== 401 || !credential.renewable) return response;
      const renewed = await withinCall(credential.renew(), call);
      return renewed === token ? response : sendWith(next, spare, renewed)(call);
    };
}

function sendWith(next: Send, request: Outgoing, token: string) {
  // The request is this attempt's own copy, so its headers are ours to set.
  request.headers.set('authorization', `Bearer ${token}`);
  return (call: Call) => {
    call.secrets.add(token);
    return next(request, call);
  };
}

function strayed(request: Outgoing, allowedOrigin: string): Error {
  return new InvalidArgumentError(
    'path',
    `leads to ${new URL(request.url).origin}, and the bearer is for ${allowedOrigin} alone`,
  );
}
