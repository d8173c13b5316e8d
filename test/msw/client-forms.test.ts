// The client writes forms and the mock reads them, both by what the document says (OpenAPI 3.1.1, Encoding Object).
import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/index.js';
import { createMock } from '../../src/msw/index.js';
import { TABLE_FORMAT } from '../../src/openapi/operation-info.js';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import { thingsDocument } from '../helpers/things-document.js';

const integers = { type: 'array', items: { type: 'integer' } };
const object = {
  type: 'object',
  properties: { n: { type: 'integer' }, of: integers, list: { type: 'array', items: { type: 'object' } } },
};

function connected(schema: object, encoding?: object) {
  const content = { 'application/x-www-form-urlencoded': { schema, ...(encoding ? { encoding } : {}) } };
  const openapi = thingsDocument({
    '/a': {
      post: {
        operationId: 'post',
        requestBody: { required: true, content },
        responses: { 204: { description: 'Done' } },
      },
    },
  });
  const got: unknown[] = [];
  const mock = createMock({ document: openapi });
  mock.respond('post', ({ body }) => {
    got.push(body);
    return { status: 204 };
  });
  const client = createClient<Record<string, object>>({
    baseUrl: 'https://things.example.com',
    operations: { format: TABLE_FORMAT, operations: buildOperationTable(openapi) },
    fetch: async (...sent) => (await getResponse(mock.handlers, new Request(...sent))) ?? Response.error(),
  });
  const call = client.call as unknown as (id: string, init: object) => Promise<unknown>;
  return { got, post: (body: object) => call('post', { body }) };
}

describe('the client and the mock agree on a form', () => {
  it.each<[string, object, unknown, object | undefined]>([
    ['texts with any letters', { type: 'string' }, 'a&b=c d+é%', undefined],
    ['a list', integers, [1, 2], undefined],
    ['a list of one', integers, [1], undefined],
    ['an object', object, { n: 1, of: [2, 3], list: [{ a: [] }] }, undefined],
    ['a list of objects', { type: 'array', items: object }, [{ n: 1 }, { of: [2] }], undefined],
    ['a deepObject', object, { n: 1, of: [2], list: [{ a: 'x' }] }, { style: 'deepObject', explode: true }],
    ['a list as deepObject', integers, [1], { style: 'deepObject', explode: true }],
    [
      'a list of objects as deepObject',
      { type: 'array', items: object },
      [{ n: 1, of: [2] }, { n: 3 }],
      {
        style: 'deepObject',
        explode: true,
      },
    ],
    ['a list with pipes', integers, [1, 2], { style: 'pipeDelimited', explode: false }],
    ['JSON', { type: 'array' }, [[1], null, 'a'], { contentType: 'application/json' }],
  ])('with %s', async (_, schema, value, encoding) => {
    const { got, post } = connected(
      { type: 'object', properties: { q: schema, other: { type: 'boolean' } }, additionalProperties: false },
      encoding && { q: encoding },
    );
    await post({ q: value, other: true });
    expect(got).toEqual([{ q: value, other: true }]);
  });

  it('that is wrong', async () => {
    const { post } = connected({ type: 'object', required: ['q'], properties: { q: integers } });
    await expect(post({})).rejects.toThrow('/body');
    await expect(post({ q: ['x'] })).rejects.toThrow('/body/q/0');
  });
});
