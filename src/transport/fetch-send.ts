import { APIConnectionError } from '../errors/index.js';
import type { Send } from './compose.js';
import { networkErrorCode } from './network-error.js';

/** The part of `fetch` that the transport needs. */
export type Fetch = (request: Request) => Promise<Response>;

/**
 * The innermost of the transport: one request over the wire.
 *
 * @param getFetch - Looked up at every call, so that a global `fetch` patched later (by msw, by instrumentation) is used.
 * @returns A {@link Send} that throws {@link APIConnectionError} for a failure, and the abort reason for an abort.
 */
export function fetchSend(getFetch: () => Fetch): Send {
  return async (request, call) => {
    try {
      return await getFetch()(request);
    } catch (cause) {
      if (request.signal.aborted) throw request.signal.reason;
      const host = new URL(request.url).host;
      const code = networkErrorCode(cause);
      throw new APIConnectionError(
        `${call.method} ${call.path} got no answer from ${host}${code === undefined ? '' : ` (${code})`}`,
        call,
        { cause },
      );
    }
  };
}
