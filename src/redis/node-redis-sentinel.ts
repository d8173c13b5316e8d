import { methodOf, type NodeRedisClient, NotConnectedError } from './redis-client.js';

/** Events of a client after which its subscription has broken, or may have. */
const LOSSES = ['error', 'topology-change'];

/** Whether a client is one of `createSentinel`: it alone knows a master. */
export function isSentinel(client: NodeRedisClient): boolean {
  return methodOf(client, 'getMasterNode') !== undefined;
}

/**
 * The server that a client of `createSentinel` talks to, which changes.
 *
 * The client's subscription goes with it to another server, and what is published on the way is lost: each change and each
 * error ends it for the listener, and another begins. The connection is the client's own, and closes with it.
 */
export class SentinelServer {
  /** By its channels, what a client listens with: one and the same for good, since it is taken along to another server. */
  readonly #heard = new Map<string, Hearing>();

  constructor(readonly client: NodeRedisClient) {}

  /** Whether there is a master to ask: without one the client would keep what it is asked until there is. */
  isReady(): boolean {
    return this.client.isOpen && this.#call('getMasterNode') !== undefined;
  }

  /** See `RedisCommands.listen`. */
  async listen(
    channels: readonly string[],
    onMessage: (text: string, channel: string) => void,
    onLost: () => void,
  ): Promise<() => void> {
    if (!this.isReady()) throw new NotConnectedError();
    const name = channels.join();
    const before = this.#heard.get(name);
    const hearing: Hearing = before ?? {
      receive: undefined,
      listener: (text, channel) => hearing.receive?.(String(text), String(channel)),
    };
    this.#heard.set(name, hearing);
    const unwatch = this.#watch(hearing, onLost);
    try {
      // It may consider itself subscribed while it is still reconnecting, and would resolve at once.
      if (before !== undefined) await this.#end(channels, before);
      hearing.receive = onMessage;
      await this.#call('subscribe', [...channels], hearing.listener);
    } catch (error) {
      // The error says why, which a loss would not.
      unwatch();
      throw error;
    }
    return () => {
      unwatch();
      this.#heard.delete(name);
      void this.#end(channels, hearing);
      onLost();
    };
  }

  /** @returns Ends it, without a loss. */
  #watch(hearing: Hearing, onLost: () => void): () => void {
    const lose = () => {
      unwatch();
      onLost();
    };
    const unwatch = () => {
      hearing.receive = undefined;
      for (const event of LOSSES) this.#call('off', event, lose);
    };
    for (const event of LOSSES) this.#call('on', event, lose);
    return unwatch;
  }

  async #end(channels: readonly string[], { listener }: Hearing): Promise<void> {
    try {
      await this.#call('unsubscribe', [...channels], listener);
    } catch {
      // The connection has gone, and its subscription with it.
    }
  }

  #call(name: string, ...given: unknown[]): unknown {
    return methodOf(this.client, name)?.(...given);
  }
}

interface Hearing {
  receive: ((text: string, channel: string) => void) | undefined;
  readonly listener: (text: unknown, channel: unknown) => void;
}
