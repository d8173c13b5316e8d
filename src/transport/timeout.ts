import type { Stage } from './compose.js';
import { Watch } from './watch.js';

/**
 * Bounds each attempt in time, its body included, and joins the caller's signal to it.
 *
 * Rejects with `APITimeoutError` when `call.timeoutMs` has passed or the call's deadline has come, or with the caller's
 * own reason when its signal fires; at once in each case, even where the `fetch` below ignores its signal.
 */
export function timeoutStage(): Stage {
  return (next) => (request, call) =>
    new Promise<Response>((resolve, reject) => {
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
