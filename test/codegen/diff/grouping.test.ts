import { describe, expect, test } from 'vitest';
import {
  compareDocuments,
  formatMarkdown,
  formatText,
  type Json,
  narrowChanges,
} from '../../../src/codegen/diff/index.js';
import {
  answering,
  brief,
  documentOf,
  IN_REQUEST,
  IN_RESPONSE,
  object,
  string,
  taking,
} from './documents.js';

const project = (more: Json = {}) => object({ 'id!': string, 'name!': string, ...more });
const named = (operationId: string, node: Json) => ({ ...node, operationId });
const list = (schema: unknown) => object({ 'projects!': { type: 'array', items: schema } });

/** The same inlined schema in two operations, at two depths. */
const inlined = (schema: unknown) =>
  documentOf({
    '/one': { get: named('getOne', answering(schema)) },
    '/all': { get: named('getAll', answering(list(schema))) },
  });

describe('one cause', () => {
  test('is one entry with all its operations, each with its own place', () => {
    const changes = compareDocuments(inlined(project()), inlined(project({ plan: string })));
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      class: 'added',
      kind: 'response-property-added',
      at: `${IN_RESPONSE}/properties/plan`,
      operations: [
        { operationId: 'getOne', method: 'GET', path: '/one', at: `${IN_RESPONSE}/properties/plan` },
        {
          operationId: 'getAll',
          method: 'GET',
          path: '/all',
          at: `${IN_RESPONSE}/properties/projects/items/properties/plan`,
        },
      ],
    });
  });

  test('names an operation once, however often it has the schema', () => {
    const both = (schema: unknown) =>
      documentOf({ '/a': { get: answering(object({ 'old!': schema, 'new!': schema })) } });
    const changes = compareDocuments(both(project({ plan: string })), both(project()));
    expect(brief(changes)).toEqual([
      `wire response-property-removed ${IN_RESPONSE}/properties/old/properties/plan`,
    ]);
    expect(changes[0]?.operations).toHaveLength(1);
  });

  test('is not one where two unlike objects get the same property', () => {
    const document = (one: unknown, other: unknown) =>
      documentOf({ '/a': { get: named('a', answering(one)) }, '/b': { get: named('b', answering(other)) } });
    const team = (more: Json = {}) => object({ 'slug!': string, ...more });
    const changes = compareDocuments(
      document(project(), team()),
      document(project({ plan: string }), team({ plan: string })),
    );
    expect(changes).toHaveLength(2);
  });

  test('has two entries where what is sent and what is received differ in class', () => {
    const shared = (schema: unknown) =>
      documentOf(
        {
          '/a': {
            get: named('read', answering({ $ref: '#/components/schemas/P' })),
            put: named('write', taking({ $ref: '#/components/schemas/P' })),
          },
        },
        { schemas: { P: schema } },
      );
    const color = (...values: string[]) => object({ color: { type: 'string', enum: values } });
    expect(brief(compareDocuments(shared(color('red', 'green')), shared(color('red'))))).toEqual([
      `wire request-enum-value-removed ${IN_REQUEST}/properties/color`,
      `type response-enum-value-removed ${IN_RESPONSE}/properties/color`,
    ]);
    expect(brief(compareDocuments(shared(color('red')), shared(color('red', 'green'))))).toEqual([
      `type response-enum-value-added ${IN_RESPONSE}/properties/color`,
      `added request-enum-value-added ${IN_REQUEST}/properties/color`,
    ]);
  });

  test('is one for a parameter and for a body that became required everywhere', () => {
    const all = (required: boolean) =>
      documentOf({
        '/a': { put: named('a', taking(project(), { requestBody: { required, content: {} } })) },
        '/b': { put: named('b', taking(project(), { requestBody: { required, content: {} } })) },
      });
    const [change, ...others] = compareDocuments(all(false), all(true));
    expect(others).toEqual([]);
    expect(change).toMatchObject({ kind: 'request-body-became-required', at: '/requestBody' });
    expect(change?.operations.map(({ operationId }) => operationId)).toEqual(['a', 'b']);
  });

  test('says operation, call, field, before, after and what to do', () => {
    const [change] = compareDocuments(inlined(project({ plan: string })), inlined(project()));
    expect(change).toMatchObject({ field: '`plan` of the 200 response', before: 'string', after: null });
    expect(change?.advice).toBe(
      'getOne (GET /one) and 1 more: `plan` of the 200 response is gone (was string). Stop reading it.',
    );
  });
});

describe('operations that are gone', () => {
  // As many as a report lists lines, and more.
  const many = Array.from({ length: 70 }, (_, index) => `op${index}`);
  const pathsOf = (ids: readonly string[], schema: unknown) =>
    documentOf({
      ...Object.fromEntries(
        ids.map((id) => [`/${id}`, { get: named(id, answering(object({ [id]: string }))) }]),
      ),
      '/kept': { get: named('kept', answering(schema)) },
    });
  const changes = compareDocuments(pathsOf(many, project({ plan: string })), pathsOf([], project()));

  test.each([
    ['text', formatText],
    ['markdown', formatMarkdown],
  ])('are the first line, with their names: %s', (_, format) => {
    const lines = format({ changes }).replaceAll('`', '').split('\n');
    const [first = '', second = ''] = lines.filter((line) => line.includes('gone'));
    expect(first).toContain('op0, op1, op2');
    expect(first).toContain('op29 +40 more: the operation is gone');
    expect(second).toContain('plan of the 200 response is gone');
  });

  test('are one line with its call where there is one', () => {
    const [first] = compareDocuments(pathsOf(['op0'], string), pathsOf([], string));
    expect(formatText({ changes: first === undefined ? [] : [first] })).toContain(
      '  op0 (GET /op0): the operation is gone. Stop calling it; look for its replacement.',
    );
  });
});

describe('narrowChanges', () => {
  test('leaves the given operations, and tells of the first that is left', () => {
    const changes = compareDocuments(inlined(project({ plan: string })), inlined(project()));
    const [change, ...others] = narrowChanges(changes, ['getAll']);
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      at: `${IN_RESPONSE}/properties/projects/items/properties/plan`,
      field: '`projects[].plan` of the 200 response',
      operations: [{ operationId: 'getAll' }],
    });
    expect(change?.advice).toMatch(/^getAll \(GET \/all\): `projects\[\]\.plan`/);
    expect(narrowChanges(changes, ['other'])).toEqual([]);
    expect(narrowChanges(changes, ['getAll', 'getOne'])).toEqual(changes);
  });

  test('finds an operation by the id that it had', () => {
    const paths = (id: string) => documentOf({ '/a': { get: named(id, answering(project())) } });
    expect(narrowChanges(compareDocuments(paths('old'), paths('new')), ['old'])).toHaveLength(1);
  });

  test('keeps the name of a parameter', () => {
    const paths = (...parameters: unknown[]) =>
      documentOf({
        '/a': { get: named('a', answering(project(), { parameters })) },
        '/b': {
          get: named('b', answering(project(), { parameters: [{ name: 'x', in: 'query' }, ...parameters] })),
        },
      });
    const changes = compareDocuments(paths(), paths({ name: 'q', in: 'query', schema: string }));
    expect(narrowChanges(changes, ['b'])).toMatchObject([
      { at: '/parameters/1', field: 'the query parameter `q`', operations: [{ operationId: 'b' }] },
    ]);
  });
});

describe('unions', () => {
  const event = (type: string, more: Json = {}) =>
    object({ 'type!': { type: 'string', enum: [type] }, 'user!': string, ...more });
  const union = (...branches: unknown[]) => answering({ oneOf: branches });
  const compare = (before: Json, after: Json) =>
    brief(compareDocuments(documentOf({ '/a': { get: before } }), documentOf({ '/a': { get: after } })));

  test('a change inside one of many shuffled alternatives is told there', () => {
    const names = Array.from({ length: 200 }, (_, index) => `event-${index}`);
    const before = union(...names.map((name) => event(name, { [name]: string })));
    const after = union(
      ...[...names]
        .reverse()
        .map((name) => event(name, { [name]: name === 'event-7' ? { type: 'number' } : string })),
    );
    expect(compare(before, after)).toEqual([
      `wire response-type-changed ${IN_RESPONSE}/oneOf/192/properties/event-7`,
    ]);
  });

  test('two hundred alternatives that all changed are matched with each other', () => {
    const names = Array.from({ length: 200 }, (_, index) => `event-${index}`);
    const all = (more: Json) => union(...names.map((name) => event(name, more)));
    const kinds = new Set(compare(all({}), all({ extra: string })).map((text) => text.split(' ')[1]));
    expect([...kinds]).toEqual(['response-property-added']);
  });

  test('a change inside of a schema that became one of two is told there, and the other way about', () => {
    const one = answering(object({ on: project({ plan: string }) }));
    const two = answering(object({ on: { oneOf: [{ type: 'boolean' }, project()] } }));
    expect(compare(one, two)).toEqual([
      `wire response-form-added ${IN_RESPONSE}/properties/on/oneOf/0`,
      `wire response-property-removed ${IN_RESPONSE}/properties/on/properties/plan`,
    ]);
    expect(compare(two, one)).toEqual([
      `type response-union-member-removed ${IN_RESPONSE}/properties/on/oneOf/0`,
      `added response-property-added ${IN_RESPONSE}/properties/on/properties/plan`,
    ]);
  });

  test('alternatives that share nothing are another type', () => {
    expect(compare(answering(string), answering(project()))).toEqual([
      `wire response-type-changed ${IN_RESPONSE}`,
    ]);
    expect(compare(union(string, { type: 'number' }), union(project(), { type: 'boolean' }))).toEqual([
      `wire response-type-changed ${IN_RESPONSE}`,
    ]);
  });

  test('alternatives that only demand names are compared beside the properties', () => {
    const either = (...names: string[]) =>
      answering({
        ...object({ a: string, b: string, c: string }),
        anyOf: names.map((name) => ({ required: [name] })),
      });
    expect(compare(either('a', 'b'), either('b', 'a', 'c'))).toEqual([
      `type response-union-member-added ${IN_RESPONSE}/anyOf/2`,
    ]);
  });
});

describe('recursion', () => {
  const tree = (more: Json = {}) => ({
    schemas: {
      Node: object({
        'name!': string,
        children: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
        other: { $ref: '#/components/schemas/Peer' },
        ...more,
      }),
      Peer: object({ node: { $ref: '#/components/schemas/Node' } }),
    },
  });
  const paths = {
    '/a': { get: named('a', answering({ $ref: '#/components/schemas/Node' })) },
    '/b': { get: named('b', answering({ $ref: '#/components/schemas/Peer' })) },
  };

  test('ends, and finds the change wherever it begins', () => {
    const changes = compareDocuments(documentOf(paths, tree({ extra: string })), documentOf(paths, tree()));
    expect(changes).toHaveLength(1);
    expect(changes[0]?.operations.map(({ at }) => at)).toEqual([
      `${IN_RESPONSE}/properties/extra`,
      `${IN_RESPONSE}/properties/node/properties/extra`,
    ]);
  });

  test.each([
    [{ $ref: '#/components/schemas/X' }],
    [{ oneOf: [{ $ref: '#/components/schemas/X' }] }],
    [{ allOf: [{ $ref: '#/components/schemas/X' }, string] }],
    [{ oneOf: [{ type: 'object', allOf: [{ $ref: '#/components/schemas/X' }] }] }],
    [
      {
        anyOf: [
          { $ref: '#/components/schemas/X' },
          { type: 'array', items: { $ref: '#/components/schemas/X' } },
        ],
      },
    ],
  ])('a schema without a beginning is no endless loop: %j', (schema) => {
    const document = (X: unknown) =>
      documentOf({ '/a': { get: answering({ $ref: '#/components/schemas/X' }) } }, { schemas: { X } });
    expect(compareDocuments(document(schema), document(structuredClone(schema)))).toEqual([]);
    expect(() => compareDocuments(document(schema), document(string))).not.toThrow();
    expect(() => compareDocuments(document(string), document(schema))).not.toThrow();
  });
});

describe('a change behind a reference is found', () => {
  const part = (type: string) => ({ schemas: { Thing: object({ name: { type } }) } });
  const other = (type: string, schema: unknown) =>
    documentOf({
      '/a': { get: named('getA', answering({ type })) },
      '/b': { get: named('getB', answering(schema)) },
    });

  test.each([
    ['a part of a component', '#/components/schemas/Thing/properties/name', part],
    [
      'a name that is escaped',
      '#/components/schemas/a~1b',
      (type: string) => ({ schemas: { 'a/b': { type } } }),
    ],
    [
      'a name that is encoded',
      '#/components/schemas/a%20b',
      (type: string) => ({ schemas: { 'a b': { type } } }),
    ],
    [
      'a name with the number of a build',
      '#/components/schemas/__@BRAND@12',
      (type: string) => ({ schemas: { '__@BRAND@12': { type } } }),
    ],
  ])('to %s', (_, $ref, components) => {
    const [before, after] = ['string', 'number'].map((type) =>
      documentOf({ '/b': { get: named('getB', answering({ $ref })) } }, components(type)),
    );
    expect(brief(compareDocuments(before ?? {}, after ?? {}))).toHaveLength(1);
  });

  test('to a part of another operation', () => {
    const $ref = '#/paths/~1a/get/responses/200/content/application~1json/schema';
    const changes = compareDocuments(other('string', { $ref }), other('number', { $ref }));
    expect(changes.flatMap(({ operations }) => operations.map(({ operationId }) => operationId))).toEqual([
      'getA',
      'getB',
    ]);
  });
});
