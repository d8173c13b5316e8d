import { describe, expect, it } from 'vitest';
import { separateDirections } from '../../../src/codegen/generate/directions.js';
import { identifierOf } from '../../../src/codegen/generate/identifier.js';
import { mergeSupplement } from '../../../src/codegen/generate/merge-supplement.js';
import { shareSchemas } from '../../../src/codegen/generate/share-schemas.js';
import { buildTypeModules } from '../../../src/codegen/generate/types/type-modules.js';
import type { JsonObject, OpenApiDocument } from '../../../src/openapi/document.js';
import { freeze, pathsOf } from '../../openapi/normalize/documents.js';

const answer = (schema: JsonObject) => ({ description: 'd', content: { 'application/json': { schema } } });
const operation = (operationId: string, schema: JsonObject) => ({
  operationId,
  responses: { 200: answer(schema) },
});
const BIG = { type: 'object', properties: { first: { type: 'string', description: 'The first.' } } };
const names = (document: OpenApiDocument) => Object.keys(document.components?.schemas ?? {});
const schemaOf = (document: OpenApiDocument, path: string, method = 'get'): unknown =>
  Object(document.paths[path]?.[method]).responses[200].content['application/json'].schema;

describe('shareSchemas', () => {
  const holding = (schema: JsonObject, more = {}) => ({
    type: 'object',
    properties: { owner: schema, ...more },
  });
  const given = pathsOf({
    '/a': { get: operation('getA', holding({ ...BIG, description: 'one' })) },
    '/b': {
      get: operation('getB', { type: 'array', items: holding({ ...BIG, description: 'two' }, { a: {} }) }),
    },
  });

  it('moves a schema of several places, and leaves at each what is said of the place', () => {
    const shared = shareSchemas(given, { minSize: 10 });
    expect(shared.components?.schemas).toMatchObject({ Owner: BIG });
    expect(schemaOf(shared, '/a')).toEqual(
      holding({ $ref: '#/components/schemas/Owner', description: 'one' }),
    );
    expect(JSON.stringify(shared)).toContain('"description":"two"');
  });

  it('leaves small schemas and schemas of one place, and what stands inside of a shared one', () => {
    expect(shareSchemas(given, { minSize: 10_000 })).toEqual(given);
    const nested = pathsOf({
      '/a': { get: operation('x', holding(BIG)) },
      '/b': { get: operation('y', holding(BIG)) },
    });
    expect(names(shareSchemas(nested, { minSize: 10 }))).toEqual(['XResponse']);
  });

  it('takes schemas that differ in their words alone for one, and keeps the words of the first', () => {
    const reworded = { ...BIG, properties: { first: { type: 'string', description: 'In other words.' } } };
    const document = pathsOf({
      '/a': { get: operation('a', holding(BIG, { x: {} })) },
      '/b': { get: operation('b', holding(reworded, { y: {} })) },
    });
    expect(shareSchemas(document, { minSize: 10 }).components?.schemas).toEqual({ Owner: BIG });
  });

  it('uses a component that is there', () => {
    const document = freeze({ ...given, components: { schemas: { Person: BIG } } });
    expect(names(shareSchemas(document, { minSize: 10 }))).toEqual(['Person']);
  });

  it('tells schemas of one name apart by what they are, whatever else is there', () => {
    const other = { type: 'object', properties: { second: { type: 'number' } } };
    const add = (path: string, schema: JsonObject) => ({
      [path]: { get: operation(path.slice(1), holding(schema, { [path]: {} })) },
    });
    const few = {
      ...add('/a', BIG),
      ...add('/b', { ...BIG, title: '' }),
      ...add('/c', other),
      ...add('/d', { ...other, title: '' }),
    };
    const more = { ...add('/0', { type: 'object', properties: { third: {} } }), ...few };
    const found = names(shareSchemas(pathsOf(few), { minSize: 10 })).filter((name) =>
      name.startsWith('Owner'),
    );
    expect(found).toEqual([
      expect.stringMatching(/^Owner_[0-9a-f]{6}$/),
      expect.stringMatching(/^Owner_[0-9a-f]{6}$/),
    ]);
    expect(names(shareSchemas(pathsOf(more), { minSize: 10 }))).toEqual(expect.arrayContaining(found));
  });
});

describe('types of shared and recursive schemas', () => {
  it('gives a schema that holds itself without an object between an alias', async () => {
    const list = { type: 'array', items: { $ref: '#/components/schemas/List' } };
    const node = { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } };
    const document = { ...pathsOf({}), components: { schemas: { List: list, Node: node } } };
    const types = buildTypeModules(document, { docs: true, suffix: '.js', client: false })['schemas.ts'];
    expect(types).toContain('export type List = List[];');
    expect(types).toContain('next?: Node;');
  });

  it('opens the enums of responses and of what they lead to, and no others', () => {
    const letters = { type: 'string', enum: ['a', 'b'] };
    const document = freeze({
      ...pathsOf({
        '/a': {
          get: {
            ...operation('x', { $ref: '#/components/schemas/Answer' }),
            parameters: [{ name: 'q', in: 'query', schema: letters }],
          },
        },
      }),
      components: {
        schemas: {
          Answer: {
            properties: {
              kind: { type: 'string', enum: ['one'] },
              more: { $ref: '#/components/schemas/Both' },
            },
          },
          Both: { type: ['string', 'null'], enum: ['a', 'b', null] },
          Request: letters,
        },
      },
    });
    const opened = separateDirections(document);
    expect(opened.components?.schemas).toEqual({
      ...document.components.schemas,
      Both: { type: ['string', 'null'], 'x-extensible-enum': ['a', 'b'] },
    });
    expect(opened.paths['/a']?.get).toEqual(document.paths['/a']?.get);
  });
});

describe('mergeSupplement', () => {
  const published = freeze({
    ...pathsOf({
      '/v1/token/{id}': { get: operation('getToken', {}), post: operation('other', {}) },
      '/old': { get: operation('moved', {}) },
      '/z': { get: operation('z', {}) },
    }),
    components: { schemas: { Same: { type: 'string' }, Note: { type: 'string' } } },
  });
  const own = freeze({
    ...pathsOf({
      '/v1/token/{name}': {
        get: { ...operation('getToken', { $ref: '#/components/schemas/Note' }), 'x-a': 1 },
      },
      '/new': {
        parameters: [{ name: 'q', in: 'query', schema: {} }],
        get: { ...operation('moved', {}), security: [] },
      },
    }),
    security: [{ key: [] }],
    components: {
      schemas: { Same: { type: 'string', description: 'd' }, Note: { type: 'number' }, More: {} },
    },
  });
  const { document, conflicts } = mergeSupplement(published, own);

  it('lets the operations of the supplement stand, as a whole, and keeps all others', () => {
    expect(Object.keys(document.paths)).toEqual(['/v1/token/{id}', '/z', '/v1/token/{name}', '/new']);
    expect(Object.keys(document.paths['/v1/token/{id}'] ?? {})).toEqual(['post']);
    expect(document.paths['/v1/token/{name}']?.get).toMatchObject({ 'x-a': 1, security: [{ key: [] }] });
    expect(document.paths['/new']?.get).toMatchObject({ security: [], parameters: [{ name: 'q' }] });
    expect(document.security).toBeUndefined();
  });

  it('renames a component that means something else, and the references to it', () => {
    expect(names(document)).toEqual(['Same', 'Note', 'SupplementNote', 'More']);
    expect(document.components?.schemas?.Note).toEqual({ type: 'string' });
    expect(schemaOf(document, '/v1/token/{name}')).toEqual({ $ref: '#/components/schemas/SupplementNote' });
  });

  it('reports what the two do not agree on', () => {
    expect(conflicts.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
      'component-renamed schemas/Note',
      'path-differs getToken',
      'path-differs moved',
      'parameters-differ moved',
    ]);
    expect(conflicts[2]?.detail).toBe('GET /new in the supplement, GET /old in the published document');
  });
});

describe('identifierOf', () => {
  it.each([
    ['getUser', 'getUser'],
    ['update-installation', 'updateInstallation'],
    ['delete', 'delete_'],
    ['2fa-code', '_2faCode'],
    ['--', '_'],
  ])('makes %s %s', (name, identifier) => expect(identifierOf(name)).toBe(identifier));
});
