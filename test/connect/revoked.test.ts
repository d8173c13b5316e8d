import { describe, expect, it } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import { APP, CONNECTOR, countedToken, createBench, deferred } from './helpers.js';

const answer: Parameters<typeof createBench>[0] = (request, index) =>
  request.method === 'DELETE' ? new Response(null, { status: 204 }) : countedToken(request, index);

async function survives(
  params: ConnectTokenParams,
  connector: string,
  revoked: {
    connector: string;
    params: Parameters<ReturnType<typeof createBench>['client']['revokeToken']>[1];
  },
): Promise<boolean> {
  const { client } = createBench(answer);
  const before = await client.getToken(connector, params);
  await client.revokeToken(revoked.connector, revoked.params);
  return (await client.getToken(connector, params)) === before;
}

const USER: ConnectTokenParams = { subject: { type: 'user', id: 'a' } };

describe('a revocation', () => {
  it.each<[string, boolean, ConnectTokenParams, string, Parameters<typeof survives>[2]]>([
    ['of the same grant', false, APP, CONNECTOR, { connector: CONNECTOR, params: APP }],
    ['with other scopes', false, { ...APP, scopes: ['x'] }, CONNECTOR, { connector: CONNECTOR, params: APP }],
    [
      'by the id of a connector cached by its UID',
      false,
      APP,
      CONNECTOR,
      { connector: 'scl_1', params: APP },
    ],
    [
      'by the UID of a connector cached by its id',
      false,
      APP,
      'scl_1',
      { connector: CONNECTOR, params: APP },
    ],
    ['of another connector', true, APP, CONNECTOR, { connector: 'slack/other', params: APP }],
    ['of another id', true, APP, CONNECTOR, { connector: 'scl_2', params: APP }],
    ['of another subject type', true, APP, CONNECTOR, { connector: CONNECTOR, params: USER }],
    [
      'of another user',
      true,
      USER,
      CONNECTOR,
      { connector: CONNECTOR, params: { subject: { type: 'user', id: 'b' } } },
    ],
    [
      'of another installation',
      true,
      { ...APP, installationId: 'i1' },
      CONNECTOR,
      { connector: CONNECTOR, params: { ...APP, installationId: 'i2' } },
    ],
    [
      'of an installation, where the token does not say its own',
      false,
      APP,
      CONNECTOR,
      { connector: CONNECTOR, params: { ...APP, installationId: 'i2' } },
    ],
    [
      'of an installation, where any was asked for',
      false,
      { ...APP, installationId: '*' },
      CONNECTOR,
      { connector: CONNECTOR, params: { ...APP, installationId: 'i2' } },
    ],
    [
      'of all installations',
      false,
      { ...APP, installationId: 'i1' },
      CONNECTOR,
      { connector: CONNECTOR, params: APP },
    ],
  ])('%s: the token stays is %j', async (_, stays, params, connector, revoked) => {
    expect(await survives(params, connector, revoked)).toBe(stays);
  });

  it.each([
    ['slack/other', true],
    ['scl_other', false],
  ])('of %s, where the token does not say both names of its own: it stays is %j', async (revoked, stays) => {
    const expiresAt = Date.now() + 3_600_000;
    const { client, requests } = createBench((request, index) =>
      request.method === 'DELETE'
        ? answer(request, index)
        : Response.json({ token: `token-${index}`, expiresAt }),
    );
    await client.getToken(CONNECTOR, APP);
    await client.revokeToken(revoked, APP);
    await client.getToken(CONNECTOR, APP);
    expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(stays ? 1 : 2);
  });

  it('of an installation ends a fetch under way, which may be of that one', async () => {
    const gate = deferred<void>();
    const { client, requests, arrived } = createBench(async (request, index) => {
      if (index === 0) await gate.promise;
      return answer(request, index);
    });
    const waiting = client.getToken(CONNECTOR, APP);
    await arrived(1);
    await client.revokeToken(CONNECTOR, { ...APP, installationId: 'i1' });
    gate.resolve();
    await waiting;
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'POST']);
  });
});
