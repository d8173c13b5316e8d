import { createClient } from 'redis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ConnectEvent, type createConnectClient, createStoreCrypto } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { countedToken, createUpstream, oidcToken, thrownBy } from '../connect/helpers.js';
import { joinFleet, KEYS, startTestRedis, until } from './fleet.js';
import { hasServer } from './redis-server.js';

const CANARIES = {
  token: 'canary-token-1',
  connector: 'oauth/canary-connector',
  user: 'canary-user',
  bearer: `canary-bearer.${oidcToken('canary-team')}`,
  installation: 'canary-installation',
};
const PARAMS = {
  subject: { type: 'user' as const, id: CANARIES.user },
  installationId: CANARIES.installation,
};

/** Everything that a server has, names and values, and everything that it is told while it is read. */
async function openServer(url: string) {
  const direct = await createClient({ url })
    .on('error', () => undefined)
    .connect();
  onTestFinished(() => direct.destroy());
  const names = async (pattern = '*') => (await direct.keys(pattern)).sort();
  const entries = () => names('*:t:*');
  return {
    direct,
    entries,
    async dump() {
      const all = await names();
      return Promise.all(all.map(async (name) => `${name}=${await direct.get(name)}`));
    },
  };
}

describe.skipIf(!hasServer())('what a server has', () => {
  it('tells nothing of token, connector, user, team or caller', async () => {
    const redis = await startTestRedis();
    const { direct, dump } = await openServer(redis.url);
    const told: string[] = [];
    const watch = direct.duplicate().on('error', () => undefined);
    await watch.connect();
    onTestFinished(() => watch.destroy());
    await watch.pSubscribe('*', (text, channel) => void told.push(`${channel} ${text}`));
    const answer = () =>
      Response.json({
        token: CANARIES.token,
        expiresAt: Date.now() + 600_000,
        installationId: CANARIES.installation,
      });
    const busy = () => new Response('{}', { status: 429, headers: { 'retry-after': '5' } });
    const upstream = createUpstream((_request, index) => (index < 2 ? answer() : busy()));
    const member = await joinFleet(redis.url, {
      bearerToken: CANARIES.bearer,
      maxRetries: 0,
      fetch: upstream.fetch,
    });
    await member.client.getToken(CANARIES.connector, PARAMS);
    await member.client.getToken(CANARIES.connector, PARAMS, { forceRefresh: true });
    await member.client.getToken(CANARIES.connector, { subject: { type: 'app' } }).catch(() => undefined);
    await until(() => told.some((text) => text.includes(' g ')));
    const seen = [...(await dump()), ...told];
    expect(seen.length).toBeGreaterThan(8);
    expect(seen.filter((text) => text.includes(':h:'))).toHaveLength(1);
    const words = [...Object.values(CANARIES), 'linear', 'canary', 'user', 'connector'];
    const plain = [...words, ...words.flatMap((word) => [btoa(word), Buffer.from(word).toString('hex')])];
    for (const word of plain)
      expect(
        seen.filter((text) => text.includes(word)),
        word,
      ).toEqual([]);
  });

  it.each<[string, (value: string, other: string) => string]>([
    ['with a flipped bit', (value) => value.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
    ['with a flipped bit in its middle', (value) => flip(value, Math.floor(value.length * 0.8))],
    ['swapped with another', (_, other) => other],
    ['sealed with an unknown key', (value) => value.replace(/^2\.[^.]+/, '2.AAAAAAAAAAAA')],
    ['cut', (value) => value.slice(0, -20)],
    ['cut to its beginning', (value) => value.slice(0, 10)],
    ['of another version', (value) => value.replace(/^2/, '3')],
    ['empty of parts', () => '....'],
    ['something else', () => 'hello'],
  ])('a value %s is a miss and an event', async (_, change) => {
    const redis = await startTestRedis();
    const { direct, entries } = await openServer(redis.url);
    const upstream = createUpstream(countedToken);
    const events: ConnectEvent[] = [];
    const options = {
      fetch: upstream.fetch,
      maxRetries: 0,
      onEvent: (event: ConnectEvent) => void events.push(event),
    };
    const writer = await joinFleet(redis.url, options);
    const reader = await joinFleet(redis.url, options);
    const other = { ...PARAMS, scopes: ['other'] };
    for (const params of [PARAMS, other]) await writer.client.getToken(CANARIES.connector, params);
    const [first = '', second = ''] = await entries();
    const [mine, others] = [await direct.get(first), await direct.get(second)];
    for (const [name, value, foreign] of [
      [first, mine, others],
      [second, others, mine],
    ] as const)
      await direct.set(name, withMarkOf(value ?? '', change(value ?? '', foreign ?? '')), { PX: 60_000 });
    const tokens = [
      await reader.client.getToken(CANARIES.connector, PARAMS),
      await reader.client.getToken(CANARIES.connector, other),
    ];
    expect(tokens).toEqual(['token-3', 'token-4']);
    expect(events.filter(({ type }) => type === 'store-unreadable')).toHaveLength(2);
    // The bad value was replaced by a good one.
    const third = await joinFleet(redis.url, options);
    expect(await third.client.getToken(CANARIES.connector, PARAMS)).toBe('token-3');
  });

  it('written back after a revocation is a miss', async () => {
    const redis = await startTestRedis();
    const { direct, entries } = await openServer(redis.url);
    const upstream = createUpstream((request, index) =>
      request.method === 'DELETE' ? new Response(null, { status: 204 }) : countedToken(request, index),
    );
    const options = { fetch: upstream.fetch, maxRetries: 0 };
    const [writer, reader] = [await joinFleet(redis.url, options), await joinFleet(redis.url, options)];
    await writer.client.getToken(CANARIES.connector, PARAMS);
    const [name = ''] = await entries();
    const old = (await direct.get(name)) ?? '';
    await writer.client.revokeToken(CANARIES.connector, { subject: PARAMS.subject });
    await direct.set(name, old, { PX: 60_000 });
    expect(await reader.client.getToken(CANARIES.connector, PARAMS)).toBe('token-3');
    // Made to look as though it were of the present generation.
    const mark = ((await direct.get(name)) ?? '').split('.')[2] ?? '';
    const parts = old.split('.');
    await direct.set(name, [...parts.slice(0, 2), mark, ...parts.slice(3)].join('.'), { PX: 60_000 });
    const third = await joinFleet(redis.url, options);
    expect(await third.client.getToken(CANARIES.connector, PARAMS)).toBe('token-4');
    expect(third.client.stats().storeUnreadable).toBe(1);
  });

  it('that is kept for ever is still over when its token is', async () => {
    const redis = await startTestRedis();
    const { direct, entries } = await openServer(redis.url);
    const upstream = createUpstream(countedToken);
    const options = { fetch: upstream.fetch, maxRetries: 0 };
    await (await joinFleet(redis.url, options)).client.getToken(CANARIES.connector, PARAMS);
    for (const name of await entries()) await direct.persist(name);
    expect(await (await joinFleet(redis.url, options)).client.getToken(CANARIES.connector, PARAMS)).toBe(
      'token-2',
    );
  });
});

function flip(value: string, at: number): string {
  return value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1);
}

/** A swapped value with the mark of the place that it is put in, or it would be refused for that alone. */
function withMarkOf(original: string, changed: string): string {
  const [mark, parts] = [original.split('.')[2] ?? '', changed.split('.')];
  return parts.length === 5 && parts[2] ? [...parts.slice(0, 2), mark, ...parts.slice(3)].join('.') : changed;
}

describe.skipIf(!hasServer())('the keys', () => {
  const key = (text: string) => Buffer.alloc(32, text);
  it('can be changed while a fleet runs: any opens, the newest seals', async () => {
    const redis = await startTestRedis();
    const upstream = createUpstream(countedToken);
    const join = async (...sealing: string[]) => {
      const keys = { index: KEYS.index, sealing: sealing.map(key) };
      return (await joinFleet(redis.url, { fetch: upstream.fetch, maxRetries: 0, store: { keys } })).client;
    };
    const ask = async (client: Promise<{ getToken: ReturnType<typeof createConnectClient>['getToken'] }>) =>
      (await client).getToken(CANARIES.connector, PARAMS);
    expect(await ask(join('old'))).toBe('token-1');
    expect(await ask(join('old', 'new'))).toBe('token-1');
    expect(await ask(join('new', 'old'))).toBe('token-1');
    const renewing = await join('new', 'old');
    await renewing.getToken(CANARIES.connector, PARAMS, { forceRefresh: true });
    expect(await ask(join('old', 'new'))).toBe('token-2');
    expect(await ask(join('new'))).toBe('token-2');
    // Who has left the new one out has nothing, and gets something of its own.
    expect(await ask(join('old'))).toBe('token-3');
  });
});

describe('keys and options that cannot work', () => {
  const sealing = KEYS.sealing;
  it.each<[unknown, RegExp]>([
    [{ index: 'short', sealing }, /keys\.index.*32 random bytes/],
    [{ index: KEYS.index, sealing: [] }, /keys\.sealing/],
    [{ index: KEYS.index, sealing: [new Uint8Array(16)] }, /keys\.sealing\[0\]/],
    [{ index: KEYS.index }, /keys\.sealing/],
    [undefined, /keys/],
  ])('are refused by name, and not shown', (given, message) => {
    // What a caller without types may write.
    const error = thrownBy(() => createStoreCrypto(given as never), InvalidArgumentError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('short');
  });
});
