import { describe, expect, test } from 'vitest';
import { createMock } from '../../../src/msw/index.js';
import { ask } from '../ask.js';

const ORIGIN = 'https://api.shop.example';
const problem = {
  type: 'object',
  required: ['status', 'detail'],
  properties: { status: { type: 'integer' }, detail: { type: 'string' }, title: { type: 'string' } },
};
const list = {
  type: 'object',
  required: ['errors'],
  additionalProperties: false,
  properties: {
    errors: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', required: ['reason'], properties: { reason: { type: 'string' } } },
    },
  },
};
const teapot = {
  type: 'object',
  properties: { error: { type: 'string', enum: ['teapot'] } },
  required: ['error'],
};

function mockOf(errors: object) {
  const parameters = [{ name: 'limit', in: 'query', schema: { type: 'integer' } }];
  const content = {
    'application/json': {
      schema: { type: 'object' },
      examples: { few: { value: { n: 1 } }, many: { value: { n: 9 } } },
    },
  };
  const get = {
    operationId: 'list',
    parameters,
    responses: { 200: { description: 'ok', content }, ...errors },
  };
  return createMock({
    document: {
      openapi: '3.1.0',
      info: { title: 'Shop', version: '1' },
      servers: [{ url: ORIGIN }],
      paths: { '/v1/a': { get } },
    },
  });
}
const answer = (schema: object, type = 'application/json') => ({
  description: 'Bad.',
  content: { [type]: { schema } },
});

describe('an error has what the document names', () => {
  const text = { type: 'string' };
  const named = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
  const code = { type: 'string', enum: ['bad'] };

  /** The planned error and the refusal of an operation whose 400 has a schema. */
  const bodiesOf = async (schema: object) => {
    const { handlers } = mockOf({ 400: answer(schema) });
    const headers = { prefer: 'code=400' };
    const planned = await ask(handlers, 'GET', '/v1/a', { origin: ORIGIN, headers });
    const refused = await ask(handlers, 'GET', '/v1/a?limit=x', { origin: ORIGIN });
    expect([planned.status, refused.status]).toEqual([400, 400]);
    return [planned.body, refused.body];
  };

  test.each<[string, object, unknown]>([
    ['a code alone', named({ code }, { required: ['code'] }), { code: 'bad' }],
    [
      'a code in an object',
      named({ error: named({ code }, { required: ['code'] }) }, { required: ['error'] }),
      { error: { code: 'bad' } },
    ],
    [
      'a list of codes',
      named({
        errors: { type: 'array', minItems: 1, maxItems: 1, items: named({ code }, { required: ['code'] }) },
      }),
      { errors: [{ code: 'bad' }] },
    ],
    ['a name that is no text', named({ error: code }, { required: ['error'] }), { error: 'bad' }],
  ])('and no message beside %s', async (_, schema, body) => {
    expect(await bodiesOf({ required: Object.keys(body as object), ...schema })).toEqual([body, body]);
  });

  test.each<[string, object, unknown, unknown]>([
    [
      'where it is optional',
      named({ code, message: text }, { required: ['code'] }),
      { code: 'bad', message: 'Bad.' },
      { code: 'bad', message: expect.stringContaining('/query/limit') },
    ],
    [
      'in an object that has code and message',
      named({ error: named({ code: text, message: text }) }),
      { error: { code: 'bad_request', message: 'Bad.' } },
      { error: { code: 'bad_request', message: expect.stringContaining('/query/limit') } },
    ],
    [
      'of a document that names no field',
      { type: 'object' },
      { error: { code: 'bad_request', message: 'Bad.' } },
      { error: { code: 'bad_request', message: expect.stringContaining('/query/limit') } },
    ],
  ])('and a message %s', async (_, schema, planned, refused) => {
    const bodies = await bodiesOf(schema);
    expect(bodies[0]).toEqual(planned);
    expect(bodies[1]).toMatchObject(Object(refused));
  });
});

describe('a refusal has the shape of errors that the document has', () => {
  test.each<[string, object, object]>([
    [
      'for its status',
      { 400: answer(problem, 'application/problem+json') },
      { detail: expect.stringContaining('/query/limit') },
    ],
    ['for all of its kind', { '4XX': answer(problem) }, { detail: expect.stringContaining('/query/limit') }],
    [
      'by default',
      { default: answer(list) },
      { errors: [{ reason: expect.stringContaining('/query/limit') }] },
    ],
    ['for another status', { 404: answer(problem) }, { detail: expect.stringContaining('/query/limit') }],
    ['with no room for a text', { 400: answer(teapot) }, { error: 'teapot' }],
    [
      'which is that of the Vercel API where it has none',
      {},
      { error: { rule: 'type', pointer: '/query/limit' } },
    ],
  ])('%s', async (_name, errors, expected) => {
    const mock = mockOf(errors);
    const { status, body, headers } = await ask(mock.handlers, 'GET', '/v1/a?limit=x', { origin: ORIGIN });
    expect(status).toBe(400);
    expect(body).toMatchObject(expected);
    expect(mock.validationErrors).toMatchObject([{ rule: 'type', pointer: '/query/limit' }]);
    // The id of a request is the Vercel API's own.
    expect(headers.has('x-vercel-id')).toBe(false);
  });

  test('and its media type', async () => {
    const { handlers } = mockOf({ 400: answer(problem, 'application/problem+json') });
    const { headers } = await ask(handlers, 'GET', '/v1/a?limit=x', { origin: ORIGIN });
    expect(headers.get('content-type')).toBe('application/problem+json');
  });
});

test('a request picks an example by its name', async () => {
  const { handlers } = mockOf({});
  const named = (name: string) =>
    ask(handlers, 'GET', '/v1/a', { origin: ORIGIN, headers: { prefer: `example=${name}` } });
  expect((await named('many')).body).toEqual({ n: 9 });
  const { status, error } = await named('none');
  expect([status, error.message]).toEqual([400, expect.stringContaining('it has few, many')]);
});

test('a request picks an example of a status', async () => {
  const { handlers } = mockOf({
    404: {
      description: 'Gone.',
      content: {
        'application/json': { schema: { type: 'object' }, examples: { few: { value: { gone: true } } } },
      },
    },
  });
  const preferring = (prefer: string) =>
    ask(handlers, 'GET', '/v1/a', { origin: ORIGIN, headers: { prefer } });
  for (const prefer of ['code=404, example=few', 'example=few; code=404']) {
    const { status, body, headers } = await preferring(prefer);
    expect([status, body]).toEqual([404, { gone: true }]);
    expect(headers.get('preference-applied')).toBe('code=404, example=few');
  }
  const { status, error } = await preferring('code=404, example=many');
  expect([status, error.message]).toEqual([
    400,
    expect.stringContaining('the status 404 of this operation does not have; it has few'),
  ]);
});

describe('a preference for a status', () => {
  const prefer = (mock: ReturnType<typeof mockOf>, preference: string) =>
    ask(mock.handlers, 'GET', '/v1/a', { origin: ORIGIN, headers: { prefer: preference } });

  test('that is not documented has the response of respond() with that status', async () => {
    const mock = mockOf({});
    const preferred = await prefer(mock, 'code=503');
    mock.respond('list', 503);
    const planned = await ask(mock.handlers, 'GET', '/v1/a', { origin: ORIGIN });
    expect([preferred.status, preferred.body]).toEqual([503, planned.body]);
    expect(preferred.headers.get('preference-applied')).toBe('code=503');
  });

  test.each(['code=999', 'code=100', 'code=20', 'respond-async'])('%s is ignored', async (preference) => {
    const { status, headers } = await prefer(mockOf({}), preference);
    expect([status, headers.get('preference-applied')]).toEqual([200, null]);
  });
});
