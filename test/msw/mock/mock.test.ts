import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../../../src/errors/index.js';
import { createMock, type MockOptions, type UntypedOperations } from '../../../src/msw/index.js';
import { caught, thrownBy } from '../../helpers/caught.js';
import { instance } from '../../helpers/instance.js';
import { ask } from '../ask.js';
import { type ShopOperations, shop } from '../shop-document.js';

const THING = '/v1/things/thg_1';

function mockOf(options: Omit<MockOptions<UntypedOperations>, 'document' | 'contract'> = {}) {
  const mock = createMock({ document: shop, ...options });
  return {
    mock,
    get: (path = THING, asked = {}) => ask(mock.handlers, 'GET', path, asked),
    post: (body: unknown) => ask(mock.handlers, 'POST', '/v2/things', { body }),
  };
}

describe('what an operation answers', () => {
  test('is what respond says, until the reset', async () => {
    const { mock, get } = mockOf();
    mock.respond('getThing', 404);
    expect(await get()).toMatchObject({
      status: 404,
      error: { code: 'not_found', message: 'No such thing.' },
    });
    mock.respond('getThing', 200, { id: 'a', name: 'b', kind: 'small' }, { headers: { etag: '"1"' } });
    const answer = await get();
    expect(answer).toMatchObject({ status: 200, body: { id: 'a', name: 'b', kind: 'small' } });
    expect(answer.headers.get('etag')).toBe('"1"');
    mock.reset();
    expect(await get()).toMatchObject({ status: 200, body: { id: 'thg_abc' } });
  });

  test('may be decided for the next request alone, several in a row', async () => {
    const { mock, get } = mockOf();
    mock.respond('getThing', 404);
    mock.once('getThing', 503);
    mock.sequence('getThing', [429, { status: 500, body: { error: { code: 'boom', message: 'Boom.' } } }]);
    const statuses = [];
    for (let round = 0; round < 5; round++) statuses.push((await get()).status);
    expect(statuses).toEqual([503, 429, 500, 404, 404]);
  });

  test('may be no answer, one that is no JSON, or one that comes late', async () => {
    const { mock, get } = mockOf();
    mock.once('getThing', { networkError: true });
    mock.once('getThing', { raw: '{"id": "cut o' });
    mock.once('getThing', { delayMs: 1, status: 404 });
    expect((await get()).status).toBe(0);
    expect(await caught(get(), SyntaxError)).toBeDefined();
    expect((await get()).status).toBe(404);
  });

  test.each<[string, object, string]>([
    ['a misspelt field', { statuss: 404 }, 'response.getThing.statuss'],
    ['an object that has json() alone', { status: 200, json: async () => ({}) }, 'response.getThing.json'],
    ['a Response of another implementation', instance({ status: 404 }), 'response.getThing'],
    ['a text', 'gone' as never, 'response.getThing'],
  ])('is refused where a function gives %s', async (_name, given, argument) => {
    for (const memory of [false, true]) {
      const { mock, get } = mockOf({ memory });
      mock.respond('getThing', () => given);
      expect((await caught(get(), InvalidArgumentError)).argument).toBe(argument);
    }
  });

  test('may be decided by the request', async () => {
    const { mock, get } = mockOf();
    mock.respond('getThing', ({ params }) => (params.id === 'gone' ? { status: 404 } : undefined));
    expect((await get('/v1/things/gone')).status).toBe(404);
    expect((await get('/v1/things/there')).status).toBe(200);
  });

  test('of one operation changes none of another', async () => {
    const { mock, get } = mockOf();
    mock.respond('createThing', 409);
    expect((await get()).status).toBe(200);
  });

  test.each<[string, RegExp, (mock: ReturnType<typeof mockOf>['mock']) => void]>([
    [
      'respond.getThing.body',
      /\/kind of getThing 200 must be one of/,
      (mock) => mock.respond('getThing', 200, { id: 'a', name: 'b', kind: 'huge' }),
    ],
    [
      'sequence.getThing.body',
      /\/name of getThing 200 is required/,
      (mock) => mock.sequence('getThing', [{ body: { id: 'a', kind: 'small' } }]),
    ],
    ['once', /no operation/, (mock) => mock.once('getTeapot', 404)],
    ['respond.status', /from 200 to 599/, (mock) => mock.respond('getThing', 42)],
    ['response', /must be a status/, (mock) => mock.sequence('getThing', ['404' as unknown as number])],
  ])('%s is refused where it is set', (argument, message, set) => {
    const error = thrownBy(() => set(mockOf().mock), InvalidArgumentError);
    expect(error.argument).toBe(argument);
    expect(error.message).toMatch(message);
  });

  test('is typed by operation and status', () => {
    const mock = createMock<ShopOperations>({ document: shop });
    mock.respond('getThing', 200, { id: 'a', name: 'b', kind: 'large' });
    mock.respond('getThing', 404, { error: { code: 'own', message: 'Own.' } });
    mock.respond('getThing', 503);
    // @ts-expect-error -- there is no such operation
    expect(() => mock.respond('getTeapot', 404)).toThrow(InvalidArgumentError);
    // @ts-expect-error -- no thing is huge
    expect(() => mock.respond('getThing', 200, { id: 'a', name: 'b', kind: 'huge' })).toThrow(/kind/);
  });
});

describe('what a mock saw', () => {
  test('are requests in the order of their arrival, and the validation errors among them', async () => {
    const { mock, get, post } = mockOf();
    await Promise.all([post({ name: 'x' }), get(), post({ nmae: 'x' })]);
    expect(mock.requests.map(({ operationId, status }) => [operationId, status])).toEqual([
      ['createThing', 201],
      ['getThing', 200],
      ['createThing', 400],
    ]);
    expect(mock.requests[0]).toMatchObject({ method: 'POST', path: '/v2/things', body: { name: 'x' } });
    expect(mock.validationErrors).toHaveLength(1);
    expect(mock.validationErrors[0]).toMatchObject({
      check: 'body',
      operationId: 'createThing',
      pointer: '/body/name',
    });
    mock.reset();
    expect([mock.requests, mock.validationErrors]).toEqual([[], []]);
  });

  test('are deprecated operations, which are answered all the same', async () => {
    const { mock, get } = mockOf();
    expect((await get('/v1/old')).status).toBe(200);
    expect([...mock.deprecatedCalls]).toEqual([['oldOne', 1]]);
    expect(mock.validationErrors).toEqual([]);
    const silent = mockOf({ validate: { deprecated: false } });
    await silent.get('/v1/old');
    expect([...silent.mock.deprecatedCalls]).toEqual([]);
  });
});

describe('each check', () => {
  const cases = [
    ['unknownOperation', 'GET', '/v9/things', {}, 404],
    ['credentials', 'GET', THING, { bearer: '' }, 401],
    ['undocumentedParameter', 'GET', '/v2/things?lmit=1', {}, 400],
    ['parameter', 'GET', '/v2/things?limit=none', {}, 400],
    [
      'contentType',
      'POST',
      '/v2/things',
      { body: { name: 'x' }, headers: { 'content-type': 'text/plain' } },
      400,
    ],
    ['body', 'POST', '/v2/things', { body: { name: 1 } }, 400],
  ] as const;

  test.each(cases)('%s has its name, and can be left out', async (check, method, path, asked, status) => {
    const strict = createMock({ document: shop });
    expect((await ask(strict.handlers, method, path, asked)).status).toBe(status);
    expect(strict.validationErrors.map((validationError) => validationError.check)).toEqual([check]);
    for (const validate of [false, { [check]: false }]) {
      const lenient = createMock({ document: shop, validate });
      const answer = await ask(lenient.handlers, method, path, asked);
      expect(lenient.validationErrors).toEqual([]);
      if (check !== 'unknownOperation') expect(answer.status).toBeLessThan(300);
    }
  });

  test('names the near misses of a path in another version', async () => {
    const { get } = mockOf();
    expect((await get('/v9/things')).error.message).toContain(
      'near misses: GET /v2/things (listThings), POST /v2/things (createThing)',
    );
  });

  test('that there is none of is refused', () => {
    const validate = { bodies: false } as object;
    expect(thrownBy(() => createMock({ document: shop, validate }), InvalidArgumentError).argument).toBe(
      'validate.bodies',
    );
  });
});

describe('faults', () => {
  test('come at their share, the same ones for the same seed, after what was planned', async () => {
    const run = async (seed: number) => {
      const { mock, get } = mockOf({
        seed,
        faults: [
          { status: 503, share: 0.3 },
          { status: 'network', share: 0.1 },
        ],
      });
      const statuses: number[] = [];
      for (let round = 0; round < 200; round++) statuses.push((await get()).status);
      mock.respond('getThing', 404);
      expect((await get()).status).toBe(404);
      return statuses;
    };
    const statuses = await run(3);
    expect(await run(3)).toEqual(statuses);
    expect(await run(4)).not.toEqual(statuses);
    const count = (status: number) => statuses.filter((one) => one === status).length;
    expect(count(503)).toBeGreaterThan(40);
    expect(count(503)).toBeLessThan(80);
    expect(count(0)).toBeGreaterThan(3);
  });

  test.each([
    [{ status: 200, share: 0.1 }, 'faults.status'],
    [{ status: 503, share: 2 }, 'faults.share'],
  ])('%j is refused', (fault, argument) => {
    expect(thrownBy(() => mockOf({ faults: [fault] }), InvalidArgumentError).argument).toBe(argument);
  });
});

describe('memory', () => {
  const remember = () => {
    const { mock } = mockOf({ memory: true });
    return {
      mock,
      send: (method: string, path: string, body?: unknown) => ask(mock.handlers, method, path, { body }),
    };
  };

  test('gives what was created, changed and removed, across versions of the path', async () => {
    const { send } = remember();
    const { body: made } = await send('POST', '/v2/things', { name: 'first', kind: 'large' });
    expect(made).toMatchObject({ name: 'first', kind: 'large', id: expect.stringMatching(/^thg_\w{16}$/) });
    const path = `/v1/things/${Object(made).id}`;
    expect((await send('GET', path)).body).toEqual(made);
    expect((await send('GET', '/v1/things/first')).body).toEqual(made);
    await send('PATCH', path, { kind: 'small' });
    expect((await send('GET', path)).body).toMatchObject({ name: 'first', kind: 'small' });
    await send('POST', '/v2/things', { name: 'second' });
    const { body: list } = await send('GET', '/v2/things');
    expect(Object(list).things.map(({ name }: { name: string }) => name)).toEqual(['first', 'second']);
    expect((await send('DELETE', path)).status).toBe(204);
    expect((await send('GET', path)).status).toBe(404);
    expect((await send('DELETE', path)).status).toBe(404);
  });

  test('gives a list in pages, by limit, cursor and search', async () => {
    const { '/v2/things': all } = shop.paths;
    const list = Object(all.get.responses['200'].content['application/json'].schema);
    const pagination = {
      type: 'object',
      required: ['count', 'next'],
      properties: { count: { type: 'integer' }, next: { type: 'string', nullable: true } },
    };
    const schema = {
      ...list,
      required: ['things', 'pagination'],
      properties: { ...list.properties, pagination },
    };
    const parameters = ['cursor', 'search', 'limit'].map((name) => ({
      name,
      in: 'query',
      schema: { type: 'string' },
    }));
    const get = {
      ...all.get,
      parameters,
      responses: { 200: { description: 'ok', content: { 'application/json': { schema } } } },
    };
    const mock = createMock({
      memory: true,
      document: { ...shop, paths: { ...shop.paths, '/v2/things': { ...all, get } } },
    });
    const send = async (method: string, path: string, body?: unknown) =>
      Object((await ask(mock.handlers, method, path, { body })).body);
    for (const name of ['one', 'two', 'three', 'twelve'])
      await send('POST', '/v2/things', { name, kind: 'small' });
    const namesAt = async (query: string) => {
      const { things, pagination: page } = await send('GET', `/v2/things?${query}`);
      return [things.map(({ name }: { name: string }) => name), page.count, page.next];
    };
    expect(await namesAt('')).toEqual([['one', 'two', 'three', 'twelve'], 4, null]);
    const [first, count, next] = await namesAt('limit=3');
    expect([first, count]).toEqual([['one', 'two', 'three'], 3]);
    expect(await namesAt(`limit=3&cursor=${next}`)).toEqual([['twelve'], 1, null]);
    expect(await namesAt('search=tw')).toEqual([['two', 'twelve'], 2, null]);
  });

  test('starts empty, and is empty after a reset', async () => {
    const { mock, send } = remember();
    expect((await send('GET', '/v2/things')).body).toEqual({ things: [] });
    expect((await send('GET', THING)).status).toBe(404);
    const { body: first } = await send('POST', '/v2/things', { name: 'x' });
    mock.reset();
    expect((await send('GET', '/v1/things/x')).status).toBe(404);
    expect((await send('POST', '/v2/things', { name: 'x' })).body).toEqual(first);
  });

  test('keeps what one team has from another, and from the account without a team', async () => {
    const team = ['teamId', 'slug'].map((name) => ({ name, in: 'query', schema: { type: 'string' } }));
    const { '/v2/things': all, '/v1/things/{id}': one } = shop.paths;
    const paths = {
      '/v2/things': { ...all, parameters: team },
      '/v1/things/{id}': { ...one, parameters: [...one.parameters, ...team] },
    };
    const mock = createMock({ document: { ...shop, paths }, memory: true });
    const send = (method: string, path: string, body?: unknown) => ask(mock.handlers, method, path, { body });
    const owners = ['', '?teamId=team_a', '?teamId=team_b', '?slug=b'];
    for (const owner of owners) await send('POST', `/v2/things${owner}`, { name: `of ${owner}` });
    for (const owner of owners) {
      const { body } = await send('GET', `/v2/things${owner}`);
      expect(Object(body).things.map(({ name }: { name: string }) => name)).toEqual([`of ${owner}`]);
      const path = `/v1/things/${encodeURIComponent('of ?teamId=team_a')}${owner}`;
      expect((await send('GET', path)).status).toBe(owner === '?teamId=team_a' ? 200 : 404);
    }
    expect(
      (await send('DELETE', `/v1/things/${encodeURIComponent('of ?slug=b')}?teamId=team_a`)).status,
    ).toBe(404);
  });

  test('gives way to what a test plans, and is off by default', async () => {
    const { mock, send } = remember();
    mock.once('getThing', 200);
    expect((await send('GET', THING)).status).toBe(200);
    expect((await mockOf().get()).status).toBe(200);
  });
});
