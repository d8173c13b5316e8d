import { createClusterNodes, isCluster } from './node-redis-cluster.js';
import { isSentinel, SentinelServer } from './node-redis-sentinel.js';
import {
  evaluate,
  fieldOf,
  keepQuiet,
  methodOf,
  type NodeRedisClient,
  NotConnectedError,
  openOnce,
  type RedisCommands,
} from './redis-client.js';

interface Connection {
  on(event: string, listener: () => void): unknown;
  connect(): Promise<unknown>;
  subscribe(channels: string[], listener: (text: string, channel: string) => void): Promise<unknown>;
  destroy(): void;
  unref(): void;
}

/** Commands over a client of `redis` 5. */
export function createNodeRedisCommands(client: NodeRedisClient): RedisCommands {
  keepQuiet(client);
  const { isReadyFor, listen } = accessOf(client);
  return {
    run(script, keys, given) {
      if (!isReadyFor(keys[0] ?? '')) return Promise.reject(new NotConnectedError());
      const options = { keys: [...keys], arguments: given.map(String) };
      return evaluate(
        () => client.evalSha(script.sha, options),
        () => client.eval(script.text, options),
      );
    },
    listen,
  };
}

/** Access to the servers of a client of any of the three kinds. */
interface ServerAccess {
  /** Whether the server that has a key can be asked now. */
  isReadyFor(key: string): boolean;
  readonly listen: RedisCommands['listen'];
}

function accessOf(client: NodeRedisClient): ServerAccess {
  if (isSentinel(client)) {
    const server = new SentinelServer(client);
    return { isReadyFor: () => server.isReady(), listen: (...given) => server.listen(...given) };
  }
  if (isCluster(client)) {
    const nodes = createClusterNodes(client);
    // Each node delivers what is published on any.
    return { isReadyFor: nodes.isReadyFor, listen: (...given) => listenBeside(nodes.any(), ...given) };
  }
  const isReady = () => 'isReady' in client && client.isReady === true;
  return {
    isReadyFor: isReady,
    listen: (...given) => listenBeside(isReady() ? client : undefined, ...given),
  };
}

/** Listens on a connection like that of a client. */
async function listenBeside(
  template: unknown,
  channels: readonly string[],
  onMessage: (text: string, channel: string) => void,
  onLost: () => void,
): Promise<() => void> {
  if (template === undefined) throw new NotConnectedError();
  const socket = fieldOf(fieldOf(template, 'options'), 'socket');
  const overrides = { socket: Object.assign({}, socket, { reconnectStrategy: false }) };
  // A client of `redis`, which this package does not import.
  const connection = methodOf(template, 'duplicate')?.(overrides) as Connection;
  const open = async () => {
    await connection.connect();
    connection.unref();
    await connection.subscribe([...channels], onMessage);
  };
  const destroy = () => {
    try {
      connection.destroy();
    } catch {
      // It has closed itself.
    }
  };
  return openOnce(connection, ['error', 'end', 'reconnecting'], open, destroy, onLost);
}
