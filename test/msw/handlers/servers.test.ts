import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors/index.js';
import { createMock } from '../../../src/msw/index.js';
import { thrownBy } from '../../helpers/caught.js';
import { ask } from '../ask.js';

const ok = { responses: { 200: { description: 'ok' } } };
const id = { parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] };

function mockOf(servers: readonly object[] | undefined, options: { readonly baseUrl?: string } = {}) {
  const paths = {
    '/things/{id}': { get: { operationId: 'getThing', ...id, ...ok } },
    '/files/{id}': {
      servers: [{ url: 'https://uploads.shop.example/raw' }],
      get: { operationId: 'getFile', ...id, ...ok },
    },
  };
  const info = { title: 'Shop', version: '1' };
  const document = { openapi: '3.1.0', info, ...(servers && { servers }), paths };
  return createMock({ document, ...options });
}

describe('handlers are where the document says', () => {
  test.each<[string, readonly object[], readonly string[]]>([
    ['http', [{ url: 'http://api.shop.example/v2' }], ['http://api.shop.example/v2']],
    [
      'variables',
      [
        {
          url: 'https://{region}.shop.example/{base}',
          variables: { region: { default: 'eu' }, base: { default: 'v1' } },
        },
      ],
      ['https://eu.shop.example/v1'],
    ],
    [
      'several',
      [{ url: 'https://api.shop.example/v1/' }, { url: 'https://sandbox.shop.example' }],
      ['https://api.shop.example/v1', 'https://sandbox.shop.example'],
    ],
    [
      'one that is a path too',
      [{ url: '/v1' }, { url: 'https://api.shop.example/v1' }],
      ['https://api.shop.example/v1'],
    ],
  ])('%s', async (_name, servers, expected) => {
    const { handlers, requests } = mockOf(servers);
    for (const origin of expected)
      expect(await ask(handlers, 'GET', '/things/a%2Fb', { origin })).toMatchObject({ status: 200 });
    expect(requests.map(({ operationId }) => operationId)).toEqual(expected.map(() => 'getThing'));
  });

  test('and where a path says so itself', async () => {
    const { handlers } = mockOf([{ url: 'https://api.shop.example/v1' }]);
    const origin = 'https://uploads.shop.example/raw';
    expect(await ask(handlers, 'GET', '/files/a', { origin })).toMatchObject({ status: 200 });
    await expect(ask(handlers, 'GET', '/things/a', { origin })).resolves.toMatchObject({ status: 404 });
  });

  test.each<[string, readonly object[] | undefined, RegExp]>([
    ['names none', undefined, /names no server: say where the API is, e\.g\. "http:\/\/localhost"/],
    [
      'names a path',
      [{ url: '/v3' }],
      /names its server "\/v3", without a host: .* "http:\/\/localhost\/v3"/,
    ],
  ])('and ask for baseUrl where it %s', async (_name, servers, message) => {
    const error = thrownBy(() => mockOf(servers), InvalidArgumentError);
    expect([error.argument, error.message]).toEqual(['baseUrl', expect.stringMatching(message)]);
    const { handlers } = mockOf(servers, { baseUrl: 'http://shop.test/v3' });
    expect(await ask(handlers, 'GET', '/things/a', { origin: 'http://shop.test/v3' })).toMatchObject({
      status: 200,
    });
  });
});
