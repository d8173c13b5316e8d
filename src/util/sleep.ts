import { onAbort } from './abort.js';

/**
 * Waits, unless the signal fires first.
 *
 * @param ms - Milliseconds.
 * @throws The signal's own reason, at once when it fires.
 */
export function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal?.reason);
    });
    const timer = setTimeout(() => {
      stop();
      resolve();
    }, ms);
  });
}
