import { describe, expect, test } from 'vitest';
import { checkRequest, type SentRequest } from '../../../src/msw/validate/check-request.js';
import { createSchemas } from '../../../src/msw/validate/validator.js';
import type {
  ContractOperation,
  ContractParameter,
  JsonSchema,
} from '../../../src/openapi/contract-types.js';
import { documentOf, json } from '../fixture.js';

const schemas: Record<string, JsonSchema> = {
  Count: { type: 'integer', minimum: 1 },
  Alias: { $ref: '#/components/schemas/Count' },
};

function check(operation: Partial<ContractOperation>, sent: Partial<SentRequest> = {}) {
  const contract = documentOf({ it: operation }, schemas);
  const it = contract.operations.it;
  if (it === undefined) throw new Error('the fixture has lost its operation');
  const empty: SentRequest = { path: {}, query: '', headers: new Headers(), text: '' };
  return checkRequest(it, { ...empty, ...sent }, createSchemas(contract));
}

const parameter = (
  name: string,
  schema: JsonSchema,
  more: Partial<ContractParameter> = {},
): ContractParameter => ({
  name,
  in: 'query',
  required: false,
  schema,
  ...more,
});
const query = (text: string) => ({ query: text });

describe('query parameters become what their schema says', () => {
  test.each<[JsonSchema, string, unknown]>([
    [{ type: 'number' }, 'a=1.5e2', 150],
    [{ type: 'integer' }, 'a=-7', -7],
    [{ $ref: '#/components/schemas/Alias' }, 'a=3', 3],
    [{ type: 'boolean' }, 'a=false', false],
    [{ type: ['number', 'null'] }, 'a=null', null],
    [{ type: ['boolean', 'null'] }, 'a=', null],
    [{ type: 'string' }, 'a=12', '12'],
    [true, 'a=12', '12'],
    [{ type: 'array', items: { type: 'number' } }, 'a=1&a=2', [1, 2]],
    [{ type: 'array' }, 'a=x', ['x']],
  ])('%j: %s', (schema, text, value) => {
    expect(check({ parameters: [parameter('a', schema)] }, query(text))).toMatchObject({
      query: { a: value },
    });
  });

  test.each<[JsonSchema, string, string]>([
    [{ type: 'number' }, 'a=0x10', 'type'],
    [{ type: 'number' }, 'a=1%20', 'type'],
    [{ type: 'number' }, 'a=', 'type'],
    [{ type: 'number' }, 'a=Infinity', 'type'],
    [{ type: 'boolean' }, 'a=yes', 'type'],
    [{ type: 'integer' }, 'a=1.5', 'type'],
    [{ $ref: '#/components/schemas/Alias' }, 'a=0', 'minimum'],
    [{ enum: ['x', 'y'] }, 'a=z', 'enum'],
    [{ const: 'x' }, 'a=z', 'const'],
  ])('%j refuses %s by %s', (schema, text, rule) => {
    expect(check({ parameters: [parameter('a', schema)] }, query(text))).toMatchObject({
      pointer: '/query/a',
      rule,
    });
  });

  test('one that is sent twice and takes one value is refused', () => {
    const parameters = [parameter('a', { type: 'string' })];
    expect(check({ parameters }, query('a=1&a=1'))).toMatchObject({ pointer: '/query/a', rule: 'repeated' });
  });

  test('the element of a list is pointed at', () => {
    const parameters = [parameter('a', { type: 'array', items: { type: 'number' } })];
    expect(check({ parameters }, query('a=1&a=x'))).toMatchObject({ pointer: '/query/a/1', rule: 'type' });
  });

  test('one that is missing is left out, unless it is required', () => {
    expect(check({ parameters: [parameter('a', true)] })).toMatchObject({ query: {} });
    expect(check({ parameters: [parameter('a', true, { required: true })] })).toMatchObject({
      pointer: '/query/a',
      rule: 'required',
    });
  });

  test('one that the document does not know is refused, and the known ones are named', () => {
    const parameters = [
      parameter('limit', true),
      parameter('cursor', true),
      parameter('x', true, { in: 'header' }),
    ];
    expect(check({ parameters }, query('limits=1'))).toMatchObject({
      pointer: '/query/limits',
      rule: 'undocumented',
      problem: expect.stringContaining('it takes limit, cursor'),
    });
    expect(check({}, query('a~b/c'))).toMatchObject({
      pointer: '/query/a~0b~1c',
      problem: expect.stringContaining('it takes none'),
    });
  });
});

describe('other parameters', () => {
  const team = parameter('X-Team', { type: 'integer' }, { in: 'header', required: true });

  test('of headers are coerced and checked', () => {
    const headers = (value: string) => ({ headers: new Headers({ 'x-team': value }) });
    expect(check({ parameters: [team] }, headers('12'))).toMatchObject({ params: {} });
    expect(check({ parameters: [team] }, headers('acme'))).toMatchObject({
      pointer: '/headers/x-team',
      rule: 'type',
    });
    expect(check({ parameters: [team] })).toMatchObject({ pointer: '/headers/x-team', rule: 'required' });
  });

  test('of cookies are checked', () => {
    const parameters = [parameter('sid', { type: 'integer' }, { in: 'cookie', required: true })];
    const cookie = (text: string) => ({ headers: new Headers({ cookie: text }) });
    expect(check({ parameters }, cookie('other=x; sid=12'))).toHaveProperty('params');
    expect(check({ parameters }, cookie('sid=x'))).toMatchObject({ pointer: '/cookies/sid', rule: 'type' });
    expect(check({ parameters })).toMatchObject({ pointer: '/cookies/sid', rule: 'required' });
  });

  test('of paths are checked, and refused where the escape is malformed', () => {
    const parameters = [parameter('id', { type: 'string', maxLength: 3 }, { in: 'path', required: true })];
    expect(check({ parameters }, { path: { id: 'a%2Fb' } })).toMatchObject({ params: { id: 'a/b' } });
    expect(check({ parameters }, { path: { id: 'long' } })).toMatchObject({
      pointer: '/path/id',
      rule: 'maxLength',
    });
    expect(check({ parameters }, { path: { id: '%E0%A4%A' } })).toMatchObject({
      pointer: '/path/id',
      rule: 'encoding',
    });
  });
});

describe('the bearer', () => {
  const headers = (authorization: string) => ({ headers: new Headers({ authorization }) });

  test('is read whatever the case of its scheme', () => {
    expect(check({ secured: true }, headers('bearer  abc.def'))).toMatchObject({ bearer: 'abc.def' });
  });

  test('is asked for before anything else', () => {
    expect(check({ secured: true }, query('bogus=1'))).toMatchObject({
      pointer: '/headers/authorization',
      rule: 'required',
      status: 401,
    });
  });

  test('is not asked for where the document does not', () => {
    expect(check({ secured: false })).toMatchObject({ bearer: undefined });
  });
});

describe('the body', () => {
  const requestBody = { ...json({ type: ['object', 'null'] }), required: false };
  const sent = (text: string, contentType: string) => ({
    text,
    headers: new Headers({ 'content-type': contentType }),
  });

  test.each(['application/json', 'Application/JSON; charset=utf-8'])('is taken as %s', (contentType) => {
    expect(check({ requestBody }, sent('{"a":1}', contentType))).toMatchObject({ body: { a: 1 } });
  });

  test('null is a body, and no body is none', () => {
    expect(check({ requestBody }, sent('null', 'application/json'))).toMatchObject({ body: null });
    expect(check({ requestBody }, { text: '' })).toMatchObject({ body: undefined });
    expect(check({ requestBody: { ...requestBody, required: true } })).toMatchObject({
      pointer: '/body',
      rule: 'required',
    });
  });

  test('without a content type is refused', () => {
    expect(check({ requestBody }, { text: '{}' })).toMatchObject({
      pointer: '/headers/content-type',
      rule: 'contentType',
    });
  });
});
