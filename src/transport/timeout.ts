import { APITimeoutError } from '../errors/index.js';
import { AttemptTimer } from './attempt-timer.js';
import type { Middleware } from './middleware.js';

/**
 * Bounds each attempt in time, its body included, and joins the caller's signal to it.
 *
 * Rejects with `APITimeoutError` when `call.timeoutMs` or the time of the whole call has passed, or with the caller's own
 * reason when its signal fires; at once in each case, even where the `fetch` below ignores its signal. An attempt for which
 * too little of the call's time is left is not sent: its effect would be reported as a timeout.
 */
export function timeoutMiddleware(): Middleware {
  return (next) => (request, call) =>
    new Promise<Response>((resolve, reject) => {
      call.signal?.throwIfAborted();
      if (!call.totalTimeout.allows(call.timeoutMs)) throw new APITimeoutError(call.totalTimeout.ms, call);
      const timer = new AttemptTimer(call, reject);
      if (timer.signal.aborted) return;
      const stop = () => {
        if (!timer.bodyHandedOver) timer.stop();
      };
      next(request, { ...call, timer }).then(
        (response) => {
          stop();
          resolve(response);
        },
        (error: unknown) => {
          timer.stop();
          reject(error);
        },
      );
    });
}
