import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ConnectEvent } from '../../src/connect/index.js';
import { APP, CONNECTOR } from '../connect/helpers.js';
import { CLIENT_KINDS, startFleet, startTestRedis, until } from './fleet.js';
import { hasServer } from './redis-server.js';
import { command, countListeners } from './topologies.js';

/** The rights that the documentation tells an operator to give. */
const [RIGHTS = ''] = readFileSync(new URL('../../docs/fleet.md', import.meta.url), 'utf8').match(
  /^~vercel-rest:.*$/m,
) ?? [''];

describe.skipIf(!hasServer()).each(CLIENT_KINDS)(
  'the rights that docs/fleet.md names, over a client of %s',
  (kind) => {
    it('are enough', async () => {
      const server = await startTestRedis();
      const more = kind === 'ioredis' ? ['+info'] : [];
      const rights = ['on', '>secret', 'resetkeys', 'resetchannels', '-@all', ...RIGHTS.split(' '), ...more];
      await command(server.port, 'ACL', 'SETUSER', 'fleet', ...rights);
      const url = server.url.replace('//', '//fleet:secret@');
      const { clients, requests } = await startFleet(url, 2, undefined, { kind });
      for (const client of clients) await client.getToken(CONNECTOR, APP);
      await until(async () => (await countListeners({ servers: [server] }, 'vercel-rest:messages')) === 2);
      const [one, two] = clients;
      const fresh = await one?.getToken(CONNECTOR, APP, { forceRefresh: true });
      await until(async () => (await two?.getToken(CONNECTOR, APP)) === fresh);
      await Promise.all(clients.map((client) => client.close()));
      expect(requests).toHaveLength(2);
      expect(await command(server.port, 'ACL', 'LOG'), 'what it was refused').toEqual([]);
    });

    it.each([
      ['no channel', /^&/, 'store-away'],
      ['no +subscribe', /^\+subscribe$/, 'store-unsubscribed'],
    ] as const)('without %s leak no connection, and tell once', async (_case, lacks, type) => {
      const server = await startTestRedis();
      const more = kind === 'ioredis' ? ['+info'] : [];
      const given = RIGHTS.split(' ').filter((right) => !lacks.test(right));
      const rights = ['on', '>secret', 'resetkeys', 'resetchannels', '-@all', ...given, ...more];
      await command(server.port, 'ACL', 'SETUSER', 'fleet', ...rights);
      const url = server.url.replace('//', '//fleet:secret@');
      const events: ConnectEvent[] = [];
      const onEvent = (event: ConnectEvent) => void events.push(event);
      const { clients } = await startFleet(url, 1, undefined, { kind, onEvent });
      const [client] = clients;
      expect(await client?.getToken(CONNECTOR, APP)).toBe('token-1');
      await until(() => events.some((event) => event.type === type));
      // Three attempts to subscribe, each of which opens a connection.
      await until(async () => (await refusals(server.port)) >= 3);
      expect(
        await connections(server.port),
        'the client, and at most one that is being closed',
      ).toBeLessThanOrEqual(2);
      const told = events.filter((event) => event.type.startsWith('store-') && 'reason' in event);
      expect(told).toEqual([{ type, reason: 'NOPERM' }]);
      await client?.close();
      await until(async () => (await connections(server.port)) === 1);
    });
  },
);

/** How often the server has refused something. */
async function refusals(port: number): Promise<number> {
  const log: unknown = await command(port, 'ACL', 'LOG');
  return Array.isArray(log) ? log.reduce<number>((sum, entry) => sum + countOf(entry), 0) : 0;
}

/** The count of an entry: a list of names and values in RESP2, an object in RESP3, which redis 6 speaks by default. */
function countOf(entry: unknown): number {
  return Number(Array.isArray(entry) ? entry[1] : Reflect.get(Object(entry), 'count'));
}

/** How many connections the fleet has. */
async function connections(port: number): Promise<number> {
  const list = String(await command(port, 'CLIENT', 'LIST'));
  return list.split('\n').filter((line) => line.includes('user=fleet')).length;
}
