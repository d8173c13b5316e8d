import fc from 'fast-check';
import type { JsonSchema } from '../../../src/openapi/contract-types.js';

const names = ['a', 'b', 'c'] as const;
const leaf: fc.Arbitrary<JsonSchema> = fc.constantFrom<JsonSchema[]>(
  true,
  {},
  { type: 'string' },
  { type: 'number', minimum: 1 },
  { enum: [1, 'x', null] },
  { $ref: '#/components/schemas/Self' },
);
/** Schemas of a few keywords, some of which say nothing; `Self` is a component that refers to itself. */
export const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
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
/** Values that they may or may not allow. */
export const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(1, 0, 'x', 'y', null, true),
    fc.dictionary(fc.constantFrom(...names, 'd'), tie('value'), { maxKeys: 3 }),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
}));

/** The components that {@link schema} refers to. */
export const schemas: Record<string, JsonSchema> = {
  Self: { type: 'object', properties: { a: { $ref: '#/components/schemas/Self' }, b: { type: 'string' } } },
};
