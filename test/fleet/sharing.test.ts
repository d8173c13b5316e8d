import { describe, expect, it } from 'vitest';
import { APP, CONNECTOR } from '../connect/helpers.js';
import { CLIENT_KINDS, startFleet, startTestRedis, until } from './fleet.js';
import { hasServer } from './redis-server.js';

describe.skipIf(!hasServer())('a fleet over a real server', () => {
  it.each(CLIENT_KINDS)('asks the API once for all, over a client of %s', async (kind) => {
    const server = await startTestRedis();
    const { clients, requests } = await startFleet(server.url, 3, undefined, { kind });
    const tokens = await Promise.all(clients.map((client) => client.getToken(CONNECTOR, APP)));
    expect(tokens).toEqual(['token-1', 'token-1', 'token-1']);
    expect(requests).toHaveLength(1);
  });

  it.each(CLIENT_KINDS)('a revocation reaches the others by message, over a client of %s', async (kind) => {
    const server = await startTestRedis();
    const { clients, requests } = await startFleet(
      server.url,
      2,
      (request, index) =>
        request.method === 'DELETE'
          ? new Response(null, { status: 204 })
          : Response.json({ token: `token-${index}`, expiresAt: Date.now() + 3_600_000 }),
      { kind },
    );
    const [one, two] = clients;
    await one?.getToken(CONNECTOR, APP);
    await two?.getToken(CONNECTOR, APP);
    expect(requests).toHaveLength(1);
    await one?.revokeToken(CONNECTOR, { subject: { type: 'app' } });
    await until(async () => (await two?.getToken(CONNECTOR, APP)) !== 'token-0');
    expect(requests).toHaveLength(3);
    expect(await one?.getToken(CONNECTOR, APP)).toBe(await two?.getToken(CONNECTOR, APP));
  });
});
