import { describe, expect, test } from 'vitest';
import { createMock } from '../../../src/msw/index.js';
import { ask } from '../ask.js';

const schemas = {
  Open: { required: ['a'], properties: { a: { type: 'string' } } },
  Cat: {
    type: 'object',
    required: ['kind'],
    properties: { kind: { type: 'string' }, lives: { type: 'integer' } },
  },
  Dog: {
    type: 'object',
    required: ['kind'],
    properties: { kind: { type: 'string' }, bark: { type: 'integer' } },
  },
};
const to = (name: keyof typeof schemas) => ({ $ref: `#/components/schemas/${name}` });

/** The error of a body that is sent to an operation with the given schema; `undefined` where it is accepted. */
async function errorOf(schema: object, body: unknown) {
  const requestBody = { required: true, content: { 'application/json': { schema } } };
  const post = { operationId: 'make', requestBody, responses: { 200: { description: 'ok' } } };
  const document = {
    openapi: '3.0.3',
    info: { title: 'Repairs', version: '1' },
    servers: [{ url: 'https://api.vercel.com' }],
    paths: { '/v1/a': { post } },
    components: { schemas },
  };
  const { status, error } = await ask(createMock({ document }).handlers, 'POST', '/v1/a', { body });
  return status === 400 ? error : undefined;
}

describe('a repair never makes an invalid value valid', () => {
  test.each<[string, object, unknown, string]>([
    [
      'a closed object that requires what it does not declare',
      { type: 'object', required: ['gone'], properties: { a: {} }, additionalProperties: false },
      {},
      'required',
    ],
    [
      'a type beside references to schemas of any type',
      { type: 'object', oneOf: [to('Open'), to('Open')] },
      [22],
      'type',
    ],
    [
      'a type beside references to schemas of that type',
      { type: 'object', oneOf: [to('Cat'), to('Dog')] },
      [22],
      'type',
    ],
    [
      'a pattern that Unicode alone refuses',
      { properties: { p: { type: 'string', pattern: '^[a\\-\\"]$' } } },
      { p: 'x' },
      'pattern',
    ],
    [
      'a discriminator beside a union and properties',
      {
        properties: { kind: { type: 'string' } },
        oneOf: [to('Cat'), to('Dog')],
        discriminator: { propertyName: 'kind' },
      },
      { kind: 'Bird' },
      'discriminator',
    ],
  ])('%s', async (_name, schema, body, rule) => {
    expect(await errorOf(schema, body)).toMatchObject({ rule });
  });

  test('and keeps the values that a type beside a union allows', async () => {
    expect(await errorOf({ type: 'object', oneOf: [to('Open'), to('Cat')] }, { a: 'x' })).toBeUndefined();
  });
});
