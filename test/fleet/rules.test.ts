import { createClient } from 'redis';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ConnectTokenParams, createConnectClient } from '../../src/connect/index.js';
import { createRedisStore } from '../../src/redis/index.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  countedTokenFor,
  createUpstream,
  deferred,
  settle,
} from '../connect/helpers.js';
import { KEYS, startFleet, startTestRedis, until } from './fleet.js';
import { createMemoryData, createMemoryStore } from './memory-store.js';
import { hasServer } from './redis-server.js';

const answer: typeof countedToken = (request, index) =>
  request.method === 'DELETE' ? new Response(null, { status: 204 }) : countedToken(request, index);
const user = (id: number): ConnectTokenParams => ({ subject: { type: 'user', id: `user_${id}` } });

describe.skipIf(!hasServer())('a fleet over a real server', () => {
  it('deleteTokenCacheEntry and forceRefresh reach everybody', async () => {
    const server = await startTestRedis();
    const { clients, requests } = await startFleet(server.url, 3, answer);
    const [one, two, three] = clients;
    const ask = () => Promise.all(clients.map((client) => client.getToken(CONNECTOR, APP)));
    expect(new Set(await ask())).toEqual(new Set(['token-1']));
    one?.deleteTokenCacheEntry(CONNECTOR, APP);
    expect(await one?.getToken(CONNECTOR, APP), 'whoever deletes gets a new one at once').toBe('token-2');
    await until(async () => (await two?.getToken(CONNECTOR, APP)) === 'token-2');
    expect(await three?.getToken(CONNECTOR, APP, { forceRefresh: true })).toBe('token-3');
    await until(async () => (await ask()).every((token) => token === 'token-3'));
    expect(requests).toHaveLength(3);
  });

  it('revoking one user leaves the others and other connectors', async () => {
    const server = await startTestRedis();
    const { clients, requests } = await startFleet(server.url, 2, answer);
    const [one, two] = clients;
    const ask = async () => [
      await two?.getToken(CONNECTOR, user(1)),
      await two?.getToken(CONNECTOR, user(2)),
      await two?.getToken('slack/other', user(1)),
    ];
    const before = await ask();
    await one?.revokeToken(CONNECTOR, { subject: { type: 'user', id: 'user_1' } });
    await until(async () => (await ask())[0] !== before[0]);
    expect((await ask()).slice(1)).toEqual(before.slice(1));
    expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(4);
  });

  it('a limit that one has met holds all of them until it resets', async () => {
    const server = await startTestRedis();
    const limited = () => new Response('{}', { status: 429, headers: { 'retry-after-ms': '400' } });
    const times: number[] = [];
    const { clients, requests } = await startFleet(
      server.url,
      4,
      (request, index) => {
        times.push(performance.now());
        return index === 0 ? limited() : countedToken(request, index);
      },
      { maxRetries: 1 },
    );
    const [first, ...others] = clients.map((client, id) => () => client.getToken(CONNECTOR, user(id)));
    const one = first?.();
    await until(() => requests.length === 1);
    await until(async () => (await countHolds(server.url)) === 1);
    await Promise.all([one, ...others.map((ask) => ask())]);
    expect(requests).toHaveLength(5);
    const [start = 0, ...rest] = times;
    // Not a figure of ours: the server's own word on when it may be asked again.
    for (const time of rest) expect(time - start).toBeGreaterThanOrEqual(395);
  });

  it('one renews ahead of expiry for all', async () => {
    const server = await startTestRedis();
    const { clients, requests } = await startFleet(server.url, 4, countedTokenFor(1_200));
    const end = performance.now() + 1_600;
    while (performance.now() < end) {
      await Promise.all(clients.map((client) => client.getToken(CONNECTOR, APP)));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // Half of each one's life is its buffer, and a quarter of the rest is for renewing it: one in half a second.
    expect(requests.length).toBeLessThanOrEqual(5);
    expect(requests.length).toBeGreaterThanOrEqual(2);
  });

  it('what is revoked while the store is away is told when it is back', async () => {
    const server = await startTestRedis();
    const { clients } = await startFleet(server.url, 2, answer);
    const [one, two] = clients;
    const before = await two?.getToken(CONNECTOR, APP);
    server.pause();
    onTestFinished(() => server.resume());
    const impatient = await startFleetMember(server.url);
    await impatient.revokeToken(CONNECTOR, { subject: { type: 'app' } });
    server.resume();
    await until(async () => (await two?.getToken(CONNECTOR, APP)) !== before);
    expect(await one?.getToken(CONNECTOR, APP)).not.toBe(before);
  });

  /** One that is up before the store is away, and waits for it no longer than is usual. */
  async function startFleetMember(url: string) {
    const upstream = createUpstream(answer);
    const redis = createClient({ url }).on('error', () => undefined);
    void redis.connect();
    onTestFinished(() => redis.destroy());
    const store = createRedisStore({ client: redis, keys: KEYS });
    return createConnectClient({ bearerToken: 'caller-one', fetch: upstream.fetch, cache: { store } });
  }
});

describe('a client with a store', () => {
  it('gives up waiting for others that never end, and asks by itself', async () => {
    vi.useFakeTimers({
      toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
    });
    onTestFinished(() => void vi.useRealTimers());
    const data = createMemoryData();
    const stuck = deferred<Response>();
    const join = (fetch: () => Promise<Response>) =>
      createConnectClient({
        bearerToken: 'caller-one',
        timeout: 20_000,
        totalTimeout: 20_000,
        fetch,
        cache: { store: createMemoryStore(data) },
      });
    let hasAsked = false;
    const one = join(() => {
      hasAsked = true;
      return stuck.promise;
    });
    const waiting = one.getToken(CONNECTOR, APP);
    while (!hasAsked) await settle();
    const startedAt = performance.now();
    let askedAt = Number.NaN;
    const two = join(async () => {
      askedAt = performance.now();
      return Response.json({ token: 'own', expiresAt: Date.now() + 3_600_000 });
    });
    const token = two.getToken(CONNECTOR, APP);
    while (two.stats().upstreamCalls === 0) {
      await settle();
      // Sealing and naming take their own time, and the clock stands still meanwhile.
      if (two.stats().storeWaits > 0) await vi.advanceTimersByTimeAsync(250);
    }
    expect(await token).toBe('own');
    expect(two.stats()).toMatchObject({ storeWaits: 1, upstreamCalls: 1 });
    // Three quarters of the time of the call; the clock of the test ticks four times a second.
    expect(askedAt - startedAt).toBeGreaterThanOrEqual(15_000);
    expect(askedAt - startedAt).toBeLessThan(15_750);
    stuck.resolve(Response.json({ token: 'late', expiresAt: Date.now() + 3_600_000 }));
    expect(await waiting).toBe('late');
  });

  it('whose signal fires while it waits for others ends at once, with its own reason', async () => {
    const data = createMemoryData();
    const upstream = createUpstream(() => new Promise(() => {}));
    const join = () =>
      createConnectClient({
        bearerToken: 'caller-one',
        fetch: upstream.fetch,
        cache: { store: createMemoryStore(data) },
      });
    const first = new AbortController();
    const stuck = join().getToken(CONNECTOR, APP, { signal: first.signal });
    await upstream.arrived(1);
    const leave = new AbortController();
    const two = join();
    const waiting = two.getToken(CONNECTOR, APP, { signal: leave.signal });
    await until(() => two.stats().storeWaits === 1);
    leave.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    first.abort(new Error('over'));
    await expect(stuck).rejects.toThrow('over');
  });
});

async function countHolds(url: string): Promise<number> {
  const direct = await createClient({ url }).connect();
  const names = await direct.keys('*:h:*');
  direct.destroy();
  return names.length;
}
