// The scripts of the store, and the derivations of its keys and keys, line by line.
import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { createClient } from 'redis';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createStoreCrypto, type TokenStore } from '../../src/connect/index.js';
import { createRedisStore } from '../../src/redis/index.js';
import { APP, CONNECTOR, countedToken } from '../connect/helpers.js';
import { joinFleet, KEYS, startFleet, startTestRedis, until } from './fleet.js';
import { hasServer } from './redis-server.js';

const NAMES = {
  entry: '{s}:t:a',
  lease: '{s}:l:a',
  generations: ['{s}:g:a', '{s}:g:b'],
  shared: ['{shared}:g:c'],
};
const DAY = 86_400_000;

/** A store over a server of its own, and a client that looks into it. */
async function open() {
  const server = await startTestRedis();
  const redis = await createClient({ url: server.url }).connect();
  onTestFinished(() => redis.destroy());
  return { redis, store: createRedisStore({ client: redis, keys: KEYS, prefix: 'p:' }) };
}

/** What a store hears on `channel`, from when it listens. */
async function listen(store: TokenStore) {
  const heard: string[] = [];
  const end = store.subscribe('channel', {
    message: (text) => void heard.push(text),
    listening: () => void heard.push('listening'),
    lost: () => {},
  });
  onTestFinished(end);
  await until(() => heard.includes('listening'));
  return heard;
}

const look = (store: TokenStore, owner: string, more: object = {}) =>
  store.acquire({
    keys: NAMES,
    owner,
    leaseMs: 2_000,
    seen: undefined,
    fresh: ['one', 'two'],
    replaces: [],
    message: 'n',
    ...more,
  });

describe.skipIf(!hasServer())('a script', () => {
  it('that writes lets the generations outlive the entry', async () => {
    const { redis, store } = await open();
    const { generations, nowMs } = await look(store, 'me');
    const write = { keys: NAMES, owner: 'me', generations, value: 'v', message: 'n' };
    expect(await store.write({ ...write, untilMs: nowMs + 3 * DAY })).toBe('stored');
    for (const name of NAMES.generations)
      expect(await redis.pTTL(`p:${name}`), name).toBeGreaterThan(3 * DAY);
  });

  it('that writes tells a generation that ended from one that is lost', async () => {
    const { redis, store } = await open();
    const write = async (change: () => Promise<unknown>) => {
      await redis.flushAll();
      const { generations, nowMs } = await look(store, 'me');
      await change();
      return store.write({
        keys: NAMES,
        owner: 'me',
        generations,
        value: 'v',
        untilMs: nowMs + 1_000,
        message: 'n',
      });
    };
    expect(await write(async () => {})).toBe('stored');
    expect(await write(() => redis.set('p:{s}:g:b', '!ended'))).toBe('outdated');
    expect(await write(() => redis.set('p:{s}:g:b', 'made anew'))).toBe('lost');
    expect(await write(() => redis.flushAll())).toBe('lost');
    expect(await write(() => redis.set('p:{s}:l:a', 'another'))).toBe('lost');
    expect(await redis.get('p:{s}:t:a')).toBeNull();
  });

  it('that looks with something to replace takes the lease from whoever has it', async () => {
    const { store } = await open();
    const first = await look(store, 'first');
    expect(first.leased).toBe(true);
    expect((await look(store, 'second')).leased).toBe(false);
    const forced = await look(store, 'third', { replaces: ['{s}:g:b'], fresh: ['one', '!two'] });
    expect(forced).toMatchObject({ leased: true, stored: undefined, generations: ['one', '!two'] });
    const write = {
      keys: NAMES,
      generations: first.generations,
      value: 'v',
      untilMs: first.nowMs + 1_000,
      message: 'n',
    };
    expect(await store.write({ ...write, owner: 'first' })).toBe('outdated');
  });

  it('that makes no cooldown shorter', async () => {
    const { store } = await open();
    expect(await store.cooldown('h', 5_000)).toBe(5_000);
    expect(await store.cooldown('h', 1_000)).toBeGreaterThan(4_000);
    expect(await store.cooldown('h', 0)).toBeGreaterThan(4_000);
    expect(await store.cooldown('h', 9_000)).toBe(9_000);
  });

  it('that reads generations makes those that are missing, and lets all last', async () => {
    const { redis, store } = await open();
    expect(await store.generations(['{x}:a', '{x}:b'], ['1', '2'], 0)).toEqual(['1', '2']);
    expect(await store.generations(['{x}:a', '{x}:b'], ['3', '4'], 2 * DAY)).toEqual(['1', '2']);
    expect(await redis.pTTL('p:{x}:a')).toBeGreaterThan(DAY);
  });

  it('that renews a lease does so for its owner alone, and tells of one that is given up', async () => {
    const { redis, store } = await open();
    const heard = await listen(store);
    await look(store, 'me');
    expect(await store.renew(NAMES.lease, 'me', 60_000, 'not told')).toBe(true);
    expect(await store.renew(NAMES.lease, 'another', 0, 'not told')).toBe(false);
    expect(await redis.pTTL(`p:${NAMES.lease}`)).toBeGreaterThan(50_000);
    expect(await store.renew(NAMES.lease, 'me', 0, 'given up')).toBe(true);
    expect(await redis.get(`p:${NAMES.lease}`)).toBeNull();
    await until(() => heard.length === 2);
    expect(heard).toEqual(['listening', 'given up']);
  });

  it('that probes is heard by those who listen to that channel', async () => {
    const { redis, store } = await open();
    const heard = await listen(store);
    await store.probe('another', 'not heard');
    await store.probe('channel', 'heard');
    await until(() => heard.length === 2);
    expect(heard).toEqual(['listening', 'heard']);
    expect(await redis.pTTL('p:probe:channel')).toBeGreaterThan(5_000);
  });

  it('that replaces on a condition replaces nothing else, and tells of what it has', async () => {
    const { redis, store } = await open();
    const heard = await listen(store);
    await store.replace(['{x}:a'], ['!1'], 'first');
    await store.replace(['{x}:a'], ['!2'], 'not expected', { expected: ['0'] });
    await store.replace(['{x}:a'], ['!3'], 'has ended', { unlessEnding: true });
    expect(await redis.get('p:{x}:a')).toBe('!1');
    await store.replace(['{x}:a'], ['!4'], 'expected', { expected: ['!1'] });
    await redis.set('p:{x}:a', 'made anew');
    await store.replace(['{x}:a'], ['!5'], 'was lost', { unlessEnding: true });
    await until(() => heard.length === 4);
    expect(heard).toEqual(['listening', 'first', 'expected', 'was lost']);
    expect(await redis.get('p:{x}:a')).toBe('!5');
  });
});

describe('the keys of a store', () => {
  const material = Buffer.alloc(32, 7);
  const derive = (use: string, length: number) =>
    Buffer.from(hkdfSync('sha256', material, Buffer.alloc(0), `vercel-rest 2 ${use}`, length));
  let sealed = '';
  beforeAll(async () => {
    sealed = await createStoreCrypto({ index: material, sealing: [material] }).seal('place', 'mark', 'text');
  });

  it('name by HMAC-SHA-256 under a key derived for that alone', async () => {
    const keys = createStoreCrypto({ index: material, sealing: [material] });
    const expected = createHmac('sha256', derive('index', 32)).update('["a","b"]').digest('base64url');
    expect(await keys.name('a', 'b')).toBe(expected);
  });

  it('have a public id derived for that alone, which tells nothing of the key that seals', () => {
    const [version, id] = sealed.split('.');
    expect(version).toBe('2');
    expect(id).toBe(derive('id', 9).toString('base64url'));
    expect(derive('seal', 9).toString('base64url')).not.toBe(id);
  });

  it('seal by AES-256-GCM under a key derived for that alone, for their place and mark', async () => {
    const [, , mark, iv = '', text = ''] = sealed.split('.');
    expect(mark).toBe('mark');
    const key = await crypto.subtle.importKey('raw', derive('seal', 32), 'AES-GCM', false, ['decrypt']);
    const additionalData = Buffer.from(JSON.stringify(['2', 'place', 'mark']));
    const opened = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: Buffer.from(iv, 'base64url'), additionalData },
      key,
      Buffer.from(text, 'base64url'),
    );
    expect(Buffer.from(opened).toString()).toBe('text');
    expect(createHash('sha256').update(iv).digest('hex')).toHaveLength(64);
  });
});

describe.skipIf(!hasServer())('an entry that is put back with its lease', () => {
  it('is not served where a generation has changed since', async () => {
    const server = await startTestRedis();
    const { clients } = await startFleet(server.url, 1, (request, index) =>
      request.method === 'DELETE' ? new Response(null, { status: 204 }) : countedToken(request, index),
    );
    const redis = await createClient({ url: server.url }).connect();
    onTestFinished(() => redis.destroy());
    await clients[0]?.getToken(CONNECTOR, APP);
    const [entry = ''] = await redis.keys('*:t:*');
    const before = (await redis.get(entry)) ?? '';
    await clients[0]?.revokeToken(CONNECTOR, { subject: { type: 'app' } });
    await redis.set(entry, before, { PX: 60_000 });
    const reader = await joinFleet(server.url, {
      fetch: async () => Response.json({ token: 'after', expiresAt: Date.now() + 3_600_000 }),
    });
    expect(await reader.client.getToken(CONNECTOR, APP)).toBe('after');
  });
});
