import { setupServer } from 'msw/node';
import { afterEach, describe, expect, test } from 'vitest';
import { createConnectClient } from '../../../src/connect/index.js';
import { RateLimitError, VercelError } from '../../../src/errors/index.js';
import { type ConnectEmulator, createConnectEmulator, createMock } from '../../../src/msw/index.js';
import { caught } from '../../helpers/caught.js';
import { ask } from '../ask.js';
import { emulate } from './emulate.js';

const LIST = '/v2/connect/connectors';

describe('requests', () => {
  test.each([
    ['an emulator', () => createConnectEmulator()],
    ['a mock', () => createMock()],
  ])('of %s are kept as far as they are not too much', async (_, make) => {
    const made = make();
    const { handlers, requests } = made;
    const note = 'x'.repeat(1_000_000);
    for (let index = 0; index < 18; index++)
      await ask(handlers, 'POST', '/v1/connect/token/a', { body: { index, note } });
    const indexes = requests.map(({ body }) => Reflect.get(Object(body), 'index'));
    // The latest ones, in order; some 16 MB of them.
    expect(indexes).toEqual(Array.from({ length: 15 }, (_unused, at) => 3 + at));
    // One that is too long by itself is there, alone.
    await ask(handlers, 'POST', '/v1/connect/token/a', { body: { note: note.repeat(17) } });
    expect(requests).toHaveLength(1);
    await ask(handlers, 'POST', '/v1/connect/token/a', { body: { index: 41 } });
    expect(requests).toHaveLength(1);
    expect(requests[0]?.body).toEqual({ index: 41 });
    made.reset();
    await ask(handlers, 'POST', '/v1/connect/token/a', { body: { index: 42 } });
    expect(requests).toHaveLength(1);
  });

  test('has one entry a request, with what was sent', async () => {
    const { emulator, token, send } = emulate();
    await token('slack/acme-slack', { scopes: ['a'] }, { headers: { 'X-Extra': 'Yes' } });
    await send('GET', `${LIST}?limit=5&sort=name`);
    expect(emulator.requests).toEqual([
      {
        operationId: 'getConnectorToken',
        method: 'POST',
        path: '/v1/connect/token/slack%2Facme-slack',
        url: 'https://api.vercel.com/v1/connect/token/slack%2Facme-slack',
        query: {},
        headers: {
          authorization: 'Bearer some-bearer',
          'content-type': 'application/json',
          'x-extra': 'Yes',
        },
        bearer: 'some-bearer',
        body: { scopes: ['a'] },
        status: 200,
      },
      expect.objectContaining({
        operationId: 'listConnectors',
        query: { limit: '5', sort: 'name' },
        body: undefined,
        status: 200,
      }),
    ]);
  });

  test('has refused ones too: unknown, malformed, without bearer', async () => {
    const { emulator, send } = emulate();
    await send('PUT', '/v1/teapots', { body: { a: 1 } });
    await send('POST', '/v1/connect/token/a', { body: '{"broken"' });
    await send('GET', LIST, { bearer: '' });
    expect(
      emulator.requests.map(({ operationId, body, bearer, status }) => [operationId, body, bearer, status]),
    ).toEqual([
      [undefined, { a: 1 }, 'some-bearer', 404],
      ['getConnectorToken', '{"broken"', 'some-bearer', 400],
      ['listConnectors', undefined, undefined, 401],
    ]);
  });

  test('is in order of arrival, whichever handler stands first', async () => {
    const { emulator } = emulate();
    const paths = ['/v1/teapots', '/v1/connect/connectors/a', LIST, '/v1/connect/connectors/a/projects/b'];
    await Promise.all(paths.map((path) => ask(emulator.handlers, 'GET', path)));
    expect(emulator.requests.map(({ path }) => path)).toEqual(paths);
    expect(emulator.requests.every(({ status }) => status !== undefined)).toBe(true);
  });

  test('shows a request that is not answered yet', async () => {
    const seen: unknown[] = [];
    const emulator: ConnectEmulator = createConnectEmulator({
      credentials: () => {
        seen.push(...emulator.requests.map(({ operationId, status }) => [operationId, status]));
        return {};
      },
    });
    await ask(emulator.handlers, 'GET', LIST);
    expect(seen).toEqual([['listConnectors', undefined]]);
    expect(emulator.requests[0]?.status).toBe(200);
  });
});

describe('over the wire', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  test('the client gets a token through msw, and another after a 429', async () => {
    const emulator = createConnectEmulator();
    const server = setupServer(...emulator.handlers);
    server.listen({ onUnhandledRequest: 'error' });
    closing.push(() => server.close());
    const connect = createConnectClient({ bearerToken: 'any', maxRetries: 0 });
    emulator.failNext({ status: 429, headers: { 'retry-after-ms': '70' } });
    const asked = () => connect.getToken('slack/acme-slack', { subject: { type: 'app' } });
    expect((await caught(asked(), RateLimitError)).retryAfterMs).toBe(70);
    expect(await asked()).toMatch(/^xoxb-emulated-/);
    expect(await asked()).toMatch(/^xoxb-emulated-/);
    expect(emulator.requests.map(({ status }) => status)).toEqual([429, 200]);
  });

  test('listen serves it over HTTP, with its own base URL behind it', async () => {
    const emulator = createConnectEmulator({ baseUrl: 'https://mock.example.com/api' });
    const server = await emulator.listen();
    closing.push(server.close);
    const connect = createConnectClient({ baseUrl: server.url, bearerToken: 'any', maxRetries: 0 });
    expect(await connect.getToken('slack/acme-slack', { subject: { type: 'app' } })).toMatch(
      /^xoxb-emulated-/,
    );
    expect(emulator.requests[0]).toMatchObject({
      url: 'https://mock.example.com/api/v1/connect/token/slack%2Facme-slack',
      status: 200,
      bearer: 'any',
    });
    expect((await caught(emulator.listen(server.port), VercelError)).message).toContain('in use already');
  });

  test('two emulators share nothing', async () => {
    const [one, two] = [createConnectEmulator(), createConnectEmulator()];
    one.grantUser('oauth/linear', 'user_456');
    one.failNext({ status: 503 });
    const body = { subject: { type: 'user', id: 'user_456' } };
    expect((await ask(two.handlers, 'POST', '/v1/connect/token/oauth%2Flinear', { body })).status).toBe(422);
    expect(one.requests).toEqual([]);
  });
});
