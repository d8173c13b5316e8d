import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type Download, download } from '../../../src/codegen/pull/download.js';
import { testWorld } from '../../helpers/pull-world.js';

const BODY = '{"openapi":"3.0.3"}';

function requestOf(more: Partial<Download> = {}): Download {
  return {
    url: 'https://openapi.example/',
    etag: undefined,
    userAgent: 'test',
    onBytes: () => undefined,
    onRetry: () => undefined,
    signal: new AbortController().signal,
    ...more,
  };
}

const never = <T>() => new Promise<T>(() => undefined);

describe('download', () => {
  test('a body shorter than its content-length is tried again, and given up', async () => {
    const fetch = vi.fn(async () => new Response(BODY, { headers: { 'content-length': '100' } }));
    await expect(download(requestOf(), testWorld({}, { fetch }).world)).rejects.toThrow(
      'the document broke off: 19 of 100 bytes came (tried 3 times)',
    );
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  test('the content-length of a compressed body is not compared', async () => {
    const headers = { 'content-length': '100', 'content-encoding': 'gzip' };
    const { world } = testWorld({}, { fetch: async () => new Response(BODY, { headers }) });
    const answer = await download(requestOf(), world);
    expect(answer).toMatchObject({
      kind: 'document',
      bytes: new TextEncoder().encode(BODY),
      etag: undefined,
    });
  });

  test('a body is counted while it comes, and left at the limit', async () => {
    let given = 0;
    const cancelled = vi.fn();
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(Buffer.alloc(10, given++ === 0 ? '{' : ' ')),
      cancel: cancelled,
    });
    const { world } = testWorld({ maxBytes: 100 }, { fetch: async () => new Response(endless) });
    await expect(download(requestOf(), world)).rejects.toThrow(/over 0\.0001 MB/);
    expect(given).toBeLessThan(15);
    expect(cancelled).toHaveBeenCalled();
  });

  test('a body exactly at the limit is taken', async () => {
    const { world } = testWorld({ maxBytes: BODY.length }, { fetch: async () => new Response(BODY) });
    expect(await download(requestOf(), world)).toMatchObject({ kind: 'document' });
  });

  test('a refused answer is let go of', async () => {
    const cancelled = vi.fn();
    const body = () => new ReadableStream({ cancel: cancelled });
    const { world } = testWorld({}, { fetch: async () => new Response(body(), { status: 500 }) });
    await expect(download(requestOf(), world)).rejects.toThrow(/500/);
    expect(cancelled).toHaveBeenCalledTimes(3);
  });

  test.each([
    ['before the head', () => never<Response>()],
    ['inside the body', async () => new Response(new ReadableStream({ pull: () => never<void>() }))],
  ])('a fetch that knows no signal is left after a silence %s', async (_, fetch) => {
    const { world } = testWorld({ idleMs: 20, retries: 0 }, { fetch });
    await expect(download(requestOf(), world)).rejects.toThrow('sent nothing for 0.02 s (tried once)');
  });

  test('a slow body is taken, however long it is, while no silence is too long', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const parts = [...BODY];
    const slow = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 900));
        const part = parts.shift();
        if (part === undefined) controller.close();
        else controller.enqueue(Buffer.from(part));
      },
    });
    const { world } = testWorld({ idleMs: 1000 }, { fetch: async () => new Response(slow) });
    const answer = download(requestOf(), world);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(await answer).toMatchObject({ kind: 'document', bytes: new TextEncoder().encode(BODY) });
  });

  test('the total time holds over attempts', async () => {
    const fetch = vi.fn(async () => {
      if (fetch.mock.calls.length > 1) return never<Response>();
      return new Response('', { status: 503 });
    });
    const { world } = testWorld({ totalMs: 300 }, { fetch });
    await expect(download(requestOf(), world)).rejects.toThrow('not done within 0.3 s');
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  test('a wait that would go past the total time is not begun', async () => {
    const fetch = vi.fn(async () => new Response('', { status: 503, headers: { 'retry-after': '31' } }));
    const { world, waits } = testWorld({}, { fetch });
    await expect(download(requestOf(), world)).rejects.toThrow('answered 503 (tried once)');
    expect(waits).toEqual([]);
  });

  test('a Retry-After is obeyed', async () => {
    const answers = [new Response('', { status: 503, headers: { 'retry-after': '7' } }), new Response(BODY)];
    const fetch = async () => answers.shift() ?? Response.error();
    const { world, waits } = testWorld({}, { fetch });
    expect(await download(requestOf(), world)).toMatchObject({ kind: 'document' });
    expect(waits).toEqual([7000]);
  });

  test("the user's abort passes through, at once and without another attempt", async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const fetch = vi.fn(async () => {
      controller.abort(reason);
      return never<Response>();
    });
    const { world } = testWorld({}, { fetch });
    await expect(download(requestOf({ signal: controller.signal }), world)).rejects.toBe(reason);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  test('asks for JSON, by name, with the ETag, and follows nothing by itself', async () => {
    const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response(null, { status: 304 }));
    const { world } = testWorld({}, { fetch });
    expect(await download(requestOf({ etag: 'W/"a"' }), world)).toEqual({ kind: 'not-modified' });
    const [[url, init] = []] = fetch.mock.calls;
    expect(url).toBe('https://openapi.example/');
    expect(init).toMatchObject({ redirect: 'manual', signal: expect.any(AbortSignal) });
    expect(Object.fromEntries(new Headers(init?.headers))).toEqual({
      accept: 'application/json',
      'user-agent': 'test',
      'if-none-match': 'W/"a"',
    });
  });
});
