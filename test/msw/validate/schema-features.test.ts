// What OpenAPI 3.1 takes from JSON Schema, and what other dialects have in its place: each is read, or refused by name.
import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../../src/index.js';
import { createMock } from '../../../src/msw/index.js';
import { thrownBy } from '../../helpers/caught.js';

interface Written {
  readonly schema: unknown;
  readonly schemas?: object;
  readonly head?: object;
}

function mockOf({ schema, schemas = {}, head = {} }: Written) {
  const content = { 'application/json': { schema } };
  const post = {
    operationId: 'post',
    requestBody: { content },
    responses: { 200: { description: 'OK', content } },
  };
  const document = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    servers: [{ url: 'https://things.example.com' }],
    paths: { '/a': { post } },
    components: { schemas },
    ...head,
  };
  return createMock({ document });
}

/** The status for a body. A status of 200 also says that the mock made a valid body for the same schema. */
async function statusOf(written: Written, body: unknown): Promise<number | undefined> {
  const request = new Request('https://things.example.com/a', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await getResponse(mockOf(written).handlers, request))?.status;
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const object = (properties: object, ...required: string[]) => ({ type: 'object', properties, required });
const text = { type: 'string' };
const number = { type: 'number' };
const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';

describe('a schema', () => {
  it.each<[string, Written, readonly unknown[], readonly unknown[]]>([
    [
      'a component that is true',
      {
        schema: object({ any: ref('Any'), of: { type: 'array', items: ref('Any') } }),
        schemas: { Any: true },
      },
      [{ any: 1, of: [null] }],
      [{ of: 1 }],
    ],
    ['the component true as a body', { schema: ref('Any'), schemas: { Any: true } }, [1], []],
    [
      'a component that is false',
      { schema: object({ no: ref('No') }), schemas: { No: false } },
      [{}],
      [{ no: 1 }],
    ],
    [
      'properties beside a $ref',
      {
        schema: ref('Own'),
        schemas: { Shared: object({ a: text }, 'a'), Own: { ...ref('Shared'), ...object({ b: text }, 'b') } },
      },
      [{ a: '', b: '' }],
      [{ a: '' }, { b: '' }, { a: '', b: 1 }],
    ],
    [
      'a rule beside a $ref of OpenAPI 3.1',
      { schema: { ...ref('Text'), minLength: 3 }, schemas: { Text: text } },
      ['abc'],
      ['ab'],
    ],
    [
      'a rule beside a $ref of OpenAPI 3.0, which has no effect',
      { schema: { ...ref('Text'), minLength: 3 }, schemas: { Text: text }, head: { openapi: '3.0.3' } },
      ['abc', 'ab'],
      [1],
    ],
    [
      'a rule beside a $ref of a draft that ignores it',
      { schema: { $schema: DRAFT_7, ...ref('Text'), minLength: 3 }, schemas: { Text: text } },
      ['ab'],
      [1],
    ],
    [
      'a $dynamicRef with one target',
      {
        schema: ref('Tree'),
        schemas: {
          Tree: {
            $dynamicAnchor: 'node',
            ...object({ data: text, children: { type: 'array', items: { $dynamicRef: '#node' } } }),
          },
        },
      },
      [{ children: [{ data: '' }] }],
      [{ children: [{ data: 1 }] }],
    ],
    [
      'a $dynamicRef beside a $ref',
      {
        schema: { ...ref('A'), $dynamicRef: '#b' },
        schemas: { A: object({ a: text }, 'a'), B: { $dynamicAnchor: 'b', ...object({ b: text }, 'b') } },
      },
      [{ a: '', b: '' }],
      [{ a: '' }, { b: '' }],
    ],
    [
      'a list of items, as older drafts have it',
      { schema: { type: 'array', items: [text, ref('Number')] }, schemas: { Number: number } },
      [['a', 1, null], ['a'], []],
      [[1], ['a', 'b']],
    ],
    [
      'a list of items, and no further ones',
      {
        schema: { type: 'array', items: [text], additionalItems: false },
        head: { jsonSchemaDialect: DRAFT_7 },
      },
      [['a']],
      [['a', 'b']],
    ],
    ['what is not a text', { schema: { not: text } }, [1, {}], ['a']],
    [
      'properties that no part evaluates',
      { schema: { allOf: [object({ a: text })], unevaluatedProperties: number } },
      [{ a: '', b: 1 }],
      [{ b: '' }],
    ],
  ])('reads %s', async (_, written, valid, invalid) => {
    for (const body of valid) expect([body, await statusOf(written, body)]).toEqual([body, 200]);
    for (const body of invalid) expect([body, await statusOf(written, body)]).toEqual([body, 400]);
  });

  it.each<[string, Written, string]>([
    [
      'a $dynamicRef with several targets',
      {
        schema: ref('Strict'),
        schemas: {
          Tree: { $id: 'https://example.com/tree', $dynamicAnchor: 'node', items: { $dynamicRef: '#node' } },
          Strict: { $id: 'https://example.com/strict', $dynamicAnchor: 'node', $ref: 'tree' },
        },
      },
      'the $dynamicRef #node can lead to several schemas, which is not read: write a $ref to one, at /components/schemas/Tree/items',
    ],
    [
      'a $dynamicRef without a target',
      { schema: { $dynamicRef: '#node' } },
      'the reference #node leads nowhere, at /paths/~1a/post',
    ],
    ['a $recursiveRef', { schema: { items: { $recursiveRef: '#' } } }, '$recursiveRef is not read'],
    [
      'an unknown dialect',
      { schema: text, head: { jsonSchemaDialect: 'https://example.com/own' } },
      'the JSON Schema dialect https://example.com/own is not known',
    ],
    [
      'an unknown dialect of one schema',
      { schema: { $schema: 'https://example.com/own' } },
      'the JSON Schema dialect https://example.com/own is not known',
    ],
    ['OpenAPI 3.3', { schema: text, head: { openapi: '3.3.0' } }, 'is OpenAPI 3.3.0'],
  ])('is refused by name for %s', (_, written, message) => {
    const error = thrownBy(() => mockOf(written), InvalidArgumentError);
    expect(error.message).toContain(message);
  });

  it('is not refused for the dialect of OpenAPI, and for a schema of the document itself, which is for editors', async () => {
    const dialect = { jsonSchemaDialect: 'https://spec.openapis.org/oas/3.1/dialect/base' };
    const editor = { $schema: 'https://example.com/openapi.json' };
    for (const head of [dialect, editor]) expect(await statusOf({ schema: text, head }, 'a')).toBe(200);
  });
});

describe('a document of OpenAPI 3.2', () => {
  const answer = { responses: { 200: { description: 'OK' } } };
  const content = (media: object) => ({
    post: { requestBody: { content: { 'text/x-lines': media } }, ...answer },
  });

  it('is read where it says what 3.1 can say, with media types that are components', async () => {
    const media = { $ref: '#/components/mediaTypes/Text' };
    const post = { requestBody: { content: { 'application/json': media } }, ...answer };
    const head = {
      openapi: '3.2.0',
      paths: { '/a': { post } },
      components: { schemas: { Text: text }, mediaTypes: { Text: { schema: ref('Text') } } },
    };
    expect(await statusOf({ schema: text, head }, 'a')).toBe(200);
    expect(await statusOf({ schema: text, head }, 1)).toBe(400);
  });

  it.each<[string, object, string]>([
    ['query', { paths: { '/a': { query: answer } } }, '/paths/~1a'],
    ['additionalOperations', { paths: { '/a': { additionalOperations: { COPY: answer } } } }, '/paths/~1a'],
    ['itemSchema', { paths: { '/a': content({ itemSchema: text }) } }, '/paths/~1a/post/requestBody/content'],
    ['prefixEncoding', { paths: { '/a': content({ prefixEncoding: [] }) } }, '/paths/~1a/post/requestBody'],
    [
      'in: querystring',
      { paths: { '/a': { parameters: [{ name: 'q', in: 'querystring' }] } } },
      '/paths/~1a',
    ],
    [
      'defaultMapping',
      { components: { schemas: { A: { discriminator: { propertyName: 'a', defaultMapping: 'A' } } } } },
      '/components/schemas/A',
    ],
    ['$self', { $self: 'https://example.com/openapi' }, 'the top'],
  ])('is refused by name for %s', (part, more, place) => {
    const head = { openapi: '3.2.0', ...more };
    expect(() => mockOf({ schema: text, head })).toThrow(
      `${part} is of OpenAPI 3.2, and only what 3.1 has is read, at ${place}`,
    );
  });
});
