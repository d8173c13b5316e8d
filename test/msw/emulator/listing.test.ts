import { describe, expect, test } from 'vitest';
import { emulate } from './emulate.js';

const SLACK = '/v1/connect/connectors/slack%2Facme-slack';

describe('connectors', () => {
  const listed = async (query: string) => {
    const { send, emulator } = emulate();
    emulator.addConnector({
      uid: 'mcp.linear.app/acme',
      type: 'oauth',
      name: 'aardvark',
      createdAt: 2_000_000_000_000,
    });
    const { body } = await send('GET', `/v2/connect/connectors${query}`);
    return (body as { connectors: { uid: string }[] }).connectors.map(({ uid }) => uid);
  };
  const ALL = ['slack/acme-slack', 'oauth/linear', 'github/acme', 'api-key/revoked', 'mcp.linear.app/acme'];

  test.each<[string, string[]]>([
    ['', ALL],
    ['?search=ACME', ['slack/acme-slack', 'github/acme', 'mcp.linear.app/acme']],
    ['?search=linear.app', ['mcp.linear.app/acme']],
    ['?search=Revoked%20API', ['api-key/revoked']],
    ['?type=oauth', ['oauth/linear', 'mcp.linear.app/acme']],
    ['?type=slack,github', ['slack/acme-slack', 'github/acme']],
    ['?service=mcp.linear.app,api-key', ['api-key/revoked', 'mcp.linear.app/acme']],
    ['?search=acme&type=oauth', ['mcp.linear.app/acme']],
    ['?search=nothing', []],
    [
      '?sort=name',
      ['github/acme', 'slack/acme-slack', 'oauth/linear', 'api-key/revoked', 'mcp.linear.app/acme'],
    ],
    ['?sort=createdAt', ['mcp.linear.app/acme', ...ALL.slice(0, 4)]],
    ['?sort=updatedAt', ['mcp.linear.app/acme', ...ALL.slice(0, 4)]],
  ])('are listed by %s', async (query, expected) => {
    expect(await listed(query)).toEqual(expected);
  });

  test('are listed by project', async () => {
    const { send, emulator } = emulate();
    emulator.unlink('slack/acme-slack', 'prj_a');
    const { body } = await send('GET', '/v2/connect/connectors?projectId=prj_a');
    const { connectors } = body as { connectors: { uid: string }[] };
    expect(connectors.map(({ uid }) => uid)).toEqual(ALL.slice(1, 4));
  });

  test('are listed page by page, twenty at a time', async () => {
    const connectors = Array.from({ length: 23 }, (_, index) => ({ uid: `custom/c${index}` }));
    const { send } = emulate({ connectors });
    const page = async (cursor: string | null, limit?: number) => {
      const query = new URLSearchParams({
        ...(cursor === null ? {} : { cursor }),
        ...(limit ? { limit: String(limit) } : {}),
      });
      const { body } = await send('GET', `/v2/connect/connectors?${query}`);
      const answer = body as { connectors: { uid: string }[]; pagination: { next: string | null } };
      return { uids: answer.connectors.map(({ uid }) => uid), next: answer.pagination.next };
    };
    const first = await page(null);
    const second = await page(first.next);
    expect([first.uids.length, second.uids.length, second.next]).toEqual([20, 3, null]);
    expect([...first.uids, ...second.uids]).toEqual(connectors.map(({ uid }) => uid));
    expect((await page(null, 23)).next).toBeNull();
  });

  test.each([
    'made-up',
    btoa('{"offset":-1}'),
    btoa('{"offset":"1"}'),
    btoa('null'),
    btoa('{"offset":1e300}'),
  ])('refuse the cursor %s', async (cursor) => {
    const { send } = emulate();
    const { status, error } = await send(
      'GET',
      `/v2/connect/connectors?cursor=${encodeURIComponent(cursor)}`,
    );
    expect({ status, ...error }).toMatchObject({
      status: 400,
      code: 'bad_request',
      message: expect.stringContaining('cursor'),
    });
  });

  test('give their public configuration when asked for one by one', async () => {
    const { send, emulator } = emulate();
    const { body } = await send('GET', SLACK);
    expect(body).toEqual({
      ...emulator.connectors[0],
      data: { appId: 'A0EMULATED1', appName: 'Acme Slack' },
    });
    expect((await send('GET', '/v1/connect/connectors/api-key%2Frevoked')).body).not.toHaveProperty('data');
  });

  test('that are deleted are gone with their tokens', async () => {
    const { send, issued, token, emulator } = emulate();
    const { token: first } = await issued('slack/acme-slack');
    expect(await send('DELETE', SLACK)).toMatchObject({ status: 204, body: undefined });
    const gone = { status: 404, error: { code: 'not_found' } };
    expect(await token('slack/acme-slack')).toMatchObject(gone);
    expect(await send('DELETE', SLACK)).toMatchObject(gone);
    expect(emulator.connectors.map(({ uid }) => uid)).toEqual(ALL.slice(1, 4));
    emulator.addConnector({ uid: 'slack/acme-slack' });
    expect((await issued('slack/acme-slack')).token).not.toBe(first);
  });
});

describe('requests for consent', () => {
  const paths = {
    authorize: '/v1/connect/authorize/oauth%2Flinear',
    install: '/v1/connect/install/github%2Facme',
  };

  test('lead to a page of their own each, for the connector asked for', async () => {
    const { send, clock, emulator } = emulate();
    const linear = emulator.connectors[1];
    const first = await send('POST', paths.authorize, {
      body: { subject: { type: 'user', id: 'user_456' } },
    });
    expect(first.body).toEqual({
      url: expect.stringMatching(/^https:\/\/connect\.vercel\.com\/authorize\/emulated-\w{22}$/),
      request: expect.stringMatching(/^emulated-\w{22}$/),
      verifier: expect.stringMatching(/^\w{50}$/),
      expiresAt: clock.now + 600_000,
      connector: {
        id: linear?.id,
        uid: 'oauth/linear',
        type: 'oauth',
        name: 'Linear',
        displayName: 'Linear',
        service: 'oauth',
      },
    });
    const second = await send('POST', paths.authorize, { body: {} });
    expect(second.body).not.toMatchObject({ request: (first.body as { request: string }).request });
    const body = { deviceCode: true, expiresInMs: 1_000 };
    expect((await send('POST', paths.install, { body })).body).toMatchObject({
      url: expect.stringContaining('https://connect.vercel.com/install/'),
      deviceCode: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/),
      expiresAt: clock.now + 1_000,
      connector: { uid: 'github/acme' },
    });
    expect((await send('POST', paths.install)).status).toBe(200);
  });

  test('for no connector are answered 404', async () => {
    const { send } = emulate();
    expect((await send('POST', '/v1/connect/authorize/nobody')).status).toBe(404);
  });
});
