import { object, string } from './documents.js';

const colors = (...values: unknown[]) => object({ color: { type: 'string', enum: values } });

/**
 * name, schema, changed schema, place below the body's schema; then class and kind, first of the mutation, then of its
 * reverse, in a response and in a request.
 */
export type SchemaCase = [
  name: string,
  before: unknown,
  after: unknown,
  at: string,
  response: [forth: string, back: string],
  request: [forth: string, back: string],
];

/** What can change of properties and values. */
export const VALUE_CASES: readonly SchemaCase[] = [
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
];
