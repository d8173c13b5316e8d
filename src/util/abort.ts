import { defaultMaxListeners, getMaxListeners, setMaxListeners } from 'node:events';

/**
 * Listens for the abort of a signal that callers may share between any number of calls.
 *
 * Node warns of a leak at the eleventh listener. Like undici this raises the limit, and only where nobody else has set it:
 * every listener is removed when its call ends.
 *
 * @param signal - Does nothing without one.
 * @returns A function that stops listening.
 *
 * @example
 * const stop = onAbort(signal, () => reject(signal.reason));
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  raiseListenerLimit(signal);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

function raiseListenerLimit(signal: AbortSignal): void {
  try {
    if (getMaxListeners(signal) === defaultMaxListeners) setMaxListeners(0, signal);
  } catch {
    // A signal of another implementation counts no listeners.
  }
}

/**
 * Waits for something that cannot be cancelled, unless the signal fires first.
 *
 * @throws The signal's own reason, at once when it fires; what it did not wait for is left to itself.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    work.then(resolve, reject).finally(onAbort(signal, leave));
  });
}
