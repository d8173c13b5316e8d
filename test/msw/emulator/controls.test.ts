import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors/index.js';
import { type ConnectEmulator, createConnectEmulator, type PlannedFailure } from '../../../src/msw/index.js';
import { thrownBy } from '../../helpers/caught.js';
import { emulate } from './emulate.js';

const LIST = '/v2/connect/connectors';

describe('failNext', () => {
  test('plays a failure once, and then all is as before', async () => {
    const { emulator, token } = emulate();
    emulator.failNext({ status: 503, headers: { 'retry-after': '2' } });
    const failed = await token('slack/acme-slack');
    expect(failed).toMatchObject({ status: 503, error: { code: 'service_unavailable' } });
    expect(failed.headers.get('retry-after')).toBe('2');
    expect(failed.headers.get('x-vercel-id')).toMatch(/^mock1::/);
    expect((await token('slack/acme-slack')).status).toBe(200);
  });

  test('waits for its operation, as often as asked, in line with others', async () => {
    const { emulator, token, send } = emulate();
    emulator.failNext({ operationId: 'getConnectorToken', status: 429, times: 2 });
    emulator.failNext({ operationId: 'getConnectorToken', status: 500, body: { odd: true } });
    expect((await send('GET', LIST)).status).toBe(200);
    const statuses = [];
    for (let turn = 0; turn < 4; turn++) statuses.push((await token('slack/acme-slack')).status);
    expect(statuses).toEqual([429, 429, 500, 200]);
  });

  test('plays any body, also none', async () => {
    const { emulator, token } = emulate();
    emulator.failNext({ status: 502, body: 'not what you expect' });
    emulator.failNext({ status: 504, body: undefined });
    expect((await token('slack/acme-slack')).body).toBe('not what you expect');
    expect(await token('slack/acme-slack')).toMatchObject({ status: 504, body: undefined });
  });

  test('is not spent on a request that breaks the document', async () => {
    const { emulator, send, token } = emulate();
    emulator.failNext({ status: 503 });
    expect((await send('GET', `${LIST}?limit=0`)).status).toBe(400);
    expect((await token('slack/acme-slack')).status).toBe(503);
  });

  test('goes before the credential', async () => {
    const { emulator, token } = emulate({ credentials: {} });
    emulator.failNext({ status: 503 });
    expect((await token('slack/acme-slack')).status).toBe(503);
    expect((await token('slack/acme-slack')).status).toBe(401);
  });

  test.each<[string, object]>([
    ['status', { status: 99 }],
    ['status', { status: 600 }],
    ['status', { status: '503' }],
    ['times', { status: 503, times: 0 }],
    ['times', { status: 503, times: 1.5 }],
    ['operationId', { status: 503, operationId: 'getTeapot' }],
  ])('refuses a wrong %s', (argument, failure) => {
    const { emulator } = emulate();
    expect(thrownBy(() => emulator.failNext(failure as PlannedFailure), InvalidArgumentError).argument).toBe(
      argument,
    );
  });
});

describe('what is wrong is refused', () => {
  test.each<[string, (emulator: ConnectEmulator) => void]>([
    ['grantUser', ({ grantUser }) => grantUser('slack/nobody', 'u')],
    ['withdrawUser', ({ withdrawUser }) => withdrawUser('slack/nobody', 'u')],
    ['install', ({ install }) => install('slack/nobody', 'i')],
    ['uninstall', ({ uninstall }) => uninstall('slack/nobody', 'i')],
    ['link', ({ link }) => link('slack/nobody', 'p')],
    ['unlink', ({ unlink }) => unlink('slack/nobody', 'p')],
  ])('%s of an unknown connector names those there are', (_, act) => {
    const error = thrownBy(() => act(createConnectEmulator()), InvalidArgumentError);
    expect(error.message).toContain('slack/acme-slack, oauth/linear, github/acme, api-key/revoked');
    expect(
      thrownBy(() => act(createConnectEmulator({ connectors: [] })), InvalidArgumentError).message,
    ).toContain('none');
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('a lifetime of %s', (tokenLifetimeMs) => {
    const error = thrownBy(() => createConnectEmulator({ tokenLifetimeMs }), InvalidArgumentError);
    expect(error.argument).toBe('tokenLifetimeMs');
  });

  test('a connector without UID', () => {
    const { addConnector } = createConnectEmulator();
    expect(thrownBy(() => addConnector({ uid: '' }), InvalidArgumentError).argument).toBe('connector.uid');
  });
});

describe('addConnector', () => {
  test('puts a connector in place of the one with its UID, or its id', async () => {
    const { emulator, token } = emulate();
    emulator.addConnector({ uid: 'slack/acme-slack', subjectTypes: ['user'] });
    expect((await token('slack/acme-slack')).status).toBe(400);
    expect(emulator.connectors).toHaveLength(4);
    emulator.addConnector({ uid: 'slack/renamed', id: emulator.connectors.at(-1)?.id });
    expect(emulator.connectors.map(({ uid }) => uid)).toEqual([
      'oauth/linear',
      'github/acme',
      'api-key/revoked',
      'slack/renamed',
    ]);
  });

  test('fills in the rest from the UID', () => {
    const { emulator } = emulate({ connectors: [{ uid: 'mcp.linear.app/acme' }] });
    expect(emulator.connectors).toMatchObject([
      {
        service: 'mcp.linear.app',
        type: 'mcp.linear.app',
        name: 'mcp.linear.app/acme',
        supportedSubjectTypes: ['app', 'user'],
      },
    ]);
  });
});

describe('reset', () => {
  test('puts everything back to the start', async () => {
    const { emulator, issued, token, send, clock } = emulate({ credentials: () => ({ projectId: 'prj_a' }) });
    const { requests } = emulator;
    const first = await issued('slack/acme-slack');
    const [id] = [(await token('slack/acme-slack')).headers.get('x-vercel-id')];
    emulator.grantUser('oauth/linear', 'user_456');
    emulator.unlink('slack/acme-slack', 'prj_a');
    await send('DELETE', '/v1/connect/connectors/github%2Facme');
    await send('GET', '/v1/connect/connectors/oauth%2Flinear/projects/prj_b');
    emulator.failNext({ status: 503, times: 99 });
    clock.now += 10;
    emulator.reset();
    expect(emulator.requests).toEqual([]);
    expect(emulator.requests).toBe(requests);
    expect(emulator.connectors).toHaveLength(4);
    expect(await issued('slack/acme-slack')).toEqual({ ...first, expiresAt: first.expiresAt + 10 });
    expect((await token('slack/acme-slack')).headers.get('x-vercel-id')).toBe(id);
    expect((await token('oauth/linear', { subject: { type: 'user', id: 'user_456' } })).status).toBe(422);
    const { body } = await send('GET', '/v2/connect/connectors/oauth%2Flinear/projects');
    expect(body).toMatchObject({ projects: [{ project: { id: 'prj_a' } }] });
    expect(emulator.requests).toHaveLength(4);
  });
});

describe('the other operations', () => {
  test('know their connector and their caller', async () => {
    const { send } = emulate({ credentials: { known: {} } });
    const eject = (connector: string, bearer: string) =>
      send('POST', `/v1/connect/connectors/${connector}/managed/eject`, { bearer });
    // It is there, and not managed.
    expect((await eject('github%2Facme', 'known')).status).toBe(409);
    expect((await eject('github%2Fnobody', 'known')).status).toBe(404);
    expect((await eject('github%2Facme', 'unknown')).status).toBe(401);
  });

  test('give another documented status where the request prefers one', async () => {
    const { token } = emulate();
    const answer = await token('slack/acme-slack', {}, { headers: { prefer: 'code=429' } });
    expect(answer).toMatchObject({ status: 429, error: { code: 'rate_limited' } });
  });
});
