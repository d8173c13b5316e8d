/** Calls a listener, if there is one. What it throws is ignored: a listener that fails must not end the work. */
export function notify<Args extends readonly unknown[]>(
  listener: ((...args: Args) => void) | undefined,
  ...args: Args
): void {
  try {
    listener?.(...args);
  } catch {
    // See above.
  }
}
