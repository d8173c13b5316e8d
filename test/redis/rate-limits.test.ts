// What the shared limits send to Redis, and what they do without it; that the scripts hold is shown by `test/fleet`.
import { expect, it } from 'vitest';
import { createRedisRateLimits } from '../../src/redis/index.js';
import { connectRedis, startTestRedis } from '../fleet/fleet.js';
import { hasServer } from '../fleet/redis-server.js';

/** A client whose server gives these replies, one after another; it is away when they have run out. */
function createServer(...replies: readonly unknown[]) {
  const left = [...replies];
  const sent: { readonly keys: readonly string[]; readonly arguments: readonly string[] }[] = [];
  const reply = async (_: string, command: (typeof sent)[number]) => {
    sent.push(command);
    if (left.length === 0) throw new Error('away');
    return left.shift();
  };
  const client = {
    isOpen: true,
    isReady: true,
    on: () => {},
    duplicate: () => {},
    evalSha: reply,
    eval: reply,
  };
  return { client, sent };
}

const USED_UP = { limit: 1, remaining: 0, resetMs: 60_000, isRefusal: false };

it('keeps both names of a limit on one node of a cluster, apart from other limits and scopes', async () => {
  const { client, sent } = createServer(0, 0, 0, 0);
  for (const [scope, name] of [
    ['acme', 'env'],
    ['acme', 'projects'],
    ['other', 'env'],
    ['acme', 'env'],
  ] as const)
    await createRedisRateLimits({ client, scope, prefix: 'p:' }).acquire(name, 'ticket');
  const names = sent.map(({ keys }) => keys);
  expect(names[0]).toEqual([
    expect.stringMatching(/^p:limit:\{[0-9a-f]{32}\}$/),
    expect.stringMatching(/^p:limit:\{[0-9a-f]{32}\}:tickets$/),
  ]);
  expect(names[0]?.[1]).toBe(`${names[0]?.[0]}:tickets`);
  expect(new Set(names.map(([window]) => window)).size).toBe(3);
  expect(names[3]).toEqual(names[0]);
  expect(sent.map(({ arguments: [ticket] }) => ticket)).toEqual(Array(4).fill('ticket'));
});

it('begins its names with vercel-rest: where no prefix is given', async () => {
  const { client, sent } = createServer(0);
  await createRedisRateLimits({ client, scope: 'acme' }).acquire('env', 'ticket');
  expect(sent[0]?.keys[0]).toMatch(/^vercel-rest:limit:/);
});

it('waits as long as Redis says, also where the client gives numbers as text', async () => {
  const limits = createRedisRateLimits({ client: createServer(0, 1_234, '56').client, scope: 'acme' });
  expect(await limits.acquire('env', 'a')).toBe(0);
  expect(await limits.acquire('env', 'b')).toBe(1_234);
  expect(await limits.acquire('env', 'c')).toBe(56);
});

it.each([
  ['all of a lesson', USED_UP, ['1', '0', '1', '0', '60000']],
  ['a refusal', { ...USED_UP, limit: undefined, isRefusal: true }, ['1', '1', '', '0', '60000']],
  [
    'a lesson that says little',
    { limit: undefined, remaining: undefined, resetMs: undefined, isRefusal: false },
    ['1', '0', '', '', ''],
  ],
  ['a response that teaches nothing', undefined, ['0', '0', '', '', '']],
])('tells Redis %s', async (_, lesson, told) => {
  const { client, sent } = createServer(1);
  await createRedisRateLimits({ client, scope: 'acme' }).settle('env', 'ticket', lesson);
  expect(sent[0]?.arguments.slice(0, 6)).toEqual(['ticket', ...told]);
});

it('keeps to what it has learnt where Redis is away', async () => {
  const limits = createRedisRateLimits({ client: createServer(0, 1).client, scope: 'acme' });
  expect(await limits.acquire('env', 'a')).toBe(0);
  await limits.settle('env', 'a', USED_UP);
  expect(await limits.acquire('env', 'b')).toBeGreaterThan(50_000);
  expect(await limits.acquire('projects', 'c'), 'another limit').toBe(0);
  await expect(limits.settle('projects', 'c', undefined)).resolves.toBeUndefined();
});

it.each([[''], [undefined], [7]])('refuses the scope %j', (scope) => {
  // What a caller without types may write.
  const make = () => createRedisRateLimits({ client: createServer().client, scope: scope as never });
  expect(make).toThrow(expect.objectContaining({ argument: 'scope' }));
  expect(make).toThrow('must be a non-empty string');
});

it.runIf(hasServer())('shares a window between two clients of one server', async () => {
  const { url } = await startTestRedis();
  const open = async (kind: 'redis' | 'ioredis') =>
    createRedisRateLimits({ client: await connectRedis(url, kind), scope: 'acme' });
  const [one, two] = [await open('redis'), await open('ioredis')];
  expect(await one.acquire('env', 'a')).toBe(0);
  await one.settle('env', 'a', USED_UP);
  expect(await two.acquire('env', 'b')).toBeGreaterThan(50_000);
});
