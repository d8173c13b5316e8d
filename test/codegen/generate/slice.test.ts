import { expect, it } from 'vitest';
import { sliceDocument } from '../../../src/codegen/generate/slice.js';
import type { OpenApiDocument } from '../../../src/openapi/document.js';

it('keeps components under the names that they have, also where a reference has to escape these', () => {
  const answer = ($ref: string) => ({
    responses: { 200: { description: '', content: { 'application/json': { schema: { $ref } } } } },
  });
  const document: OpenApiDocument = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: {
      '/a': { get: { operationId: 'getA', ...answer('#/components/schemas/a~1b') } },
      '/c': { get: { operationId: 'getC', ...answer('#/components/schemas/c%20d/properties/e') } },
      '/f': { get: { operationId: 'getF', ...answer('#/components/schemas/f') } },
    },
    components: {
      schemas: {
        'a/b': { type: 'string' },
        'c d': { type: 'object', properties: { e: { type: 'string' } } },
        f: { type: 'string' },
      },
    },
  };
  const { components } = sliceDocument(document, { operations: ['getA', 'getC'] });
  expect(Object.keys(components?.schemas ?? {})).toEqual(['a/b', 'c d']);
});

it('keeps the servers and parameters of a path', () => {
  const shared = {
    servers: [{ url: 'https://uploads.example.com' }],
    parameters: [{ name: 'id', in: 'query' }],
  };
  const operation = (operationId: string) => ({ operationId, responses: { 200: { description: '' } } });
  const document: OpenApiDocument = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: {
      '/a': { ...shared, get: operation('getA'), put: operation('putA') },
      '/b': { get: operation('getB') },
    },
  };
  const { paths } = sliceDocument(document, { operations: ['putA', 'getB'] });
  expect(paths).toEqual({ '/a': { ...shared, put: operation('putA') }, '/b': { get: operation('getB') } });
});

it('keeps the schemas that only the mapping of a discriminator leads to', () => {
  const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const mapping = { cat: '#/components/schemas/Cat', lost: '#/components/schemas/Lost' };
  const content = { 'application/json': { schema: reference('Pet') } };
  const document: OpenApiDocument = {
    openapi: '3.1.0',
    info: { title: 'T', version: '1' },
    paths: { '/a': { get: { operationId: 'getA', responses: { 200: { description: '', content } } } } },
    components: {
      schemas: {
        Pet: { type: 'object', discriminator: { propertyName: 'kind', mapping } },
        Cat: { allOf: [reference('Pet'), reference('Fur')] },
        Fur: { type: 'object' },
        Other: { type: 'object' },
      },
    },
  };
  const { components } = sliceDocument(document, { operations: ['getA'] });
  expect(Object.keys(components?.schemas ?? {})).toEqual(['Cat', 'Fur', 'Pet']);
});
