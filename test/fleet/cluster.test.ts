import { Cluster } from 'ioredis';
import { createCluster } from 'redis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { CONNECTOR } from '../connect/helpers.js';
import { CLIENT_KINDS, type ClientKind, startFleetOver, until } from './fleet.js';
import { hasServer } from './redis-server.js';
import { command, commands, countListeners, startCluster, type Topology } from './topologies.js';
import { answer, loseMaster, user } from './topology-fleet.js';

// So many that each node has some.
const USERS = Array.from({ length: 20 }, (_, id) => user(id));

describe.skipIf(!hasServer())('a fleet over a cluster of three nodes', () => {
  let cluster: Topology;
  beforeAll(async () => {
    cluster = await startCluster();
  });
  afterAll(() => cluster?.close());
  const join = (kind: ClientKind, prefix: string, limits = {}) =>
    startFleetOver(() => connectCluster(cluster.port, kind), 2, answer, { store: { prefix }, ...limits });

  it.each(CLIENT_KINDS)('asks once for each token, whichever node has it (%s)', async (kind) => {
    const { clients, requests } = await join(kind, `${kind}-share:`);
    const ask = (client: (typeof clients)[number]) =>
      Promise.all(USERS.map((params) => client.getToken(CONNECTOR, params)));
    const [ones, twos] = await Promise.all(clients.map(ask));
    expect(twos).toEqual(ones);
    expect(requests).toHaveLength(USERS.length);
    expect(clients.map((client) => client.stats().storeOutages)).toEqual([0, 0]);
    const { nodes, slotsOfSubjects } = await namesOf(cluster, `${kind}-share:`);
    expect(nodes, 'the tokens are on all three').toBe(3);
    expect(slotsOfSubjects.size).toBe(USERS.length);
    for (const slots of slotsOfSubjects.values()) expect(slots.size, 'slots of one token').toBe(1);
  });

  it.each(CLIENT_KINDS)(
    'a revocation reaches the others by message, and by their next look (%s)',
    async (kind) => {
      const fleet = await join(kind, `${kind}-revoke:`);
      const [one, two] = fleet.clients;
      const [params = user(0)] = USERS;
      const before = await two?.getToken(CONNECTOR, params);
      expect(await one?.getToken(CONNECTOR, params)).toBe(before);
      await until(async () => (await countListeners(cluster, `${kind}-revoke:messages`)) === 2);
      await one?.revokeToken(CONNECTOR, { subject: params.subject });
      const cold = (await fleet.join()).client;
      const after = await cold.getToken(CONNECTOR, params);
      expect(after, 'the generation has changed').not.toBe(before);
      await until(async () => (await two?.getToken(CONNECTOR, params)) === after);
      expect(fleet.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
    },
  );

  it('fails no call when a node dies, and shares again once another has taken over', async () => {
    const fleets = await Promise.all(
      CLIENT_KINDS.map((kind) => join(kind, `${kind}-lost:`, { cache: { storeTimeoutMs: 50 } })),
    );
    await loseMaster(cluster, fleets, USERS);
  }, 20_000);
});

/** How many nodes have names of a prefix, and for each subject the slots that its names are in. */
async function namesOf(cluster: Topology, prefix: string) {
  const slotsOfSubjects = new Map<string, Set<number>>();
  let nodes = 0;
  for (const { port } of cluster.servers.slice(0, 3)) {
    const names = [await command(port, 'KEYS', `${prefix}{*`)].flat().map(String);
    if (names.length > 0) nodes++;
    const slots = await commands(
      port,
      names.map((name) => ['CLUSTER', 'KEYSLOT', name]),
    );
    for (const [index, name] of names.entries()) {
      const subject = name.slice(0, name.indexOf('}'));
      if (subject.endsWith('{shared')) continue;
      const known = slotsOfSubjects.get(subject) ?? new Set();
      slotsOfSubjects.set(subject, known.add(Number(slots[index])));
    }
  }
  return { nodes, slotsOfSubjects };
}

async function connectCluster(port: number, kind: ClientKind) {
  if (kind === 'ioredis') {
    const client = new Cluster([{ host: '127.0.0.1', port }]);
    onTestFinished(() => client.disconnect());
    await new Promise((resolve) => client.once('ready', resolve));
    return client;
  }
  const client = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port}` }] });
  // What breaks is the test's own doing.
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}
