import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { until } from './fleet.js';
import { freePort, type RedisServer, serverBinaries, startRedis, untilReady } from './redis-server.js';

/** Servers that know of each other. */
export interface Topology {
  /** The first of them is a master with a replica that takes over when it is killed. */
  readonly servers: readonly RedisServer[];
  /** Where a client begins. */
  readonly port: number;
  close(): Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = 3;
/** A replica has what its master had at once, and stands in for it whatever it has missed. */
const QUICK = ['--repl-diskless-sync-delay', '0'];

/** Three masters, and a replica of the first. */
export async function startCluster(): Promise<Topology> {
  const servers = await Promise.all(Array.from({ length: MASTERS + 1 }, startClusterNode));
  const [first, ...others] = servers;
  if (first === undefined) throw new Error('a cluster has nodes');
  for (const [index, { server }] of servers.slice(0, MASTERS).entries()) {
    const from = Math.floor((SLOTS / MASTERS) * index);
    const to = Math.floor((SLOTS / MASTERS) * (index + 1)) - 1;
    await command(server.port, 'CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to}`);
  }
  for (const { server, busPort } of others)
    await command(first.server.port, 'CLUSTER', 'MEET', '127.0.0.1', `${server.port}`, `${busPort}`);
  const replica = servers[MASTERS];
  const id = String(await command(first.server.port, 'CLUSTER', 'MYID'));
  await until(async () => String(await command(replica?.server.port ?? 0, 'CLUSTER', 'NODES')).includes(id));
  await command(replica?.server.port ?? 0, 'CLUSTER', 'REPLICATE', id);
  await until(async () => {
    const states = await Promise.all(servers.map(({ server }) => command(server.port, 'CLUSTER', 'INFO')));
    const link = String(await command(replica?.server.port ?? 0, 'INFO', 'replication'));
    return (
      states.every((state) => /cluster_state:ok.*known_nodes:4/s.test(String(state))) &&
      /link_status:up/.test(link)
    );
  });
  return {
    servers: servers.map(({ server }) => server),
    port: servers[1]?.server.port ?? 0,
    close: async () => void (await Promise.all(servers.map(({ server }) => server.close()))),
  };
}

async function startClusterNode() {
  const busPort = await freePort();
  const server = await startRedis([
    ...['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`, '--cluster-node-timeout', '500'],
    ...['--cluster-replica-validity-factor', '0', '--cluster-require-full-coverage', 'no', ...QUICK],
  ]);
  return { server, busPort };
}

/** A master, its replica, and a sentinel that watches them. */
export async function startSentinel(): Promise<Topology & { readonly name: string }> {
  const name = 'tokens';
  const master = await startRedis(QUICK);
  const replica = await startRedis([...QUICK, '--replicaof', '127.0.0.1', `${master.port}`]);
  const isLinked = async () =>
    /link_status:up/.test(String(await command(replica.port, 'INFO', 'replication')));
  // It asks a master for its replicas when it first sees it, and then every ten seconds.
  await until(isLinked);
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'vercel-rest-sentinel-'));
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor ${name} 127.0.0.1 ${master.port} 1`,
    `sentinel down-after-milliseconds ${name} 300`,
    `sentinel failover-timeout ${name} 3000`,
  ];
  writeFileSync(join(folder, 'sentinel.conf'), `${settings.join('\n')}\n`);
  const binary = serverBinaries[0] ?? 'redis-server';
  const sentinel = spawn(binary, [join(folder, 'sentinel.conf'), '--sentinel'], { stdio: 'ignore' });
  await untilReady(port);
  await until(async () => {
    const replicas = await command(port, 'SENTINEL', 'REPLICAS', name);
    return Array.isArray(replicas) && replicas.length === 1;
  });
  return {
    name,
    servers: [master, replica],
    port,
    async close() {
      const ended = new Promise((resolve) => sentinel.once('exit', resolve));
      sentinel.kill('SIGKILL');
      await Promise.all([ended, master.close(), replica.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends one command to one server. */
export async function command(port: number, ...parts: string[]): Promise<unknown> {
  const [answered] = await commands(port, [parts]);
  return answered;
}

/** Sends several to one server. */
export async function commands(port: number, lines: readonly string[][]): Promise<unknown[]> {
  const direct = createClient({ socket: { port, host: '127.0.0.1', reconnectStrategy: false } });
  direct.on('error', () => undefined);
  await direct.connect();
  try {
    return await Promise.all(lines.map((parts) => direct.sendCommand(parts)));
  } finally {
    direct.destroy();
  }
}

/** How many listen to a channel, on all servers that answer. */
export async function countListeners(
  { servers }: Pick<Topology, 'servers'>,
  channel: string,
): Promise<number> {
  const answers = await Promise.allSettled(
    servers.map(async ({ port }) => [await command(port, 'PUBSUB', 'NUMSUB', channel)].flat()[1]),
  );
  return answers.reduce((sum, one) => sum + (one.status === 'fulfilled' ? Number(one.value) : 0), 0);
}
