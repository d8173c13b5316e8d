import { describe, expect, it } from 'vitest';
import { createClient, InvalidArgumentError } from '../../src/index.js';
import { json } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { answeringFetch } from '../helpers/observed-fetch.js';
import { tableFor } from '../helpers/table-of.js';

interface EveryMethod {
  '/v1/things/{thing}': Readonly<
    Record<
      'get' | 'post' | 'put' | 'patch' | 'delete',
      {
        parameters: { path: { thing: string } };
        responses: { 200: { content: { 'application/json': object } } };
      }
    >
  >;
}

/** A call as someone without TypeScript could write it. */
type UncheckedCall = (target: unknown, init?: unknown) => Promise<unknown>;

function unchecked(options: Parameters<typeof createClient>[0] = {}) {
  const network = answeringFetch(() => json({}));
  const client = createClient({ fetch: network.fetch, bearerToken: 'token-1', ...options });
  const { GET, POST, call } = client as unknown as Record<'GET' | 'POST' | 'call', UncheckedCall>;
  const refused = async (promise: Promise<unknown>) => {
    const error = await caught(promise, InvalidArgumentError);
    expect(network.requests).toEqual([]);
    expect(error.message + JSON.stringify(error)).not.toContain('canary');
    return error;
  };
  return { network, GET, POST, call, refused };
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const BAD_SEGMENTS = ['', '.', '..', 'canary\ud800', undefined, null, {}, Number.NaN];

describe('a path parameter', () => {
  it.each(METHODS)('that leaves its segment is refused by %s before any request', async (method) => {
    const network = answeringFetch(() => json({}));
    const operations = tableFor(...METHODS.map((method) => [method, '/v1/things/{thing}'] as const));
    const client = createClient<EveryMethod>({ fetch: network.fetch, operations });
    for (const thing of BAD_SEGMENTS) {
      const call = client[method]('/v1/things/{thing}', { params: { path: { thing: thing as string } } });
      expect((await caught(call, InvalidArgumentError)).argument).toBe('params.path.thing');
    }
    expect(network.requests).toEqual([]);
  });

  it('that leaves its segment is refused by call before any request', async () => {
    const { call, refused } = unchecked();
    for (const connector of BAD_SEGMENTS) {
      const error = await refused(call('getConnector', { params: { path: { connector } } }));
      expect(error.argument).toBe('params.path.connector');
    }
  });

  it.each([[undefined], [{}], [{ params: {} }], [{ params: { path: {} } }]])(
    'that is missing is refused: %j',
    async (init) => {
      const { GET, call, refused } = unchecked();
      for (const promise of [GET('/v1/connect/connectors/{connector}', init), call('getConnector', init)])
        expect((await refused(promise)).argument).toBe('params.path.connector');
    },
  );

  it('that is odd but one segment is sent, and the server decides', async () => {
    const { network, call } = unchecked();
    for (const connector of ['...', 'a/../b', '%2e%2e', '?x=1#y', 'é\n', ' '])
      await call('getConnector', { params: { path: { connector } } });
    expect(network.requests.map(({ url }) => new URL(url).pathname.split('/').slice(4))).toEqual([
      ['...'],
      ['a%2F..%2Fb'],
      ['%252e%252e'],
      ['%3Fx%3D1%23y'],
      ['%C3%A9%0A'],
      ['%20'],
    ]);
  });
});

describe('an operation id', () => {
  it.each(['getConector', 'GETCONNECTOR', '', 'toString', '__proto__', 'constructor'])(
    'that the document has not is refused: %j',
    async (operationId) => {
      const { call, refused } = unchecked();
      const error = await refused(call(operationId));
      expect(error.argument).toBe('operationId');
      expect(error.message).toContain(`"${operationId}"`);
    },
  );

  it.each([[undefined], [Symbol('id')], [7n]])('that is no string is refused: %o', async (operationId) => {
    const { call, refused } = unchecked();
    expect((await refused(call(operationId))).argument).toBe('operationId');
  });
});

describe('what only the client may set', () => {
  it.each([
    ['baseUrl', 'https://canary.example.com'],
    ['fetch', () => json({ canary: true })],
    ['Request', Request],
    ['middleware', [{}]],
    ['pathSerializer', () => '/canary'],
    ['method', 'DELETE'],
    ['redirect', 'follow'],
  ])('%s is refused on a call', async (field, value) => {
    const { GET, call, refused } = unchecked();
    for (const promise of [
      GET('/v2/connect/connectors', { [field]: value }),
      call('listConnectors', { [field]: value }),
    ]) {
      expect((await refused(promise)).argument).toBe(field);
    }
  });

  it.each(['teamId', 'slug', 'logger'])('%s is refused on a call, not silently ignored', async (field) => {
    const { GET, refused } = unchecked();
    expect((await refused(GET('/v2/connect/connectors', { [field]: 'canary' }))).argument).toBe(field);
  });
});

describe('an option of a call', () => {
  it.each([
    ['timeout', 0],
    ['timeout', '10'],
    ['maxRetries', -1],
    ['maxRetries', 0.5],
    ['parseAs', 'xml'],
    ['signal', {}],
    ['signal', new AbortController()],
    ['bearerToken', ''],
    ['bearerToken', 'canary\r\nx-evil: 1'],
    ['bearerToken', 42],
  ])('%s %o is refused', async (field, value) => {
    const { GET, refused } = unchecked();
    expect((await refused(GET('/v2/connect/connectors', { [field]: value }))).argument).toBe(field);
  });

  it.each([
    ['x-secret', 'canary\r\nx-evil: 1'],
    ['x secret', 'canary'],
  ])('header %j: %j is refused by name, without its value', async (name, value) => {
    const { GET, refused } = unchecked();
    const error = await refused(GET('/v2/connect/connectors', { headers: { [name]: value } }));
    expect(error.argument).toBe(`headers.${name}`);
    expect(error.cause).toBeUndefined();
  });

  it('a header parameter of the document is checked like any other header', async () => {
    const { GET, refused } = unchecked();
    await refused(
      GET('/v2/connect/connectors', { params: { header: { 'x-secret': 'canary\r\nx-evil: 1' } } }),
    );
  });

  it('a query value that no encoding can carry is refused by name', async () => {
    const { GET, refused } = unchecked();
    const error = await refused(
      GET('/v2/connect/connectors', { params: { query: { search: 'canary\ud800' } } }),
    );
    expect(error.argument).toBe('params.query.search');
  });
});

describe('a path off the API', () => {
  it.each(['.evil.example.com/v1', ':8080/v1'])('%s never gets the bearer', async (path) => {
    const { GET, refused } = unchecked();
    expect((await refused(GET(path))).argument).toBe('path');
  });

  it.each(['@evil.example.com/v1', '.evil.example.com/v1', ':8080/v1'])(
    '%s never gets the headers of the client either',
    async (path) => {
      const network = answeringFetch(() => json({}));
      const client = createClient({ fetch: network.fetch, headers: { 'x-api-key': 'canary' } });
      await caught((client.GET as unknown as UncheckedCall)(path), InvalidArgumentError);
      expect(network.requests).toEqual([]);
    },
  );
});
