import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { followReference } from '../../../src/msw/validate/components.js';
import { FORMATS } from '../../../src/msw/validate/formats.js';
import { findWrong, NotInterpreted } from '../../../src/msw/validate/interpret.js';
import type { JsonSchema } from '../../../src/openapi/contract-types.js';
import { thrownBy } from '../../helpers/caught.js';
import { documentOf } from '../fixture.js';
import { schema, schemas, value } from './some-schemas.js';

const contract = documentOf({}, schemas);
const read = (of: JsonSchema, it: unknown, oneOf: 'any' | 'one' = 'one', first = false) =>
  findWrong(of, it, { oneOf, first, follow: (reference) => followReference(contract, reference) });

/** Places and keywords as ajv has them. */
function compiled(of: JsonSchema, it: unknown, oneOf: 'any' | 'one' = 'one'): string[] {
  const ajv = new Ajv2020({
    strict: false,
    logger: false,
    meta: false,
    validateSchema: false,
    allErrors: true,
    formats: { ...FORMATS },
  });
  if (oneOf === 'any')
    ajv.removeKeyword('oneOf').addKeyword({ ...Object(ajv.getKeyword('anyOf')), keyword: 'oneOf' });
  const validate = ajv.compile({ $id: 'd', ...Object(of), components: { schemas } });
  return validate(it) ? [] : named(validate.errors ?? []);
}

const named = (errors: readonly { readonly instancePath: string; readonly keyword: string }[]) =>
  [...new Set(errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`))].sort();

describe('reading a schema', () => {
  test.each(['one', 'any'] as const)('finds what compiling it finds, oneOf read as %s', (oneOf) => {
    fc.assert(
      fc.property(schema, value, (of, it) => {
        const whole: JsonSchema = { allOf: [of] };
        expect(named(read(whole, it, oneOf))).toEqual(compiled(whole, it, oneOf));
        expect(read(whole, it, oneOf, true).length > 0).toBe(compiled(whole, it, oneOf).length > 0);
      }),
      { numRuns: 600 },
    );
  });

  // Keywords and, for each, values on both sides of it.
  test.each<[JsonSchema, ...unknown[]]>([
    [{ type: 'integer' }, 1, 1.5, '1', null],
    [{ type: ['string', 'null'] }, 'x', null, 1, {}],
    [{ type: 'array' }, [], {}],
    [{ const: { a: [1, null] } }, { a: [1, null] }, { a: [1] }, { a: [1, null], b: 1 }],
    [{ enum: [1, { b: 2, a: 1 }] }, { a: 1, b: 2 }, { a: 1 }, 1],
    [{ minLength: 2, maxLength: 3 }, 'a', '😀😀', '😀', 'abcd', 1],
    [{ pattern: '^\\p{L}+$' }, 'é', '1', 1],
    [{ format: 'uuid' }, 'x', '00000000-0000-4000-8000-000000000000'],
    [{ format: 'unheard-of' }, 'x'],
    [{ minimum: 1, maximum: 2 }, 0, 1, 2, 3, '0'],
    [{ exclusiveMinimum: 1, exclusiveMaximum: 3 }, 1, 2, 3],
    [{ multipleOf: 0.5 }, 1.5, 1.2],
    [{ minItems: 1, maxItems: 2, uniqueItems: true }, [], [1], [1, 1], [{ a: 1 }, { a: 1 }], [1, 2, 3]],
    [{ prefixItems: [{ type: 'string' }], items: { type: 'number' } }, ['x', 1], [1, 1], ['x', 'x'], []],
    [{ prefixItems: [true], items: false }, [1], [1, 2]],
    [{ contains: { type: 'string' }, minContains: 1, maxContains: 2 }, [1, 'x'], ['x', 'x', 'x']],
    [{ required: ['a', 'b'], minProperties: 1, maxProperties: 2 }, {}, { a: 1 }, { a: 1, b: 1, c: 1 }],
    [{ dependentRequired: { a: ['b'] } }, { a: 1 }, { a: 1, b: 1 }, { b: 1 }],
    [{ dependentSchemas: { a: { required: ['b'] } } }, { a: 1 }, { a: 1, b: 1 }, {}],
    [{ properties: { 'a/b~': { type: 'string' } } }, { 'a/b~': 1 }],
    [{ patternProperties: { '^x': { type: 'string' } }, additionalProperties: false }, { x1: 1 }, { y: 1 }],
    [{ additionalProperties: { type: 'string' } }, { a: 1, b: 'x' }],
    [{ propertyNames: { pattern: '^a' } }, { a: 1 }, { b: 1 }],
    [{ not: { type: 'string' } }, 'x', 1],
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema has a keyword of that name.
    [{ if: { type: 'string' }, then: { minLength: 2 }, else: { minimum: 1 } }, 'x', 'xx', 0, 1],
    [{ anyOf: [{ type: 'string' }, { type: 'object', required: ['a'] }] }, 'x', {}, { a: 1 }],
    [{ $ref: '#/components/schemas/Self', required: ['b'] }, { b: 'x' }, { a: { b: 1 } }, 1],
    [{ properties: { a: false } }, { a: 1 }, {}],
  ])('%j says what it says compiled', (of, ...values) => {
    for (const it of values) expect(named(read(of, it)), JSON.stringify(it)).toEqual(compiled(of, it));
  });

  test('tells how many branches hold', () => {
    const of: JsonSchema = { oneOf: [{ type: 'number' }, { type: 'integer' }, { type: 'string' }] };
    expect(read(of, 1)).toEqual([{ instancePath: '', keyword: 'oneOf', params: { passingSchemas: [0, 1] } }]);
    expect(read(of, null).at(-1)).toMatchObject({ keyword: 'oneOf', params: { passingSchemas: null } });
    expect(read(of, 1, 'any')).toEqual([]);
  });

  test.each<[string, JsonSchema]>([
    ['a reference that leads nowhere', { $ref: '#/components/schemas/Nothing' }],
    ['a keyword that asks what others have seen', { unevaluatedProperties: false }],
    ['a dynamic reference', { $dynamicRef: '#x' }],
  ])('leaves %s to the compiler', (_name, of) => {
    expect(thrownBy(() => read(of, {}), NotInterpreted)).toBeInstanceOf(NotInterpreted);
  });
});
