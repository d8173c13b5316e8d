import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareDocuments, type Json } from '../../../src/codegen/diff/index.js';
import {
  answering,
  brief,
  compareOperations,
  documentOf,
  number,
  object,
  string,
  taking,
} from './documents.js';
import { randomOf, shuffleDocument } from './respell.js';

const a = object({ 'kind!': { type: 'string', enum: ['a'] }, x: string });
const b = object({ 'kind!': { type: 'string', enum: ['b'] }, y: string });

/** Two ways to say the same. */
const SAME: Array<[name: string, one: unknown, other: unknown]> = [
  ['the order of an enum', { enum: ['a', 'b', 'c'] }, { enum: ['c', 'a', 'b'] }],
  ['the order of required', object({ 'a!': string, 'b!': string }), object({ 'b!': string, 'a!': string })],
  ['the order of alternatives', { oneOf: [a, b, string] }, { oneOf: [string, b, a] }],
  ['oneOf and anyOf', { oneOf: [a, b] }, { anyOf: [b, a] }],
  [
    'a repeated enum value',
    { type: 'string', enum: ['a', 'b'] },
    { type: 'string', enum: ['a', 'b', 'a', 'b'] },
  ],
  ['a repeated alternative', { oneOf: [a, b] }, { oneOf: [a, b, b, structuredClone(a)] }],
  ['a repeated alternative of one', a, { oneOf: [a, structuredClone(a)] }],
  ['a union of one', a, { oneOf: [a] }],
  ['a union of one in a union of one', string, { anyOf: [{ oneOf: [string] }] }],
  ['a union in a union', { oneOf: [a, b, string] }, { oneOf: [string, { anyOf: [b, a] }] }],
  ['allOf of one', a, { allOf: [a] }],
  ['allOf of one beside a description', { ...a, description: 'x' }, { description: 'x', allOf: [a] }],
  [
    'allOf of two',
    object({ 'a!': string, b: number }),
    { allOf: [object({ 'a!': string }), object({ b: number })] },
  ],
  ['null in 3.0 and 3.1', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
  [
    'null among the types and the alternatives',
    { type: ['string', 'null'] },
    { anyOf: [string, { type: 'null' }] },
  ],
  [
    'null in an enum',
    { type: 'string', enum: ['a', 'b'], nullable: true },
    { type: ['string', 'null'], enum: ['a', 'b', null] },
  ],
  [
    'null beside an enum that leaves it out',
    { enum: ['a'], nullable: true },
    { enum: ['a', null], nullable: true },
  ],
  [
    'null of a union and of its member',
    { nullable: true, oneOf: [a, b] },
    { oneOf: [{ ...a, nullable: true }, b] },
  ],
  [
    'null of a union and among its members',
    { nullable: true, oneOf: [a, b] },
    { oneOf: [{ enum: [null] }, b, a] },
  ],
  ['null where anything goes', {}, { nullable: true }],
  ['const and an enum of one', { const: 'a' }, { type: 'string', enum: ['a'] }],
  ['a list of types and a union', { type: ['string', 'number'] }, { oneOf: [number, string] }],
  ['booleans listed', { type: 'boolean' }, { type: 'boolean', enum: [false, true] }],
  ['an object without its type', a, { properties: a.properties, required: a.required }],
  ['an enum without its type', { enum: ['a'] }, { type: 'string', enum: ['a'] }],
  ['what is open anyway', a, { ...a, additionalProperties: true }],
  ['entries of any kind', a, { ...a, additionalProperties: {} }],
  ['a list of nothing required', object({ x: string }), object({ x: string }, { required: [] })],
  [
    'an exclusive bound',
    { type: 'number', minimum: 1, exclusiveMinimum: true },
    { type: 'number', exclusiveMinimum: 1 },
  ],
  ['a bound that binds nothing', string, { type: 'string', minLength: 0 }],
  ['deprecated: false', string, { type: 'string', deprecated: false }],
  ['true and an empty schema', object({ x: true }), object({ x: {} })],
  [
    'the number of an artefact',
    object({ '__@BRAND@544364!': string, name: string }),
    object({ '__@BRAND@647815!': string, name: string }),
  ],
  ['a vendor extension', string, { type: 'string', 'x-speakeasy-enums': ['A'] }],
  [
    'a reference and what it leads to',
    object({ 'a!': { $ref: '#/components/schemas/A' } }),
    object({ 'a!': { $ref: '#/components/schemas/B' } }),
  ],
  ['a reference and the same inlined', { $ref: '#/components/schemas/A' }, a],
];
const components = { schemas: { A: a, B: structuredClone(a), C: { $ref: '#/components/schemas/A' } } };

describe.each(SAME)('%s', (_, one, other) => {
  test.each([
    ['answering', answering],
    ['taking', taking],
  ])('is no change, %s', (_name, operation) => {
    expect(compareOperations(operation(one), operation(other), components)).toEqual([]);
    expect(compareOperations(operation(other), operation(one), components)).toEqual([]);
    const deep = (schema: unknown) =>
      operation(object({ 'list!': { type: 'array', items: { oneOf: [schema, { type: 'array' }] } } }));
    expect(compareOperations(deep(one), deep(other), components)).toEqual([]);
  });
});

describe('around schemas', () => {
  const parameters = ['b', 'a', 'c'].map((name) => ({ name, in: 'query', schema: string }));
  const SAME_OPERATIONS: Array<[name: string, one: Json, other: Json]> = [
    [
      'the order of parameters',
      answering(a, { parameters }),
      answering(a, { parameters: [...parameters].reverse() }),
    ],
    ['the order of tags', answering(a, { tags: ['x', 'y'] }), answering(a, { tags: ['y', 'x'] })],
    [
      'parameters in a component',
      answering(a, { parameters: [parameters[0]] }),
      answering(a, { parameters: [{ $ref: '#/components/parameters/B' }] }),
    ],
    [
      'the charset of a media type',
      { operationId: 'x', responses: { 200: { content: { 'application/json': { schema: a } } } } },
      {
        operationId: 'x',
        responses: { 200: { content: { 'Application/JSON; charset=utf-8': { schema: a } } } },
      },
    ],
    [
      'a style that is the default',
      answering(a, { parameters }),
      answering(a, { parameters: parameters.map((each) => ({ ...each, style: 'form', explode: true })) }),
    ],
    [
      'the order of credentials',
      answering(a, { security: [{ x: [] }, { y: [] }] }),
      answering(a, { security: [{ y: [] }, { x: [] }] }),
    ],
    ['an empty list of credentials', answering(a), answering(a, { security: [] })],
    [
      'the case of a header',
      answering(a, { parameters: [{ name: 'X-A', in: 'header', schema: string }] }),
      answering(a, { parameters: [{ name: 'x-a', in: 'header', schema: string }] }),
    ],
  ];

  test.each(SAME_OPERATIONS)('%s is no change', (_, one, other) => {
    expect(compareOperations(one, other, { parameters: { B: parameters[0] } })).toEqual([]);
    expect(compareOperations(other, one, { parameters: { B: parameters[0] } })).toEqual([]);
  });

  test('a parameter of the path that moved into the operation is none', () => {
    const paths = { '/v1/things': { get: answering(a, { parameters }) } };
    const shared = { '/v1/things': { parameters, get: answering(a) } };
    expect(compareDocuments(documentOf(paths), documentOf(shared))).toEqual([]);
  });

  test('an operation without an id is the same one', () => {
    const paths = { '/v1/things/{id}': { get: { responses: { 200: {} } } } };
    expect(compareDocuments(documentOf(paths), documentOf(structuredClone(paths)))).toEqual([]);
  });

  test('a path parameter of another name, in a document without ids, is only that', () => {
    const paths = (name: string) => ({
      [`/v1/things/{${name}}`]: { get: { operationId: 'x', responses: {} } },
    });
    expect(brief(compareDocuments(documentOf(paths('id')), documentOf(paths('idOrName'))))).toEqual([
      'type parameter-renamed ',
    ]);
  });
});

/** Schemas of every form, two levels deep at most. */
const schemas = fc.letrec<{ schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(string, number, {}, { type: 'boolean' }, { type: 'null' }, { type: ['string', 'null'] }),
    fc
      .uniqueArray(fc.constantFrom('a', 'b', 'c', null, 1, true), { minLength: 1 })
      .map((values) => ({ enum: values })),
    fc.record({ type: fc.constant('array'), items: tie('schema') }),
    fc
      .dictionary(fc.constantFrom('a', 'b', '__@BRAND@12', 'properties', 'enum'), tie('schema'))
      .chain((properties) =>
        fc.subarray(Object.keys(properties)).map((required) => ({ type: 'object', properties, required })),
      ),
    fc.array(tie('schema'), { maxLength: 4 }).map((oneOf) => ({ oneOf, description: 'one of' })),
    fc.array(tie('schema'), { maxLength: 3 }).map((anyOf) => ({ anyOf, nullable: true })),
    fc.array(tie('schema'), { maxLength: 2 }).map((allOf) => ({ allOf })),
    fc.record({ type: fc.constant('object'), additionalProperties: tie('schema') }),
  ),
})).schema;

/** Alternatives that are one, of which only one is described. */
const equalButForProse = {
  anyOf: [{ oneOf: [{}], description: 'one of' }, { allOf: [{ oneOf: [], description: 'one of' }] }],
  nullable: true,
};

describe('any document', () => {
  test('says the same in any order', () => {
    fc.assert(
      fc.property(schemas, schemas, fc.nat(), (answer, body, seed) => {
        const document = documentOf({ '/v1/things': { get: answering(answer), put: taking(body) } });
        const shuffled = shuffleDocument(document, randomOf(seed));
        // What was an object is one still. Branches that differ in their words alone are one, whose words are the first's.
        const changes = compareDocuments(document, shuffled as Json);
        expect(changes.filter((change) => change.class !== 'docs')).toEqual([]);
      }),
      { numRuns: 1_000, examples: [[equalButForProse, {}, 1_211_367_821]] },
    );
  });

  test('is compared with any other without a change to either, the same way each time', () => {
    fc.assert(
      fc.property(schemas, schemas, (one, other) => {
        const before = documentOf({ '/v1/things': { get: answering(one), put: taking(one) } });
        const after = documentOf({ '/v1/things': { get: answering(other), put: taking(other) } });
        const texts = JSON.stringify([before, after]);
        const changes = compareDocuments(before, after);
        expect(JSON.stringify([before, after])).toBe(texts);
        expect(compareDocuments(before, after)).toEqual(changes);
        expect(compareDocuments(before, structuredClone(before))).toEqual([]);
        for (const change of changes) expect(change.at).toBe(change.operations[0]?.at);
      }),
      { numRuns: 1_000 },
    );
  });
});
