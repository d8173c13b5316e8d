import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPointer, valueAt } from '../../../src/openapi/json-pointer.js';
import { canonicalJson, SETS } from '../../../src/openapi/normalize/canonical.js';
import { normalizeDocument } from '../../../src/openapi/normalize/normalize.js';
import { documentOf } from './documents.js';

const name = fc.constantFrom('a', 'b', 'type', 'enum', '__@B@1');
const value = fc.oneof(fc.constantFrom('a', 'b', null, true, 1), fc.integer({ min: 0, max: 3 }));

/** Schemas that hold schemas down to the given depth. */
function schemaOf(depth: number): fc.Arbitrary<Record<string, unknown>> {
  const plain = {
    type: fc.constantFrom('string', 'object', 'number'),
    description: fc.constantFrom('d', 'a */ b'),
    nullable: fc.boolean(),
    enum: fc.array(value, { minLength: 1, maxLength: 4 }),
    required: fc.array(name, { maxLength: 3 }),
  };
  if (depth === 0) return fc.record(plain, { requiredKeys: [], noNullPrototype: true });
  const below = schemaOf(depth - 1);
  const holding = {
    properties: fc.dictionary(name, below, { maxKeys: 3, noNullPrototype: true }),
    additionalProperties: fc.oneof(fc.boolean(), below),
    items: below,
    oneOf: fc.array(below, { maxLength: 3 }),
    anyOf: fc.array(below, { maxLength: 3 }),
    allOf: fc.array(below, { maxLength: 2 }),
  };
  return fc.record({ ...plain, ...holding }, { requiredKeys: [], noNullPrototype: true });
}

const schema = schemaOf(2);
// More runs are for the day that a repair is written: NORMALIZE_RUNS=20000.
const numRuns = Number(process.env.NORMALIZE_RUNS ?? 150);

/** What random schemas have shown: repairs that wait for one another. */
const found: [Record<string, unknown>][] = [
  [{ anyOf: [{ type: 'string', oneOf: [{}, { type: 'string' }] }] }],
  [{ type: 'object', anyOf: [{ additionalProperties: false, anyOf: [{ type: 'object' }, {}] }] }],
  [
    {
      properties: { a: { properties: { a: { enum: ['a'], required: ['a'], additionalProperties: true } } } },
    },
  ],
  [{ oneOf: [{ properties: { a: {} } }], allOf: [{ required: ['a'] }] }],
  [{ anyOf: [{ properties: { a: {} } }], allOf: [{ allOf: [{ required: ['a'] }] }] }],
  [{ properties: { a: {} }, allOf: [{ nullable: true, required: ['a'], oneOf: [{}, { enum: [1] }] }] }],
];

/** The same document with its keys and sets in another order. */
function shuffle(node: unknown, random: (below: number) => number): unknown {
  const mix = <T>(items: readonly T[]): T[] => {
    const mixed: T[] = [];
    for (const item of items) mixed.splice(random(mixed.length + 1), 0, item);
    return mixed;
  };
  if (Array.isArray(node)) return node.map((item) => shuffle(item, random));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    mix(Object.entries(node)).map(([key, inner]) => {
      const shuffled = shuffle(inner, random);
      return [key, SETS.has(key) && Array.isArray(shuffled) ? mix(shuffled) : shuffled];
    }),
  );
}

describe('normalizeDocument, of any schema', () => {
  it('changes nothing when it is applied to its own result', () => {
    fc.assert(
      fc.property(schema, (given) => {
        const once = normalizeDocument(documentOf(given)).document;
        const twice = normalizeDocument(once);
        expect(JSON.stringify(twice.document)).toBe(JSON.stringify(once));
        expect(twice.repairs).toEqual([]);
      }),
      { numRuns, examples: found },
    );
  });

  it('says of each repair where it is', () => {
    fc.assert(
      fc.property(schema, (given) => {
        const document = documentOf(given);
        const { repairs } = normalizeDocument(document);
        expect(
          repairs.filter(({ pointer }) => valueAt(document, fromPointer(pointer)) === undefined),
        ).toEqual([]);
      }),
      { numRuns, examples: found },
    );
  });

  it('gives the same bytes for keys and sets in any order', () => {
    fc.assert(
      fc.property(schema, fc.infiniteStream(fc.nat()), (given, numbers) => {
        const random = (below: number) => Number(numbers.next().value) % below;
        const mixed = documentOf(shuffle(given, random) as Record<string, unknown>);
        const written = (document: Parameters<typeof normalizeDocument>[0]) =>
          canonicalJson(normalizeDocument(document).document, { docs: true });
        expect(written(mixed)).toBe(written(documentOf(given)));
      }),
      { numRuns },
    );
  });
});
