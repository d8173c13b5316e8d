/**
 * Waits for something that cannot be cancelled, unless the signal fires first.
 *
 * @throws The signal's own reason, at once when it fires; what it did not wait for is left to itself.
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** How long to wait for something. */
export interface Bound {
  readonly signal: AbortSignal | undefined;
  /** Longest wait, in milliseconds. */
  readonly ms: number;
  readonly timeoutError: () => Error;
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
  { signal, ms, timeoutError }: Bound,
  onLeave?: (reason: unknown) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (reason: unknown) => {
      end();
      reject(reason);
      onLeave?.(reason);
    };
    const onAbort = () => leave(signal?.reason);
    const timer = setTimeout(() => leave(timeoutError()), Math.max(0, Math.min(ms, MAX_TIMER_MS)));
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    work.then(resolve, reject).finally(end);
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
