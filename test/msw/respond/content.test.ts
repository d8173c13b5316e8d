import { getResponse } from 'msw';
import { describe, expect, test } from 'vitest';
import { createClient, stream } from '../../../src/index.js';
import type { ValidationError } from '../../../src/msw/index.js';
import { createMock } from '../../../src/msw/index.js';
import { buildOperationTable } from '../../../src/openapi/operation-table.js';
import { tableOf } from '../../helpers/table-of.js';

const document = (operation: object) => ({
  openapi: '3.1.0',
  info: { title: 'Content', version: '1' },
  servers: [{ url: 'https://api.vercel.com' }],
  paths: {
    '/v1/a': { get: { operationId: 'get', ...operation }, post: { operationId: 'make', ...operation } },
  },
});

type Body = NonNullable<RequestInit['body']>;

function mockOf(operation: object) {
  const validationErrors: ValidationError[] = [];
  const mock = createMock({
    document: document(operation),
    onValidationError: (one) => validationErrors.push(one),
  });
  const send = async (init: RequestInit = {}) => {
    const response = await getResponse(mock.handlers, new Request('https://api.vercel.com/v1/a', init));
    if (response === undefined) throw new Error('nothing answered');
    return response;
  };
  return { mock, validationErrors, send };
}

const thing = { type: 'object', required: ['n'], properties: { n: { const: 7 } } };
const answering = (content: object, more: object = {}) =>
  mockOf({ responses: { 200: { description: 'ok', content, ...more } } });

describe('the media type of a response', () => {
  test.each<[string, object, string | undefined, string]>([
    ['*/* with an object', { '*/*': { schema: thing } }, undefined, 'application/json; charset=utf-8'],
    [
      '*/* with bytes',
      { '*/*': { schema: { type: 'string', format: 'binary' } } },
      undefined,
      'application/octet-stream',
    ],
    [
      'a range that the client narrows',
      { 'image/*': { schema: { type: 'string' } } },
      'image/webp',
      'image/webp',
    ],
    ['a range that it does not', { 'image/*': { schema: { type: 'string' } } }, 'image/*', 'image/png'],
    [
      'the better of two',
      { 'text/csv': {}, 'application/json': { schema: thing } },
      'text/csv;q=0.5, application/json',
      'application/json; charset=utf-8',
    ],
    ['a range of two', { 'application/json': { schema: thing }, 'text/csv': {} }, 'text/*', 'text/csv'],
    [
      'one that is refused',
      { 'text/csv': {}, 'application/json': { schema: thing } },
      'text/csv;q=0, */*',
      'application/json; charset=utf-8',
    ],
    [
      'JSON by another name',
      { 'text/csv': {}, 'application/vnd.api+json': { schema: thing } },
      'application/json',
      'application/vnd.api+json',
    ],
    [
      'JSON before XML',
      { 'application/xml': { schema: thing }, 'application/json': { schema: thing } },
      undefined,
      'application/json; charset=utf-8',
    ],
    [
      'XML that is written out',
      { 'application/xml': { schema: {}, example: '<a/>' } },
      undefined,
      'application/xml',
    ],
  ])('is picked: %s', async (_name, content, accept, expected) => {
    const response = await answering(content).send(accept === undefined ? {} : { headers: { accept } });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expected]);
  });

  test('that is XML alone is refused by name', async () => {
    const { send, validationErrors } = answering({ 'application/xml': { schema: thing } });
    const response = await send();
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('is application/xml, which this mock does not write');
    expect(validationErrors).toMatchObject([{ check: 'document', rule: 'mediaType' }]);
  });
});

describe('the content type of a planned response', () => {
  const content = {
    'application/json': { schema: thing },
    'text/csv': { schema: { type: 'string', minLength: 3 } },
    'application/vnd.list+json': { schema: { type: 'array', items: { type: 'integer' } } },
  };
  const headers = (type: string) => ({ headers: { 'Content-Type': type } });

  test.each([
    ['text/csv; charset=utf-8', 'a,b\n1,2', 'a,b\n1,2'],
    ['application/vnd.list+json', [1, 2], '[1,2]'],
    ['application/json', { n: 7 }, '{"n":7}'],
  ])('selects the schema and the form of its body: %s', async (type, body, text) => {
    const { mock, send } = answering(content);
    mock.respond('get', 200, body as never, headers(type));
    const response = await send({ headers: { accept: 'application/json' } });
    expect([response.headers.get('content-type'), await response.text()]).toEqual([type, text]);
  });

  test.each([
    ['text/csv', 'ab', 'minLength'],
    ['application/vnd.list+json', ['1'], 'type'],
    ['application/json', 'a,b', 'type'],
  ])('refuses a body of another form: %s', (type, body, rule) => {
    const { mock } = answering(content);
    expect(() => mock.respond('get', 200, body as never, headers(type))).toThrow(`(rule ${rule})`);
  });

  test('is the usual one where it is left out', () => {
    const { mock } = answering(content);
    expect(() => mock.respond('get', 200, 'a,b' as never)).toThrow('(rule type)');
  });
});

test('a response has the headers of the document', async () => {
  const headers = {
    Location: { schema: { type: 'string' } },
    'X-Tags': { schema: { type: 'array', minItems: 2, items: { type: 'string', enum: ['a'] } } },
    'X-Shown': { schema: { type: 'integer' }, example: 12 },
    'Retry-After': { schema: { type: 'integer' }, example: 60 },
    'Content-Type': { schema: { type: 'string' } },
  };
  const response = await answering({ 'application/json': { schema: thing } }, { headers }).send();
  expect(URL.canParse(response.headers.get('location') ?? '')).toBe(true);
  expect(response.headers.get('x-tags')).toMatch(/^a,a/);
  expect(response.headers.get('x-shown')).toBe('12');
  // It would hold up a test.
  expect(response.headers.has('retry-after')).toBe(false);
});

describe('examples of a schema', () => {
  test('are used where they are valid, those of OpenAPI 3.1 too', async () => {
    const schema = {
      type: 'object',
      required: ['id', 'at'],
      properties: {
        id: { type: 'string', examples: ['thg_1'] },
        at: { type: 'string', format: 'date-time', examples: ['yesterday', '2026-01-01T00:00:00Z'] },
      },
    };
    const body: { at: string } = Object(
      await (await answering({ 'application/json': { schema } }).send()).json(),
    );
    expect(body).toMatchObject({ id: 'thg_1' });
    expect(Number.isNaN(Date.parse(body.at))).toBe(false);
    const whole = { ...thing, examples: [{ n: 8 }, { n: 7, more: true }] };
    expect(await (await answering({ 'application/json': { schema: whole } }).send()).json()).toEqual({
      n: 7,
      more: true,
    });
  });
});

test('an example with a loose time is sent with an exact one', async () => {
  const schema = {
    type: 'object',
    properties: { at: { type: 'string', format: 'date-time' }, n: { type: 'integer' } },
  };
  const example = { at: '2026-01-01T10:00:00', n: 7 };
  const body = Object(await (await answering({ 'application/json': { schema, example } }).send()).json());
  expect(body).toEqual({ n: 7, at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/) });
});

describe('a form', () => {
  const schema = {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string' },
      count: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
      lines: { type: 'array', items: { type: 'object', properties: { price: { type: 'integer' } } } },
      metadata: { type: 'object', additionalProperties: { type: 'string' } },
      file: { type: 'string', format: 'binary' },
      facts: { type: 'object', properties: { n: { type: 'integer' } } },
    },
  };
  const content = { 'application/x-www-form-urlencoded': { schema }, 'multipart/form-data': { schema } };
  const { send } = mockOf({
    requestBody: { required: true, content },
    responses: { 200: { description: 'ok' } },
  });
  const errorOf = async (body: Body) => {
    const response = await send({ method: 'POST', body });
    return response.status === 200 ? undefined : Object(await response.json()).error;
  };
  const form = (fields: Readonly<Record<string, string | Blob>>) => {
    const data = new FormData();
    for (const [name, value] of Object.entries(fields)) data.append(name, value);
    return data;
  };
  const json = (value: unknown) => new Blob([JSON.stringify(value)], { type: 'application/json' });

  test.each<[string, Body]>([
    ['texts and numbers', new URLSearchParams('name=a&count=3')],
    ['a list of one', new URLSearchParams('name=a&tags=x')],
    ['a list, three ways', new URLSearchParams('name=a&tags=x&tags=y')],
    ['a list with brackets', new URLSearchParams('name=a&tags[]=x&tags[]=y')],
    ['a list of objects', new URLSearchParams('name=a&lines[0][price]=1&lines[1][price]=2')],
    ['an object', new URLSearchParams('name=a&metadata[k]=v')],
    ['parts', form({ name: 'a', count: '3' })],
    [
      'a file and a part of JSON',
      form({ name: 'a', file: new Blob(['\u0000\u0001']), facts: json({ n: 1 }) }),
    ],
  ])('with %s is accepted', async (_name, body) => {
    expect(await errorOf(body)).toBeUndefined();
  });

  test.each<[string, Body, string, string]>([
    ['nothing that is required', new URLSearchParams('count=3'), '/body/name', 'required'],
    ['a text for a number', new URLSearchParams('name=a&count=many'), '/body/count', 'type'],
    [
      'a wrong field in a list',
      new URLSearchParams('name=a&lines[0][price]=x'),
      '/body/lines/0/price',
      'type',
    ],
    ['a field that there is not', form({ name: 'a', nmae: 'b' }), '/body/nmae', 'additionalProperties'],
    ['a wrong part of JSON', form({ name: 'a', facts: json({ n: 'x' }) }), '/body/facts/n', 'type'],
  ])('with %s is refused', async (_name, body, pointer, rule) => {
    expect(await errorOf(body)).toMatchObject({ pointer, rule });
  });

  test('without its boundary is refused', async () => {
    const headers = { 'content-type': 'multipart/form-data' };
    const response = await send({ method: 'POST', body: 'x', headers });
    expect(Object(await response.json()).error).toMatchObject({ pointer: '/body', rule: 'multipart' });
  });
});

type Reader = (client: object, path: string) => AsyncIterable<{ data: string }>;

describe('server-sent events', () => {
  const event = { type: 'object', required: ['n'], properties: { n: { const: 7 } } };
  const read = async (content: object, planned?: string) => {
    const mock = createMock({ document: document({ responses: { 200: { description: 'ok', content } } }) });
    if (planned !== undefined) mock.respond('get', 200, planned);
    const types: (string | null)[] = [];
    const fetch = async (url: string, init: object) => {
      const response = await getResponse(mock.handlers, new Request(url, init));
      types.push(response?.headers.get('content-type') ?? null);
      return response ?? Response.error();
    };
    const table = buildOperationTable(document({ responses: { 200: { description: 'ok', content } } }));
    const client = createClient({ fetch, operations: tableOf(table) });
    const events: unknown[] = [];
    for await (const { data } of (stream as unknown as Reader)(client, '/v1/a')) events.push(data);
    return { types, events };
  };

  test.each<[string, object, string | undefined, unknown]>([
    ['an object', { schema: event }, undefined, ['{"n":7}']],
    [
      'a list',
      { schema: { type: 'array', items: event, minItems: 2, maxItems: 2 } },
      undefined,
      ['{"n":7}', '{"n":7}'],
    ],
    ['a text', { schema: { const: 'hello' } }, undefined, ['hello']],
    ['a planned text of two lines', { schema: { type: 'string' } }, 'one\ntwo', ['one\ntwo']],
    [
      'an example of events',
      { schema: { type: 'string' }, example: 'event: a\ndata: 1\n\ndata: 2\n\n' },
      undefined,
      ['1', '2'],
    ],
    ['anything', {}, undefined, [expect.any(String)]],
  ])('are what stream() reads of %s', async (_name, media, planned, events) => {
    for (const content of [
      { 'text/event-stream': media },
      { 'text/plain': { schema: { type: 'string' } }, 'text/event-stream': media },
    ])
      expect(await read(content, planned)).toEqual({ types: ['text/event-stream'], events });
  });
});
