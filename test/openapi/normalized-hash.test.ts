import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/openapi/document.js';
import { normalizedHash } from '../../src/openapi/normalized-hash.js';
import { documentOf } from './normalize/documents.js';

const hash = (schema: JsonObject) => normalizedHash(documentOf(schema));

const base = {
  type: 'object',
  description: 'one',
  required: ['__@BRAND@1', 'c'],
  properties: {
    '__@BRAND@1': { type: 'string' },
    c: { oneOf: [{ enum: [1, 2] }, { type: 'null' }] },
    list: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] },
  },
};
const { properties } = base;

describe('normalizedHash', () => {
  test.each<[string, JsonObject]>([
    ['the order of keys', Object.fromEntries(Object.entries(base).reverse())],
    ['the order of required', { ...base, required: ['c', '__@BRAND@1'] }],
    [
      'the order of oneOf, and of sets within',
      { ...base, properties: { ...properties, c: { oneOf: [{ type: 'null' }, { enum: [2, 1] }] } } },
    ],
    [
      'the numbers of compiler artefacts',
      {
        ...base,
        required: ['__@BRAND@22', 'c'],
        properties: { '__@BRAND@22': { type: 'string' }, c: properties.c, list: properties.list },
      },
    ],
    [
      'a value that an enum has twice',
      { ...base, properties: { ...properties, c: { oneOf: [{ enum: [1, 2, 1] }, { type: 'null' }] } } },
    ],
  ])('%s says nothing', (_, changed) => {
    expect(hash(changed)).toBe(hash(base));
  });

  test.each<[string, JsonObject]>([
    ['a description', { ...base, description: 'two' }],
    [
      'the order of another list',
      {
        ...base,
        properties: {
          ...properties,
          list: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }] },
        },
      },
    ],
    ['a type', { ...base, type: 'string' }],
    ['a property called like documentation', { ...base, properties: { ...properties, description: {} } }],
    ['a name in required', { ...base, required: ['c'] }],
  ])('%s does', (_, changed) => {
    expect(hash(changed)).not.toBe(hash(base));
  });

  test('tells values that are called like documentation', () => {
    expect(hash({ default: { title: 'a' } })).not.toBe(hash({ default: { title: 'b' } }));
  });
});
