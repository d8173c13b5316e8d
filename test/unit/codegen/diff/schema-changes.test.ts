import { describe, expect, test } from 'vitest';
import {
  answering,
  brief,
  compareOperations,
  IN_REQUEST,
  IN_RESPONSE,
  number,
  object,
  string,
  taking,
} from './documents.js';

const a = object({ 'kind!': { type: 'string', enum: ['a'] }, 'x!': string });
const b = object({ 'kind!': { type: 'string', enum: ['b'] }, 'y!': string });
const c = object({ 'kind!': { type: 'string', enum: ['c'] }, 'z!': string });
const colors = (...values: unknown[]) => object({ color: { type: 'string', enum: values } });

/**
 * name, schema, changed schema, place below the body's schema; then class and kind, first of the mutation, then of its
 * reverse, in a response and in a request.
 */
type Case = [
  name: string,
  before: unknown,
  after: unknown,
  at: string,
  response: [forth: string, back: string],
  request: [forth: string, back: string],
];

const CASES: Case[] = [
  [
    'an optional property added',
    object({ 'id!': string }),
    object({ 'id!': string, name: string }),
    '/properties/name',
    ['added response-property-added', 'wire response-property-removed'],
    ['added request-property-added', 'type request-property-removed'],
  ],
  [
    'a required property added',
    object({ 'id!': string }),
    object({ 'id!': string, 'name!': string }),
    '/properties/name',
    ['added response-property-added', 'wire response-property-removed'],
    ['wire request-property-added-required', 'type request-property-removed'],
  ],
  [
    'a nested property added',
    object({ list: { type: 'array', items: object({ 'id!': string }) } }),
    object({ list: { type: 'array', items: object({ 'id!': string, 'a/b~c': string }) } }),
    '/properties/list/items/properties/a~1b~0c',
    ['added response-property-added', 'wire response-property-removed'],
    ['added request-property-added', 'type request-property-removed'],
  ],
  [
    'a property became required',
    object({ id: string, name: string }),
    object({ id: string, 'name!': string }),
    '/properties/name',
    ['added response-property-became-required', 'wire response-property-became-optional'],
    ['wire request-property-became-required', 'added request-property-became-optional'],
  ],
  [
    'an enum value added',
    colors('red', 'green'),
    colors('red', 'green', 'blue'),
    '/properties/color',
    ['type response-enum-value-added', 'type response-enum-value-removed'],
    ['added request-enum-value-added', 'wire request-enum-value-removed'],
  ],
  [
    'an enum value of an array added',
    { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
    { type: 'array', items: { type: 'string', enum: ['b', 'a', 'c'] } },
    '/items',
    ['type response-enum-value-added', 'type response-enum-value-removed'],
    ['added request-enum-value-added', 'wire request-enum-value-removed'],
  ],
  [
    'an enum opened',
    colors('red', 'green'),
    object({ color: string }),
    '/properties/color',
    ['type response-enum-opened', 'type response-enum-closed'],
    ['added request-enum-opened', 'wire request-enum-closed'],
  ],
  [
    'null allowed',
    object({ name: string }),
    object({ name: { type: 'string', nullable: true } }),
    '/properties/name',
    ['wire response-became-nullable', 'added response-no-longer-nullable'],
    ['added request-became-nullable', 'wire request-no-longer-nullable'],
  ],
  [
    'null allowed as in 3.1',
    object({ name: string }),
    object({ name: { type: ['string', 'null'] } }),
    '/properties/name',
    ['wire response-became-nullable', 'added response-no-longer-nullable'],
    ['added request-became-nullable', 'wire request-no-longer-nullable'],
  ],
  [
    'null allowed by an alternative',
    object({ name: object({ 'id!': string }) }),
    object({ name: { oneOf: [object({ 'id!': string }), { type: 'null' }] } }),
    '/properties/name',
    ['wire response-became-nullable', 'added response-no-longer-nullable'],
    ['added request-became-nullable', 'wire request-no-longer-nullable'],
  ],
  [
    'null allowed by an enum',
    colors('red', 'green'),
    colors('red', 'green', null),
    '/properties/color',
    ['wire response-became-nullable', 'added response-no-longer-nullable'],
    ['added request-became-nullable', 'wire request-no-longer-nullable'],
  ],
  [
    'another type',
    object({ size: string }),
    object({ size: number }),
    '/properties/size',
    ['wire response-type-changed', 'wire response-type-changed'],
    ['wire request-type-changed', 'wire request-type-changed'],
  ],
  [
    'an object became an array',
    object({ list: object({ 'id!': string }) }),
    object({ list: { type: 'array', items: object({ 'id!': string }) } }),
    '/properties/list',
    ['wire response-type-changed', 'wire response-type-changed'],
    ['wire request-type-changed', 'wire request-type-changed'],
  ],
  [
    'a whole number became any',
    object({ size: { type: 'integer' } }),
    object({ size: number }),
    '/properties/size',
    ['wire response-type-widened', 'added response-type-narrowed'],
    ['added request-type-widened', 'wire request-type-narrowed'],
  ],
  [
    'a type given up',
    object({ size: number }),
    object({ size: {} }),
    '/properties/size',
    ['wire response-type-widened', 'added response-type-narrowed'],
    ['added request-type-widened', 'wire request-type-narrowed'],
  ],
  [
    'a union member added at the end',
    object({ on: { oneOf: [a, b] } }),
    object({ on: { oneOf: [a, b, c] } }),
    '/properties/on/oneOf/2',
    ['type response-union-member-added', 'type response-union-member-removed'],
    ['added request-union-member-added', 'wire request-union-member-removed'],
  ],
  [
    'a union member added first',
    { anyOf: [a, b] },
    { anyOf: [c, b, a] },
    '/anyOf/0',
    ['type response-union-member-added', 'type response-union-member-removed'],
    ['added request-union-member-added', 'wire request-union-member-removed'],
  ],
  [
    'a schema became one of two',
    object({ on: a }),
    object({ on: { oneOf: [b, a] } }),
    '/properties/on/oneOf/0',
    ['type response-union-member-added', 'type response-union-member-removed'],
    ['added request-union-member-added', 'wire request-union-member-removed'],
  ],
  [
    'an alternative type added',
    object({ size: string }),
    object({ size: { oneOf: [number, string] } }),
    '/properties/size/oneOf/0',
    ['type response-union-member-added', 'type response-union-member-removed'],
    ['added request-union-member-added', 'wire request-union-member-removed'],
  ],
  [
    'a type added to a list of types',
    object({ size: { type: ['string'] } }),
    object({ size: { type: ['string', 'number'] } }),
    '/properties/size',
    ['type response-union-member-added', 'type response-union-member-removed'],
    ['added request-union-member-added', 'wire request-union-member-removed'],
  ],
  [
    'a property inside of a union member',
    { oneOf: [a, b] },
    { oneOf: [a, object({ 'kind!': { type: 'string', enum: ['b'] }, 'y!': string, extra: string })] },
    '/oneOf/1/properties/extra',
    ['added response-property-added', 'wire response-property-removed'],
    ['added request-property-added', 'type request-property-removed'],
  ],
  [
    'an object closed',
    object({ id: string }),
    object({ id: string }, { additionalProperties: false }),
    '',
    ['added response-object-closed', 'added response-object-opened'],
    ['wire request-object-closed', 'added request-object-opened'],
  ],
  [
    'a map closed',
    object({ env: { type: 'object', additionalProperties: string } }),
    object({ env: { type: 'object', additionalProperties: false } }),
    '/properties/env',
    ['wire response-object-closed-to-entries', 'added response-object-opened'],
    ['wire request-object-closed-to-entries', 'added request-object-opened'],
  ],
  [
    'the entries of a map changed',
    object({ env: { type: 'object', additionalProperties: string } }),
    object({ env: { type: 'object', additionalProperties: number } }),
    '/properties/env/additionalProperties',
    ['wire response-type-changed', 'wire response-type-changed'],
    ['wire request-type-changed', 'wire request-type-changed'],
  ],
  [
    'a longest length',
    object({ name: string }),
    object({ name: { type: 'string', maxLength: 10 } }),
    '/properties/name',
    ['added response-constraint-tightened', 'added response-constraint-loosened'],
    ['wire request-constraint-tightened', 'added request-constraint-loosened'],
  ],
  [
    'a lower minimum',
    object({ size: { type: 'number', minimum: 5 } }),
    object({ size: { type: 'number', minimum: 1 } }),
    '/properties/size',
    ['added response-constraint-loosened', 'added response-constraint-tightened'],
    ['added request-constraint-loosened', 'wire request-constraint-tightened'],
  ],
  [
    'a format',
    object({ at: string }),
    object({ at: { type: 'string', format: 'date-time' } }),
    '/properties/at',
    ['type response-format-tightened', 'type response-format-loosened'],
    ['wire request-format-tightened', 'added request-format-loosened'],
  ],
  [
    'a name required that has no schema',
    object({ id: string }),
    object({ id: string }, { required: ['ghost'] }),
    '',
    ['added response-property-became-required', 'wire response-property-became-optional'],
    ['wire request-property-became-required', 'added request-property-became-optional'],
  ],
  [
    'a description',
    object({ id: { type: 'string', description: 'old' } }),
    object({ id: { type: 'string', description: 'new' } }),
    '/properties/id/description',
    ['docs description-changed', 'docs description-changed'],
    ['docs description-changed', 'docs description-changed'],
  ],
  [
    'an example',
    object({ id: string }),
    object({ id: { type: 'string', example: 'x' } }),
    '/properties/id/example',
    ['docs example-changed', 'docs example-changed'],
    ['docs example-changed', 'docs example-changed'],
  ],
  [
    'a default',
    object({ size: { type: 'number', default: 1 } }),
    object({ size: { type: 'number', default: 2 } }),
    '/properties/size/default',
    ['docs default-changed', 'docs default-changed'],
    ['docs default-changed', 'docs default-changed'],
  ],
  [
    'alternatives beside properties',
    object({ x: string, y: string }),
    { ...object({ x: string, y: string }), anyOf: [{ required: ['x'] }, { required: ['y'] }] },
    '',
    ['added response-type-narrowed', 'wire response-type-widened'],
    ['wire request-type-narrowed', 'added request-type-widened'],
  ],
  [
    'a member of allOf',
    { allOf: [object({ id: string }), object({ x: string })] },
    { allOf: [object({ id: string }), object({ x: string, y: string })] },
    '/allOf/1/properties/y',
    ['added response-property-added', 'wire response-property-removed'],
    ['added request-property-added', 'type request-property-removed'],
  ],
];

describe.each(CASES)('%s', (_, before, after, at, response, request) => {
  const place = (found: string, root: string) => [`${found} ${root}${at}`];

  test('in a response', () => {
    const there = compareOperations(answering(before), answering(after));
    expect(brief(there)).toEqual(place(response[0], IN_RESPONSE));
    expect(there[0]?.operations).toEqual([
      { operationId: 'getThing', method: 'GET', path: '/v1/things', at: IN_RESPONSE + at },
    ]);
    expect(brief(compareOperations(answering(after), answering(before)))).toEqual(
      place(response[1], IN_RESPONSE),
    );
  });

  test('in a request', () => {
    const there = compareOperations(taking(before), taking(after));
    expect(brief(there)).toEqual(place(request[0], IN_REQUEST));
    expect(there[0]?.operations).toEqual([
      { operationId: 'putThing', method: 'GET', path: '/v1/things', at: IN_REQUEST + at },
    ]);
    expect(brief(compareOperations(taking(after), taking(before)))).toEqual(place(request[1], IN_REQUEST));
  });

  test('in an error', () => {
    const error = (schema: unknown) => ({
      operationId: 'getThing',
      responses: { 404: { description: '', content: { 'application/json': { schema } } } },
    });
    const [found, kind] = response[0].split(' ');
    const root = IN_RESPONSE.replace('200', '404');
    expect(brief(compareOperations(error(before), error(after)))).toEqual([
      `${found === 'docs' ? 'docs' : 'error-body'} ${kind} ${root}${at}`,
    ]);
  });
});
