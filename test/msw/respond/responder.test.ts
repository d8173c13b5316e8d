import { describe, expect, test } from 'vitest';
import { type PlainResponse, Responder } from '../../../src/msw/respond/responder.js';
import { createSchemas } from '../../../src/msw/validate/validator.js';
import type { ContractResponse } from '../../../src/openapi/contract-types.js';
import { documentOf, json } from '../fixture.js';

const NUMBER = { type: 'object', required: ['n'], properties: { n: { type: 'integer' } } };
/** Has values, none of which is found by chance. */
const IMPOSSIBLE = { type: 'string', pattern: '^(?=a{40}$).*$' };

function answererOf(responses: Record<string, ContractResponse>, seed: number | string = 1) {
  const contract = documentOf({ it: { responses } });
  const operation = contract.operations.it ?? missing();
  const responder = new Responder(seed, createSchemas(contract));
  return {
    responder,
    operation,
    answer: (answer: PlainResponse = {}) => responder.toResponse(operation, answer),
  };
}

function missing(): never {
  throw new Error('the fixture has lost its operation');
}

const fine = (...examples: unknown[]) => ({ description: 'Fine.', body: json(NUMBER, ...examples) });

describe('the default status', () => {
  const statusOf = (responses: Record<string, ContractResponse>) => {
    const { responder, operation } = answererOf(responses);
    return responder.defaultStatus(operation);
  };
  const none: ContractResponse = { description: '' };

  test.each<[string[], number]>([
    [['404', '204', '201'], 201],
    [['202'], 202],
    [['404', 'default'], 200],
    [[], 200],
  ])('of %j is %i', (statuses, expected) => {
    expect(statusOf(Object.fromEntries(statuses.map((status) => [status, none])))).toBe(expected);
  });
});

describe('a body', () => {
  test('is the first valid example at seed 1', async () => {
    expect(
      await answererOf({ 200: fine({ n: 'x' }, { n: 1 }, { n: 2 }) })
        .answer()
        .json(),
    ).toEqual({ n: 1 });
  });

  test('is generated where no example is valid, and at any other seed', async () => {
    const generated = { n: expect.any(Number) };
    expect(
      await answererOf({ 200: fine({ n: 'x' }) })
        .answer()
        .json(),
    ).toEqual(generated);
    const other = await answererOf({ 200: fine({ n: -1 }) }, 2)
      .answer()
      .json();
    expect(other).toEqual(generated);
    expect(other).not.toEqual({ n: -1 });
    expect(
      await answererOf({ 200: fine({ n: -1 }) }, 'two')
        .answer()
        .json(),
    ).not.toEqual(other);
  });

  test('is the example where none can be generated', async () => {
    const digest = 'a'.repeat(40);
    const responses = { 200: { description: '', body: json(IMPOSSIBLE, digest) } };
    expect(await answererOf(responses, 2).answer().json()).toBe(digest);
  });

  test('that can be had in no way is an error that says what to do', () => {
    const { answer } = answererOf({ 200: { description: '', body: json(IMPOSSIBLE) } });
    expect(() => answer()).toThrow(
      /^it: \/responses\/200 must match pattern .* give the body in `overrides` \(rule pattern\)$/,
    );
  });

  test('does not depend on what was asked before, nor on other operations', async () => {
    const contract = documentOf({ a: { responses: { 200: fine() } }, b: { responses: { 200: fine() } } });
    const alone = documentOf({ b: { responses: { 200: fine() } } });
    const bodyOfB = async (document: typeof contract, first?: string) => {
      const responder = new Responder(7, createSchemas(document));
      const get = (id: string) => document.operations[id] ?? missing();
      if (first !== undefined) responder.toResponse(get(first), {});
      return responder.toResponse(get('b'), {}).json();
    };
    expect(await bodyOfB(contract, 'a')).toEqual(await bodyOfB(alone));
  });

  test.each([204, 205, 304])('is never sent with %i', async (status) => {
    const response = answererOf({ 200: fine({ n: 1 }) }).answer({ status, body: { n: 1 } });
    expect(response.status).toBe(status);
    expect(response.body).toBeNull();
  });

  test('undefined as such is none, and null is null', async () => {
    const { answer } = answererOf({ 200: fine({ n: 1 }) });
    expect(await answer({ body: undefined }).text()).toBe('');
    expect(await answer({ body: null }).text()).toBe('null');
  });

  test('comes as JSON, with the headers that the answer has', () => {
    const { headers } = answererOf({ 200: fine({ n: 1 }) }).answer({ headers: { etag: '"1"' } });
    expect(Object.fromEntries(headers)).toEqual({
      etag: '"1"',
      'content-type': 'application/json; charset=utf-8',
    });
  });
});

describe('an error body', () => {
  const ERROR = { type: 'object', required: ['error'] };

  test('is the documented example at every seed', async () => {
    const example = { error: { code: 'no_token', message: 'None.' } };
    const responses = { 422: { description: 'Not possible.', body: json(ERROR, example) } };
    for (const seed of [1, 2, 'x']) {
      expect(await answererOf(responses, seed).answer({ status: 422 }).json()).toEqual(example);
    }
  });

  test.each<[number, string, string]>([
    [404, 'not_found', 'Nothing there.'],
    [409, 'conflict', 'it failed with status 409.'],
    [418, 'bad_request', 'it failed with status 418.'],
    [599, 'internal_server_error', 'it failed with status 599.'],
  ])('of %i without example has the usual code', async (status, code, message) => {
    const responses = { 404: { description: 'Nothing there.', body: json(ERROR, 'invalid') } };
    expect(await answererOf(responses).answer({ status }).json()).toEqual({ error: { code, message } });
  });
});

describe('documented statuses', () => {
  test('may be written as ranges and as default', async () => {
    const { answer } = answererOf({ '2XX': fine({ n: 3 }) });
    expect(await answer({ status: 206 }).json()).toEqual({ n: 3 });
    const open = answererOf({ default: fine({ n: 4 }) });
    expect(await open.answer().json()).toEqual({ n: 4 });
  });

  test('without a body, and those that are not documented, have none', async () => {
    const { answer } = answererOf({ 202: { description: 'Later.' } });
    expect(await answer().text()).toBe('');
    expect(await answer({ status: 200 }).text()).toBe('');
  });
});
