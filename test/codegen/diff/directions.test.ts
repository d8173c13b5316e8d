import { describe, expect, test } from 'vitest';
import { compareDocuments, type Json, narrowChanges } from '../../../src/codegen/diff/index.js';
import {
  answering,
  brief,
  compareOperations,
  documentOf,
  IN_REQUEST,
  IN_RESPONSE,
  number,
  object,
  response,
  string,
  taking,
} from './documents.js';

/** name, schema, changed schema; then what is found in a response and in a request, forth and back. */
type Case = [
  name: string,
  before: unknown,
  after: unknown,
  response: [forth: string[], back: string[]],
  request: [forth: string[], back: string[]],
];

const A = '#/components/schemas/A';
const requiring = (...lists: string[][]) => ({
  anyOf: lists.map((required) => ({ required })),
});
const regions = { type: 'array', items: string };
const account = (more: Json, ...names: string[]) => ({
  type: 'object',
  properties: { name: string, regions, rules: string },
  required: names,
  ...more,
});
const owasp = object({ active: { type: 'boolean' } });
const mapping = (targets: Json) => ({ propertyName: 'kind', mapping: targets });
const form = (kind: string, more: Json) => object({ 'kind!': { type: 'string', enum: [kind] }, ...more });
const pattern = (text: string) => ({ type: 'string', pattern: text });

const CASES: Case[] = [
  [
    'a second constraint in allOf',
    { allOf: [pattern('^a'), { type: 'string' }] },
    { allOf: [pattern('^a'), pattern('b$')] },
    [['added response-constraint-tightened '], ['added response-constraint-loosened ']],
    [['wire request-constraint-tightened '], ['added request-constraint-loosened ']],
  ],
  [
    'a tighter bound in allOf',
    { allOf: [{ type: 'string', maxLength: 10 }, { type: 'string' }] },
    {
      allOf: [
        { type: 'string', maxLength: 10 },
        { type: 'string', maxLength: 5 },
      ],
    },
    [['added response-constraint-tightened '], ['added response-constraint-loosened ']],
    [['wire request-constraint-tightened '], ['added request-constraint-loosened ']],
  ],
  [
    'another pattern',
    pattern('^a'),
    pattern('^b'),
    [['type response-constraint-changed '], ['type response-constraint-changed ']],
    [['wire request-constraint-changed '], ['wire request-constraint-changed ']],
  ],
  [
    'another discriminator',
    { oneOf: [owasp, string], discriminator: { propertyName: 'kind' } },
    { oneOf: [owasp, string], discriminator: { propertyName: 'type' } },
    [['type response-constraint-changed '], ['type response-constraint-changed ']],
    [['wire request-constraint-changed '], ['wire request-constraint-changed ']],
  ],
  [
    'a discriminator that says what the alternatives say',
    { oneOf: [owasp, string] },
    { oneOf: [owasp, string], discriminator: { propertyName: 'type' } },
    [['docs discriminator-changed '], ['docs discriminator-changed ']],
    [['docs discriminator-changed '], ['docs discriminator-changed ']],
  ],
  [
    'a further value of a discriminator',
    { oneOf: [owasp, string], discriminator: mapping({ a: '#/one' }) },
    { oneOf: [owasp, string], discriminator: mapping({ a: '#/one', b: '#/two' }) },
    [['docs discriminator-changed '], ['type response-constraint-changed ']],
    [['docs discriminator-changed '], ['wire request-constraint-changed ']],
  ],
  [
    'a discriminator that leads to another name of the schema',
    { oneOf: [owasp, string], discriminator: mapping({ a: '#/one' }) },
    { oneOf: [owasp, string], discriminator: mapping({ a: '#/uno' }) },
    [[], []],
    [[], []],
  ],
  [
    'a form without what the others share',
    { oneOf: [form('a', { 'id!': string }), form('b', { 'id!': string })] },
    { oneOf: [form('a', { 'id!': string }), form('b', { 'id!': string }), form('c', {})] },
    [['wire response-form-added /oneOf/2'], ['type response-union-member-removed /oneOf/2']],
    [['added request-union-member-added /oneOf/2'], ['wire request-union-member-removed /oneOf/2']],
  ],
  [
    'a form with another type of what the others share',
    {
      oneOf: [form('a', { 'id!': object({ 'x!': string }) }), form('b', { 'id!': object({ 'x!': string }) })],
    },
    {
      oneOf: [
        form('a', { 'id!': object({ 'x!': string }) }),
        form('b', { 'id!': object({ 'x!': string }) }),
        form('c', { 'id!': object({ 'x!': number }) }),
      ],
    },
    [['wire response-form-added /oneOf/2'], ['type response-union-member-removed /oneOf/2']],
    [['added request-union-member-added /oneOf/2'], ['wire request-union-member-removed /oneOf/2']],
  ],
  [
    'a form with null in what the others share',
    { oneOf: [form('a', { 'id!': string }), form('b', { 'id!': string })] },
    {
      oneOf: [
        form('a', { 'id!': string }),
        form('b', { 'id!': string }),
        form('c', { 'id!': { type: ['string', 'null'] } }),
      ],
    },
    [['wire response-form-added /oneOf/2'], ['type response-union-member-removed /oneOf/2']],
    [['added request-union-member-added /oneOf/2'], ['wire request-union-member-removed /oneOf/2']],
  ],
  [
    'a form that has what the others share, and more',
    { oneOf: [form('a', { 'id!': number, x: string }), form('b', { 'id!': number })] },
    {
      oneOf: [
        form('a', { 'id!': number, x: string }),
        form('b', { 'id!': number }),
        form('c', { 'id!': { type: 'integer' }, 'z!': number }),
      ],
    },
    [['type response-union-member-added /oneOf/2'], ['type response-union-member-removed /oneOf/2']],
    [['added request-union-member-added /oneOf/2'], ['wire request-union-member-removed /oneOf/2']],
  ],
  [
    'a type among several',
    { type: ['string', 'number'] },
    { type: ['string', 'number', 'boolean'] },
    [['type response-union-member-added '], ['type response-union-member-removed ']],
    [['added request-union-member-added '], ['wire request-union-member-removed ']],
  ],
  [
    'a required property that is no longer readOnly',
    object({ 'name!': string, 'at!': { type: 'string', readOnly: true } }),
    object({ 'name!': string, 'at!': string }),
    [[], []],
    [
      ['wire request-property-added-required /properties/at'],
      ['type request-property-removed /properties/at'],
    ],
  ],
  [
    'a required property that is no longer readOnly, in a map',
    object({ 'name!': string, 'at!': { type: 'string', readOnly: true } }, { additionalProperties: string }),
    object({ 'name!': string, 'at!': string }, { additionalProperties: string }),
    [[], []],
    [
      ['wire request-property-became-required /properties/at'],
      ['added request-property-became-optional /additionalProperties'],
    ],
  ],
  [
    'a format that rules nothing out',
    object({ count: { type: 'integer' }, key: string }),
    object({ count: { type: 'integer', format: 'int64' }, key: { type: 'string', format: 'password' } }),
    [
      ['docs format-changed /properties/count', 'docs format-changed /properties/key'],
      ['docs format-changed /properties/count', 'docs format-changed /properties/key'],
    ],
    [
      ['docs format-changed /properties/count', 'docs format-changed /properties/key'],
      ['docs format-changed /properties/count', 'docs format-changed /properties/key'],
    ],
  ],
  [
    'bytes, as 3.1 writes them',
    object({ file: { type: 'string', format: 'binary' }, key: { type: 'string', format: 'byte' } }),
    object({
      file: { type: 'string', contentMediaType: 'application/octet-stream' },
      key: { type: 'string', contentEncoding: 'base64' },
    }),
    [[], []],
    [[], []],
  ],
  [
    'a longer number',
    { type: 'integer', format: 'int32' },
    { type: 'integer', format: 'int64' },
    [['type response-format-loosened '], ['type response-format-tightened ']],
    [['added request-format-loosened '], ['wire request-format-tightened ']],
  ],
  [
    'a bound of whole numbers that is written another way',
    { type: 'integer', minimum: 1, maximum: 9 },
    { type: 'integer', exclusiveMinimum: 0, exclusiveMaximum: 10 },
    [[], []],
    [[], []],
  ],
  [
    'a bound that became exclusive',
    { type: 'number', minimum: 1 },
    { type: 'number', exclusiveMinimum: 1 },
    [['added response-constraint-tightened '], ['added response-constraint-loosened ']],
    [['wire request-constraint-tightened '], ['added request-constraint-loosened ']],
  ],
  [
    'a greater bound that became exclusive',
    { type: 'number', maximum: 5 },
    { type: 'number', exclusiveMaximum: 7 },
    [['added response-constraint-loosened '], ['added response-constraint-tightened ']],
    [['added request-constraint-loosened '], ['wire request-constraint-tightened ']],
  ],
  [
    'null that the list of values leaves out',
    { type: ['string', 'null'], enum: ['a', null] },
    { type: ['string', 'null'], enum: ['a'] },
    [['added response-no-longer-nullable '], ['wire response-became-nullable ']],
    [['wire request-no-longer-nullable '], ['added request-became-nullable ']],
  ],
  [
    'null alone',
    object({ id: { type: ['string', 'null'] } }),
    object({ id: { type: 'null' } }),
    [['wire response-type-changed /properties/id'], ['wire response-type-widened /properties/id']],
    [['wire request-type-changed /properties/id'], ['added request-type-widened /properties/id']],
  ],
  [
    'a property that takes no value',
    object({ id: string }),
    object({ id: false }),
    [['wire response-type-changed /properties/id'], ['wire response-type-widened /properties/id']],
    [['wire request-type-changed /properties/id'], ['added request-type-widened /properties/id']],
  ],
  [
    'an array that takes no item',
    { type: 'array', items: string },
    { type: 'array', items: false },
    [['added response-constraint-tightened '], ['added response-constraint-loosened ']],
    [['wire request-constraint-tightened '], ['added request-constraint-loosened ']],
  ],
  [
    'no other properties, evaluated late',
    object({ id: string }),
    object({ id: string }, { unevaluatedProperties: false }),
    [['added response-object-closed '], ['added response-object-opened ']],
    [['wire request-object-closed '], ['added request-object-opened ']],
  ],
  [
    'no items after the first',
    { type: 'array', prefixItems: [string] },
    { type: 'array', prefixItems: [string], items: false },
    [['added response-constraint-tightened '], ['added response-constraint-loosened ']],
    [['wire request-constraint-tightened '], ['added request-constraint-loosened ']],
  ],
  [
    'a property that becomes writeOnly',
    object({ 'id!': string, secret: string }),
    object({ 'id!': string, secret: { type: 'string', writeOnly: true } }),
    [
      ['wire response-property-removed /properties/secret'],
      ['added response-property-added /properties/secret'],
    ],
    [[], []],
  ],
  [
    'a property that becomes readOnly',
    object({ 'id!': string, at: string }),
    object({ 'id!': string, at: { type: 'string', readOnly: true } }),
    [[], []],
    [['type request-property-removed /properties/at'], ['added request-property-added /properties/at']],
  ],
  [
    'a required property removed from a closed object',
    object({ 'id!': string, 'definition!': string }, { additionalProperties: false }),
    object({ 'id!': string }, { additionalProperties: false }),
    [
      ['wire response-property-removed /properties/definition'],
      ['added response-property-added /properties/definition'],
    ],
    [
      ['wire request-property-refused /properties/definition'],
      ['wire request-property-added-required /properties/definition'],
    ],
  ],
  [
    'an optional property removed from a closed object',
    object({ id: string, more: string }, { additionalProperties: false }),
    object({ id: string }, { additionalProperties: false }),
    [['wire response-property-removed /properties/more'], ['added response-property-added /properties/more']],
    [['wire request-property-refused /properties/more'], ['added request-property-added /properties/more']],
  ],
  [
    'a required name that becomes one of two',
    account({}, 'name', 'regions'),
    account(requiring(['regions'], ['rules']), 'name'),
    [
      ['wire response-property-became-optional /properties/regions'],
      ['added response-property-became-required /properties/regions'],
    ],
    [
      ['added request-property-became-optional /properties/regions'],
      ['wire request-property-became-required /properties/regions'],
    ],
  ],
  [
    'an enum written as alternatives',
    { type: 'string', enum: ['a', 'b', 'c'] },
    { oneOf: [{ const: 'c', title: 'C' }, { const: 'a' }, { type: 'string', enum: ['b'] }] },
    [[], []],
    [[], []],
  ],
  [
    'an enum written as alternatives, with one more',
    { type: 'string', enum: ['a', 'b'] },
    { oneOf: [{ const: 'a' }, { const: 'b' }, { const: 'c' }] },
    [['type response-enum-value-added '], ['type response-enum-value-removed ']],
    [['added request-enum-value-added '], ['wire request-enum-value-removed ']],
  ],
  [
    'a property that the new map still takes',
    object({ rules: object({ owasp }) }),
    object({ rules: { type: 'object', additionalProperties: owasp } }),
    // Back, entries of other names are promised no more.
    [[], ['wire response-type-widened /properties/rules']],
    [[], ['added request-type-widened /properties/rules']],
  ],
  [
    'a required property that the new map still takes',
    object({ 'owasp!': owasp }),
    { type: 'object', additionalProperties: owasp },
    [
      ['wire response-property-became-optional /additionalProperties'],
      ['wire response-type-widened ', 'added response-property-became-required /properties/owasp'],
    ],
    [
      ['added request-property-became-optional /additionalProperties'],
      ['wire request-property-became-required /properties/owasp', 'added request-type-widened '],
    ],
  ],
  [
    'another constant',
    object({ 'kind!': { const: 'a' } }),
    object({ 'kind!': { const: 'b' } }),
    [['wire response-enum-replaced /properties/kind'], ['wire response-enum-replaced /properties/kind']],
    [['wire request-enum-replaced /properties/kind'], ['wire request-enum-replaced /properties/kind']],
  ],
  [
    'a further pattern of names',
    { type: 'object', patternProperties: { '^a': string }, additionalProperties: false },
    { type: 'object', patternProperties: { '^a': string, '^b': string }, additionalProperties: false },
    [['added response-object-opened '], ['wire response-object-closed-to-entries ']],
    [['added request-object-opened '], ['wire request-object-closed-to-entries ']],
  ],
];

describe.each(CASES)('%s', (_, before, after, inResponse, inRequest) => {
  const places = (found: readonly string[], root: string) =>
    found.map((text) => text.replace(/ ([^ ]*)$/, (_all, at) => ` ${root}${at}`));

  test('in a response, forth and back', () => {
    expect(brief(compareOperations(answering(before), answering(after)))).toEqual(
      places(inResponse[0], IN_RESPONSE),
    );
    expect(brief(compareOperations(answering(after), answering(before)))).toEqual(
      places(inResponse[1], IN_RESPONSE),
    );
  });

  test('in a request, forth and back', () => {
    expect(brief(compareOperations(taking(before), taking(after)))).toEqual(places(inRequest[0], IN_REQUEST));
    expect(brief(compareOperations(taking(after), taking(before)))).toEqual(places(inRequest[1], IN_REQUEST));
  });
});

describe('what a reference leads to', () => {
  const withA = (schema: unknown) => (operation: Json) =>
    documentOf({ '/v1/things': { get: operation } }, { schemas: { A: schema } });
  const HOLDERS: Array<[name: string, schema: Json, at: string, isStructure: boolean]> = [
    ['prefixItems', { type: 'array', prefixItems: [{ $ref: A }] }, '/prefixItems/0', true],
    [
      'patternProperties',
      { type: 'object', patternProperties: { '^a': { $ref: A } } },
      '/patternProperties/^a',
      true,
    ],
    ['not', { type: 'object', not: { $ref: A } }, '', false],
    ['contains', { type: 'array', contains: { $ref: A } }, '', false],
    ['dependentSchemas', { type: 'object', dependentSchemas: { a: { $ref: A } } }, '', false],
  ];

  test.each(HOLDERS)('inside %s is compared, forth and back', (_, schema, at, isStructure) => {
    const [one, other] = [withA(string), withA(number)];
    const compare = (operation: Json) => [
      brief(compareDocuments(one(operation), other(operation))),
      brief(compareDocuments(other(operation), one(operation))),
    ];
    const [inResponse, inRequest] = isStructure
      ? ['wire response-type-changed', 'wire request-type-changed']
      : ['type response-constraint-changed', 'wire request-constraint-changed'];
    expect(compare(answering(schema))).toEqual([
      [`${inResponse} ${IN_RESPONSE}${at}`],
      [`${inResponse} ${IN_RESPONSE}${at}`],
    ]);
    expect(compare(taking(schema))).toEqual([
      [`${inRequest} ${IN_REQUEST}${at}`],
      [`${inRequest} ${IN_REQUEST}${at}`],
    ]);
  });

  test('inside of them in words alone is prose, or nothing', () => {
    for (const [, schema] of HOLDERS) {
      const found = compareDocuments(
        withA({ type: 'string', description: 'old' })(answering(schema)),
        withA({ type: 'string', description: 'new' })(answering(schema)),
      );
      expect(found.filter((change) => change.class !== 'docs')).toEqual([]);
    }
  });

  test('in a schema that holds itself is prose where it is only words', () => {
    const json = (description: string) => ({
      description,
      oneOf: [
        { type: 'string', nullable: true, description: `${description} text` },
        { type: 'array', items: { $ref: A } },
        object({ description: { $ref: A } }, { description, additionalProperties: { $ref: A } }),
      ],
    });
    for (const operation of [
      answering(object({ value: { $ref: A } })),
      taking({ oneOf: [{ $ref: A }, number] }),
    ]) {
      const found = compareDocuments(withA(json('old'))(operation), withA(json('new'))(operation));
      expect(found.length).toBeGreaterThan(0);
      expect(found.map((change) => change.class)).toEqual(found.map(() => 'docs'));
    }
    const grown = { ...json('old'), oneOf: [...json('old').oneOf, number] };
    expect(
      brief(
        compareDocuments(withA(json('old'))(answering({ $ref: A })), withA(grown)(answering({ $ref: A }))),
      ),
    ).toContain(`type response-union-member-added ${IN_RESPONSE}/oneOf/3`);
  });
});

/** name, paths, changed paths; what is found forth and back. */
const thing = object({ 'id!': string });
const at = (path: string, node: Json) => documentOf({ [path]: { get: node } });
const responding = (responses: Json) => at('/v1/things', { operationId: 'getThing', responses });
const sent = (name: string) => ({ name, in: 'header', required: true, schema: string });
const header = (required: boolean) =>
  responding({ 200: { ...response(thing), headers: { 'X-Id': { required, schema: string } } } });
const media = (direction: 'request' | 'response', type: string) =>
  at(
    '/v1/things',
    direction === 'response'
      ? {
          operationId: 'getThing',
          responses: { 200: { description: '', content: { [type]: { schema: thing } } } },
        }
      : {
          operationId: 'putThing',
          requestBody: { content: { [type]: { schema: thing } } },
          responses: { 204: { description: '' } },
        },
  );
const hook = (schema: unknown) => ({
  ...documentOf({}),
  openapi: '3.1.0',
  webhooks: { deployed: { post: taking(schema, { operationId: 'onDeployed' }) } },
});
const calling = (schema: unknown) =>
  at(
    '/v1/things',
    answering(thing, { callbacks: { done: { '{$request.body#/url}': { post: taking(schema) } } } }),
  );
const multipart = (contentType: string) =>
  at('/v1/things', {
    operationId: 'putThing',
    requestBody: {
      content: {
        'multipart/form-data': { schema: object({ file: string }), encoding: { file: { contentType } } },
      },
    },
    responses: { 204: { description: '' } },
  });
const inCallback = '/callbacks/done/{$request.body#~1url}/post/requestBody/content/application~1json/schema';

const DOCUMENTS: Array<[name: string, before: Json, after: Json, forth: string[], back: string[]]> = [
  [
    'path parameters that change places',
    at('/x/{a}/{b}', answering(thing)),
    at('/x/{b}/{a}', answering(thing)),
    ['wire operation-reordered '],
    ['wire operation-reordered '],
  ],
  [
    'a response header that becomes optional',
    header(true),
    header(false),
    ['wire response-header-became-optional /responses/200/headers/X-Id'],
    ['added response-header-became-required /responses/200/headers/X-Id'],
  ],
  [
    'a change in `default`, the only response',
    responding({ default: response(object({ 'id!': string, 'name!': string })) }),
    responding({ default: response(thing) }),
    ['wire response-property-removed /responses/default/content/application~1json/schema/properties/name'],
    ['added response-property-added /responses/default/content/application~1json/schema/properties/name'],
  ],
  [
    'a change in `default` beside a success',
    responding({ 200: response(thing), default: response(object({ 'id!': string, 'name!': string })) }),
    responding({ 200: response(thing), default: response(thing) }),
    [
      'error-body response-property-removed /responses/default/content/application~1json/schema/properties/name',
    ],
    [
      'error-body response-property-added /responses/default/content/application~1json/schema/properties/name',
    ],
  ],
  [
    'a range of statuses that becomes one of them',
    responding({ '2XX': response(thing) }),
    responding({ 200: response(thing) }),
    [],
    ['type response-status-added /responses/2XX'],
  ],
  [
    'a range of statuses whose body changes with it',
    responding({ '2XX': response(object({ 'id!': string, 'name!': string })) }),
    responding({ 200: response(thing) }),
    ['wire response-property-removed /responses/2XX/content/application~1json/schema/properties/name'],
    [
      'type response-status-added /responses/2XX',
      'added response-property-added /responses/2XX/content/application~1json/schema/properties/name',
    ],
  ],
  [
    'any media type of a response that becomes JSON',
    media('response', '*/*'),
    media('response', 'application/json'),
    [],
    ['type response-media-type-added /responses/200/content/*~1*'],
  ],
  [
    'any media type of a request that becomes JSON',
    media('request', '*/*'),
    media('request', 'application/json'),
    [],
    ['added request-media-type-added /requestBody/content/*~1*'],
  ],
  [
    'a range of media types of a request that becomes one of them',
    media('request', 'image/*'),
    media('request', 'image/png'),
    ['wire request-media-type-changed /requestBody/content/image~1png'],
    ['added request-media-type-added /requestBody/content/image~1*'],
  ],
  [
    'a range of media types of a response that becomes one of them',
    media('response', 'image/*'),
    media('response', 'image/png'),
    [],
    ['type response-media-type-added /responses/200/content/image~1*'],
  ],
  [
    'what the media types say, as parameters that OpenAPI ignores',
    at('/v1/things', answering(thing)),
    at('/v1/things', answering(thing, { parameters: [sent('Accept'), sent('content-type')] })),
    [],
    [],
  ],
  [
    'how a list of one part would be written',
    at('/v1/things', answering(thing, { parameters: [{ name: 'id', in: 'query', schema: string }] })),
    at(
      '/v1/things',
      answering(thing, { parameters: [{ name: 'id', in: 'query', schema: string, explode: false }] }),
    ),
    [],
    [],
  ],
  [
    'the slash at the end of a server',
    { ...at('/v1/things', answering(thing)), servers: [{ url: 'https://api.example/v1/' }] },
    { ...at('/v1/things', answering(thing)), servers: [{ url: 'https://api.example/v1' }] },
    [],
    [],
  ],
  [
    'the body of a webhook, which is received',
    hook(object({ 'id!': string, 'name!': string })),
    hook(thing),
    [`wire response-property-removed ${IN_REQUEST}/properties/name`],
    [`added response-property-added ${IN_REQUEST}/properties/name`],
  ],
  [
    'a webhook',
    { ...hook(thing), webhooks: {} },
    hook(thing),
    ['added operation-added '],
    ['wire operation-removed '],
  ],
  [
    'the body of a callback, which is received',
    calling(object({ 'id!': string, 'name!': string })),
    calling(thing),
    [`wire response-property-removed ${inCallback}/properties/name`],
    [`added response-property-added ${inCallback}/properties/name`],
  ],
  [
    'a callback',
    at('/v1/things', answering(thing)),
    calling(thing),
    ['added callback-added /callbacks/done/{$request.body#~1url}/post'],
    ['wire callback-removed /callbacks/done/{$request.body#~1url}/post'],
  ],
  [
    'the encoding of a form',
    multipart('image/png'),
    multipart('image/jpeg'),
    ['wire request-encoding-changed /requestBody/content/multipart~1form-data/encoding/file'],
    ['wire request-encoding-changed /requestBody/content/multipart~1form-data/encoding/file'],
  ],
  [
    'a date on which an operation ends',
    at('/v1/things', answering(thing)),
    at('/v1/things', answering(thing, { deprecated: true, 'x-sunset': '2026-12-31' })),
    ['sunset operation-sunset /x-sunset'],
    ['added operation-sunset-lifted /x-sunset'],
  ],
  [
    'an earlier date on which an operation ends',
    at('/v1/things', answering(thing, { 'x-sunset': '2026-12-31' })),
    at('/v1/things', answering(thing, { 'x-sunset': '2026-06-30' })),
    ['sunset operation-sunset-changed /x-sunset'],
    ['sunset operation-sunset-changed /x-sunset'],
  ],
];

describe.each(DOCUMENTS)('%s', (_, before, after, forth, back) => {
  test('is found forth and back', () => {
    expect(brief(compareDocuments(before, after))).toEqual(forth);
    expect(brief(compareDocuments(after, before))).toEqual(back);
  });
});

describe('notices', () => {
  test('name the operation and the date', () => {
    const [change] = compareDocuments(
      at('/v1/things', answering(thing)),
      at('/v1/things', answering(thing, { deprecated: true, 'x-sunset': '2026-12-31' })),
    );
    expect(change?.advice).toBe(
      'getThing (GET /v1/things): the operation has a date on which it ends: deprecated, sunset 2026-12-31. Replace it before that date.',
    );
  });
});

describe('an operation that moved', () => {
  const moved = compareDocuments(at('/v1/things', answering(thing)), at('/v2/things', answering(thing)));

  test('is wire for a program that writes its path, and news for one that calls it by its id', () => {
    expect(brief(narrowChanges(moved, ['getThing']))).toEqual(['wire operation-moved ']);
    expect(brief(narrowChanges(moved, ['getThing'], new Set(['getThing'])))).toEqual([
      'added operation-moved-followed ',
    ]);
  });
});
