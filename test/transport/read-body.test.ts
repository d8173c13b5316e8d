import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedResponseError } from '../../src/index.js';
import type { CallContext } from '../../src/transport/middleware.js';
import { type ParsedBodies, readBodyMiddleware } from '../../src/transport/read-body.js';
import { streamed } from '../helpers/answers.js';
import { callFacts, operationInfo, request } from '../helpers/call-facts.js';
import { caught } from '../helpers/caught.js';

/** Runs the middleware alone over one answer; gives what it kept for it, or `'unread'`. */
async function read(answer: Response, changes: Partial<CallContext> = {}): Promise<unknown> {
  const parsedBodies: ParsedBodies = new WeakMap();
  const given = await readBodyMiddleware(parsedBodies)(async () => answer)(request(), callFacts(changes));
  expect(given).toBe(answer);
  const payload = parsedBodies.get(answer);
  return payload === undefined ? 'unread' : payload.data;
}

/** An operation that documents statuses, each with a JSON body or with none. */
const documented = (success: Record<string, boolean>) => ({
  operation: operationInfo({
    success: Object.fromEntries(
      Object.entries(success).map(([status, hasBody]) => [status, hasBody ? ['application/json'] : []]),
    ),
  }),
});

describe('readBodyMiddleware', () => {
  it('parses any JSON value of a success', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const text = JSON.stringify(value);
        expect(await read(new Response(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('gives the text as it is for parseAs text', async () => {
    expect(await read(new Response('{"a":1'), { parseAs: 'text' })).toBe('{"a":1');
    expect(await read(new Response(''), { parseAs: 'text' })).toBe('');
  });

  it('leaves a success unread for parseAs stream', async () => {
    const answer = new Response('{');
    expect(await read(answer, { parseAs: 'stream' })).toBe(answer.body);
    expect(answer.bodyUsed).toBe(false);
  });

  it.each(['json', 'text', 'stream', 'blob', 'arrayBuffer'] as const)(
    'reads an error for parseAs %s all the same',
    async (parseAs) => {
      expect(await read(new Response('{"a":1}', { status: 404 }), { parseAs })).toEqual({ a: 1 });
    },
  );

  it('takes an error as it comes: JSON, text, empty, or broken off', async () => {
    const error = (body: ConstructorParameters<typeof Response>[0]) =>
      read(new Response(body, { status: 500 }));
    expect(await error('{"a":')).toBe('{"a":');
    expect(await error('<h1>')).toBe('<h1>');
    expect(await error('')).toBeUndefined();
    expect(await error(null)).toBeUndefined();
    expect(await error(streamed(['{"a'], new Error('reset')))).toBeUndefined();
  });

  it.each([
    ['a 204', new Response(null, { status: 204 }), {}],
    ['an answer to HEAD', new Response(null), { method: 'HEAD', ...documented({ 200: true }) }],
    [
      'an empty answer of an undocumented status',
      new Response('', { status: 202 }),
      documented({ 200: true }),
    ],
    ['an empty answer documented without a body', new Response(''), documented({ 200: false })],
    ['an empty answer of a path outside the table', new Response(''), {}],
  ])('gives undefined for %s', async (_, answer, changes) => {
    expect(await read(answer, changes)).toBeUndefined();
  });

  it('gives the text of an answer that the document gives no body', async () => {
    expect(await read(new Response('done'), documented({ 200: false }))).toBe('done');
    expect(await read(new Response('{"a":1}'), documented({ 200: false }))).toEqual({ a: 1 });
  });

  it.each([
    ['an empty body where the document has one', '', documented({ 200: true }), 'it is empty'],
    ['text that is not JSON', 'done', documented({ 200: true }), 'it is not JSON'],
    ['text of a path outside the table', 'done', {}, 'it is not JSON'],
    ['truncated JSON', '{"a":1', documented({ 200: true }), 'it is not JSON'],
  ])('calls %s malformed', async (_, text, changes, reason) => {
    const answer = new Response(text, { headers: { 'x-vercel-id': 'fra1::a' } });
    const error = await caught(read(answer, changes), MalformedResponseError);
    expect(error.message).toContain(reason);
    expect(error).toMatchObject({ status: 200, requestId: 'fra1::a', path: '/v1/things/{thing}' });
  });

  it('calls a body that breaks off malformed, with the cause', async () => {
    const reset = new Error('terminated');
    for (const parseAs of ['json', 'text'] as const) {
      const answer = new Response(streamed(['{"a":1}'], reset));
      const error = await caught(read(answer, { parseAs }), MalformedResponseError);
      expect(error.message).toContain('it ended before it was complete');
      expect(error.cause).toBe(reset);
    }
  });

  it('passes on what the middleware below throws', async () => {
    const failure = new Error('reset');
    const middleware = readBodyMiddleware(new WeakMap())(() => Promise.reject(failure));
    await expect(middleware(request(), callFacts())).rejects.toBe(failure);
  });
});
