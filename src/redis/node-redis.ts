import { isRecord } from '../is-record.js';
import {
  evaluate,
  listOf,
  methodOf,
  type NodeRedisClient,
  NotConnectedError,
  optionsOf,
  type RedisCommands,
} from './client.js';

/** A connection of one's own to one server. */
interface Connection {
  on(event: string, listener: () => void): unknown;
  connect(): Promise<unknown>;
  subscribe(channels: string[], listener: (text: string, channel: string) => void): Promise<unknown>;
  destroy(): void;
  unref(): void;
}

/** Commands over a client of `redis` 5. */
export function createNodeRedisCommands(client: NodeRedisClient): RedisCommands {
  // Without a listener a broken connection would end the process; what else it means is told as an event of the store.
  client.on('error', () => undefined);
  return {
    run(script, keys, given) {
      if (!isReady(client)) return Promise.reject(new NotConnectedError());
      const options = { keys: [...keys], arguments: given.map(String) };
      return evaluate(
        () => client.evalSha(script.sha, options),
        () => client.eval(script.text, options),
      );
    },
    async listen(channels, onMessage, onLost) {
      if (!isReady(client)) throw new NotConnectedError();
      const connection = await openConnection(client);
      let isOpen = true;
      const close = () => {
        if (!isOpen) return;
        isOpen = false;
        try {
          connection.destroy();
        } catch {
          // It has closed itself.
        }
        onLost();
      };
      for (const event of ['error', 'end', 'reconnecting']) connection.on(event, close);
      await connection.connect();
      connection.unref();
      await connection.subscribe([...channels], onMessage);
      return close;
    },
  };
}

function isReady(client: NodeRedisClient): boolean {
  // A cluster is open or it is not; its nodes come and go.
  return 'isReady' in client ? client.isReady === true : client.isOpen;
}

/** A connection like the client's own, which does not connect again by itself: what it missed meanwhile would go unnoticed. */
async function openConnection(client: NodeRedisClient): Promise<Connection> {
  const template = await templateOf(client);
  const { socket } = optionsOf(template);
  const overrides = { socket: { ...(isRecord(socket) ? socket : {}), reconnectStrategy: false } };
  // A client of `redis`, which this package does not import.
  return methodOf(template, 'duplicate')?.(overrides) as Connection;
}

/** The client itself, or that of some master of a cluster: every node tells what is published on any. */
async function templateOf(client: NodeRedisClient): Promise<unknown> {
  const masters = listOf(client, 'masters');
  if (masters.length === 0) {
    // A sentinel changes its server without a word, and so do its subscriptions: they would not be believed.
    if (methodOf(client, 'unref') === undefined) throw new NotConnectedError();
    return client;
  }
  const master = masters[Math.floor(Math.random() * masters.length)];
  return methodOf(client, 'nodeClient')?.(master);
}
