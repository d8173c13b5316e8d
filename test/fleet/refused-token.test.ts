// A token that the provider has refused is dropped by all who learn of it, and replaced once.
import { describe, expect, it } from 'vitest';
import type { ConnectClient } from '../../src/connect/index.js';
import { APP, CONNECTOR, countedToken } from '../connect/helpers.js';
import { joinFleet, startFleet, startTestRedis } from './fleet.js';
import { hasServer } from './redis-server.js';

const WORKERS = 40;

describe.skipIf(!hasServer())('a fleet that learns of a refused token', () => {
  it(`costs one request, however many workers delete it (${WORKERS})`, async () => {
    const server = await startTestRedis();
    const { clients, requests, members } = await startFleet(server.url, 4, async (request, index) => {
      await new Promise((resolve) => setTimeout(resolve, 10));
      return countedToken(request, index);
    });
    for (const client of clients) expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    const workers = Array.from({ length: WORKERS }, (_, at) => clients[at % clients.length] as ConnectClient);
    await Promise.all(
      workers.map(async (client, at) => {
        await new Promise((resolve) => setTimeout(resolve, at));
        client.deleteTokenCacheEntry(CONNECTOR, APP, { token: 'token-1' });
        expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
      }),
    );
    expect(requests).toHaveLength(2);
    expect(members).toHaveLength(4);
  });

  it('does not take it from the store again, where it had left the memory', async () => {
    const server = await startTestRedis();
    const { clients, requests, fetch } = await startFleet(server.url, 1, countedToken);
    await clients[0]?.getToken(CONNECTOR, APP);
    const cold = (await joinFleet(server.url, { fetch, maxRetries: 0 })).client;
    cold.deleteTokenCacheEntry(CONNECTOR, APP, { token: 'token-1' });
    // Nothing is in memory, so nothing is loaded yet: what it knows, it knows at its first use.
    await cold.getToken(CONNECTOR, { subject: { type: 'user', id: 'other' } });
    cold.deleteTokenCacheEntry(CONNECTOR, APP, { token: 'token-1' });
    expect(await cold.getToken(CONNECTOR, APP)).toBe('token-3');
    expect(requests).toHaveLength(3);
  });
});
