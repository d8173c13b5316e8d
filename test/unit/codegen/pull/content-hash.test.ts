import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentHash } from '../../../../src/codegen/pull/content-hash.js';

const base = {
  openapi: '3.0.3',
  paths: { '/a': { get: { description: 'one', tags: ['x', 'y'] } } },
  enum: ['a', 'b'],
  required: ['__@BRAND@1', 'c'],
  oneOf: [{ enum: [1, 2] }, { type: 'null' }],
  properties: { '__@BRAND@1': { type: 'string' } },
};

describe('contentHash', () => {
  test.each([
    ['the order of keys', Object.fromEntries(Object.entries(base).reverse())],
    ['the order of an enum', { ...base, enum: ['b', 'a'] }],
    ['the order of required', { ...base, required: ['c', '__@BRAND@1'] }],
    ['the order of oneOf, and of sets within', { ...base, oneOf: [{ type: 'null' }, { enum: [2, 1] }] }],
    [
      'the numbers of compiler artefacts',
      { ...base, required: ['__@BRAND@22', 'c'], properties: { '__@BRAND@22': { type: 'string' } } },
    ],
  ])('%s says nothing', (_, changed) => {
    expect(contentHash(changed)).toBe(contentHash(base));
  });

  test.each([
    ['a description', { ...base, paths: { '/a': { get: { description: 'two', tags: ['x', 'y'] } } } }],
    [
      'the order of another list',
      { ...base, paths: { '/a': { get: { description: 'one', tags: ['y', 'x'] } } } },
    ],
    ['a duplicate in an enum', { ...base, enum: ['a', 'b', 'b'] }],
    ['a type', { ...base, enum: ['a', 'b', 1] }],
    ['null for absent', { ...base, title: null }],
  ])('%s does', (_, changed) => {
    expect(contentHash(changed)).not.toBe(contentHash(base));
  });

  test('any JSON has the hash of its own copy with keys reversed', () => {
    const reversed = (node: unknown): unknown => {
      if (Array.isArray(node)) return node.map(reversed);
      if (typeof node !== 'object' || node === null) return node;
      return Object.fromEntries(
        Object.entries(node)
          .reverse()
          .map(([key, value]) => [key, reversed(value)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(contentHash(reversed(plain))).toBe(contentHash(plain));
      }),
    );
  });
});
