import { randomBytes } from 'node:crypto';
import { getHeapSnapshot } from 'node:v8';
import { expect, it, vi } from 'vitest';
import { createClient } from '../../../src/index.js';
import { createIdentify } from '../../../src/transport/auth/identity.js';
import { json } from '../../helpers/answers.js';

const BEARERS = 20;
const LIST = '/v2/connect/connectors';

/** Bytes, which a heap snapshot does not hold; a text is made of them for the moment that it is used. */
const seeds = Array.from({ length: BEARERS }, () => randomBytes(24));

/** How many of the bearers stand in this process's memory as texts. */
async function bearersInHeap(): Promise<number> {
  const found = new Set<number>();
  let rest = Buffer.alloc(0);
  for await (const chunk of getHeapSnapshot()) {
    const part = Buffer.concat([rest, chunk]);
    for (const [index, seed] of seeds.entries())
      if (part.includes(Buffer.from(seed.toString('base64url')))) found.add(index);
    rest = part.subarray(-64);
  }
  return found.size;
}

it('no bearer of a call is in memory five minutes after its last use', async () => {
  await import('../../../src/transport/cache/response-cache.js');
  vi.useFakeTimers();
  const identify = createIdentify();
  const client = createClient({
    fetch: async (_, { headers }) =>
      headers['x-limited'] === undefined
        ? json({ connectors: [] })
        : json({ error: { code: 'rate_limited' } }, { status: 429, headers: { 'retry-after': '1' } }),
    responseCache: { max: 100, ttlMs: 3_600_000 },
    maxRetries: 0,
  });
  // A function of its own: the test's frame would keep the last one.
  const use = async (bearerToken: string) => {
    identify(bearerToken);
    await client.GET(LIST, { bearerToken });
    await client.GET(LIST, { bearerToken, headers: { 'x-limited': '1' } }).catch(() => undefined);
  };
  for (const seed of seeds) await use(seed.toString('base64url'));
  // A later call of another caller, so that nothing is kept for being the last one.
  await client.GET(LIST, { bearerToken: 'another-caller' });
  expect(await bearersInHeap()).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(5 * 60_000);
  vi.useRealTimers();
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(await bearersInHeap()).toBe(0);
  // Still there, and still right: what was forgotten is made again.
  expect(identify(seeds[0]?.toString('base64url') ?? '')).toMatch(/^[\w-]{43}$/);
}, 60_000);
