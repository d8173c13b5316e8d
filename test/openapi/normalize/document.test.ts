import { describe, expect, it } from 'vitest';
import { normalizeDocument } from '../../../src/openapi/normalize/normalize.js';
import { documentOf, freeze, pathsOf } from './documents.js';

const OK = { responses: { 204: { description: 'Done.' } } };
const ID = { name: 'id', in: 'path', required: true, schema: { type: 'string' } };

describe('normalizeDocument', () => {
  it('declares a path parameter that no operation declares', () => {
    const { document, repairs } = normalizeDocument(
      pathsOf({
        '/a/{id}/{b}': {
          parameters: [{ ...ID, name: 'b', required: false }],
          get: { operationId: 'x', ...OK },
        },
      }),
    );
    expect(document.paths['/a/{id}/{b}']).toEqual({
      parameters: [{ ...ID, name: 'b' }],
      get: { operationId: 'x', ...OK, parameters: [ID] },
    });
    expect(repairs.map(({ kind, pointer }) => [kind, pointer])).toEqual([
      ['path-parameter-optional', '/paths/~1a~1{id}~1{b}/parameters/0'],
      ['path-parameter-undeclared', '/paths/~1a~1{id}~1{b}/get'],
    ]);
  });

  it('keeps both of two paths that differ in a name only, and reports them', () => {
    const given = pathsOf({
      '/a/{id}': { get: { operationId: 'x', parameters: [ID], ...OK } },
      '/a/{b}': { delete: { operationId: 'y', parameters: [{ ...ID, name: 'b' }], ...OK } },
    });
    const { document, repairs } = normalizeDocument(given);
    expect(document).toEqual(given);
    expect(repairs).toEqual([
      {
        kind: 'same-path-template',
        pointer: '/paths/~1a~1{b}',
        detail: 'kept beside /a/{id}, no method in common',
      },
    ]);
  });

  it('names operations without id, and the second of two of one id, whatever their order', () => {
    const paths = {
      '/v1/b': { get: { operationId: 'same', ...OK }, put: OK },
      '/v1/a': { get: { operationId: 'same', ...OK } },
    };
    const expected = { 'get /v1/a': 'same', 'get /v1/b': 'getV1B', 'put /v1/b': 'putV1B' };
    for (const entries of [Object.entries(paths), Object.entries(paths).reverse()]) {
      const { document, repairs } = normalizeDocument(pathsOf(Object.fromEntries(entries)));
      const ids = Object.entries(document.paths).flatMap(([path, item]) =>
        Object.entries(item).map(([method, operation]) => [
          `${method} ${path}`,
          Reflect.get(Object(operation), 'operationId'),
        ]),
      );
      expect(Object.fromEntries(ids)).toEqual(expected);
      expect(repairs.map(({ kind }) => kind)).toEqual(['operation-id-duplicate', 'operation-id-missing']);
    }
  });

  it('keeps an id that a name made for another operation would take', () => {
    const { document } = normalizeDocument(
      pathsOf({ '/v1/b': { get: OK }, '/v1/z': { get: { operationId: 'getV1B', ...OK } } }),
    );
    expect(document.paths['/v1/z']?.get).toMatchObject({ operationId: 'getV1B' });
    expect(document.paths['/v1/b']?.get).toMatchObject({
      operationId: expect.stringMatching(/^getV1B_[0-9a-f]{6}$/),
    });
  });

  it('keeps a success without content', () => {
    expect(
      normalizeDocument(pathsOf({ '/a': { get: { operationId: 'x', ...OK } } })).document.paths['/a'],
    ).toEqual({
      get: { operationId: 'x', ...OK },
    });
  });

  it('gives components their lasting names, and references to them', () => {
    const { document } = normalizeDocument(
      freeze({
        openapi: '3.1.0',
        info: { title: 'T', version: '1' },
        paths: {},
        components: {
          schemas: {
            '__@X@7': { type: 'string' },
            Y: { type: 'array', items: { $ref: '#/components/schemas/__@X@7' } },
          },
        },
      }),
    );
    expect(document.components?.schemas).toEqual({
      __X: { type: 'string' },
      Y: { type: 'array', items: { $ref: '#/components/schemas/__X' } },
    });
  });

  it.each<[string, string, string]>([
    ['a key __proto__', '{"properties":{"__proto__":{}}}', '/components/schemas/S/properties/__proto__'],
    ['a key that would become __proto__', '{"properties":{"__@proto__@1":{}}}', '__@proto__@1'],
    [
      'a __proto__ in an example',
      '{"example":[{"__proto__":1}]}',
      '/components/schemas/S/example/0/__proto__',
    ],
    ['a reference out of the document', '{"items":{"$ref":"other.json#/a"}}', '/components/schemas/S/items'],
  ])('refuses %s, with its place', (_, schema, place) => {
    expect(() => normalizeDocument(documentOf(JSON.parse(schema)))).toThrow(place);
  });

  it('keeps components and operations that are named like what every object has', () => {
    const components = { schemas: { constructor: { type: 'string' } } };
    const { document } = normalizeDocument(freeze({ ...documentOf({}), components }));
    expect(Object.entries(document.components?.schemas ?? {})).toEqual([['constructor', { type: 'string' }]]);
    const paths = pathsOf({ '/a': { get: { operationId: 'prototype', ...OK } } });
    expect(normalizeDocument(paths).document.paths['/a']).toMatchObject({
      get: { operationId: 'prototype' },
    });
  });

  it('lists repairs in document order', () => {
    const flaw = { enum: ['a'] };
    const { repairs } = normalizeDocument(
      documentOf(
        { anyOf: [{ properties: { z: flaw, a: flaw } }, { items: flaw }], description: '*/' },
        '3.1.0',
      ),
    );
    expect(repairs.map(({ pointer }) => pointer.replace('/components/schemas/S/', ''))).toEqual([
      'anyOf/0/properties/z',
      'anyOf/0/properties/a',
      'anyOf/1/items',
      'description',
    ]);
  });
});
