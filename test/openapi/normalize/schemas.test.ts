import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/openapi/document.js';
import { normalizeDocument } from '../../../src/openapi/normalize/normalize.js';
import { documentOf } from './documents.js';

const A = { type: 'object', properties: { a: { type: 'string' } } };
const B = { type: 'object', properties: { b: { type: 'string' } } };
const NULL = { type: 'null' };

/** The repaired schema, and the repairs as `kind pointer` with the pointer counted from the schema. */
function repair(schema: JsonObject): { schema: unknown; repairs: string[] } {
  const { document, repairs } = normalizeDocument(documentOf(schema));
  const noted = repairs
    .filter(({ kind }) => kind !== 'openapi-version')
    .map(({ kind, pointer }) => `${kind} ${pointer.replace('/components/schemas/S', '')}`);
  return { schema: document.components?.schemas?.S, repairs: noted };
}

describe('normalizeDocument, of one schema', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'an artefact name, also in required',
      { type: 'object', required: ['__@BRAND@12'], properties: { '__@BRAND@12': {} } },
      { type: 'object', required: ['__BRAND'], properties: { __BRAND: {} } },
      ['artifact-name /properties/__@BRAND@12'],
    ],
    [
      'two artefact names that become one',
      { type: 'object', properties: { '__@B@2': { type: 'number' }, '__@B@1': { type: 'string' } } },
      { type: 'object', properties: { __B: { type: 'string' } } },
      ['artifact-name /properties/__@B@2', 'artifact-name /properties/__@B@1'],
    ],
    ['nullable', { type: 'string', nullable: true }, { type: ['string', 'null'] }, []],
    ['nullable: false', { type: 'string', nullable: false }, { type: 'string' }, []],
    [
      'nullable and nothing else',
      { nullable: true, description: 'd' },
      { description: 'd' },
      ['nullable-without-type '],
    ],
    [
      'nullable beside oneOf',
      { nullable: true, oneOf: [B, A] },
      { oneOf: [A, B, NULL] },
      ['nullable-without-type '],
    ],
    [
      'nullable beside $ref',
      { items: { nullable: true, $ref: '#/components/schemas/S', description: 'd' } },
      { items: { description: 'd', anyOf: [{ $ref: '#/components/schemas/S' }, NULL] } },
      ['nullable-without-type /items'],
    ],
    [
      'nullable beside allOf',
      { nullable: true, type: 'object', allOf: [A, B] },
      { anyOf: [{ type: 'object', allOf: [A, B] }, NULL] },
      [],
    ],
    [
      'a nullable enum without null',
      { type: 'string', nullable: true, enum: ['b', 'a'] },
      { type: ['string', 'null'], enum: ['a', 'b', null] },
      ['nullable-enum-without-null /enum'],
    ],
    [
      'an enum without type',
      { enum: ['b', 'a'] },
      { type: 'string', enum: ['a', 'b'] },
      ['enum-without-type '],
    ],
    [
      'an enum of several types',
      { enum: [null, true, 'a', 2] },
      { type: ['boolean', 'number', 'string', 'null'], enum: [true, 2, 'a', null] },
      ['enum-without-type '],
    ],
    ['a boolean enum', { enum: [true] }, { type: 'boolean', enum: [true] }, ['enum-without-type ']],
    [
      'duplicate values',
      { type: 'string', enum: ['b', 'a', 'b'] },
      { type: 'string', enum: ['a', 'b'] },
      ['duplicate-enum-value /enum'],
    ],
    ['numbers in order', { type: 'number', enum: [10, 9] }, { type: 'number', enum: [9, 10] }, []],
    [
      'equal branches',
      { oneOf: [A, { ...A, description: 'd' }] },
      { ...A, description: 'd' },
      ['equal-branches /oneOf', 'single-branch /oneOf'],
    ],
    [
      'equal branches of several',
      { anyOf: [B, { ...A, title: 't' }, A] },
      { anyOf: [{ ...A, title: 't' }, B] },
      ['equal-branches /anyOf'],
    ],
    [
      'a single branch with nullable',
      { nullable: true, anyOf: [{ type: 'number', minimum: 0 }] },
      { type: ['number', 'null'], minimum: 0 },
      ['single-branch /anyOf'],
    ],
    [
      'a single branch that says otherwise',
      { type: 'object', oneOf: [{ type: 'string' }] },
      { type: 'object', allOf: [{ type: 'string' }] },
      ['single-branch /oneOf'],
    ],
    ['an empty union', { description: 'd', oneOf: [] }, { description: 'd' }, ['empty-union /oneOf']],
    [
      'a union beside properties',
      { ...A, description: 'd', anyOf: [B, { type: 'object', properties: { c: {} } }] },
      { description: 'd', allOf: [A, { anyOf: [B, { type: 'object', properties: { c: {} } }] }] },
      ['union-beside-keywords '],
    ],
    [
      'a type beside a union',
      { type: 'string', oneOf: [{ pattern: 'b' }, { pattern: 'a' }] },
      {
        oneOf: [
          { type: 'string', pattern: 'a' },
          { type: 'string', pattern: 'b' },
        ],
      },
      ['union-beside-keywords '],
    ],
    [
      'branches that hold only required',
      {
        ...A,
        properties: { a: { type: 'string' }, b: { type: 'number' } },
        oneOf: [{ required: ['b'] }, { required: ['a'] }],
      },
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'string' }, b: { type: 'number' } } },
          {
            oneOf: [
              { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
              { type: 'object', required: ['b'], properties: { b: { type: 'number' } } },
            ],
          },
        ],
      },
      ['union-beside-keywords ', 'required-only-branch /oneOf/0', 'required-only-branch /oneOf/1'],
    ],
    [
      'a name that only an alternative declares',
      { anyOf: [A, { type: 'object', required: ['a', 'b'], properties: { b: {} } }] },
      { anyOf: [{ type: 'object', required: ['a', 'b'], properties: { b: {}, a: { type: 'string' } } }, A] },
      ['required-only-branch /anyOf/1'],
    ],
    [
      'a class that is escaped twice',
      { type: 'string', pattern: '^[\\\\w-]+$' },
      { type: 'string', pattern: '^[\\w-]+$' },
      ['pattern-escaped-twice /pattern'],
    ],
    [
      'a point that is escaped twice',
      { type: 'string', pattern: '^[0-9]+(\\\\.[0-9]+)?$' },
      { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$' },
      ['pattern-escaped-twice /pattern'],
    ],
    [
      'a plus sign that is escaped twice',
      { type: 'string', pattern: '^(https?|syslog\\\\+tls|syslog)://' },
      { type: 'string', pattern: '^(https?|syslog\\+tls|syslog)://' },
      ['pattern-escaped-twice /pattern'],
    ],
    [
      'exclusive bounds of 3.0',
      { type: 'number', minimum: 0, exclusiveMinimum: true },
      { type: 'number', exclusiveMinimum: 0 },
      [],
    ],
    [
      'an exclusive bound that is none',
      { type: 'number', maximum: 9, exclusiveMaximum: false },
      { type: 'number', maximum: 9 },
      [],
    ],
    [
      'an invalid pattern',
      { type: 'string', pattern: '(' },
      { type: 'string' },
      ['invalid-pattern /pattern'],
    ],
    [
      'the end of a comment',
      { description: 'a */ b' },
      { description: 'a *\\/ b' },
      ['comment-end /description'],
    ],
  ])('repairs %s', (_, given, expected, kinds) => {
    const { schema, repairs } = repair(given);
    expect(schema).toEqual(expected);
    expect(repairs).toEqual(kinds);
    const again = normalizeDocument(documentOf(expected, '3.1.0'));
    expect(again.document.components?.schemas?.S).toEqual(expected);
    expect(again.repairs).toEqual([]);
  });

  it.each<[string, JsonObject]>([
    ['an empty schema', {}],
    ['required beside a map', { type: 'object', required: ['a'], additionalProperties: { type: 'string' } }],
    ['required that a branch declares', { type: 'object', required: ['a'], allOf: [A, B] }],
    [
      'required in a condition',
      { if: { required: ['x'] }, else: { required: ['y'] }, not: { required: ['z'] } },
    ],
    [
      'a property that is called like a keyword',
      { properties: { enum: { type: 'string' }, oneOf: { type: 'string' }, required: {} } },
    ],
    [
      'values that look like schemas',
      { default: { nullable: true }, example: { enum: [] }, const: { oneOf: [] } },
    ],
    ['a pattern', { type: 'string', pattern: '^[\\w-]+$' }],
    ['a pattern of a path on Windows', { type: 'string', pattern: '^[A-Z]:\\\\.*$' }],
    ['a pattern of both kinds of slashes', { type: 'string', pattern: '[\\\\/]' }],
    ['a pattern of everything but a backslash', { type: 'string', pattern: '^[^\\\\]+$' }],
    ['a pattern that escapes a backslash and a class', { type: 'string', pattern: '^\\\\w\\d$' }],
    ['a pattern of a share on Windows', { type: 'string', pattern: '^\\\\\\\\server' }],
    ['a name that an open object requires and does not declare', { ...A, required: ['a', 'x'] }],
    [
      'a branch that requires what nothing declares',
      {
        anyOf: [
          { ...A, required: ['a'] },
          { type: 'object', required: ['x'] },
        ],
      },
    ],
  ])('leaves %s as it is', (_, schema) => {
    const { document, repairs } = normalizeDocument(documentOf(schema, '3.1.0'));
    expect(document.components?.schemas?.S).toEqual(schema);
    expect(repairs).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject | undefined, boolean]>([
    ['which other values are named for', { kind: { type: 'string', enum: ['a', 'b'] } }, undefined, false],
    ['which has another value', { kind: { type: 'string', const: 'a' } }, undefined, false],
    ['which nothing declares', {}, undefined, false],
    ['which takes any text', { kind: { type: 'string' } }, undefined, true],
    ['which has that name', { kind: { type: 'string', enum: ['Dog'] } }, undefined, true],
    [
      'which the mapping names',
      { kind: { type: 'string', enum: ['a'] } },
      { a: '#/components/schemas/Dog' },
      true,
    ],
  ])(
    'drops a discriminator that cannot be the name of a branch: one %s',
    (_, properties, mapping, isKept) => {
      const discriminator = { propertyName: 'kind', ...(mapping && { mapping }) };
      const branches = [{ $ref: '#/components/schemas/Dog' }, NULL];
      const { document, repairs } = normalizeDocument({
        openapi: '3.1.0',
        info: { title: 'T', version: '1' },
        paths: {},
        components: {
          schemas: { S: { oneOf: branches, discriminator }, Dog: { type: 'object', properties } },
        },
      });
      const dropped = ['impossible-discriminator'];
      expect(document.components?.schemas?.S).toEqual({
        oneOf: branches,
        ...(isKept ? { discriminator } : {}),
      });
      expect(repairs.map(({ kind }) => kind)).toEqual(isKept ? [] : dropped);
    },
  );
});
