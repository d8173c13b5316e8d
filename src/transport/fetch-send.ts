import { APIConnectionError } from '../errors/index.js';
import type { Call, Send } from './compose.js';
import { networkErrorCode } from './network-error.js';
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
    const request = withBody(prepared, call);
    try {
      // The global takes the signal beside the request, which saves making a second one; a caller's own function is
      // promised a request that has everything.
      if (own === undefined) return await globalThis.fetch(request, signal ? { signal } : {});
      return await own(signal ? new Request(request, { signal }) : request);
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      const { host } = new URL(request.url);
      const code = networkErrorCode(cause);
      const suffix = code === undefined ? '' : ` (${code})`;
      throw new APIConnectionError(`${call.method} ${call.path} got no answer from ${host}${suffix}`, call, {
        cause: safeCause(cause, call.secrets),
      });
    }
  };
}

/** The request with its bytes opened for this attempt. */
function withBody(request: Request, { openBody }: Call): Request {
  return openBody === undefined ? request : new Request(request, { body: openBody(), duplex: 'half' });
}
