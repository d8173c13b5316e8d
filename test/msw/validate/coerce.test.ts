import { describe, expect, test } from 'vitest';
import { createMock } from '../../../src/msw/index.js';
import { ask } from '../ask.js';

const seen: unknown[] = [];
const parameters = [
  { name: 'count', in: 'query', schema: { type: 'number' } },
  { name: 'name', in: 'query', schema: { type: 'string' } },
];
const get = { operationId: 'list', parameters, responses: { 200: { description: 'ok' } } };
const mock = createMock({
  document: {
    openapi: '3.1.0',
    info: { title: 'Numbers', version: '1' },
    servers: [{ url: 'https://api.vercel.com' }],
    paths: { '/v1/a': { get } },
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
