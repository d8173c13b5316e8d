import { APIConnectionError } from '../errors/index.js';
import { networkErrorCode } from '../http/network-error.js';
import type { Call, Send } from './compose.js';
import { type Outgoing, PlainRequest } from './plain-request.js';
import { safeCause } from './safe-cause.js';

/** The part of `fetch` that the transport needs. */
export type Fetch = (request: Request) => Promise<Response>;

/**
 * The innermost of the transport: one request over the wire.
 *
 * @param own - The caller's `fetch`. Without one the global is looked up at every call, so that one patched later (by
 *   msw, by instrumentation) is used.
 * @returns A {@link Send} that throws {@link APIConnectionError} for a failure, and the abort reason for an abort.
 */
export function fetchSend(own: Fetch | undefined): Send {
  return async (prepared, call) => {
    const signal = call.watch?.signal;
    const { input, init } = argumentsFor(prepared, call);
    call.onSend?.();
    try {
      // The global makes a `Request` of both; a caller's own function is promised one that has everything.
      return await (own === undefined ? globalThis.fetch(input, init) : own(new Request(input, init)));
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      const { host } = new URL(prepared.url);
      const code = networkErrorCode(cause);
      const suffix = code === undefined ? '' : ` (${code})`;
      throw new APIConnectionError(`${call.method} ${call.path} got no answer from ${host}${suffix}`, call, {
        cause: safeCause(cause, call.secrets),
      });
    }
  };
}

/** The arguments of `fetch`, with the attempt's signal and the bytes that are opened for it. */
function argumentsFor(
  request: Outgoing,
  { openBody, watch }: Call,
): { input: string | Request; init: RequestInit } {
  const isPlain = request instanceof PlainRequest;
  const init: RequestInit = {
    ...(isPlain ? request.init : {}),
    ...(watch === undefined ? {} : { signal: watch.signal }),
    ...(openBody === undefined ? {} : { body: openBody(), duplex: 'half' }),
  };
  return { input: isPlain ? request.url : request, init };
}
