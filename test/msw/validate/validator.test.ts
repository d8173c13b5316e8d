import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FORMATS } from '../../../src/msw/validate/formats.js';
import { SchemaError, SchemaSource, sourceOf } from '../../../src/msw/validate/schema-source.js';
import { validate } from '../../../src/msw/validate/validator.js';
import type { JsonSchema } from '../../../src/openapi/contract-types.js';
import { thrownBy } from '../../helpers/caught.js';
import { documentOf } from '../fixture.js';
import { schema, schemas, value } from './some-schemas.js';

const source = sourceOf(documentOf({}, schemas));
const read = (of: JsonSchema, it: unknown, oneOf: 'any' | 'one' = 'one') =>
  validate(source, of, it, { oneOf });

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

describe('the validator', () => {
  test.each(['one', 'any'] as const)('finds what ajv finds, oneOf read as %s', (oneOf) => {
    fc.assert(
      fc.property(schema, value, (of, it) => {
        const whole: JsonSchema = { allOf: [of] };
        const [found, expected] = [named(read(whole, it, oneOf)), compiled(whole, it, oneOf)];
        expect(found.length > 0).toBe(expected.length > 0);
        // Of a union it tells one branch, where ajv tells all of them.
        for (const error of found) expect(expected).toContain(error);
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
    [{ unevaluatedProperties: false, allOf: [{ properties: { a: true } }] }, { a: 1 }, { a: 1, b: 1 }],
    [{ unevaluatedItems: false, prefixItems: [true] }, [1], [1, 2]],
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
  ])('%j says what it says to ajv', (of, ...values) => {
    // What ajv tells beside the rule that was broken: why each branch is not it, and that a condition did not hold.
    const isSummed = ['anyOf', 'if', 'propertyNames'].some((keyword) => keyword in Object(of));
    for (const it of values) {
      const [found, expected] = [named(read(of, it)), compiled(of, it)];
      if (isSummed) for (const error of found) expect(expected, JSON.stringify(it)).toContain(error);
      expect(isSummed ? found.length > 0 : found).toEqual(isSummed ? expected.length > 0 : expected);
    }
  });

  test('takes decimal fractions as they are written', () => {
    expect(read({ multipleOf: 0.01 }, 19.99)).toEqual([]);
    expect(read({ multipleOf: 0.01 }, 19.995)).toMatchObject([{ keyword: 'multipleOf' }]);
  });

  test('tells how many branches hold', () => {
    const of: JsonSchema = { oneOf: [{ type: 'number' }, { type: 'integer' }, { type: 'string' }] };
    expect(read(of, 1)).toMatchObject([{ keyword: 'oneOf', params: { passingSchemas: [0, 1] } }]);
    expect(read(of, null).at(-1)).toMatchObject({ keyword: 'oneOf', params: { passingSchemas: null } });
    expect(read(of, 1, 'any')).toEqual([]);
  });

  test.each<[string, JsonSchema, RegExp]>([
    ['a reference', { $ref: '#/components/schemas/Nothing' }, /Nothing leads nowhere/],
    ['a dynamic reference', { $dynamicRef: '#x' }, /#x leads nowhere/],
    ['a pattern', { patternProperties: { '(': true } }, /"\(" is not a regular expression/],
  ])('names %s that cannot be read', (_name, of, message) => {
    expect(thrownBy(() => read(of, { a: 1 }), SchemaError).message).toMatch(message);
  });
});

describe('the work', () => {
  /** `branches` schemas, each of which holds a list of all of them. */
  function forest(branches: number, onRead: () => void) {
    const tree = (index: number): JsonSchema => ({
      get allOf() {
        onRead();
        return [
          { type: 'object', required: ['kind'], properties: { kind: { enum: [`k${index}`] } } },
          { properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Any' } } } },
        ];
      },
    });
    const of = { oneOf: Array.from({ length: branches }, (_, index) => tree(index)) };
    return { components: { schemas: { Any: of } } };
  }
  const nest = (depth: number, width: number, kind: string): unknown => ({
    kind,
    children: depth === 0 ? [] : Array.from({ length: width }, () => nest(depth - 1, width, kind)),
  });
  /** How often the branches are read, which no machine makes slower. */
  function readsFor(branches: number, value: unknown, least: number): number {
    let reads = 0;
    const document = forest(branches, () => {
      reads += 1;
    });
    const errors = validate(new SchemaSource(document), document.components.schemas.Any, value, {
      oneOf: 'one',
    });
    expect(errors.length).toBeGreaterThanOrEqual(least);
    return reads;
  }

  describe.each([
    ['valid', 'k0', 0],
    ['invalid', 'none', 1],
  ])('on a recursive union grows with its size alone, for a value that is %s', (_name, kind, least) => {
    test('from 2 to 64 branches', () => {
      const value = nest(5, 2, kind);
      const reads = [2, 4, 8, 16, 32, 64].map((branches) => readsFor(branches, value, least));
      for (const [index, count] of reads.slice(1).entries())
        expect(count / (reads[index] ?? 1)).toBeLessThan(2.5);
    });

    test('from 2 to 30 values in values', () => {
      const [first = 0, ...others] = [2, 6, 14, 30].map((depth) => readsFor(8, nest(depth, 1, kind), least));
      for (const [index, depth] of [6, 14, 30].entries())
        expect((others[index] ?? 0) / first).toBeLessThan((1.25 * (depth + 1)) / 3);
    });
  });

  test('on references to references is done once each', () => {
    const schemas = Object.fromEntries(
      Array.from({ length: 40 }, (_, index): [string, JsonSchema] => [
        `S${index}`,
        index === 39
          ? { type: 'string' }
          : { allOf: Array.from({ length: 2 }, () => ({ $ref: `#/components/schemas/S${index + 1}` })) },
      ]),
    );
    const chain = sourceOf(documentOf({}, schemas));
    const of = { $ref: '#/components/schemas/S0' };
    expect(validate(chain, of, 'x', { oneOf: 'one' })).toEqual([]);
    expect(validate(chain, of, 1, { oneOf: 'one' })[0]).toMatchObject({ keyword: 'type' });
  });

  test('ends for a schema that leads to itself, and for values in values in values', () => {
    const loop = sourceOf(
      documentOf({}, { A: { allOf: [{ $ref: '#/components/schemas/A' }], type: 'string' } }),
    );
    expect(validate(loop, { $ref: '#/components/schemas/A' }, 'x', { oneOf: 'one' })).toEqual([]);
    const nested = JSON.parse('['.repeat(20_000) + ']'.repeat(20_000));
    const list = sourceOf(
      documentOf({}, { L: { type: 'array', items: { $ref: '#/components/schemas/L' } } }),
    );
    const [error] = validate(list, { $ref: '#/components/schemas/L' }, nested, { oneOf: 'one' });
    expect(error).toMatchObject({ keyword: 'depth' });
  });

  test('ends for schemas with ids of their own that lead to each other', () => {
    const a = { $id: 'https://example.com/a', $ref: 'b' };
    const b = { $id: 'https://example.com/b', type: 'string', $ref: 'a' };
    const root = { $ref: 'https://example.com/a', $defs: { a, b } };
    const errors = validate(new SchemaSource(root), root, 1, { oneOf: 'any' });
    expect(errors.map(({ keyword }) => keyword)).toContain('type');
  });
});

describe('what goes one way only', () => {
  const of: JsonSchema = {
    allOf: [
      { properties: { id: { readOnly: true, type: 'string' }, secret: { writeOnly: true, type: 'string' } } },
      { required: ['id', 'secret'] },
    ],
  };
  const missing = (it: unknown, direction?: 'request' | 'response') =>
    validate(source, of, it, { oneOf: 'one', direction }).map(({ params }) => params.missingProperty);

  test.each([
    ['request', ['secret']],
    ['response', ['id']],
    [undefined, ['id', 'secret']],
  ] as const)('is required the other way alone: %s', (direction, expected) => {
    expect(missing({}, direction)).toEqual(expected);
  });

  test('may be sent back all the same', () => {
    expect(missing({ id: 'a', secret: 'b' }, 'request')).toEqual([]);
  });
});

describe('a discriminator', () => {
  const pets = sourceOf(
    documentOf(
      {},
      {
        Cat: { type: 'object', required: ['lives'], properties: { kind: { type: 'string' } } },
        Dog: { type: 'object', required: ['bark'], properties: { kind: { type: 'string' } } },
      },
    ),
  );
  const of: JsonSchema = {
    oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }],
    discriminator: { propertyName: 'kind', mapping: { cat: '#/components/schemas/Cat' } },
  };
  const errorsOf = (it: unknown) => validate(pets, of, it, { oneOf: 'any' });

  test.each([
    [{ kind: 'cat', lives: 9 }, []],
    [{ kind: 'Dog', bark: 1 }, []],
    [{ kind: 'cat', bark: 1 }, []],
    [
      { kind: 'cat' },
      [
        ['', 'required'],
        ['', 'oneOf'],
      ],
    ],
    [{ kind: 'bird', bark: 1 }, [['/kind', 'discriminator']]],
  ])('picks the branch of %j', (it, expected) => {
    expect(errorsOf(it).map(({ instancePath, keyword }) => [instancePath, keyword])).toEqual(expected);
  });
});
