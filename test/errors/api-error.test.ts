import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createAPIError } from '../../src/errors/index.js';
import {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
  VercelError,
} from '../../src/index.js';

const FAMILY = [
  [400, BadRequestError],
  [401, AuthenticationError],
  [403, PermissionDeniedError],
  [404, NotFoundError],
  [409, ConflictError],
  [422, UnprocessableEntityError],
  [429, RateLimitError],
  [500, InternalServerError],
  [502, InternalServerError],
  [503, InternalServerError],
  [599, InternalServerError],
] as const;

const CLASSES = [...new Set(FAMILY.map(([, errorClass]) => errorClass))];

describe('createAPIError', () => {
  it.each(FAMILY)('makes the error of status %i of its own class', (status, expected) => {
    const error = createAPIError('no', { status });
    expect(error.constructor).toBe(expected);
    expect(error.name).toBe(expected.name);
    expect(CLASSES.filter((errorClass) => error instanceof errorClass)).toEqual([expected]);
    for (const base of [APIError, VercelError, Error]) expect(error).toBeInstanceOf(base);
  });

  it.each([302, 402, 405, 410, 418, 499])(
    'makes the error of status %i, which has no class, an APIError',
    (status) => {
      const error = createAPIError('no', { status });
      expect(error.constructor).toBe(APIError);
      expect(error.name).toBe('APIError');
      expect(CLASSES.filter((errorClass) => error instanceof errorClass)).toEqual([]);
    },
  );

  it('names each class after its export', () => {
    const names = CLASSES.map((errorClass) => new errorClass('no', { status: 0 }).name);
    expect(names).toEqual([
      'BadRequestError',
      'AuthenticationError',
      'PermissionDeniedError',
      'NotFoundError',
      'ConflictError',
      'UnprocessableEntityError',
      'RateLimitError',
      'InternalServerError',
    ]);
  });
});

describe('the status family', () => {
  it.each(FAMILY)('takes in an APIError of another branch with status %i', (status, family) => {
    class TeapotError extends APIError {}
    const error = new TeapotError('no', { status });
    expect(error).toBeInstanceOf(family);
    expect(error).toBeInstanceOf(TeapotError);
  });

  it('takes in nothing that has a status and is no APIError', () => {
    const stranger = Object.assign(new Error('no'), { status: 404 });
    const connection = Object.assign(new APIConnectionError('no', { method: 'GET', path: '/' }), {
      status: 404,
    });
    expect(stranger).not.toBeInstanceOf(NotFoundError);
    expect(connection).not.toBeInstanceOf(NotFoundError);
    expect({ status: 404, name: 'NotFoundError' }).not.toBeInstanceOf(NotFoundError);
  });
});

describe('APIError', () => {
  const response = new Response('{"secret":"body-canary"}', { headers: { 'x-header': 'header-canary' } });
  const error = createAPIError('nothing here', {
    status: 404,
    statusText: 'Not Found',
    code: 'not_found',
    requestId: 'fra1::abc',
    method: 'GET',
    path: '/v1/things/{thing}',
    retryAfterMs: 1_500,
    response,
    body: { secret: 'body-canary' },
    cause: new Error('why'),
  });

  it('carries the facts of the answer', () => {
    expect(error).toMatchObject({
      message: 'nothing here',
      status: 404,
      statusText: 'Not Found',
      code: 'not_found',
      requestId: 'fra1::abc',
      method: 'GET',
      path: '/v1/things/{thing}',
      retryAfterMs: 1_500,
    });
    expect(error.response).toBe(response);
    expect(error.body).toEqual({ secret: 'body-canary' });
    expect(error.cause).toEqual(new Error('why'));
  });

  it('has no cause of its own making', () => {
    expect('cause' in createAPIError('no', { status: 500 })).toBe(false);
  });

  it('serialises to its name, message and facts alone', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'NotFoundError',
      message: 'nothing here',
      status: 404,
      statusText: 'Not Found',
      code: 'not_found',
      requestId: 'fra1::abc',
      method: 'GET',
      path: '/v1/things/{thing}',
      retryAfterMs: 1_500,
    });
  });

  it('shows neither response nor body, however it is printed', () => {
    const printed = [
      inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
      String(error),
      error.stack,
      JSON.stringify(error),
      JSON.stringify({ ...error }),
      inspect(structuredClone(error), { depth: Number.POSITIVE_INFINITY, showHidden: true }),
    ].join('\n');
    expect(printed).not.toContain('canary');
    expect(printed).toContain('nothing here');
  });

  it('is printed under its own name', () => {
    expect(String(error)).toBe('NotFoundError: nothing here');
    expect(error.stack).toMatch(/^NotFoundError: nothing here\n/);
  });
});
