// A store that has lost its memory is told from a revocation: what is held goes on, and what was revoked stays revoked.
import { describe, expect, it } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import { CONNECTOR, type SentRequest, tokenAnswer } from '../connect/helpers.js';
import { joinFleet, startFleet, startTestRedis, until } from './fleet.js';
import { hasServer } from './redis-server.js';

const USERS = 200;
/** The documented limit of token requests a minute. */
const LIMIT = 200;
const user = (id: number): ConnectTokenParams => ({ subject: { type: 'user', id: `user_${id}` } });

describe.skipIf(!hasServer())('a store that is started again empty under load', () => {
  it('costs no request for a token that is held, and fails no call', async () => {
    const server = await startTestRedis();
    let served = 0;
    const limited = () => {
      served++;
      return served > LIMIT
        ? Response.json(
            { error: { code: 'rate_limited' } },
            { status: 429, headers: { 'retry-after': '60' } },
          )
        : tokenAnswer({ token: `token-${served}` });
    };
    const { clients, requests, join } = await startFleet(server.url, 2, limited, {
      cache: { max: 1_000, storeTimeoutMs: 1_000 },
    });
    const ask = (client: (typeof clients)[number]) =>
      Promise.all(Array.from({ length: USERS }, (_, id) => client.getToken(CONNECTOR, user(id))));
    // One after another: on a busy machine a burst of both outlasts the time of the store.
    const before: (readonly string[])[] = [];
    for (const client of clients) before.push(await ask(client));
    expect(requests).toHaveLength(USERS);
    let isLoaded = true;
    const load = clients.map(async (client, at) => {
      while (isLoaded) {
        expect(await ask(client)).toEqual(before[at]);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    await server.restart();
    await until(() => clients.every((client) => client.stats().storeReturns >= client.stats().storeOutages));
    // Longer than an entry is believed without its having been looked up.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    isLoaded = false;
    await Promise.all(load);
    expect(await Promise.all(clients.map(ask))).toEqual(before);
    expect(requests, 'no live token is fetched again').toHaveLength(USERS);
    // Whoever holds a token has written it back.
    const later = (await join()).client;
    await until(async () => (await later.getToken(CONNECTOR, user(1))) === before[0]?.[1]);
    expect(requests).toHaveLength(USERS);
  }, 30_000);

  it('keeps revoked what was revoked, also for a process that did not hear of it', async () => {
    const server = await startTestRedis();
    let issued = 0;
    const answer = (request: SentRequest) =>
      request.method === 'DELETE'
        ? new Response(null, { status: 204 })
        : tokenAnswer({ token: `token-${++issued}` });
    const { clients } = await startFleet(server.url, 2, answer);
    const [one, two] = clients;
    const before = await two?.getToken(CONNECTOR, user(1));
    await one?.getToken(CONNECTOR, user(1));
    await one?.revokeToken(CONNECTOR, { subject: { type: 'user', id: 'user_1' } });
    await server.restart();
    await until(() => one !== undefined && one.stats().storeReturns >= one.stats().storeOutages);
    await until(async () => (await two?.getToken(CONNECTOR, user(1))) !== before);
    const later = (await joinFleet(server.url, { fetch: async () => tokenAnswer({ token: 'later' }) }))
      .client;
    expect(await later.getToken(CONNECTOR, user(1))).not.toBe(before);
  }, 30_000);

  it('is flushed all the time, and no call waits for more than a few fetches', async () => {
    const server = await startTestRedis();
    const { clients, requests, members } = await startFleet(server.url, 1, async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return tokenAnswer();
    });
    const redis = members[0]?.redis as unknown as { flushAll(): Promise<unknown> };
    const timer = setInterval(() => void redis.flushAll().catch(() => undefined), 15);
    const startedAt = performance.now();
    await clients[0]?.getToken(CONNECTOR, user(1));
    clearInterval(timer);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(requests.length).toBeLessThanOrEqual(4);
  });
});
