// With a real server: after an operation that ends a grant has returned, neither this process, nor another, nor one that is
// started later serves a token from before.
import { describe, expect, it } from 'vitest';
import type { ConnectClient, ConnectTokenParams } from '../../src/connect/index.js';
import { type SentRequest, tokenAnswer } from '../connect/helpers.js';
import { startFleet, startTestRedis, until } from './fleet.js';
import { hasServer } from './redis-server.js';

/** Tokens that are asked for and ended, a kind. */
const RUNS = Number(process.env.FLEET_INTERLEAVINGS ?? 20);
const UID = 'oauth/linear';
const ID = 'scl_linear';
const user = (id: number | string): ConnectTokenParams => ({ subject: { type: 'user', id: `user_${id}` } });

type End = (client: ConnectClient, connector: string, params: ConnectTokenParams) => Promise<unknown>;

/** Every operation that ends a grant, by whichever name of the connector. */
const ENDS: Readonly<Record<string, End>> = {
  revokeToken: (client, connector, { subject }) => client.revokeToken(connector, { subject }),
  'connectors.revokeTokens of a subject': (client, connector, { subject }) =>
    client.connectors.revokeTokens(connector, { subject }),
  'connectors.revokeTokens of all': (client, connector) => client.connectors.revokeTokens(connector, 'all'),
  'connectors.delete': (client, connector) => client.connectors.delete(connector),
  'projects.detach': (client, connector) => client.projects.detach(connector, 'prj_1'),
  'projects.detach of one environment': (client, connector) =>
    client.projects.detach(connector, 'prj_1', { environment: 'preview' }),
  'projects.attach with other environments': (client, connector) =>
    client.projects.attach(connector, 'prj_1', { environments: ['production'] }),
  forceRefresh: (client, connector, params) => client.getToken(connector, params, { forceRefresh: true }),
  deleteTokenCacheEntry: async (client, connector, params) => {
    client.deleteTokenCacheEntry(connector, params);
    // It waits for nobody: what makes it known is the next call, or closing.
    await client.close();
  },
};
/** What names one entry names it by what was asked for, and so by the name that was used. */
const BY_NAME = ['forceRefresh', 'deleteTokenCacheEntry'];

let issued = 0;
/** How many tokens had been issued when the API carried out the last operation: those are dead. */
let dead = 0;

function answer(request: SentRequest): Response {
  if (request.url.includes('/token/')) {
    issued++;
    return tokenAnswer({ token: `token-${issued}`, connector: { id: ID, uid: UID, type: 'oauth' } });
  }
  if (request.method !== 'GET') dead = issued;
  if (request.method === 'DELETE') return new Response(null, { status: 204 });
  return Response.json({ id: ID, uid: UID, type: 'oauth' });
}

const serial = (token: string | undefined) => Number(token?.slice('token-'.length));

describe.skipIf(!hasServer()).each(Object.entries(ENDS))('%s', (name, end) => {
  const names = BY_NAME.includes(name) ? [[UID, UID] as const] : [[UID, UID] as const, [UID, ID] as const];
  it.each(names)('ends what was asked for by %s when called with %s', async (asked, called) => {
    const server = await startTestRedis();
    const fleet = await startFleet(server.url, 2, answer);
    const [one, two] = fleet.clients as [ConnectClient, ConnectClient];
    const params = user(1);
    const before = await two.getToken(asked, params);
    expect(await one.getToken(asked, params), 'they share').toBe(before);
    await end(one, called, params);
    const boundary = serial(before);
    const later = (await fleet.join()).client;
    expect(serial(await later.getToken(asked, params)), 'one started later').toBeGreaterThan(boundary);
    expect(serial(await one.getToken(asked, params)), 'this one').toBeGreaterThan(boundary);
    await until(async () => serial(await two.getToken(asked, params)) > boundary);
  });

  it(`holds in ${RUNS} interleavings with calls under way`, async () => {
    const server = await startTestRedis();
    const slow = async (request: SentRequest) => {
      await new Promise((resolve) => setTimeout(resolve, (issued * 7) % 5));
      return answer(request);
    };
    const fleet = await startFleet(server.url, 3, slow);
    const { clients } = fleet;
    const [first] = clients as [ConnectClient];
    for (let run = 0; run < RUNS; run++) {
      const params = user(`${name}-${run}`);
      const calls = clients.map((client) => client.getToken(UID, params));
      if (run % 3 === 0) await Promise.all(calls);
      else if (run % 3 === 1) await calls[0];
      const begun = issued;
      const ending = end(first, UID, params);
      const during = clients.map((client) => client.getToken(UID, params));
      await ending;
      const boundary = BY_NAME.includes(name) ? begun : dead;
      const asked = [first, ...(run % 5 === 0 ? [(await fleet.join()).client] : [])];
      for (const client of asked)
        expect(serial(await client.getToken(UID, params)), `run ${run}`).toBeGreaterThan(boundary);
      await Promise.all([...calls, ...during]);
      // By now the others have heard of it, or have waited for what is new.
      await until(async () => {
        const tokens = await Promise.all(clients.map((client) => client.getToken(UID, params)));
        return tokens.every((token) => serial(token) > boundary);
      });
    }
  }, 600_000);
});

describe.skipIf(!hasServer())('everything of a connector', () => {
  it('ends by both of its names, and leaves other connectors alone', async () => {
    const server = await startTestRedis();
    const other = { id: 'scl_other', uid: 'oauth/other', type: 'oauth' };
    const { clients, requests } = await startFleet(server.url, 2, (request) => {
      if (request.url.includes('other') && request.url.includes('/token/')) {
        issued++;
        return tokenAnswer({ token: `token-${issued}`, connector: other });
      }
      return answer(request);
    });
    const [one, two] = clients as [ConnectClient, ConnectClient];
    const asks = [UID, ID, 'oauth/other', 'scl_other'];
    const ask = () => Promise.all(asks.map((connector) => two.getToken(connector, user(1))));
    const before = await ask();
    await one.connectors.delete(ID);
    expect(
      requests.filter(({ method, url }) => method === 'GET' && url.includes('/connectors/')),
      'its other name is read once',
    ).toHaveLength(1);
    await until(async () => (await ask())[0] !== before[0]);
    const after = await ask();
    expect(after.slice(2)).toEqual(before.slice(2));
    expect(after[1]).not.toBe(before[1]);
  });

  it('ends by the kind of its other name where that cannot be known', async () => {
    const server = await startTestRedis();
    const { clients } = await startFleet(server.url, 2, (request) =>
      request.method === 'GET' ? new Response('{}', { status: 404 }) : answer(request),
    );
    const [one, two] = clients as [ConnectClient, ConnectClient];
    const before = await two.getToken(UID, user(1));
    await one.connectors.revokeTokens(ID, 'all');
    await until(async () => (await two.getToken(UID, user(1))) !== before);
  });
});
