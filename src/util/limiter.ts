import { onAbort } from './abort.js';

/** Lets a number of holders in at a time, the others in the order of their coming. */
export interface Limiter {
  /**
   * Waits for a place.
   *
   * @returns A function that gives the place back; calling it again does nothing.
   * @throws The signal's own reason, at once when it fires.
   */
  acquire(signal: AbortSignal | undefined): Promise<() => void>;
}

/**
 * Makes a limiter.
 *
 * @param max - Holders at a time.
 */
export function createLimiter(max: number): Limiter {
  const waiting = new Set<() => void>();
  let taken = 0;

  function take(): () => void {
    taken += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      taken -= 1;
      const [next] = waiting;
      next?.();
    };
  }

  return {
    async acquire(signal) {
      signal?.throwIfAborted();
      if (taken < max) return take();
      return new Promise((resolve, reject) => {
        const enter = () => {
          waiting.delete(enter);
          stop();
          resolve(take());
        };
        const stop = onAbort(signal, () => {
          waiting.delete(enter);
          reject(signal?.reason);
        });
        waiting.add(enter);
      });
    },
  };
}
