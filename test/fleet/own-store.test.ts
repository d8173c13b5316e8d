// No call fails because of a store, whatever it answers, and none serves a token past its end, whatever a store says.
import { createClient } from 'redis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createConnectClient, createStoreKeys, type TokenStore } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { createRedisStore } from '../../src/redis/index.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  countedTokenFor,
  createUpstream,
  thrownBy,
} from '../connect/helpers.js';
import { joinFleet, KEYS, PATIENT_MS, startTestRedis } from './fleet.js';
import { createMemoryData, createMemoryStore } from './memory-store.js';
import { hasServer } from './redis-server.js';

const boom = () => {
  throw new Error('a store of one’s own');
};
const NEVER = () => new Promise<never>(() => {});

/** A store that does one thing wrong. */
const WRONG: readonly (readonly [
  name: string,
  change: (store: TokenStore) => Partial<Record<keyof TokenStore, unknown>>,
])[] = [
  [
    'gives a number as a value',
    (store) => ({
      acquire: async (request: never) => ({
        ...(await store.acquire(request)),
        stored: { value: 5, leftMs: 1 },
      }),
    }),
  ],
  [
    'gives no generations',
    (store) => ({
      acquire: async (request: never) => ({ ...(await store.acquire(request)), generations: [] }),
    }),
  ],
  ['gives generations that are numbers', () => ({ generations: async () => [1, 2, 3] })],
  [
    'answers nothing',
    () => ({
      acquire: async () => undefined,
      generations: async () => undefined,
      write: async () => undefined,
    }),
  ],
  [
    'answers without a promise',
    () => ({ acquire: () => null, generations: () => 5, renew: () => undefined, probe: () => undefined }),
  ],
  ['has a subscribe that throws', () => ({ subscribe: boom })],
  ['has a subscribe that gives nothing', () => ({ subscribe: () => undefined })],
  ['has an unsubscribe that throws', () => ({ subscribe: () => boom })],
  [
    'throws at everything',
    () => ({
      acquire: boom,
      generations: boom,
      write: boom,
      renew: boom,
      replace: boom,
      cooldown: boom,
      probe: boom,
      subscribe: boom,
    }),
  ],
  [
    'never answers',
    () => ({
      acquire: NEVER,
      generations: NEVER,
      write: NEVER,
      renew: NEVER,
      replace: NEVER,
      cooldown: NEVER,
      probe: NEVER,
    }),
  ],
  ['gives text as what is left of a cooldown', () => ({ cooldown: async () => 'soon' })],
  [
    'has keys that fail',
    () => ({ crypto: { name: async () => boom(), seal: async () => boom(), open: async () => boom() } }),
  ],
  [
    'sends messages that are none',
    (store) => ({
      subscribe: (channel: string, listener: { message(text: unknown): void; listening(): void }) => {
        listener.listening();
        for (const text of [undefined, 5, {}, '', 'g', 'g x', 'w']) listener.message(text);
        return store.subscribe(channel, listener as never);
      },
    }),
  ],
];

describe('a store of one’s own', () => {
  it.each(WRONG)('that %s fails no call', async (_name, change) => {
    const store = createMemoryStore(createMemoryData());
    const upstream = createUpstream((request, index) =>
      request.method === 'DELETE' ? new Response(null, { status: 204 }) : countedToken(request, index),
    );
    const client = createConnectClient({
      bearerToken: 'caller-one',
      fetch: upstream.fetch,
      cache: { store: { ...store, ...change(store) } as TokenStore, storeTimeoutMs: 20 },
    });
    const before = await client.getToken(CONNECTOR, APP);
    expect(await client.getToken(CONNECTOR, APP)).toBe(before);
    const forced = await client.getToken(CONNECTOR, APP, { forceRefresh: true });
    expect(forced).not.toBe(before);
    await client.revokeToken(CONNECTOR, { subject: { type: 'app' } });
    expect(await client.getToken(CONNECTOR, APP)).not.toBe(forced);
    client.deleteTokenCacheEntry(CONNECTOR, APP);
    await client.close();
  });

  it('that lacks a method is refused', () => {
    const { generations: _, ...store } = createMemoryStore(createMemoryData());
    const make = () => createConnectClient({ cache: { store: store as TokenStore } });
    expect(thrownBy(make, InvalidArgumentError).argument).toBe('cache.store');
  });

  it('that keeps an entry for longer than it was told serves no token past its end', async () => {
    const data = createMemoryData();
    const upstream = createUpstream(countedTokenFor(100));
    const join = () =>
      createConnectClient({
        bearerToken: 'caller-one',
        fetch: upstream.fetch,
        cache: { store: createMemoryStore(data), storeTimeoutMs: PATIENT_MS },
      });
    expect(await join().getToken(CONNECTOR, APP)).toBe('token-1');
    for (const [name, kept] of data.texts)
      if (name.includes(':t:')) data.texts.set(name, { ...kept, until: Number.MAX_SAFE_INTEGER });
    await new Promise((resolve) => setTimeout(resolve, 110));
    expect(await join().getToken(CONNECTOR, { ...APP, validityBufferMs: 0 })).toBe('token-2');
  });
});

describe.skipIf(!hasServer())('over a real server', () => {
  it('that has a token with too little life left is not asked for it: it is replaced', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const data = createMemoryData();
    const upstream = createUpstream(countedTokenFor(3_600_000));
    const ask = async (validityBufferMs?: number) => {
      const cache = { store: createMemoryStore(data), storeTimeoutMs: PATIENT_MS };
      const client = createConnectClient({ bearerToken: 'caller-one', fetch: upstream.fetch, cache });
      const more = validityBufferMs === undefined ? {} : { validityBufferMs };
      const token = await client.getToken(CONNECTOR, { ...APP, ...more });
      await client.close();
      return token;
    };
    expect([await ask(), await ask()]).toEqual(['token-1', 'token-1']);
    vi.advanceTimersByTime(3_595_000);
    expect(await ask(), 'less than the default buffer').toBe('token-2');
    vi.advanceTimersByTime(1_800_000);
    expect(await ask(1_200_000)).toBe('token-2');
    expect(await ask(2_400_000), 'less than the own buffer').toBe('token-3');
  });

  it('a writer that stretches a life in Redis makes no token be served past its end', async () => {
    const server = await startTestRedis();
    const upstream = createUpstream(countedTokenFor(150));
    const options = { fetch: upstream.fetch, maxRetries: 0 };
    await (await joinFleet(server.url, options)).client.getToken(CONNECTOR, APP);
    const direct = await createClient({ url: server.url }).connect();
    onTestFinished(() => direct.destroy());
    for (const name of await direct.keys('*:t:*')) await direct.pExpire(name, 3_600_000);
    await new Promise((resolve) => setTimeout(resolve, 160));
    const reader = (await joinFleet(server.url, options)).client;
    expect(await reader.getToken(CONNECTOR, { ...APP, validityBufferMs: 0 })).toBe('token-2');
  });

  it('a client that gives numbers as text, and text as bytes, shares as any other', async () => {
    const server = await startTestRedis();
    const upstream = createUpstream(countedToken);
    const redis = await createClient({ url: server.url }).connect();
    onTestFinished(() => redis.destroy());
    const kinds = [redis.withTypeMapping({ 58: String }), redis.withTypeMapping({ 36: Buffer }), redis];
    const startedAt = performance.now();
    for (const kind of kinds) {
      const store = createRedisStore({ client: kind as never, keys: KEYS });
      const client = createConnectClient({
        bearerToken: 'caller-one',
        fetch: upstream.fetch,
        cache: { store, storeTimeoutMs: PATIENT_MS },
      });
      expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
      expect(client.stats().storeOutages).toBe(0);
    }
    expect(performance.now() - startedAt, 'nobody waits for its own lease').toBeLessThan(5_000);
    expect(upstream.requests).toHaveLength(1);
  });
});

it.each([
  ['look', 'acquire'],
  ['hold', 'cooldown'],
  ['keys', 'crypto'],
])('with the old name %s is refused, and the new one is named', (before, now) => {
  const { [now as keyof TokenStore]: moved, ...others } = createMemoryStore(createMemoryData());
  const store = { ...others, [before]: moved } as never;
  const error = thrownBy(() => createConnectClient({ cache: { store } }), InvalidArgumentError);
  expect(error.message).toBe(`Invalid cache.store.${before}: is named ${now} in this version of the package`);
});

it('createStoreKeys names createStoreCrypto', () => {
  expect(thrownBy(createStoreKeys, InvalidArgumentError).message).toContain('createStoreCrypto');
});
