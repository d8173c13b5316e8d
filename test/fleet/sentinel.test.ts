import { Redis } from 'ioredis';
import { createSentinel } from 'redis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CONNECTOR } from '../connect/helpers.js';
import { CLIENT_KINDS, type ClientKind, startFleetOver, until } from './fleet.js';
import { hasServer } from './redis-server.js';
import { countListeners, startSentinel, type Topology } from './topologies.js';
import { answer, loseMaster, user } from './topology-fleet.js';

const USERS = [user(1), user(2)];

describe.skipIf(!hasServer())('a fleet over a master, a replica and a sentinel', () => {
  let group: Topology & { readonly name: string };
  beforeAll(async () => {
    group = await startSentinel();
  });
  afterAll(() => group?.close());
  const join = (kind: ClientKind, prefix: string, options = {}) =>
    startFleetOver(() => connect(group, kind), 2, answer, { store: { prefix }, ...options });

  it.each(CLIENT_KINDS)('asks once, and a revocation reaches the others by message (%s)', async (kind) => {
    const { clients, requests } = await join(kind, `${kind}-share:`);
    const [one, two] = clients;
    const ask = () => Promise.all(clients.map((client) => client.getToken(CONNECTOR, user(1))));
    const [before, same] = await ask();
    expect(same).toBe(before);
    expect(requests).toHaveLength(1);
    await until(async () => (await countListeners(group, `${kind}-share:messages`)) === 2);
    await one?.revokeToken(CONNECTOR, { subject: user(1).subject });
    await until(async () => (await two?.getToken(CONNECTOR, user(1))) !== before);
    expect(new Set(await ask()).size).toBe(1);
    expect(clients.map((client) => client.stats().storeOutages)).toEqual([0, 0]);
  });

  it('fails no call when the master dies, and shares again through the one that takes over', async () => {
    const cache = { storeTimeoutMs: 50 };
    const fleets = await Promise.all(CLIENT_KINDS.map((kind) => join(kind, `${kind}-lost:`, { cache })));
    const listen = async (kind: ClientKind) => (await countListeners(group, `${kind}-lost:messages`)) === 2;
    await loseMaster(group, fleets, USERS);
    // To the server that has taken over: the other is no more.
    for (const kind of CLIENT_KINDS) await until(() => listen(kind));
  }, 20_000);
});

async function connect({ port, name }: { port: number; name: string }, kind: ClientKind) {
  const sentinels = [{ host: '127.0.0.1', port }];
  if (kind === 'ioredis') {
    const client = new Redis({ sentinels, name });
    onTestFinished(() => client.disconnect());
    await new Promise((resolve) => client.once('ready', resolve));
    return client;
  }
  const client = createSentinel({ name, sentinelRootNodes: sentinels });
  // What breaks is the test's own doing.
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}
