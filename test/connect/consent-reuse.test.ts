import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectAuthorizationOptions, createConnectClient } from '../../src/connect/index.js';
import { createConnectEmulator } from '../../src/msw/index.js';
import { fetchOf } from '../helpers/fetch-of.js';
import { START } from './helpers.js';

const LINEAR = 'oauth/linear';
const STRANGER = { subject: { type: 'user', id: 'user_456' } } as const;

function createWorld() {
  const emulator = createConnectEmulator();
  const client = createConnectClient({ bearerToken: 'project-token', fetch: fetchOf(emulator.handlers) });
  const start = (options: ConnectAuthorizationOptions = {}) =>
    client.startAuthorization(LINEAR, STRANGER, { reuse: true, ...options });
  return {
    emulator,
    client,
    start,
    asked: (operationId: string) =>
      emulator.requests.filter((request) => request.operationId === operationId).length,
  };
}

beforeEach(() => vi.useFakeTimers({ toFake: ['Date', 'performance'], now: START }));
afterEach(() => vi.useRealTimers());

describe('startAuthorization with reuse', () => {
  it('starts one request for callers who come at once, and none without it', async () => {
    const { client, start, asked } = createWorld();
    const started = await Promise.all(Array.from({ length: 20 }, () => start()));
    expect(new Set(started.map(({ url }) => url)).size).toBe(1);
    expect(asked('createConnectorAuthorizationRequest')).toBe(1);
    const other = await client.startAuthorization(LINEAR, STRANGER);
    expect(other.url).not.toBe(started[0]?.url);
  });

  it('looks whether anybody has decided, once for all who come at once, and not within a second', async () => {
    const { start, asked } = createWorld();
    const { url } = await start();
    await start();
    expect(asked('getConnectResult')).toBe(0);
    vi.advanceTimersByTime(1_001);
    const again = await Promise.all(Array.from({ length: 20 }, () => start()));
    expect(new Set(again.map((one) => one.url))).toEqual(new Set([url]));
    expect(asked('getConnectResult')).toBe(1);
  });

  it.each(['approve', 'deny'] as const)('starts another when somebody did: %s', async (decision) => {
    const { emulator, start, asked } = createWorld();
    const first = await start();
    emulator[decision](first);
    vi.advanceTimersByTime(1_001);
    const second = await Promise.all(Array.from({ length: 20 }, () => start()));
    expect(new Set(second.map(({ url }) => url)).size).toBe(1);
    expect(second[0]?.url).not.toBe(first.url);
    expect(asked('createConnectorAuthorizationRequest')).toBe(2);
  });

  it('starts another shortly before the page expires', async () => {
    const { start } = createWorld();
    const first = await start();
    vi.advanceTimersByTime(539_000);
    expect((await start()).url).toBe(first.url);
    vi.advanceTimersByTime(2_000);
    expect((await start()).url).not.toBe(first.url);
  });

  it('looks again a second after it has looked, and no sooner', async () => {
    const { start, asked } = createWorld();
    await start();
    for (const [ms, looks] of [
      [1_001, 1],
      [999, 1],
      [1, 2],
    ] as const) {
      vi.advanceTimersByTime(ms);
      await start();
      expect(asked('getConnectResult')).toBe(looks);
    }
  });

  it('hands out a page that says no end for nine of ten minutes', async () => {
    let count = 0;
    const fetch = async (url: string) =>
      url.includes('/result/')
        ? Response.json({ status: 'pending' })
        : Response.json({ url: `https://vercel.com/${++count}`, request: 'r', verifier: 'v' });
    const client = createConnectClient({ bearerToken: 'project-token', fetch });
    const start = async () => (await client.startAuthorization(LINEAR, STRANGER, { reuse: true })).url;
    expect(await start()).toBe('https://vercel.com/1');
    vi.advanceTimersByTime(539_999);
    expect(await start()).toBe('https://vercel.com/1');
    vi.advanceTimersByTime(1);
    expect(await start()).toBe('https://vercel.com/2');
  });

  it('hands out the page where nothing says whether anybody decided', async () => {
    const { emulator, start } = createWorld();
    const first = await start();
    vi.advanceTimersByTime(1_001);
    emulator.failNext({ operationId: 'getConnectResult', status: 403 });
    expect((await start()).url).toBe(first.url);
    vi.advanceTimersByTime(1_001);
    // The result of a request that was opened just now may not be there yet.
    emulator.failNext({ operationId: 'getConnectResult', status: 404 });
    expect((await start()).url).toBe(first.url);
    vi.advanceTimersByTime(6_000);
    emulator.failNext({ operationId: 'getConnectResult', status: 404 });
    expect((await start()).url).not.toBe(first.url);
  });

  it('shares nothing between callers, subjects and options', async () => {
    const { client, start } = createWorld();
    const started = await Promise.all([
      start(),
      start({ vercelToken: 'another-caller' }),
      start({ callbackUrl: 'https://shop.example.com/connected' }),
      start({ deviceCode: true }),
      client.startAuthorization(LINEAR, { subject: { type: 'user', id: 'user_789' } }, { reuse: true }),
      client.startAuthorization(LINEAR, { ...STRANGER, scopes: ['read'] }, { reuse: true }),
    ]);
    expect(new Set(started.map(({ url }) => url)).size).toBe(started.length);
  });

  it('forgets a start that failed', async () => {
    const { emulator, start } = createWorld();
    emulator.failNext({ operationId: 'createConnectorAuthorizationRequest', status: 400 });
    const failed = await Promise.allSettled([start(), start()]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect((await start()).url).toEqual(expect.any(String));
  });

  it('a caller who leaves does not end it for the others', async () => {
    const { start } = createWorld();
    const leaving = new AbortController();
    const reason = new Error('left');
    const [left, stayed] = [start({ signal: leaving.signal }), start()];
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect((await stayed).url).toEqual(expect.any(String));
  });

  it('gives what waitForAuthorization takes', async () => {
    const { emulator, client, start } = createWorld();
    await start();
    const shared = await start();
    emulator.approve(shared);
    expect(await client.waitForAuthorization(shared)).toMatchObject({ token: expect.any(String) });
  });
});
