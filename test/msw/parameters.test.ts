// The client writes parameters and the mock reads them, both by what the document says.
import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/index.js';
import { createMock } from '../../src/msw/index.js';
import { TABLE_FORMAT } from '../../src/openapi/operation-info.js';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import { parseDocument } from '../../src/openapi/read-document.js';
import { thingsDocument } from '../helpers/things-document.js';

type UncheckedCall = (path: string, init: unknown) => Promise<{ response: Response }>;

function connected(parameters: readonly object[], path = '/things/{id}') {
  const openapi = thingsDocument({
    [path]: { get: { operationId: 'get', parameters, responses: { 200: { description: 'OK' } } } },
  });
  const got: unknown[] = [];
  const mock = createMock({ document: openapi });
  mock.respond('get', ({ params, query }) => {
    got.push({ params, query });
    return {};
  });
  const client = createClient({
    baseUrl: 'https://things.example.com',
    operations: { format: TABLE_FORMAT, operations: buildOperationTable(openapi) },
    maxRetries: 0,
    fetch: async (...sent) => (await getResponse(mock.handlers, new Request(...sent))) ?? Response.error(),
  });
  const get = client.GET as unknown as UncheckedCall;
  return { got, get: (params: object) => get(path, { params }) };
}

const ID = { name: 'id', in: 'path', required: true, schema: { type: 'array', items: { type: 'integer' } } };

describe('the client and the mock', () => {
  it.each<[object, unknown]>([
    [{ style: 'form', explode: false, schema: { type: 'array', items: { type: 'integer' } } }, [1, 2]],
    [{ schema: { type: 'array', items: { type: 'string' } } }, ['a,b', 'c&d']],
    [
      { style: 'pipeDelimited', explode: false, schema: { type: 'array', items: { type: 'boolean' } } },
      [true, false],
    ],
    [
      {
        style: 'deepObject',
        schema: {
          type: 'object',
          properties: { n: { type: 'integer' }, of: { type: 'array', items: { type: 'number' } } },
        },
      },
      { n: 1, of: [1.5, 2] },
    ],
    [{ content: { 'application/json': { schema: { type: 'object', required: ['a'] } } } }, { a: [1, null] }],
  ])('agree on a query parameter with %o', async (declared, value) => {
    const { got, get } = connected([ID, { name: 'q', in: 'query', required: true, ...declared }]);
    await get({ path: { id: [1, 2] }, query: { q: value } });
    expect(got).toEqual([{ params: { id: [1, 2] }, query: { q: value } }]);
  });

  it('agree on an empty value where the document allows one', async () => {
    const schema = { type: 'integer' };
    const q = { name: 'q', in: 'query', schema };
    const { got, get } = connected([ID, { ...q, allowEmptyValue: true }]);
    await get({ path: { id: [1] }, query: { q: '' } });
    await get({ path: { id: [1] }, query: { q: 2 } });
    expect(got).toEqual([
      { params: { id: [1] }, query: { q: '' } },
      { params: { id: [1] }, query: { q: 2 } },
    ]);
    await expect(connected([ID, q]).get({ path: { id: [1] }, query: { q: '' } })).rejects.toThrow('/query/q');
  });

  it('agree on an object whose fields are parameters by themselves', async () => {
    const schema = { type: 'object', properties: { min: { type: 'integer' } }, required: ['min'] };
    const { got, get } = connected([ID, { name: 'range', in: 'query', schema }, { name: 'q', in: 'query' }]);
    await get({ path: { id: [1] }, query: { range: { min: 3 }, q: 'x' } });
    expect(got).toEqual([{ params: { id: [1] }, query: { range: { min: 3 }, q: 'x' } }]);
  });

  it('agree on headers and cookies, and leave those to other parts of the document that are described there', async () => {
    const { got, get } = connected([
      { ...ID, schema: { type: 'boolean' } },
      { name: 'X-Ids', in: 'header', required: true, schema: { type: 'array', items: { type: 'integer' } } },
      { name: 'sid', in: 'cookie', required: true, schema: { type: 'integer' } },
      { name: 'Accept', in: 'header', required: true, schema: { type: 'string', const: 'text/x-own' } },
    ]);
    await get({ path: { id: true }, header: { 'X-Ids': [1, 2] }, cookie: { sid: 4 } });
    expect(got).toEqual([{ params: { id: true }, query: {} }]);
    await expect(get({ path: { id: true }, header: { 'X-Ids': ['a'] }, cookie: { sid: 4 } })).rejects.toThrow(
      'x-ids',
    );
  });

  it('agree on a path with a query, and on letters that a URL does not have', async () => {
    const { got, get } = connected([{ name: 'q', in: 'query' }], '/sp ace/ü?api-version=2024');
    await get({ query: { q: 'x' } });
    expect(got).toEqual([{ params: {}, query: { q: 'x' } }]);
  });

  it('agree on several parameters of a segment, beside a path whose one parameter takes the whole segment', async () => {
    const paths = ['/compare/{both}', '/compare/{base}...{head}', '/compare/{head}.diff'];
    const operations = paths.map((path, index) => [path, `get${index}`] as const);
    const { openapi } = parseDocument(
      JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'T', version: '1' },
        servers: [{ url: 'https://things.example.com' }],
        paths: Object.fromEntries(
          operations.map(([path, operationId]) => [
            path,
            { get: { operationId, responses: { 200: { description: 'OK' } } } },
          ]),
        ),
      }),
    );
    const got: unknown[] = [];
    const mock = createMock({ document: openapi });
    for (const [, id] of operations)
      mock.respond(id, ({ params }) => {
        got.push([id, params]);
        return {};
      });
    for (const path of ['a', 'a...b', 'a.diff'])
      await getResponse(mock.handlers, new Request(`https://things.example.com/compare/${path}`));
    expect(got).toEqual([
      ['get0', { both: 'a' }],
      ['get1', { base: 'a', head: 'b' }],
      ['get2', { head: 'a' }],
    ]);
  });

  it('agree on bytes that the document calls JSON, sent and received', async () => {
    const content = { 'application/json': { schema: { type: 'string', format: 'binary' } } };
    const openapi = thingsDocument({
      '/file': {
        put: {
          operationId: 'put',
          requestBody: { required: true, content },
          responses: { 200: { description: 'OK', content } },
        },
      },
    });
    const mock = createMock({ document: openapi });
    const client = createClient({
      baseUrl: 'https://things.example.com',
      operations: { format: TABLE_FORMAT, operations: buildOperationTable(openapi) },
      fetch: async (...sent) => (await getResponse(mock.handlers, new Request(...sent))) ?? Response.error(),
    });
    const put = client.PUT as unknown as (
      path: string,
      init: unknown,
    ) => Promise<{ data: unknown; response: Response }>;
    const { data, response } = await put('/file', { body: new Uint8Array([1, 2]) });
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(data).toBeInstanceOf(Blob);
  });

  it('refuse a document with a style that neither knows', () => {
    const parameters = [{ ...ID, style: 'matrix' }];
    expect(() => connected(parameters)).toThrow(
      'GET /things/{id}: the path parameter id has the style matrix, which is not supported',
    );
  });
});
