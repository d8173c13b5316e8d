import { APITimeoutError } from '../errors/index.js';
import type { Stage } from './compose.js';
import { Watch } from './watch.js';

/**
 * Bounds each attempt in time, its body included, and joins the caller's signal to it.
 *
 * Rejects with `APITimeoutError` when `call.timeoutMs` or the time of the whole call has passed, or with the caller's own
 * reason when its signal fires; at once in each case, even where the `fetch` below ignores its signal. An attempt for which
 * too little of the call's time is left is not sent: its effect would be reported as a timeout.
 */
export function timeoutStage(): Stage {
  return (next) => (request, call) =>
    new Promise<Response>((resolve, reject) => {
      call.signal?.throwIfAborted();
      if (!call.totalTimeout.allows(call.timeoutMs)) throw new APITimeoutError(call.totalTimeout.ms, call);
      const watch = new Watch(call, reject);
      if (watch.signal.aborted) return;
      const stop = () => {
        if (!watch.held) watch.stop();
      };
      next(request, { ...call, watch }).then(
        (response) => {
          stop();
          resolve(response);
        },
        (error: unknown) => {
          watch.stop();
          reject(error);
        },
      );
    });
}
