import fc from 'fast-check';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  APIConnectionError,
  APITimeoutError,
  MalformedResponseError,
  ResponseTooLargeError,
} from '../../src/index.js';
import type { CallContext } from '../../src/transport/middleware.js';
import { type ParsedBodies, readBodyMiddleware } from '../../src/transport/read-body.js';
import { AttemptTimer } from '../../src/transport/timeout.js';
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

  it('keeps the first 64 KiB of an error, and cancels the rest', async () => {
    const cancelled = vi.fn();
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(1_000))),
      cancel: cancelled,
    });
    expect(await read(new Response(endless, { status: 500 }))).toBe('x'.repeat(65_536));
    expect(cancelled).toHaveBeenCalledTimes(1);
    const exact = 'x'.repeat(65_536);
    expect(await read(new Response(exact, { status: 500 }))).toBe(exact);
  });

  it('gives a Blob the type of its response, or none', async () => {
    const typed = new Response('a', { headers: { 'content-type': 'image/png' } });
    expect(await read(typed, { parseAs: 'blob' })).toMatchObject({ type: 'image/png', size: 1 });
    const bytes = new Response(new Uint8Array(1));
    expect(await read(bytes, { parseAs: 'blob' })).toMatchObject({ type: '' });
  });

  it.each(['blob', 'arrayBuffer'] as const)('reads a %s of any length', async (parseAs) => {
    const data = await read(new Response(new Uint8Array(100)), { parseAs, maxBodyBytes: 10 });
    expect(data).toMatchObject(parseAs === 'blob' ? { size: 100 } : { byteLength: 100 });
  });

  it.each<[string, Record<string, string>, number]>([
    ['as long as it says', { 'content-length': '10' }, 10],
    ['longer than it may be', { 'content-length': '11' }, 11],
    ['of no known length', {}, 11],
    ['of a length that is none', { 'content-length': 'ten' }, 11],
    ['compressed, of a small length', { 'content-length': '3', 'content-encoding': 'gzip' }, 11],
  ])('refuses JSON over its limit, and no other: %s', async (_, headers, length) => {
    const answer = new Response(JSON.stringify('x'.repeat(length - 2)), { headers });
    const reading = read(answer, { maxBodyBytes: 10 });
    if (length <= 10) expect(await reading).toHaveLength(8);
    else await caught(reading, ResponseTooLargeError);
  });

  it.each<[string, string[], Record<string, string>, boolean]>([
    ['no more than that', ['"12345', '678"'], {}, true],
    ['one byte more in a chunk of its own', ['"12345678"', ' '], {}, false],
    [
      'more than its content-length says, which a fetch of the caller need not keep',
      ['"12345', '67890"'],
      { 'content-length': '5' },
      false,
    ],
  ])('counts the bytes of a body with %s', async (_, chunks, headers, fits) => {
    const parsedBodies: ParsedBodies = new WeakMap();
    const answer = new Response(streamed(chunks), { headers });
    const call = callFacts({ maxBodyBytes: 10 });
    const reading = readBodyMiddleware(parsedBodies, false)(async () => answer)(request(), call);
    if (fits) await reading;
    else await caught(reading, ResponseTooLargeError);
    expect(parsedBodies.get(answer)).toEqual(fits ? { data: '12345678' } : undefined);
  });

  it('refuses a text over its limit, too', async () => {
    const reading = read(new Response(streamed(['x'.repeat(11)])), { parseAs: 'text', maxBodyBytes: 10 });
    await caught(reading, ResponseTooLargeError);
  });

  it('gives the bytes of a Blob whose length is known, and not its text', async () => {
    const headers = { 'content-length': '2', 'content-type': 'image/png' };
    const data = await read(new Response(new Uint8Array([0xff, 0]), { headers }), { parseAs: 'blob' });
    expect(new Uint8Array(await (data as Blob).arrayBuffer())).toEqual(new Uint8Array([0xff, 0]));
  });

  it('reads a response of an implementation without streams by its text, or as an empty one', async () => {
    const plain = (fields: object) =>
      ({ ok: true, status: 200, headers: new Headers(), ...fields }) as Response;
    expect(await read(plain({ text: async () => '{"a":1}' }))).toEqual({ a: 1 });
    expect(await read(plain({}), { parseAs: 'text' })).toBe('');
  });

  it.each([200, 500])('gives a %i the time that its body takes, as long as it moves', async (status) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const slow = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const at of [600, 1_200, 1_800])
          setTimeout(() => {
            controller.enqueue(new TextEncoder().encode('x'));
            if (at === 1_800) controller.close();
          }, at);
      },
    });
    const facts = callFacts({ parseAs: 'blob', timeoutMs: 1_000, hasIdleTimeout: true });
    const timer = new AttemptTimer(facts, () => undefined);
    const reading = read(new Response(slow, { status }), { ...facts, timer });
    await vi.advanceTimersByTimeAsync(1_800);
    expect(await reading).toBeDefined();
    expect(timer.signal.aborted).toBe(false);
  });

  it('takes a framework error out of the body of a success as it is', async () => {
    const steering = Object.assign(new Error('x'), { digest: 'HANGING' });
    await expect(read(new Response(streamed(['{'], steering)))).rejects.toBe(steering);
  });
});

describe('a stream that a call hands over', () => {
  /** The stream of one call, with the timer of its attempt. */
  async function open(body: ReadableStream<Uint8Array>) {
    const ended = vi.fn();
    const facts = callFacts({ parseAs: 'stream', timeoutMs: 1_000, hasIdleTimeout: true });
    const caller = new AbortController();
    const timer = new AttemptTimer({ ...facts, signal: caller.signal }, ended);
    const stream = await read(new Response(body), { ...facts, timer });
    return { stream: stream as ReadableStream<Uint8Array>, timer, caller, ended };
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    return () => vi.useRealTimers();
  });

  it('is read no further ahead than by its reader, who may take any time', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(1));
        },
      },
      { highWaterMark: 0 },
    );
    const { stream, timer } = await open(body);
    expect(timer.bodyHandedOver).toBe(true);
    const reader = stream.getReader();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pulled).toBe(0);
    await reader.read();
    await vi.advanceTimersByTimeAsync(60_000);
    await reader.read();
    expect(pulled).toBe(2);
    expect(timer.signal.aborted).toBe(false);
  });

  it('ends with a timeout where its reader waits for a silent server', async () => {
    const { stream } = await open(streamed(['a'], 'stall'));
    const reader = stream.getReader();
    await reader.read();
    const failed = caught(reader.read(), APITimeoutError);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await failed).toMatchObject({ timeoutMs: 1_000 });
  });

  it('ends at once with the reason of the caller, and cancels what is below', async () => {
    const cancelled = vi.fn();
    const { stream, caller } = await open(new ReadableStream({ cancel: cancelled }));
    const reading = stream.getReader().read();
    const reason = new Error('left');
    caller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(cancelled).toHaveBeenCalledWith(reason);
  });

  it.each(['is read to its end', 'is cancelled', 'breaks off'])('leaves no timer once it %s', async (how) => {
    const lost = new Error('reset');
    const { stream } = await open(streamed(['a'], how === 'breaks off' ? lost : 'close'));
    const reader = stream.getReader();
    await reader.read();
    if (how === 'is cancelled') await reader.cancel('enough');
    else if (how === 'breaks off') {
      const error = await caught(reader.read(), APIConnectionError);
      expect(error.message).toBe('GET /v1/things/{thing} was cut off while its body was read');
      expect(error.cause).toBe(lost);
    } else expect(await reader.read()).toMatchObject({ done: true });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes the reason on for which its reader cancels it', async () => {
    const cancelled = vi.fn();
    const { stream } = await open(new ReadableStream({ cancel: cancelled }));
    await stream.cancel('enough');
    expect(cancelled).toHaveBeenCalledWith('enough');
  });
});
