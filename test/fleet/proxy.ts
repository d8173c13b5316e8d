import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a proxy does to the replies that pass through it. */
type ProxyMode = 'pass' | 'cut' | 'loading';

/** A TCP proxy in front of a server. */
export interface RedisProxy {
  readonly url: string;
  mode: ProxyMode;
}

const LOADING = '-LOADING the dataset is being loaded\r\n';

/**
 * Starts one on a free port; closed when the test is over.
 *
 * `cut` ends the connection in the middle of the next reply; `loading` answers every command as a server does that is
 * reading its file.
 */
export async function startProxy(target: number): Promise<RedisProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        upstream.destroy();
        sockets.delete(socket);
      });
    }
    client.on('data', (data) => {
      if (proxy.mode === 'loading') client.write(LOADING.repeat(countCommands(data)));
      else upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (proxy.mode !== 'cut') return void client.write(data);
      client.end(data.subarray(0, Math.ceil(data.length / 2)), () => client.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  const proxy: RedisProxy = { url: `redis://127.0.0.1:${port}`, mode: 'pass' };
  return proxy;
}

/** Commands begin with the number of their parts (https://redis.io/docs/latest/develop/reference/protocol-spec). */
function countCommands(data: Buffer): number {
  return data.toString('latin1').match(/(^|\r\n)\*\d+\r\n/g)?.length ?? 0;
}
