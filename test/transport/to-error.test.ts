import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APIError, ConflictError, RateLimitError } from '../../src/index.js';
import { readServerError, toAPIError } from '../../src/transport/to-error.js';
import { isRecord } from '../../src/util/is-record.js';
import { callFacts } from '../helpers/call-facts.js';

const call = callFacts({ method: 'DELETE', path: '/v1/things/{thing}' });

describe('readServerError', () => {
  it.each([
    ['the shape of the API', { error: { code: 'c', message: 'm' } }, 'c', 'm'],
    ['its alias', { err: { code: 'c', message: 'm' } }, 'c', 'm'],
    ['error before err', { err: { code: 'd', message: 'n' }, error: { code: 'c', message: 'm' } }, 'c', 'm'],
    ['a flat one', { code: 'c', message: 'm' }, 'c', 'm'],
    ['that of OAuth', { error: 'c', error_description: 'm' }, 'c', 'm'],
    ['a text under err', { err: 'c', status: 404 }, 'c', undefined],
    ['problem details', { type: 'about:blank', title: 't', detail: 'm' }, undefined, 'm'],
    ['problem details of a title alone', { type: 'about:blank', title: 'm' }, undefined, 'm'],
    ['a description', { description: 'm' }, undefined, 'm'],
    ['a reason that is nested', { fault: { code: 'c', reason: 'm' } }, 'c', 'm'],
    ['the first text that there is', { message: '', msg: 'm' }, undefined, 'm'],
    ['the first of a list', { errors: [{ code: 'c', message: 'm' }, { message: 'n' }] }, 'c', 'm'],
    ['a list that says it in other words', { errors: [{ field: 'f', reason: 'm' }] }, undefined, 'm'],
    ['a list of texts', { code: 'c', errors: ['m', 'n'] }, 'c', 'm'],
    ['what stands beside a list first', { message: 'm', errors: [{ message: 'n' }] }, undefined, 'm'],
    ['an empty list', { errors: [] }, undefined, undefined],
    ['a list of lists', { errors: [['m']] }, undefined, undefined],
    ['a code alone', { error: { code: 'c' } }, 'c', undefined],
    ['a message alone', { error: { message: 'm' } }, undefined, 'm'],
    [
      'a nested error, whatever stands beside it',
      { error: {}, code: 'c', message: 'm' },
      undefined,
      undefined,
    ],
    ['empty texts', { error: { code: '', message: ' \n ' } }, undefined, undefined],
    ['values that are no text', { error: { code: 404, message: { a: 1 } } }, undefined, undefined],
    ['an array', [{ code: 'c' }], undefined, undefined],
    ['text', 'Not Found', undefined, undefined],
    ['null', null, undefined, undefined],
    ['nothing', undefined, undefined, undefined],
  ])('reads %s', (_, body, code, message) => {
    expect(readServerError(body)).toEqual({ code, message });
  });

  it('never throws, and gives safe text or none, whatever the body holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.object({ key: fc.constantFrom('error', 'err', 'errors', 'code', 'message') }),
        ),
        (body) => {
          for (const text of Object.values(readServerError(body))) {
            expect(text === undefined || (text !== '' && text.length <= 512)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('toAPIError', () => {
  it('takes facts from the answer and the call', () => {
    const response = new Response(null, {
      status: 429,
      statusText: 'Too Many Requests',
      headers: { 'x-vercel-id': 'fra1::a', 'retry-after': '3' },
    });
    const error = toAPIError(response, { error: { code: 'rate_limited', message: 'slow down' } }, call);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({
      status: 429,
      statusText: 'Too Many Requests',
      code: 'rate_limited',
      message: '429 DELETE /v1/things/{thing}: slow down (request fra1::a)',
      serverMessage: 'slow down',
      requestId: 'fra1::a',
      method: 'DELETE',
      path: '/v1/things/{thing}',
      retryAfterMs: 3_000,
    });
  });

  it.each([
    [409, 'Conflict', { error: { code: 'conflict' } }, 'conflict'],
    [418, "I'm a teapot", 'canary', "I'm a teapot"],
    [418, '', 'canary', 'the server gave no reason'],
    [307, '', '', 'the server answered with a redirect, which is not followed'],
  ])('makes a message for %i %j %o', (status, statusText, body, message) => {
    const error = toAPIError(new Response(null, { status, statusText }), body, call);
    expect(error.message).toBe(`${status} DELETE /v1/things/{thing}: ${message}`);
    expect(error.serverMessage).toBeUndefined();
  });

  it('names the operation, and keeps the request id behind a long message', () => {
    const named = callFacts({ operationId: 'getProject' });
    const response = () => new Response(null, { status: 404, headers: { 'x-vercel-id': 'iad1::x' } });
    const messageOf = (message: string) => toAPIError(response(), { error: { message } }, named).message;
    expect(messageOf('Not found')).toBe('404 getProject: Not found (request iad1::x)');
    expect(messageOf('x'.repeat(1e5))).toMatch(/^404 getProject: x+… \(request iad1::x\)$/);
    expect(messageOf('x'.repeat(1e5))).toHaveLength(512);
  });

  it('cuts no character in two, and nothing off a message that fits', () => {
    const messageOf = (message: string) =>
      toAPIError(new Response(null, { status: 404 }), { error: { message } }, call).message;
    const before = '404 DELETE /v1/things/{thing}: ';
    for (const start of ['', 'x']) {
      const message = messageOf(start + '😀'.repeat(300));
      expect(/\p{Surrogate}/u.test(message)).toBe(false);
      expect(message).toMatch(/😀…$/u);
    }
    const fitting = 'x'.repeat(512 - before.length - 1);
    expect(messageOf(fitting)).toBe(before + fitting);
    expect(messageOf(`${fitting}x`)).toBe(`${before}${fitting}…`);
  });

  it('has a status text even where a test plays a response without one', () => {
    const response = { status: 404, headers: new Headers() } as Response;
    expect(toAPIError(response, undefined, call)).toMatchObject({
      statusText: '',
      message: expect.not.stringContaining('undefined'),
    });
  });

  it('masks tokens that the server echoes, in message and code', () => {
    const body = {
      error: { code: 'bad ghp_aaaaaaaaaaaaaaaaaaaacanary', message: 'no: Bearer canary-canary' },
    };
    const error = toAPIError(new Response(null, { status: 409 }), body, call);
    expect(error).toBeInstanceOf(ConflictError);
    expect([error.code, error.serverMessage]).toEqual(['bad [redacted]', 'no: [redacted]']);
    expect(error.message).toBe('409 DELETE /v1/things/{thing}: no: [redacted]');
    expect(JSON.stringify(error)).not.toContain('canary');
  });

  it('masks what the server puts into its reason phrase, too', () => {
    const response = new Response(null, { status: 409, statusText: 'Bearer canary-canary' });
    expect(JSON.stringify(toAPIError(response, undefined, call))).not.toContain('canary');
  });

  it('has no retryAfterMs from a rate limit header where no limit was passed', () => {
    const reset = String(Math.ceil(Date.now() / 1_000) + 30);
    const response = new Response(null, { status: 404, headers: { 'x-ratelimit-reset': reset } });
    expect(toAPIError(response, undefined, call).retryAfterMs).toBeUndefined();
  });

  it('keeps answer and body at hand', () => {
    const response = new Response(null, { status: 400 });
    const body = { error: { code: 'c' } };
    const error = toAPIError(response, body, call);
    expect(error).toBeInstanceOf(APIError);
    expect([error.response, error.body]).toEqual([response, body]);
  });
});

describe('isRecord', () => {
  it.each([
    [{}, true],
    [Object.create(null), true],
    [[], false],
    [null, false],
    ['', false],
    [undefined, false],
  ])('of %o is %o', (value, expected) => {
    expect(isRecord(value)).toBe(expected);
  });
});
