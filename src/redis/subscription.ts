import type { StoreListener } from '../connect/index.js';
import { NotConnectedError, type RedisCommands } from './redis-client.js';

/** Between two attempts to subscribe, in milliseconds; after each that fails twice as long, up to the longest. */
const RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/**
 * Keeps a subscription up: one connection after another, each with a beginning and an end that are known.
 *
 * @returns Ends it.
 */
export function keepSubscription(
  commands: RedisCommands,
  channels: readonly string[],
  listener: StoreListener,
): () => void {
  let isWanted = true;
  let close: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  const lost = (reason?: string) => {
    close = undefined;
    listener.lost(reason);
    if (isWanted)
      timer = setTimeout(open, Math.min(RETRY_MS * 2 ** Math.max(0, failures - 1), LONGEST_RETRY_MS)).unref();
  };
  const open = () => {
    // A connection that fails to open may also say that it has ended.
    let isOver = false;
    const end = (reason?: string) => {
      if (!isOver) {
        isOver = true;
        lost(reason);
      }
    };
    commands
      .listen(
        channels,
        (text) => listener.message(text),
        () => end(),
      )
      .then(
        (opened) => {
          if (isOver) return;
          failures = 0;
          close = opened;
          if (isWanted) listener.listening();
          else opened();
        },
        (error: unknown) => {
          // A client that is not connected costs nothing to ask again.
          if (!(error instanceof NotConnectedError)) failures += 1;
          // The server's own word for a subscription that it refuses.
          end(error instanceof Error ? /^(?:NOPERM|NOAUTH)\b/.exec(error.message)?.[0] : undefined);
        },
      );
  };
  open();
  return () => {
    isWanted = false;
    clearTimeout(timer);
    close?.();
  };
}
