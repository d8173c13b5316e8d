import { methodOf, type NodeRedisClient, NotConnectedError } from './client.js';

/** The server that a client of `createSentinel` talks to, which changes. */
export interface SentinelServer {
  /** Whether there is a master to ask: without one the client would keep what it is asked until there is. */
  isReady(): boolean;
  /** See `RedisCommands.listen`. */
  listen(
    channels: readonly string[],
    onMessage: (text: string, channel: string) => void,
    onLost: () => void,
  ): Promise<() => void>;
}

/** What a client tells when its subscription has broken, or may have. */
const LOSSES = ['error', 'topology-change'];

/** Whether a client is one of `createSentinel`: it alone knows a master. */
export function isSentinel(client: NodeRedisClient): boolean {
  return methodOf(client, 'getMasterNode') !== undefined;
}

/**
 * Watches over the server of a client.
 *
 * Its subscription goes with it to another server, and what is published on the way is lost: each change and each error
 * ends it for the listener, and another begins. The connection is the client's own, and closes with it.
 */
export function createSentinelServer(client: NodeRedisClient): SentinelServer {
  const call = (name: string, ...given: unknown[]) => methodOf(client, name)?.(...given);
  const isReady = () => client.isOpen && call('getMasterNode') !== undefined;
  /** By its channels, what a client listens with: one and the same for good, since it is taken along to another server. */
  const heard = new Map<string, Hearing>();
  const end = async (channels: readonly string[], { listener }: Hearing) => {
    try {
      await call('unsubscribe', [...channels], listener);
    } catch {
      // The connection has gone, and its subscription with it.
    }
  };
  return {
    isReady,
    async listen(channels, onMessage, onLost) {
      if (!isReady()) throw new NotConnectedError();
      const name = channels.join(' ');
      const before = heard.get(name);
      const hearing = before ?? createHearing();
      heard.set(name, hearing);
      let isOpen = true;
      const lose = () => {
        if (!isOpen) return;
        isOpen = false;
        hearing.receive = undefined;
        for (const event of LOSSES) call('off', event, lose);
        onLost();
      };
      for (const event of LOSSES) call('on', event, lose);
      // It may think itself subscribed while it is still connecting again, and would answer at once.
      if (before !== undefined) await end(channels, before);
      if (isOpen) hearing.receive = onMessage;
      await call('subscribe', [...channels], hearing.listener);
      return () => {
        lose();
        heard.delete(name);
        void end(channels, hearing);
      };
    },
  };
}

interface Hearing {
  receive: ((text: string, channel: string) => void) | undefined;
  readonly listener: (text: unknown, channel: unknown) => void;
}

function createHearing(): Hearing {
  const hearing: Hearing = {
    receive: undefined,
    listener: (text, channel) => hearing.receive?.(String(text), String(channel)),
  };
  return hearing;
}
