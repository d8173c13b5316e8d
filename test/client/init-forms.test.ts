import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createClient, InvalidArgumentError, paginate, stream, upload } from '../../src/index.js';
import { json } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { instance } from '../helpers/instance.js';
import { answeringFetch } from '../helpers/observed-fetch.js';

/** The three ways to a list, called as a program in JavaScript does. */
const WAYS: readonly (readonly [
  string,
  (init?: unknown, further?: unknown) => Promise<string | undefined>,
])[] = [
  ['GET', (init) => sentBy((client) => client.GET('/v2/connect/connectors', init as object))],
  [
    'paginate',
    (init, further) =>
      sentBy(async (client) => void (await untyped(paginate)(client, 'listConnectors', init, further))),
  ],
  [
    'stream',
    (init, further) =>
      sentBy(async (client) => {
        for await (const _ of untyped(stream)(client, 'listConnectors', init, further)) break;
      }),
  ],
];

type AnyList = AsyncIterable<unknown> & PromiseLike<unknown>;

function untyped(call: unknown) {
  return call as (...args: unknown[]) => AnyList;
}

type Client = ReturnType<typeof createClient>;

/** Returns the line and the bearer of the request that a call sends. */
async function sentBy(call: (client: Client) => Promise<unknown>): Promise<string | undefined> {
  const { fetch, requests } = answeringFetch(() => json({ connectors: [], pagination: { next: null } }));
  await call(createClient({ fetch, bearerToken: 'client-token', maxRetries: 0 }));
  const [request] = requests;
  return request && `${new URL(request.url).search} ${request.headers.get('authorization')}`;
}

describe.each(WAYS)('%s', (_, send) => {
  it('reads the fields that the init inherits', async () => {
    const fields = { params: { query: { limit: 2 } }, bearerToken: 'call-token' };
    expect(await send(instance(fields))).toBe('?limit=2 Bearer call-token');
    expect(await send(Object.create(fields))).toBe('?limit=2 Bearer call-token');
  });

  it.each<[string, unknown, string]>([
    ['null', null, 'init'],
    ['a text', 'x', 'init'],
    ['params that are null', { params: null }, 'params'],
    ['params that are a text', { params: 'limit=2' }, 'params'],
    ['a query that is null', { params: { query: null } }, 'params.query'],
  ])('refuses %s before it sends anything', async (_name, init, argument) => {
    expect((await caught(send(init), InvalidArgumentError)).argument).toBe(argument);
  });

  it.each<[string, unknown]>([
    [
      'params',
      {
        get params() {
          throw new Error('no');
        },
      },
    ],
    [
      'a query',
      {
        params: {
          get query() {
            throw new Error('no');
          },
        },
      },
    ],
    [
      'a proxy',
      new Proxy(
        {},
        {
          ownKeys() {
            throw new Error('no');
          },
          get() {
            throw new Error('no');
          },
        },
      ),
    ],
  ])('refuses what cannot be read: %s', async (_name, init) => {
    await caught(send(init), InvalidArgumentError);
  });
});

describe('what only some of them take', () => {
  it.each(WAYS.slice(1))('%s refuses a further argument', async (_, send) => {
    expect((await caught(send({}, { params: {} }), InvalidArgumentError)).argument).toBe('init');
  });

  it.each(WAYS.slice(1))('%s refuses another form of its result', async (_, send) => {
    expect((await caught(send({ parseAs: 'text' }), InvalidArgumentError)).argument).toBe('parseAs');
  });

  it('every page is asked for with the parameters that the list was given', async () => {
    const { fetch, requests } = answeringFetch(({ url }) =>
      json({ connectors: [{}], pagination: { next: url.includes('cursor') ? null : 'more' } }),
    );
    const query = { limit: 1, projectId: 'prj_1' };
    const list = paginate(createClient({ fetch, bearerToken: 'x' }), 'listConnectors', { params: { query } });
    for await (const _ of list) query.projectId = 'prj_2';
    expect(requests.map(({ url }) => new URL(url).searchParams.get('projectId'))).toEqual(['prj_1', 'prj_1']);
  });

  it('upload reads the fields that its options inherit', async () => {
    const { fetch, requests } = answeringFetch(() => json({}));
    const client = createClient({ fetch, bearerToken: 'client-token' });
    const fields = { file: new Uint8Array([1]), bearerToken: 'call-token' };
    await (upload as unknown as (...args: unknown[]) => Promise<unknown>)(
      client,
      '/v2/files',
      instance(fields),
    );
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer call-token');
    expect(requests[0]?.headers.get('content-length')).toBe('1');
  });
});

describe('what JSON would lose', () => {
  const call = async (body: unknown, operation = 'upsertConnectorProjectConnection') => {
    const { fetch, requests } = answeringFetch(() => json({}));
    const client = createClient({ fetch, bearerToken: 'x', maxRetries: 0 });
    const params = { path: { connector: 'slack/acme', projectId: 'prj_1' } };
    await (client.call as unknown as (...args: unknown[]) => Promise<unknown>)(operation, { params, body });
    return requests[0]?.body;
  };

  it.each<[string, unknown]>([
    ['a promise', Promise.resolve('production')],
    ['an expression', /production/],
    ['an error', new Error('production')],
    ['a response', new Response('production')],
    ['a Map of another realm', runInNewContext('new Map([[1, 2]])')],
    ['an ArrayBuffer of another realm', runInNewContext('new ArrayBuffer(2)')],
    ['a SharedArrayBuffer', new SharedArrayBuffer(2)],
  ])('%s is refused', async (_name, value) => {
    await caught(call(value), InvalidArgumentError);
    await caught(call({ environments: [value] }), InvalidArgumentError);
  });

  it('an object of another realm is sent', async () => {
    expect(await call(runInNewContext('({ environments: ["production"] })'))).toBe(
      '{"environments":["production"]}',
    );
  });

  it.each<[string, unknown, string]>([
    ['a body', instance({ environments: ['production'] }), 'body'],
    ['a field', { target: instance({ name: 'production' }) }, 'body.target'],
    ['an item', { targets: [instance({ name: 'production' })] }, 'body.targets[0]'],
    ['an object with a prototype', Object.create({ name: 'production' }), 'body'],
    ['a subclass', new (class extends Object.getPrototypeOf(instance({ a: 1 })).constructor {})(), 'body'],
  ])('%s that inherits its fields is refused', async (_name, body, argument) => {
    const error = await caught(call(body), InvalidArgumentError);
    expect(error.argument).toBe(argument);
    expect(error.message).toContain('whose fields are inherited: copy them into one');
  });

  it('an instance with fields of its own, or with toJSON, is sent', async () => {
    class Link {
      environments = ['production'];
      get count() {
        return this.environments.length;
      }
    }
    class Hidden {
      get environments() {
        return ['production'];
      }
      toJSON() {
        return { environments: this.environments };
      }
    }
    class Empty {
      method() {}
    }
    expect(await call(new Link())).toBe('{"environments":["production"]}');
    expect(await call(new Hidden())).toBe('{"environments":["production"]}');
    expect(await call(new Empty())).toBe('{}');
    expect(await call(Object.create(null))).toBe('{}');
  });
});

describe('parameters that inherit their fields', () => {
  it.each<[string, object, string]>([
    ['path', instance({ connector: 'slack/acme' }), 'params.path'],
    ['query', instance({ limit: 2 }), 'params.query'],
    ['header', instance({ 'x-team': 'a' }), 'params.header'],
    ['cookie', instance({ session: 'a' }), 'params.cookie'],
  ])('%s: are refused', async (place, values, argument) => {
    for (const [, send] of WAYS) {
      const error = await caught(send({ params: { [place]: values } }), InvalidArgumentError);
      expect([error.argument, error.message]).toEqual([argument, expect.stringContaining('Fields')]);
    }
  });

  it('headers and fetchOptions too', async () => {
    const [, send] = WAYS[0] ?? [];
    for (const name of ['headers', 'fetchOptions']) {
      const error = await caught(
        Promise.resolve(send?.({ [name]: instance({ mode: 'cors' }) })),
        InvalidArgumentError,
      );
      expect(error.argument).toBe(name);
    }
  });

  it('a Headers is sent with each page', async () => {
    const { fetch, requests } = answeringFetch(() => json({ connectors: [], pagination: { next: null } }));
    const params = { header: new Headers({ 'x-team': 'a' }) };
    await untyped(paginate)(createClient({ fetch }), 'listConnectors', { params });
    expect(requests[0]?.headers.get('x-team')).toBe('a');
  });

  it('an instance with fields of its own is sent', async () => {
    class Query {
      limit = 2;
    }
    for (const [, send] of WAYS)
      expect(await send({ params: { query: new Query() } })).toBe('?limit=2 Bearer client-token');
  });
});
