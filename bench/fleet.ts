import { createClient } from 'redis';
import { serverBinaries, startRedis } from '../test/fleet/redis-server.js';
import { type Comparison, type Contender, compare, comparePair } from './measure.js';
import { createMemoryFetch, withFetch } from './memory-fetch.js';
import { createConnectClient, createRedisStore } from './packages.js';
import { atMost, type Section, times, timesOf } from './report.js';

const CONNECTOR = 'oauth/bench';
const DOLLARS_PER_CALL = 3 / 1_000;
const USERS = 20;
/** Each process asks for each user's token so many times. */
const CALLS_PER_USER = 50;
const FLEETS = [1, 8, 32];
const OPTIONS = { vercelToken: 'bench' };
const WITHOUT = 'getToken hit, no store';
const WITH = 'getToken hit, store behind it';
const STORE_HIT = 'getToken, from the store';
const BARE = 'a bare GET';
const KEYS = { index: Buffer.alloc(32, 'index'), sealing: [Buffer.alloc(32, 'sealing')] };

const user = (id: number) => ({ subject: { type: 'user' as const, id: `user_${id}` } });

/** What a store saves, and what it costs. Without a server on this machine there is nothing to measure. */
export async function measureFleet(): Promise<Section[]> {
  if (serverBinaries.length === 0) return [];
  const server = await startRedis();
  try {
    return [await measureRequests(server.url), await measureLatency(server.url)];
  } finally {
    await server.close();
  }
}

async function connectRedis(url: string) {
  return createClient({ url })
    .on('error', () => undefined)
    .connect();
}

type Redis = Awaited<ReturnType<typeof connectRedis>>;

/** A client that shares with those of the same prefix. */
function share(client: Redis, prefix: string, max = 1_000) {
  const store = createRedisStore({ client, prefix, keys: KEYS });
  // The machine may be busy, and what is measured is not how a store is given up.
  return createConnectClient({ cache: { store, max, storeTimeoutMs: 5_000 } });
}

/** Token requests of fleets: clients with a cache and a connection of their own, as processes have them. */
async function measureRequests(url: string): Promise<Section> {
  const rows: string[][] = [];
  for (const size of FLEETS) {
    const alone = await countRequests(size, async () => createConnectClient());
    const connections: Redis[] = [];
    const shared = await countRequests(size, async () => {
      const redis = await connectRedis(url);
      connections.push(redis);
      return share(redis, `requests-${size}:`);
    });
    for (const redis of connections) redis.destroy();
    rows.push(rowOf(size, 'no store', alone), rowOf(size, 'Redis', shared));
  }
  return {
    title: 'A fleet',
    note:
      `${USERS} users; each process asks ${CALLS_PER_USER} times for the token of each, all processes at once and cold. ` +
      'A process is a client with a cache and a connection of its own, in one process of the system. Dollars at $3 for ' +
      '1 000 token requests, and for a day in which every token is asked for again each hour.',
    head: ['processes', 'store', 'calls', 'token requests', 'dollars', 'dollars a day'],
    rows,
    targets: rows
      .filter(([, store]) => store === 'Redis')
      .map(([size = '', , , requests]) =>
        atMost(`Token requests of ${size} processes for ${USERS} tokens`, Number(requests), USERS, String),
      ),
  };
}

async function countRequests(
  size: number,
  join: () => Promise<ReturnType<typeof createConnectClient>>,
): Promise<number> {
  let requests = 0;
  const memory = createMemoryFetch(() => requests++);
  await withFetch(memory, async () => {
    const clients = await Promise.all(Array.from({ length: size }, join));
    for (let call = 0; call < CALLS_PER_USER; call++) {
      for (let id = 0; id < USERS; id++)
        await Promise.all(clients.map((client) => client.getToken(CONNECTOR, user(id), OPTIONS)));
    }
  });
  return requests;
}

function rowOf(size: number, store: string, requests: number): string[] {
  const dollars = requests * DOLLARS_PER_CALL;
  const calls = size * USERS * CALLS_PER_USER;
  return [size, store, calls, requests, dollars.toFixed(3), (dollars * 24).toFixed(2)].map(String);
}

async function measureLatency(url: string): Promise<Section> {
  const redis = await connectRedis(url);
  await redis.set('bench', 'x'.repeat(400));
  const [hits, reads] = await withFetch(createMemoryFetch(), async () => [
    await comparePair(() => hitContenders(redis), { calls: 200, rounds: 40, makings: 40 }),
    await compare(readContenders(redis), { calls: 200, rounds: 31 }),
  ]);
  redis.destroy();
  return {
    title: 'What a store costs',
    note:
      'Time of one awaited call. A hit in memory, with and without a store behind it, over 40 pairs of clients; and a token ' +
      'that is not in memory but in the store (a cache of one entry, asked for two tokens in turn), beside a bare GET of as many bytes.',
    head: ['what', 'µs', 'times the other (quartiles)'],
    rows: [...rowsOf(hits, WITHOUT), ...rowsOf(reads, BARE)],
    targets: [
      atMost(
        'A hit in memory with a store behind it, to one without',
        hits.ratio(WITH, WITHOUT).median,
        1.05,
        times,
      ),
    ],
  };
}

function hitContenders(redis: Redis) {
  const plain = createConnectClient();
  const shared = share(redis, 'hits:');
  const pair: [Contender, Contender] = [
    { name: WITHOUT, work: () => plain.getToken(CONNECTOR, user(1), OPTIONS) },
    { name: WITH, work: () => shared.getToken(CONNECTOR, user(1), OPTIONS) },
  ];
  return { pair, end: () => shared.close() };
}

function readContenders(redis: Redis): Contender[] {
  const shared = share(redis, 'reads:', 1);
  let turn = 0;
  return [
    { name: STORE_HIT, work: () => shared.getToken(CONNECTOR, user(turn++ % 2), OPTIONS) },
    { name: BARE, work: () => redis.get('bench') },
  ];
}

function rowsOf(comparison: Comparison, base: string): string[][] {
  return comparison.names.map((name) => [
    name,
    comparison.time(name).median.toFixed(2),
    timesOf(comparison.ratio(name, base)),
  ]);
}
