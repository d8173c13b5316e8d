import { describe, expect, test } from 'vitest';
import { compareDocuments, type Json } from '../../../src/codegen/diff/index.js';
import { answering, brief, documentOf, IN_RESPONSE, object, string, taking } from './documents.js';
import { OPERATION_CASES, one, path, thing } from './operation-cases.js';

describe.each(OPERATION_CASES)('%s', (_, before, after, forth, back) => {
  test('is one change, and so is its reverse', () => {
    expect(brief(compareDocuments(documentOf(before), documentOf(after)))).toEqual([forth]);
    expect(brief(compareDocuments(documentOf(after), documentOf(before)))).toEqual([back]);
  });
});

describe('an operation that moved', () => {
  test('is compared where it is now, and called by its new path', () => {
    const before = one(answering(object({ 'id!': string, name: string })), '/v9/things');
    const after = one(answering(object({ 'id!': string })), '/v10/things');
    const changes = compareDocuments(documentOf(before), documentOf(after));
    expect(brief(changes)).toEqual([
      'wire operation-moved ',
      `wire response-property-removed ${IN_RESPONSE}/properties/name`,
    ]);
    expect(changes[0]).toMatchObject({ before: 'GET /v9/things', after: 'GET /v10/things' });
    expect(changes.map(({ operations }) => operations[0]?.path)).toEqual(['/v10/things', '/v10/things']);
  });

  test('does not pass for another at its old place', () => {
    const before = { '/v1/a': { get: answering(thing) } };
    const after = {
      '/v1/a': { get: { ...answering(thing), operationId: 'oldThing' } },
      '/v2/a': { get: answering(thing) },
    };
    expect(brief(compareDocuments(documentOf(before), documentOf(after)))).toEqual([
      'wire operation-moved ',
      'added operation-added ',
    ]);
  });
});

describe('flawed documents', () => {
  test('a path parameter that is declared late is no new one', () => {
    const before = one(answering(thing), '/v1/things/{id}');
    const after = one(answering(thing, { parameters: [path('id')] }), '/v1/things/{id}');
    expect(compareDocuments(documentOf(before), documentOf(after))).toEqual([]);
  });

  test.each([
    ['no operation', {}],
    ['an id twice', { '/a': { get: answering(thing) }, '/b': { get: answering(thing) } }],
    ['no responses', { '/a': { get: { operationId: 'x' } } }],
    ['a reference that leads nowhere', { '/a': { get: answering({ $ref: '#/components/schemas/None' }) } }],
    ['a reference to a file', { '/a': { get: answering({ $ref: 'other.yaml#/X' }) } }],
    ['nonsense for a schema', { '/a': { get: answering(7), post: taking([]), put: 'x' } }],
    ['empty unions', { '/a': { get: answering({ oneOf: [], anyOf: [{}], allOf: [] }) } }],
    ['names of prototypes', { '/a': { get: answering(object({ constructor: string, toString: string })) } }],
  ])('%s is compared all the same', (_, paths) => {
    expect(compareDocuments(documentOf(paths), documentOf(structuredClone(paths)))).toEqual([]);
    expect(() => compareDocuments(documentOf(paths), documentOf({}))).not.toThrow();
    expect(() => compareDocuments(documentOf({}), documentOf(paths))).not.toThrow();
  });

  test.each([[{}], [{ paths: null }], [{ paths: { '/a': null } }], [{ paths: [] }]])(
    '%j is no crash',
    (document) => {
      expect(compareDocuments(document, documentOf({}))).toEqual([]);
    },
  );
});

describe('credentials', () => {
  const schemes = (scheme: Json) => ({ securitySchemes: { auth: scheme } });
  const secured = one(answering(thing, { security: [{ auth: [] }] }));

  test('a scheme that only has another name is none', () => {
    const before = documentOf(secured, schemes({ type: 'http', scheme: 'bearer' }));
    const after = documentOf(one(answering(thing, { security: [{ token: [] }] })), {
      securitySchemes: { token: { type: 'http', scheme: 'Bearer', description: 'x' } },
    });
    expect(compareDocuments(before, after)).toEqual([]);
  });

  test('a scheme that asks for something else is one', () => {
    const before = documentOf(secured, schemes({ type: 'http', scheme: 'bearer' }));
    const after = documentOf(secured, schemes({ type: 'apiKey', in: 'header', name: 'X-Key' }));
    expect(brief(compareDocuments(before, after))).toEqual(['wire credential-changed /security']);
  });

  test('a further scope is asked for; an inherited requirement counts', () => {
    const scoped = (...scopes: string[]) => ({
      ...documentOf(one(answering(thing))),
      security: [{ auth: scopes }],
    });
    expect(brief(compareDocuments(scoped('a'), scoped('a', 'b')))).toEqual([
      'wire credential-changed /security',
    ]);
    expect(brief(compareDocuments(scoped('a', 'b'), scoped('a')))).toEqual([
      'added credential-accepted /security',
    ]);
  });
});
