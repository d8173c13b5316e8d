import type { StoreListener } from '../connect/index.js';
import type { RedisCommands } from './redis-client.js';

/** Between two attempts to subscribe, in milliseconds. */
const RETRY_MS = 500;

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
  const lost = () => {
    close = undefined;
    listener.lost();
    if (isWanted) timer = setTimeout(open, RETRY_MS).unref();
  };
  const open = () => {
    const once = onlyOnce(lost);
    commands
      .listen(channels, (text) => listener.notice(text), once)
      .then((opened) => {
        if (once.isDone()) return;
        close = opened;
        if (isWanted) listener.listening();
        else opened();
      }, once);
  };
  open();
  return () => {
    isWanted = false;
    clearTimeout(timer);
    close?.();
  };
}

/** Calls it the first time alone: a connection that fails to open may also say that it has ended. */
function onlyOnce(work: () => void): (() => void) & { isDone(): boolean } {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    work();
  };
  return Object.assign(once, { isDone: () => isDone });
}
