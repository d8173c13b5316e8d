import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalizedHash } from '../../../../src/codegen/normalized-hash.js';
import { canonicalJson, SETS } from '../../../../src/document/normalize/canonical.js';
import { normalizeDocument } from '../../../../src/document/normalize/index.js';
import { documentOf } from './documents.js';

const name = fc.constantFrom('a', 'b', 'type', 'enum', '__@B@1');
const value = fc.oneof(fc.constantFrom('a', 'b', null, true, 1), fc.integer({ min: 0, max: 3 }));

/** Schemas that hold schemas down to the given depth. */
function schemaOf(depth: number, withRequired: boolean): fc.Arbitrary<Record<string, unknown>> {
  const plain = {
    type: fc.constantFrom('string', 'object', 'number'),
    description: fc.constantFrom('d', 'a */ b'),
    nullable: fc.boolean(),
    enum: fc.array(value, { minLength: 1, maxLength: 4 }),
    ...(withRequired ? { required: fc.array(name, { maxLength: 3 }) } : {}),
  };
  if (depth === 0) return fc.record(plain, { requiredKeys: [], noNullPrototype: true });
  const below = schemaOf(depth - 1, withRequired);
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

const schema = schemaOf(2, true);
// A `required` in a union in an allOf may get its properties in a second round only, when the unions around it are settled.
const withoutRequired = schemaOf(2, false);

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
      fc.property(withoutRequired, (given) => {
        const once = normalizeDocument(documentOf(given)).document;
        const twice = normalizeDocument(once);
        expect(JSON.stringify(twice.document)).toBe(JSON.stringify(once));
        expect(twice.repairs).toEqual([]);
      }),
      { numRuns: 150 },
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
        expect(normalizedHash(mixed)).toBe(normalizedHash(documentOf(given)));
      }),
      { numRuns: 150 },
    );
  });
});

describe('normalizedHash', () => {
  const hash = (given: Record<string, unknown>) => normalizedHash(documentOf(given));

  it('is not touched by documentation, artefact numbers and the way of writing', () => {
    const plain = hash({ properties: { '__@B@1': { type: 'string' } }, required: ['__@B@1'] });
    const other = { '__@B@2': { type: 'string', description: 'd', example: 'e', title: 't' } };
    expect(hash({ properties: other, required: ['__@B@2'], externalDocs: { url: 'u' } })).toBe(plain);
    expect(hash({ type: 'string', nullable: true })).toBe(hash({ nullable: true, type: 'string' }));
  });

  it('tells properties that are called like documentation', () => {
    expect(hash({ properties: { description: { type: 'string' } } })).not.toBe(hash({ properties: {} }));
    expect(hash({ properties: { title: {} } })).not.toBe(hash({ properties: { example: {} } }));
    expect(hash({ default: { title: 'a' } })).not.toBe(hash({ default: { title: 'b' } }));
  });
});
