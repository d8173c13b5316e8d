import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { onTestFinished } from 'vitest';
import { type ConnectClientOptions, createConnectClient } from '../../src/connect/index.js';
import { createRedisStore, type RedisClient, type RedisStoreOptions } from '../../src/redis/index.js';
import { type Answer, createUpstream } from '../connect/helpers.js';
import { type RedisServer, startRedis } from './redis-server.js';

/** Keys that every process of a test fleet has. */
export const KEYS = {
  index: Buffer.alloc(32, 'index key').toString('base64'),
  sealing: [Buffer.alloc(32, 'sealing key').toString('base64')],
} as const;

export const CLIENT_KINDS = ['redis', 'ioredis'] as const;
export type ClientKind = (typeof CLIENT_KINDS)[number];

/**
 * The time limit of the tests that count requests, in milliseconds: the machine is shared with other work, and a store that
 * is taken for slow costs a request.
 */
export const PATIENT_MS = 5_000;

/** A server that is closed when the test is over. */
export async function startTestRedis(settings?: readonly string[]): Promise<RedisServer> {
  const server = await startRedis(settings);
  onTestFinished(() => server.close());
  return server;
}

/** A connected client of either package, closed when the test is over. */
export async function connectRedis(url: string, kind: ClientKind = 'redis'): Promise<RedisClient> {
  if (kind === 'ioredis') {
    const client = new Redis(url);
    onTestFinished(() => client.disconnect());
    await new Promise((resolve) => client.once('ready', resolve));
    return client;
  }
  const client = createClient({ url });
  // What breaks is the test's own doing.
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => {
    if (client.isOpen) client.destroy();
  });
  return client;
}

type MemberOptions = ConnectClientOptions & { readonly store?: Partial<RedisStoreOptions> };

/** One process of a fleet, as far as one process can play it: a client with a connection and a cache of its own. */
export async function joinFleet(
  url: string,
  { kind, ...options }: MemberOptions & { readonly kind?: ClientKind } = {},
) {
  return joinFleetOver(await connectRedis(url, kind), options);
}

/** The same, over a connection that there is. */
function joinFleetOver(redis: RedisClient, { store: own, ...rest }: MemberOptions) {
  const store = createRedisStore({ client: redis, keys: KEYS, ...own });
  const client = createConnectClient({
    bearerToken: 'caller-one',
    ...rest,
    cache: { store, storeTimeoutMs: PATIENT_MS, negativeMs: 0, ...rest.cache },
  });
  return { client, redis, store };
}

/** So many members over one upstream. */
export function startFleet(
  url: string,
  size: number,
  answer?: Answer,
  { kind, ...options }: Parameters<typeof joinFleet>[1] = {},
) {
  return startFleetOver(() => connectRedis(url, kind), size, answer, options);
}

/** So many members over one upstream, each with a connection that `connect` makes. */
export async function startFleetOver(
  connect: () => Promise<RedisClient>,
  size: number,
  answer?: Answer,
  options: MemberOptions = {},
) {
  const upstream = createUpstream(answer);
  const join = async () =>
    joinFleetOver(await connect(), { maxRetries: 0, ...options, fetch: upstream.fetch });
  const members = await Promise.all(Array.from({ length: size }, join));
  return { ...upstream, members, clients: members.map(({ client }) => client), join };
}

/** Asks until it is so. @throws When it has not become so in time. */
export async function until(check: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await check())) {
    if (performance.now() > end) throw new Error(`it has not become so in ${ms} ms: ${check}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
