import { describe, expect, test } from 'vitest';
import { mostSpecific, toValidationError } from '../../../src/msw/validate/validation-error.js';
import { createSchemas } from '../../../src/msw/validate/validator.js';
import type { JsonSchema } from '../../../src/openapi/contract-types.js';
import { documentOf, json } from '../fixture.js';

function errorOf(schema: JsonSchema, value: unknown) {
  const contract = documentOf({ it: { method: 'POST', requestBody: { ...json(schema), required: true } } });
  const it = contract.operations.it;
  if (it === undefined) throw new Error('the fixture has lost its operation');
  return mostSpecific('/body', createSchemas(contract).inRequest(schema, value));
}

describe('mostSpecific', () => {
  const union: JsonSchema = {
    oneOf: [
      { required: ['id'], additionalProperties: false, properties: { id: { type: 'string' } } },
      {
        required: ['id', 'branch'],
        additionalProperties: false,
        properties: { id: { type: 'string' }, branch: { type: 'string', minLength: 1 } },
      },
    ],
  };

  test.each<[string, unknown, string, string]>([
    [
      'a wrong value before the branch that does not know its property',
      { id: 'a', branch: '' },
      '/body/branch',
      'minLength',
    ],
    [
      'what every branch says before what one says',
      { id: 'a', brunch: 'b' },
      '/body/brunch',
      'additionalProperties',
    ],
    ['what every branch misses', {}, '/body/id', 'required'],
  ])('of a union tells %s', (_, value, pointer, rule) => {
    expect(errorOf(union, value)).toMatchObject({ pointer, rule });
  });

  test('tells the deepest place', () => {
    const schema: JsonSchema = {
      properties: { a: { type: 'object', properties: { b: { type: 'number' } } }, c: { type: 'string' } },
    };
    expect(errorOf(schema, { c: 1, a: { b: 'x' } })).toMatchObject({ pointer: '/body/a/b', rule: 'type' });
  });

  test('sums up only where nothing else is known', () => {
    expect(errorOf({ not: { required: ['a'] } }, { a: 1 })).toMatchObject({ pointer: '/body', rule: 'not' });
  });

  test.each<[JsonSchema, unknown, string, string, RegExp]>([
    [{ propertyNames: { enum: ['a'] } }, { b: 1 }, '/body/b', 'propertyNames', /not a name/],
    [
      { properties: {}, unevaluatedProperties: false },
      { b: 1 },
      '/body/b',
      'unevaluatedProperties',
      /does not allow/,
    ],
    [{ const: 1 }, 2, '/body', 'const', /must be 1, got 2$/],
    [{ enum: ['x', 1] }, 2, '/body', 'enum', /one of \["x",1\], got 2$/],
    [{ type: ['string', 'null'] }, 2, '/body', 'type', /type string,null, got 2/],
    [{ maxItems: 1 }, [1, 2], '/body', 'maxItems', /no more than 1 item$/],
    [
      { properties: { u: { type: 'string', format: 'uri' } } },
      { u: 'no' },
      '/body/u',
      'format',
      /match format "uri"/,
    ],
    [false, 1, '/body', 'false schema', /false/],
  ])('%j refuses %j', (schema, value, pointer, rule, problem) => {
    expect(errorOf(schema, value)).toEqual({ pointer, rule, problem: expect.stringMatching(problem) });
  });

  test('is nothing for a valid value', () => {
    expect(errorOf({ type: 'string', format: 'uri' }, 'https://example.com')).toBeUndefined();
  });
});

describe('toValidationError', () => {
  const subject = { operationId: 'it', method: 'GET', path: '/v1/it' };

  test('never repeats a value that was sent', () => {
    const error = errorOf({ type: 'number' }, 'my-secret-value');
    expect(JSON.stringify(error)).not.toContain('my-secret-value');
    expect(error?.problem).toContain('a string of 15 characters');
  });

  test('masks the bearer, even as the name of a parameter', () => {
    const error = {
      pointer: '/query/bearer-in-a-name',
      rule: 'undocumented',
      problem: 'is bearer-in-a-name',
    };
    const path = '/v1/bearer-in-a-name';
    const validationError = toValidationError({ ...subject, path }, error, 'bearer-in-a-name');
    expect(validationError.path).toBe('/v1/[redacted]');
    expect(JSON.stringify(validationError)).not.toContain('bearer-in-a-name');
    expect(validationError.pointer).toBe('/query/[redacted]');
  });
});
