import {
  evaluate,
  type IoredisClient,
  keepQuiet,
  methodOf,
  NotConnectedError,
  openOnce,
  type RedisCommands,
} from './redis-client.js';

interface Connection {
  on(event: string, listener: (channel: string, text: string) => void): unknown;
  connect(): Promise<unknown>;
  subscribe(...channels: string[]): Promise<unknown>;
  disconnect(): void;
  readonly stream: { unref(): void };
}

/** Longest wait for the first connection of a client, in milliseconds: less than the time that a reply of the store has. */
const FIRST_CONNECTION_MS = 45;

/** Commands over a client of `ioredis` 5. */
export function createIoredisCommands(client: IoredisClient): RedisCommands {
  keepQuiet(client);
  let first: Promise<void> | undefined;
  return {
    async run(script, keys, given) {
      // `new Redis()` connects on its own, and a process that has just started would not find its store.
      first ??= client.status === 'ready' ? Promise.resolve() : settled(client);
      if (client.status !== 'ready') await first;
      if (client.status !== 'ready') throw new NotConnectedError();
      const values = [...keys, ...given.map(String)];
      return evaluate(
        () => client.evalsha(script.sha, keys.length, ...values),
        () => client.eval(script.text, keys.length, ...values),
      );
    },
    async listen(channels, onMessage, onLost) {
      if (client.status !== 'ready') throw new NotConnectedError();
      // In a cluster a connection to some node: each node delivers what is published on any.
      const nodes = methodOf(client, 'nodes')?.('master');
      const template = Array.isArray(nodes) ? nodes[Math.floor(Math.random() * nodes.length)] : client;
      // A client of `ioredis`, which this package does not import.
      const overrides = {
        retryStrategy: null,
        lazyConnect: true,
        autoResubscribe: false,
        maxRetriesPerRequest: 0,
      };
      const connection = methodOf(template, 'duplicate')?.(overrides) as Connection;
      connection.on('message', (channel, text) => onMessage(text, channel));
      const open = async () => {
        await connection.connect();
        connection.stream.unref();
        await connection.subscribe(...channels);
      };
      return openOnce(connection, ['error', 'close', 'end'], open, () => connection.disconnect(), onLost);
    },
  };
}

/** Waits until a client that is about to connect has done so, has failed, or has had its time. Never rejects. */
async function settled(client: IoredisClient): Promise<void> {
  if (client.status === 'wait') {
    // Made with `lazyConnect`. That it cannot connect shows in its status; the rejection would end the process.
    const connecting = methodOf(client, 'connect')?.();
    if (connecting instanceof Promise) connecting.catch(() => undefined);
  }
  if (client.status !== 'connecting' && client.status !== 'connect') return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, FIRST_CONNECTION_MS);
    const settle = () => {
      clearTimeout(timer);
      resolve();
    };
    for (const event of ['ready', 'close']) methodOf(client, 'once')?.(event, settle);
  });
}
