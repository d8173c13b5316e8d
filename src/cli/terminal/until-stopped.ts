import type { CliContext } from '../io.js';

/** Waits until the user ends the program. */
export async function untilStopped(io: CliContext): Promise<void> {
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve();
    io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
