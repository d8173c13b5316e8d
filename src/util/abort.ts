import { nodeModule } from './node-module.js';

const events = nodeModule('node:events');

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
  try {
    if (events?.getMaxListeners(signal) === events?.defaultMaxListeners) events?.setMaxListeners(0, signal);
  } catch {
    // A signal of another implementation counts no listeners.
  }
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
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

/** Bounds of a wait. */
export interface Bound {
  readonly signal: AbortSignal | undefined;
  /** Longest wait, in milliseconds. */
  readonly ms: number;
  readonly timeoutError: () => Error;
  /** Whether the wait alone must not keep the process alive. */
  readonly isBackground?: boolean;
}

/** The longest delay that `setTimeout` takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits for something that cannot be cancelled, for so long, unless the signal fires first.
 *
 * @param onLeave - Called with the reason when the wait ends first.
 * @throws The signal's own reason, at once when it fires, or `timeoutError` when the time is up.
 */
export function waitWithin<T>(
  work: Promise<T>,
  { signal, ms, timeoutError, isBackground }: Bound,
  onLeave?: (reason: unknown) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (reason: unknown) => {
      end();
      reject(reason);
      onLeave?.(reason);
    };
    const timer = setTimeout(() => leave(timeoutError()), Math.max(0, Math.min(ms, MAX_TIMER_MS)));
    if (isBackground && typeof timer === 'object') timer.unref();
    const stop = onAbort(signal, () => leave(signal?.reason));
    const end = () => {
      clearTimeout(timer);
      stop();
    };
    work.then(resolve, reject).finally(end);
    if (signal?.aborted) leave(signal.reason);
  });
}

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
