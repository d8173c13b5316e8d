import { describe, expect, test } from 'vitest';
import { createMock } from '../../../src/msw/index.js';
import { ask } from '../ask.js';

const seen: unknown[] = [];
const parameters = [
  { name: 'count', in: 'query', schema: { type: 'number' } },
  { name: 'name', in: 'query', schema: { type: 'string' } },
  {
    name: 'ids',
    in: 'query',
    schema: { anyOf: [{ enum: [''] }, { type: 'array', items: { type: 'number' } }] },
  },
  { name: 'domain', in: 'query', schema: { oneOf: [{ type: 'string' }, { type: 'array' }] } },
  {
    name: 'lines',
    in: 'query',
    style: 'deepObject',
    schema: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
  },
];
const components = {
  schemas: {
    Line: {
      type: 'object',
      properties: {
        rates: {
          anyOf: [
            { type: 'string', enum: [''] },
            { type: 'array', items: { type: 'string' } },
          ],
        },
      },
    },
  },
};
const get = { operationId: 'list', parameters, responses: { 200: { description: 'ok' } } };
const mock = createMock({
  document: {
    openapi: '3.1.0',
    info: { title: 'Numbers', version: '1' },
    servers: [{ url: 'https://api.vercel.com' }],
    paths: { '/v1/a': { get } },
    components,
  },
  overrides: { list: ({ query }: { query: unknown }) => void seen.push(query) },
});

async function send(query: string) {
  seen.length = 0;
  const { status, error } = await ask(mock.handlers, 'GET', `/v1/a?${query}`);
  return { status, pointer: error.pointer, query: seen[0] };
}

describe('a parameter that has to be a number', () => {
  test.each([
    ['0', 0],
    ['-0.5', -0.5],
    ['7', 7],
    ['10', 10],
    ['1e3', 1000],
  ])('is one: %s', async (text, value) => {
    expect(await send(`count=${text}`)).toEqual({ status: 200, pointer: undefined, query: { count: value } });
  });

  test.each(['007', '-01', '00', '0x10', '1.', '.5', '+7', ' 7', '1e', 'NaN', 'Infinity', ''])(
    'is none: %j, which is text',
    async (text) => {
      const sent = `count=${encodeURIComponent(text)}`;
      expect(await send(sent)).toEqual({ status: 400, pointer: '/query/count', query: undefined });
    },
  );

  test('one that has to be text stays as it was sent', async () => {
    expect((await send('name=007')).query).toEqual({ name: '007' });
  });
});

describe('a list of one, which is sent like a text', () => {
  test.each<[string, string, object]>([
    ['is a list where the schema allows no such text', 'ids=7', { ids: [7] }],
    ['is the text that the schema allows', 'ids=', { ids: '' }],
    ['is a list inside of an object too', 'lines[0][rates]=a', { lines: [{ rates: ['a'] }] }],
    ['is a text inside of an object too', 'lines[0][rates]=', { lines: [{ rates: '' }] }],
    ['is a text where the schema allows both', 'domain=a.example', { domain: 'a.example' }],
    ['is a list of two where it is sent twice', 'domain=a&domain=b', { domain: ['a', 'b'] }],
  ])('%s: %s', async (_, sent, query) => {
    expect(await send(sent)).toEqual({ status: 200, pointer: undefined, query });
  });
});
