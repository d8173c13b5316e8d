import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import {
  CONNECTOR,
  countedToken,
  countedTokenFor,
  createBench,
  HOUR,
  settle,
  tokenAnswer,
} from './helpers.js';

const user = (id: number): ConnectTokenParams => ({ subject: { type: 'user', id: `user_${id}` } });
const range = (length: number) => Array.from({ length }, (_, index) => index);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('1 000 keys with 100 parallel callers each make 1 000 requests', async () => {
  const { client, requests } = createBench(undefined, { cache: { max: 1_000 } });
  const calls = range(100).flatMap(() => range(1_000).map((id) => client.getToken(CONNECTOR, user(id))));
  const tokens = await Promise.all(calls);
  expect(requests).toHaveLength(1_000);
  expect(new Set(tokens).size).toBe(1_000);
});

it('1 000 users in turn, five times, in a cache for 1 000 make 1 000 requests', async () => {
  const { client, requests } = createBench(countedToken, { cache: { max: 1_000 } });
  for (const _ of range(5)) for (const id of range(1_000)) await client.getToken(CONNECTOR, user(id));
  expect(requests).toHaveLength(1_000);
  expect(client.stats()).toMatchObject({ hits: 4_000, evictions: 0 });
});

it('under constant load nobody waits when tokens expire', async () => {
  const held: (() => void)[] = [];
  const { client, requests } = createBench((request, index) =>
    index === 0
      ? countedTokenFor(HOUR)(request, index)
      : new Promise((resolve) => {
          const token = `token-${index + 1}`;
          held.push(() => resolve(tokenAnswer({ token, expiresAt: Date.now() + HOUR })));
        }),
  );
  await client.getToken(CONNECTOR, user(0));
  for (const second of range(3 * 3_600)) {
    // The API takes five seconds over each token; the clock stands still while these callers are served.
    if (second % 5 === 0) held.splice(0).map((release) => release());
    await settle();
    let served = 0;
    for (const _ of range(3)) void client.getToken(CONNECTOR, user(0)).then(() => served++);
    for (let turn = 0; turn < 50 && served < 3; turn++) await Promise.resolve();
    expect(served, `callers served at second ${second}`).toBe(3);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(requests.length).toBeLessThanOrEqual(4);
});
