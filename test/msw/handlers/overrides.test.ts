import { HttpResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors/index.js';
import { createHandlers } from '../../../src/msw/index.js';
import { ask } from '../ask.js';

const LIST = '/v2/connect/connectors';
const TOKEN = '/v1/connect/token/slack%2Facme-slack';

describe('overrides', () => {
  test('may be an answer, part of one, or decided by request', async () => {
    const handlers = createHandlers({
      overrides: {
        listConnectors: {
          body: { connectors: [], pagination: { next: null } },
          headers: { 'x-extra': 'yes' },
        },
        getConnectorToken: ({ params, body, bearer }) =>
          params.connector === 'slack/acme-slack' &&
          body?.subject?.type === 'user' &&
          bearer === 'some-bearer'
            ? {
                status: 422,
                body: { error: { code: 'user_authorization_required', message: 'Consent first.' } },
              }
            : undefined,
        getConnector: async () => ({ status: 404 }),
      },
    });
    const list = await ask(handlers, 'GET', LIST);
    expect(list.body).toEqual({ connectors: [], pagination: { next: null } });
    expect(list.headers.get('x-extra')).toBe('yes');
    const refused = await ask(handlers, 'POST', TOKEN, { body: { subject: { type: 'user', id: 'u' } } });
    expect(refused).toMatchObject({ status: 422, error: { code: 'user_authorization_required' } });
    expect(await ask(handlers, 'POST', TOKEN)).toMatchObject({
      status: 200,
      body: { token: expect.any(String) },
    });
    const missing = await ask(handlers, 'GET', '/v1/connect/connectors/a');
    expect(missing).toMatchObject({ status: 404, error: { code: 'not_found' } });
  });

  test('are given the request after its check: coerced, and its body still to be read', async () => {
    const seen: unknown[] = [];
    const handlers = createHandlers({
      overrides: {
        listConnectors: ({ query, operationId }) => {
          const limit: number | undefined = query.limit;
          seen.push(operationId, limit, query);
          return undefined;
        },
        getConnectorToken: async ({ request }) => {
          seen.push(await request.json());
          return undefined;
        },
      },
    });
    await ask(handlers, 'GET', `${LIST}?limit=7&sort=name`);
    await ask(handlers, 'GET', `${LIST}?limit=700`);
    await ask(handlers, 'POST', TOKEN, { body: { scopes: ['a'] } });
    expect(seen).toEqual(['listConnectors', 7, { limit: 7, sort: 'name' }, { scopes: ['a'] }]);
  });

  test('may be any Response, which gets a request id unless it has one', async () => {
    const ids = { 'x-vercel-id': 'own::1' };
    const handlers = createHandlers({
      overrides: {
        listConnectors: () =>
          new Response('[]', { status: 503, statusText: 'Busy', headers: { 'retry-after': '1' } }),
        getConnector: () => new Response('{}', { headers: ids }),
        getConnectorToken: () => Response.redirect('https://example.com/', 302),
      },
    });
    const busy = await ask(handlers, 'GET', LIST);
    expect(busy.status).toBe(503);
    expect(busy.headers.get('retry-after')).toBe('1');
    expect(busy.headers.get('x-vercel-id')).toMatch(/^mock1::/);
    expect((await ask(handlers, 'GET', '/v1/connect/connectors/a')).headers.get('x-vercel-id')).toBe(
      'own::1',
    );
    const moved = await ask(handlers, 'POST', TOKEN);
    expect([moved.status, moved.headers.get('location')]).toEqual([302, 'https://example.com/']);
  });

  test('may play a failure of the network', async () => {
    const handlers = createHandlers({ overrides: { listConnectors: () => HttpResponse.error() } });
    expect((await ask(handlers, 'GET', LIST)).status).toBe(0);
  });

  test('give way to what the request itself prefers', async () => {
    const handlers = createHandlers({ overrides: { listConnectors: { status: 503 } } });
    expect(await ask(handlers, 'GET', LIST)).toMatchObject({
      status: 503,
      error: { code: 'service_unavailable' },
    });
    const preferred = (prefer: string) => ask(handlers, 'GET', LIST, { headers: { prefer } });
    expect((await preferred('code=403')).status).toBe(403);
    expect((await preferred('respond-async, code="200"; x=1')).status).toBe(200);
    expect((await preferred('barcode=403')).status).toBe(503);
  });

  test('know their operation: another one, and a body of another one, do not compile', () => {
    // @ts-expect-error -- there is no such operation
    expect(() => createHandlers({ overrides: { getTeapot: {} } })).toThrow(InvalidArgumentError);
    // @ts-expect-error -- a list has no token
    expect(() => createHandlers({ overrides: { listConnectors: { body: { token: 'x' } } } })).toThrow(
      /overrides\.listConnectors\.body: \/connectors of listConnectors 200 is required/,
    );
    // @ts-expect-error -- the path has no such parameter
    createHandlers({ overrides: { getConnector: ({ params }) => void params.projectId } });
  });
});
