import { createServer } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  APIConnectionError,
  type ClientOptions,
  createClient,
  InvalidArgumentError,
  paginate,
  stream,
  upload,
  VercelError,
} from '../../src/index.js';
import { apiError, json, networkFailure, streamed } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { startServer } from '../helpers/loopback-server.js';
import { answeringFetch } from '../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';

/** The calls of a client as a caller without TypeScript could write them. */
type Untyped = (...call: readonly unknown[]) => Promise<unknown>;

function untyped(options: ClientOptions = {}) {
  const network = answeringFetch(() => json({ connectors: [], pagination: { next: null } }));
  const client = createClient({ fetch: network.fetch, bearerToken: 'token-1', ...options });
  return { ...(client as unknown as Record<Method, Untyped>), client, network };
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'call';

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

/** Gives a function arguments that do not compile, as a program in JavaScript does. */
function unchecked(call: unknown) {
  return call as (...args: unknown[]) => AsyncIterable<unknown>;
}

describe('what cannot be sent', () => {
  it.each<[string, Method, unknown]>([
    ['a body of a GET', 'GET', { body: {} }],
    ['a body of a HEAD', 'HEAD', { body: 'x' }],
    ['a bigint', 'POST', { body: { n: 1n } }],
    ['a cycle', 'POST', { body: cyclic }],
    [
      'a toJSON that fails',
      'POST',
      {
        body: {
          toJSON() {
            throw new TypeError('no');
          },
        },
      },
    ],
    ['a nested query', 'GET', { params: { query: { a: { b: { c: { d: 1 } } } } } }],
    ['half of a surrogate pair', 'GET', { params: { query: { a: '\ud800' } } }],
    ['half of a surrogate pair, nested', 'GET', { params: { query: { a: { b: '\ud800' } } } }],
    ['a mode that fetch refuses', 'GET', { mode: 'navigate' }],
    ['a serialiser that fails', 'POST', { body: {}, bodySerializer: () => JSON.parse('{') }],
    ['no object', 'GET', 'x'],
    ['null', 'GET', null],
    ['params that are no object', 'GET', { params: 7 }],
    ['null as the path', 'GET', { params: { path: null } }],
  ])('is refused before it is sent: %s', async (_, method, init) => {
    const { network, ...client } = untyped();
    expect(await caught(client[method](LIST, init), Error)).toBeInstanceOf(InvalidArgumentError);
    expect(network.requests).toEqual([]);
  });

  it.each([undefined, null, 'text', {}, { status: 200 }])('a fetch that gives %o is named', async (given) => {
    let asked = 0;
    const fetch = async () => {
      asked += 1;
      return given as Response; // As a caller without TypeScript could write it.
    };
    const error = await caught(createClient({ fetch }).GET(LIST), InvalidArgumentError);
    expect(error.argument).toBe('fetch');
    expect(asked).toBe(1);
  });

  it('a wrong content-length, and a transfer-encoding header, are said to be what they are, and not retried', async () => {
    const { url, requests } = await startServer((_, response) => response.end('{}'));
    const { PUT, POST } = untyped({ baseUrl: url, fetch: undefined });
    for (const [call, headers] of [
      [PUT, { 'content-length': '3' }],
      [POST, { 'transfer-encoding': 'chunked' }],
    ] as const) {
      const sent = call('/v1/connect/connectors', { body: { a: 1 }, headers });
      expect((await caught(sent, InvalidArgumentError)).argument).toBe(`headers.${Object.keys(headers)[0]}`);
    }
    expect(requests).toHaveLength(0);
  });

  it('https to a port that speaks http is said to be that, and not retried', async () => {
    let connections = 0;
    const server = createServer((_, response) => response.end('{}'));
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const client = createClient({ baseUrl: `https://127.0.0.1:${port}` });
    const error = await caught(client.GET(LIST), APIConnectionError);
    expect(error.message).toContain('is baseUrl https for a port that speaks http?');
    expect(connections).toBe(1);
  });
});

describe('everything that is thrown is a VercelError', () => {
  it('when a stream is reset', async () => {
    const { url } = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"a":1}\n');
      setImmediate(() => response.destroy());
    });
    const client = createClient({ baseUrl: url });
    const error = await caught(
      (async () => {
        for await (const _ of stream(client, LIST));
      })(),
      Error,
    );
    expect(error).toMatchObject({ name: 'APIConnectionError', code: 'connection_error', method: 'GET' });
    const { data } = await client.GET(LIST, { parseAs: 'stream' });
    expect(await caught(new Response(data).text(), Error)).toBeInstanceOf(APIConnectionError);
  });

  it('when a stream of a fetch of the caller fails', async () => {
    const fetch = async () => new Response(streamed(['{"a":1}\n'], new TypeError('terminated')));
    const { data } = await createClient({ fetch }).GET(LIST, { parseAs: 'stream' });
    const error = await caught(new Response(data).text(), APIConnectionError);
    expect(error.cause).toMatchObject({ message: 'terminated' });
  });

  it('whatever is passed, to whichever function', async () => {
    const garbage = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
      fc.constantFrom(undefined, null, Symbol('x'), () => 1, new Proxy({}, {}), cyclic),
      fc.record({
        params: fc.anything(),
        headers: fc.anything(),
        body: fc.anything(),
        totalTimeout: fc.anything(),
      }),
    );
    const { client, network: _, ...methods } = untyped();
    const targets = fc.constantFrom<Method>('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'call');
    const calls = fc.oneof(
      fc.tuple(targets, garbage, garbage).map(
        ([name, a, b]) =>
          () =>
            methods[name](a, b),
      ),
      fc.tuple(targets, garbage).map(
        ([name, a]) =>
          () =>
            methods[name](LIST, a),
      ),
      garbage.map((a) => async () => {
        for await (const __ of unchecked(stream)(client, LIST, a));
      }),
      garbage.map((a) => async () => {
        for await (const __ of unchecked(paginate)(client, LIST, a));
      }),
      fc.tuple(garbage, garbage).map(
        ([a, b]) =>
          async () =>
            unchecked(paginate)(a, b),
      ),
      fc.tuple(garbage, garbage).map(
        ([a, b]) =>
          async () =>
            unchecked(upload)(client, '/v1/connect/connectors', a, b),
      ),
      garbage.map((a) => async () => unchecked(createClient)(a)),
      fc
        .tuple(
          fc.constantFrom('baseUrl', 'headers', 'fetch', 'teamId', 'operations', 'responseCache'),
          garbage,
        )
        .map(
          ([name, value]) =>
            async () =>
              unchecked(createClient)({ [name]: value }),
        ),
    );
    await fc.assert(
      fc.asyncProperty(calls, async (call) => {
        try {
          await call();
        } catch (error) {
          expect(error).toBeInstanceOf(VercelError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a 409', () => {
  it.each(['user_blocked', 'domain_locked', 'conflict_retry', 'lock_timeout', 'conflict'])(
    '%s is sent once: no document says that it passes',
    async (code) => {
      const network = answeringFetch(() => apiError(409, { code, message: 'm' }));
      await caught(createClient({ fetch: network.fetch }).GET(LIST), VercelError);
      expect(network.requests).toHaveLength(1);
    },
  );
});

it('150 calls in flight survive that each connection is reset once', async () => {
  const seen = new Set<string>();
  const network = answeringFetch(({ url }) => {
    if (seen.has(url)) return json({ connectors: [] });
    seen.add(url);
    return networkFailure('ECONNRESET');
  });
  const client = createClient({ fetch: network.fetch });
  const calls = Array.from({ length: 150 }, (_, limit) => client.GET(LIST, { params: { query: { limit } } }));
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([]);
});
