import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveReference } from '../../../src/msw/validate/components.js';
import { pruneFor } from '../../../src/msw/validate/prune.js';
import type { JsonSchema } from '../../../src/openapi/contract-types.js';
import { documentOf } from '../fixture.js';
import { schema, schemas, value } from './some-schemas.js';

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
