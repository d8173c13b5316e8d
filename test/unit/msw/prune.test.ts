import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../../src/contract-types.js';
import { resolveReference } from '../../../src/msw/components.js';
import { pruneFor } from '../../../src/msw/prune.js';
import { documentOf } from './fixture.js';

const names = ['a', 'b', 'c'] as const;
const leaf: fc.Arbitrary<JsonSchema> = fc.constantFrom<JsonSchema[]>(
  true,
  {},
  { type: 'string' },
  { type: 'number', minimum: 1 },
  { enum: [1, 'x', null] },
  { $ref: '#/components/schemas/Self' },
);
const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom(...names), tie('schema'), { maxKeys: 3 }),
        required: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
        additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      { type: fc.constant('array'), items: tie('schema'), maxItems: fc.nat(3) },
      { requiredKeys: ['items'] },
    ),
    fc.record({ oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
  ),
}));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(1, 0, 'x', 'y', null, true),
    fc.dictionary(fc.constantFrom(...names, 'd'), tie('value'), { maxKeys: 3 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));
const schemas: Record<string, JsonSchema> = {
  Self: { type: 'object', properties: { a: { $ref: '#/components/schemas/Self' }, b: { type: 'string' } } },
};
const contract = documentOf({}, schemas);
const isValid = (of: JsonSchema, it: unknown) =>
  new Ajv2020({ strict: false, logger: false, meta: false, validateSchema: false }).validate(
    { allOf: [of], components: { schemas } },
    it,
  );

describe('pruneFor', () => {
  test('leaves a schema that says the same of the value', () => {
    fc.assert(
      fc.property(schema, value, (of, it) => {
        const pruned = pruneFor(of, [it], (one) => resolveReference(contract, one));
        expect(isValid(pruned, it)).toBe(isValid(of, it));
      }),
      { numRuns: 1_500 },
    );
  });

  test('leaves out what the value does not have', () => {
    const properties = { a: { type: 'string' }, b: { type: 'object', properties: { c: true } } };
    const pruned = pruneFor({ type: 'object', properties, required: ['a'] }, [{ a: 'x' }], (one) => one);
    expect(pruned).toEqual({ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] });
  });
});
