/** Callers that wait for another process. */
export class Waiters {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Ends the waits for a name. */
  wake(name: string): void {
    for (const resolve of [...(this.#waiting.get(name) ?? [])]) resolve();
  }

  /**
   * Waits until the name is woken, or so long.
   *
   * @throws The signal's own reason, at once when it fires.
   */
  wait(name: string, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const waiting = this.#waiting.get(name) ?? new Set();
      this.#waiting.set(name, waiting);
      const end = (settle: () => void) => () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(name);
        settle();
      };
      const done = end(resolve);
      const leave = end(() => reject(signal.reason));
      const timer = setTimeout(done, ms);
      waiting.add(done);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
