import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../src/msw/respond/random.js';
import { sampleSchema } from '../../../src/msw/respond/sample-body.js';
import { FORMATS } from '../../../src/msw/validate/formats.js';
import { createSchemas } from '../../../src/msw/validate/validator.js';
import type { JsonSchema } from '../../../src/openapi/contract-types.js';
import { documentOf } from '../fixture.js';

const components: Record<string, JsonSchema> = {
  Tree: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { type: 'string' },
      children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
    },
  },
  // Three of itself each time: without an end to what is optional, this would grow for ever.
  Forest: {
    type: 'object',
    properties: { trees: { type: 'array', minItems: 3, items: { $ref: '#/components/schemas/Forest' } } },
  },
  Named: { required: ['name'], properties: { name: { type: 'string', minLength: 30 } } },
  Aged: { required: ['age'], properties: { age: { type: 'integer', minimum: 18, maximum: 20 } } },
};
const schemas = createSchemas(documentOf({}, components));
const sample = (schema: JsonSchema, seed: string | number = 1) =>
  sampleSchema(schema, createRandom(seed), schemas);
const CONDITION: JsonSchema = {
  properties: { k: { enum: [1] } },
  if: { properties: { k: { const: 1 } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema has a keyword of that name.
  then: { required: ['x'] },
};
const seeds = Array.from({ length: 40 }, (_, index) => index);

describe('sampleSchema', () => {
  test.each<[JsonSchema]>([
    [{ type: 'object', required: ['a'], properties: { a: { type: 'string' }, b: { type: 'number' } } }],
    [{ required: ['a', 'unlisted'], properties: { a: { const: 7 } } }],
    [{ type: 'array', minItems: 3, items: { type: 'integer' } }],
    [{ type: 'array', maxItems: 0 }],
    [{ items: { type: 'boolean' } }],
    [{ enum: [false, 'maybe', true] }],
    [{ type: ['string', 'null'] }],
    [{ type: 'null' }],
    [{ type: 'number', exclusiveMinimum: 5, exclusiveMaximum: 8 }],
    [{ type: 'string', minLength: 80 }],
    [{ type: 'string', maxLength: 2 }],
    [{ type: 'string', pattern: '^env_' }],
    [{ type: 'string', format: 'uri' }],
    [{ allOf: [{ $ref: '#/components/schemas/Named' }, { $ref: '#/components/schemas/Aged' }] }],
    [{ oneOf: [{ type: 'string' }, { type: 'integer' }] }],
    [{ anyOf: [{ $ref: '#/components/schemas/Named' }, { type: 'null' }] }],
    [{ $ref: '#/components/schemas/Tree' }],
    [{ $ref: '#/components/schemas/Forest' }],
    [true],
    ...[
      '^[A-Z]{2}$',
      '^\\+[1-9]\\d{1,14}$',
      '^(asc|desc)$',
      '^v\\d+\\.\\d+$',
      '^(?!-)(?<part>[a-z0-9-]+)\\.\\k<part>$',
      '^(?=.{3,6}$)\\p{Lu}\\w*?[^\\s\\w]$',
      '\\bcat\\b|[\\u00e4-\\u00fc]+',
    ].map((pattern): [JsonSchema] => [{ type: 'string', pattern }]),
    [{ type: 'string', pattern: '^[a-z]+$', minLength: 20, maxLength: 22 }],
    [{ type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }],
    [{ type: 'number', minimum: 0.1, maximum: 0.6, multipleOf: 0.25 }],
    [{ type: 'integer', minimum: 7, exclusiveMaximum: 8 }],
    [{ type: 'object', minProperties: 3, additionalProperties: { type: 'integer' } }],
    [{ minProperties: 2, maxProperties: 2, properties: { a: {}, b: {}, c: {} }, required: ['c'] }],
    [{ type: 'object', minProperties: 2, propertyNames: { enum: ['x', 'y', 'z'] } }],
    [{ patternProperties: { '^x-': { type: 'integer' } }, additionalProperties: false, minProperties: 1 }],
    [{ dependentRequired: { a: ['b'] }, properties: { a: { type: 'string' } } }],
    [{ prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 2 }],
    [{ contains: { const: 7 }, minContains: 2, items: { type: 'integer' } }],
    [{ type: 'array', minItems: 3, uniqueItems: true, items: { enum: [1, 2, 3] } }],
    [CONDITION],
    [{ type: 'string', format: 'uri', maxLength: 12 }],
    [{ type: 'string', format: 'email', minLength: 40 }],
    ...['date-time', 'date', 'time', 'duration', 'byte', 'uuid', 'ipv4', 'ipv6'].map(
      (format): [JsonSchema] => [{ type: 'string', format }],
    ),
    [{ type: 'integer', enum: [17], allOf: [{ oneOf: [{ const: 1 }, { const: 17 }] }] }],
  ])('makes values that %j allows', (schema) => {
    const ajv = new Ajv2020({
      strict: false,
      logger: false,
      formats: FORMATS,
    });
    const validate = ajv.compile({ allOf: [schema], components: { schemas: components } });
    for (const seed of seeds) {
      const value = sample(schema, seed);
      expect(validate(value) || [value, validate.errors]).toBe(true);
    }
  });

  test('is the same for the same seed and differs between seeds', () => {
    const schema = { $ref: '#/components/schemas/Tree' };
    expect(sample(schema, 'a')).toEqual(sample(schema, 'a'));
    expect(new Set(seeds.map((seed) => JSON.stringify(sample(schema, seed)))).size).toBeGreaterThan(30);
  });

  test('takes known members of an open enum', () => {
    const schema = { type: 'string', 'x-extensible-enum': ['app', 'user'] };
    expect(new Set(seeds.map((seed) => sample(schema, seed)))).toEqual(new Set(['app', 'user']));
  });

  test('leaves optional properties out at times', () => {
    const schema = { type: 'object', properties: { a: { type: 'string' } } };
    const present = new Set(seeds.map((seed) => Object.keys(Object(sample(schema, seed))).length));
    expect(present).toEqual(new Set([0, 1]));
  });

  test('gives times and URLs to the properties that are named so', () => {
    const schema = {
      required: ['createdAt', 'clientUrl', 'id'],
      properties: { createdAt: { type: 'number' }, clientUrl: { type: 'string' }, id: { type: 'string' } },
    };
    expect(sample(schema)).toEqual({
      createdAt: expect.toSatisfy((time: number) => time > 1_700_000_000_000),
      clientUrl: expect.stringMatching(/^https:\/\/\w+\.example\.com$/),
      id: expect.stringMatching(/^\w{12}$/),
    });
  });

  test('leaves out of a response what is writeOnly, and of a request what is readOnly', () => {
    const schema: JsonSchema = {
      required: ['id', 'secret'],
      properties: { id: { type: 'string', readOnly: true }, secret: { type: 'string', writeOnly: true } },
    };
    const names = (direction: 'request' | 'response') =>
      Object.keys(Object(sampleSchema(schema, createRandom(1), schemas, { direction })));
    expect([names('request'), names('response')]).toEqual([['secret'], ['id']]);
  });

  test('names the branch of a union that has a discriminator', () => {
    const schema: JsonSchema = {
      oneOf: [{ $ref: '#/components/schemas/Named' }, { $ref: '#/components/schemas/Aged' }],
      discriminator: { propertyName: 'kind', mapping: { old: '#/components/schemas/Aged' } },
    };
    const kinds = seeds.map((seed) => {
      const { kind, age } = Object(sample(schema, seed));
      expect(typeof age).toBe(kind === 'old' ? 'number' : 'undefined');
      return kind;
    });
    expect(new Set(kinds)).toEqual(new Set(['old', 'Named']));
  });
});
