import { describe, expect, it } from 'vitest';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import { parseDocument } from '../../src/openapi/read-document.js';
import { walkOperations } from '../../src/openapi/walk-operations.js';
import { FIXTURE } from '../helpers/fixture-document.js';

const { openapi } = parseDocument(FIXTURE);

/** A document of one operation, the given YAML flow mapping. */
function documentOf(operation: string) {
  return parseDocument(`{ openapi: 3.1.0, info: { title: T, version: '1' }, paths: { /a: ${operation} } }`)
    .openapi;
}

describe('buildOperationTable', () => {
  it('reduces a document to what the transport has to know', () => {
    expect(buildOperationTable(openapi)).toEqual({
      listNotes: {
        method: 'GET',
        path: '/v2/notes',
        team: ['teamId', 'slug'],
        safeToRepeat: true,
        success: { 200: ['application/json'] },
      },
      createNote: {
        method: 'POST',
        path: '/v2/notes',
        team: ['teamId'],
        safeToRepeat: false,
        body: ['application/json'],
        success: { 201: [] },
      },
      getNote: {
        method: 'GET',
        path: '/v1/notes/{note~id}',
        team: [],
        safeToRepeat: true,
        success: { 200: ['application/json'], 204: [] },
      },
      replaceNote: {
        method: 'PUT',
        path: '/v1/notes/{note~id}',
        team: [],
        safeToRepeat: true,
        success: { 204: [] },
      },
      touchNote: {
        method: 'PATCH',
        path: '/v1/notes/{note~id}',
        team: [],
        safeToRepeat: true,
        success: { 204: [] },
      },
    });
  });

  describe('the pages of a list', () => {
    const list = (query: string, schema: string) =>
      buildOperationTable(
        documentOf(
          `{ get: { operationId: a, parameters: [{ name: ${query}, in: query }], responses: { '200': { description: One., content: { application/json: { schema: ${schema} } } } } } }`,
        ),
      ).a?.page;
    const items = (name: string, type = 'object') => `${name}: { type: array, items: { type: ${type} } }`;

    it.each(['cursor', 'next', 'until', 'from'])('go on with %s', (parameter) => {
      const shape = list(parameter, `{ properties: { ${items('notes')}, pagination: {} } }`);
      expect(shape).toEqual({ parameter, items: 'notes' });
    });

    it('are found in a variant of the answer that has pagination', () => {
      const plain = `{ properties: { ${items('old')} } }`;
      const paged = `{ properties: { ${items('notes')}, pagination: {} } }`;
      expect(list('until', `{ oneOf: [${plain}, ${paged}] }`)).toEqual({
        parameter: 'until',
        items: 'notes',
      });
    });

    it('hold what the path is called after, else the objects', () => {
      const both = `{ properties: { ${items('codes', 'string')}, ${items('members')}, pagination: {} } }`;
      expect(list('until', both)?.items).toBe('members');
      const named = `{ properties: { ${items('b')}, ${items('a')}, pagination: {} } }`;
      expect(list('until', named)?.items).toBe('a');
    });

    it.each([
      ['no pagination in the answer', list('until', `{ properties: { ${items('events')} } }`)],
      ['no parameter for the next page', list('limit', `{ properties: { ${items('a')}, pagination: {} } }`)],
      [
        'another field for the next page',
        list('cursor', `{ properties: { ${items('a')}, pagination: { properties: { next_page: {} } } } }`),
      ],
      [
        'an address of the next page',
        list(
          'cursor',
          `{ properties: { ${items('a')}, pagination: { properties: { next: { type: string, format: uri } } } } }`,
        ),
      ],
      ['no list in the answer', list('cursor', '{ properties: { pagination: {} } }')],
    ])('are none where there is %s', (_, shape) => {
      expect(shape).toBeUndefined();
    });
  });

  it('has the server of an operation, or else of its path, that is none of the document', () => {
    const operation = (operationId: string, servers?: readonly string[]) => ({
      operationId,
      responses: { 204: { description: 'Done' } },
      ...(servers === undefined ? {} : { servers: servers.map((url) => ({ url })) }),
    });
    const { openapi } = parseDocument(
      JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'T', version: '1' },
        servers: [{ url: 'https://{host}/v1/', variables: { host: { default: 'api.example.com' } } }],
        paths: {
          '/a': {
            servers: [{ url: 'https://files.example.com/' }],
            get: operation('ofPath'),
            put: operation('own', ['https://put.example.com']),
            post: operation('usual', ['https://other.example.com', 'https://api.example.com/v1']),
          },
          '/b': { get: operation('relative', ['/v2']), put: operation('none') },
        },
      }),
    );
    const servers = Object.entries(buildOperationTable(openapi)).map(([id, { server }]) => [id, server]);
    expect(Object.fromEntries(servers)).toEqual({
      ofPath: 'https://files.example.com',
      own: 'https://put.example.com',
      relative: 'https://api.example.com/v2',
    });
  });

  it('takes a team parameter only from the query', () => {
    const table = buildOperationTable(
      documentOf(
        '{ get: { operationId: a, parameters: [{ name: teamId, in: path }, { name: slug, in: header }], responses: {} } }',
      ),
    );
    expect(table.a?.team).toEqual([]);
  });
});

describe('the bodies of an operation', () => {
  const bodyOf = (content: string) =>
    buildOperationTable(
      documentOf(
        `{ post: { operationId: a, requestBody: { content: ${content} }, responses: { '200': { description: d, content: ${content} } } } }`,
      ),
    ).a;

  it.each([
    [
      '{ multipart/form-data: { schema: { type: object } }, text/plain: {} }',
      ['multipart/form-data', 'text/plain'],
    ],
    ['{ application/json: { schema: { type: string, format: binary } } }', ['application/octet-stream']],
    ['{ application/merge-patch+json: { schema: { type: object } } }', ['application/merge-patch+json']],
  ])('of %s are %j', (content, types) => {
    expect(bodyOf(content)).toMatchObject({ body: types, success: { 200: types } });
  });

  const successOf = (responses: string) =>
    buildOperationTable(documentOf(`{ get: { operationId: a, responses: ${responses} } }`)).a?.success;

  it.each([
    ['{ default: { description: d, content: { application/json: {} } } }', { default: ['application/json'] }],
    [
      "{ '200': { description: d }, default: { description: d, content: { application/json: {} } } }",
      { 200: [] },
    ],
    ["{ '208': { description: d, content: { application/json: {} } } }", { 208: ['application/json'] }],
    ["{ '2xx': { description: d } }", { '2XX': [] }],
    ["{ '404': { description: d } }", {}],
  ])('are those of the successes in %s', (responses, success) => {
    expect(successOf(responses)).toEqual(success);
  });
});

describe('the style of a query parameter', () => {
  it.each([
    ['schema: {}', undefined],
    ['style: form, explode: true', undefined],
    ['explode: false', 'form'],
    ['style: deepObject', 'deepObject'],
    ['style: deepObject, explode: true', 'deepObject'],
    ['style: spaceDelimited', 'spaceDelimited'],
    ['style: pipeDelimited, explode: false', 'pipeDelimited'],
    ['style: pipeDelimited, explode: true', undefined],
    ['content: { application/json: {} }', 'json'],
  ])('declared with %s is %s', (declared, style) => {
    const parameter = `{ name: q, in: query, ${declared} }`;
    const table = buildOperationTable(
      documentOf(`{ get: { operationId: a, parameters: [${parameter}], responses: {} } }`),
    );
    expect(table.a?.query?.q).toBe(style);
  });
});

describe('walkOperations', () => {
  it('keeps the order of the document', () => {
    expect(walkOperations(openapi).map(({ operationId }) => operationId)).toEqual([
      'listNotes',
      'createNote',
      'getNote',
      'replaceNote',
      'touchNote',
    ]);
  });

  it('refuses an operation without an id', () => {
    expect(() => walkOperations(documentOf('{ post: { responses: {} } }'))).toThrow(
      'POST /a has no operationId',
    );
  });

  it('refuses two operations of one id', () => {
    const twice = documentOf('{ get: { operationId: same }, put: { operationId: same } }');
    expect(() => walkOperations(twice)).toThrow('two operations have the id same');
  });

  it.each([
    ["'#/components/parameters/Gone'", 'the reference #/components/parameters/Gone leads nowhere'],
    ["'#/paths/~1a/x-self'", 'leads to itself, at /components/parameters/aXSelf'],
    [
      "'other.yaml#/P'",
      'the reference "other.yaml#/P" leads out of the document: bundle it with `npx @redocly/cli bundle',
    ],
    ["'#/info/title'", 'expected an object or a reference to one'],
    ["'#/toString'", 'the reference #/toString leads nowhere'],
  ])('refuses a parameter that refers to %s', (reference, message) => {
    const item = `{ x-self: { $ref: '#/paths/~1a/x-self' }, get: { operationId: a, parameters: [{ $ref: ${reference} }] } }`;
    expect(() => walkOperations(documentOf(item))).toThrow(message);
  });

  it('takes nothing but the methods of OpenAPI for operations', () => {
    const item = '{ summary: text, parameters: [], x-get: { operationId: no }, get: { operationId: yes } }';
    expect(walkOperations(documentOf(item)).map(({ operationId }) => operationId)).toEqual(['yes']);
  });

  it("lets an operation's own parameter replace that of its path", () => {
    const item = `{
      parameters: [{ name: limit, in: query, required: true }],
      get: { operationId: a, parameters: [{ name: limit, in: query, required: false }] }
    }`;
    const [walked] = walkOperations(documentOf(item));
    expect(walked?.parameters).toEqual([{ name: 'limit', in: 'query', required: false }]);
  });

  it('passes over a path that has nothing yet', () => {
    expect(walkOperations(documentOf('null'))).toEqual([]);
  });
});
