import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
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
      await until(async () => (await countListeners({ servers: [server] }, 'vercel-rest:notices')) === 2);
      const [one, two] = clients;
      const fresh = await one?.getToken(CONNECTOR, APP, { forceRefresh: true });
      await until(async () => (await two?.getToken(CONNECTOR, APP)) === fresh);
      await Promise.all(clients.map((client) => client.close()));
      expect(requests).toHaveLength(2);
      expect(await command(server.port, 'ACL', 'LOG'), 'what it was refused').toEqual([]);
    });
  },
);
