import { APITimeoutError } from '../errors/index.js';
import type { Stage } from './compose.js';

/**
 * Bounds each attempt in time, its body included, and joins the caller's signal to it.
 *
 * Rejects with {@link APITimeoutError} when `call.timeoutMs` has passed, or with the caller's own reason when its signal
 * fires; at once in both cases, even where the `fetch` below ignores its signal.
 */
export function timeoutStage(): Stage {
  return (next) => (request, call) => {
    const controller = new AbortController();
    return new Promise<Response>((resolve, reject) => {
      const end = (reason: unknown) => {
        reject(reason);
        controller.abort(reason);
      };
      const onAbort = () => end(call.signal?.reason);
      if (call.signal?.aborted) return onAbort();
      call.signal?.addEventListener('abort', onAbort, { once: true });
      const timer = setTimeout(() => end(new APITimeoutError(call.timeoutMs, call)), call.timeoutMs);
      next(new Request(request, { signal: controller.signal }), call)
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          // A body that is still to be streamed stays bound to the caller's signal, else an abort could not end it.
          if (call.parseAs === 'json' || call.parseAs === 'text')
            call.signal?.removeEventListener('abort', onAbort);
        });
    });
  };
}
