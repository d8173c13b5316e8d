import { HttpResponse, http } from 'msw';
import { describe, expect, test } from 'vitest';
import type { RunningServer } from '../../../src/msw/index.js';
import { serve } from './serve.js';

/** A handler of a stream that sends what it is given, and what became of the client. */
function streaming() {
  let [leave, cancel] = [(_: string) => {}, (_: string) => {}];
  const left = new Promise<string>((resolve) => {
    leave = resolve;
  });
  const cancelled = new Promise<string>((resolve) => {
    cancel = resolve;
  });
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const handler = http.get('https://api.vercel.com/v1/log', ({ request }) => {
    request.signal.addEventListener('abort', () => leave('left'));
    const body = new ReadableStream<Uint8Array>({
      start: (own) => {
        controller = own;
      },
      cancel: () => cancel('cancelled'),
    });
    return new HttpResponse(body, { headers: { 'content-type': 'text/plain' } });
  });
  return {
    handler,
    left,
    cancelled,
    send: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    end: () => controller?.close(),
  };
}

describe('a stream', () => {
  test('arrives chunk by chunk, its headers before the first', async () => {
    const { handler, send, end } = streaming();
    const server = await serve([handler]);
    const response = await fetch(`${server.url}/v1/log`);
    expect(response.status).toBe(200);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (const text of ['one', 'two', 'three']) {
      send(text);
      // The next chunk is not sent before this one has come.
      expect((await reader?.read())?.value).toBe(text);
    }
    end();
    expect((await reader?.read())?.done).toBe(true);
  });

  test('is cancelled, and its handler told, when the client leaves', async () => {
    const { handler, send, left, cancelled } = streaming();
    const server = await serve([handler]);
    const controller = new AbortController();
    const response = await fetch(`${server.url}/v1/log`, { signal: controller.signal });
    send('one');
    await response.body?.getReader().read();
    controller.abort();
    expect(await Promise.all([left, cancelled])).toEqual(['left', 'cancelled']);
  });
});

describe('a page in a browser', () => {
  const handler = http.get('https://api.vercel.com/v1/a', () =>
    HttpResponse.json({ a: 1 }, { headers: { 'x-own': '1' } }),
  );
  const preflight = (server: RunningServer, origin: string) =>
    fetch(`${server.url}/v1/a`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });

  test.each([
    ['of this machine', 'http://localhost:5173', {}],
    ['that is named', 'https://app.test', { origins: ['https://app.test'] }],
  ])('%s may ask and read', async (_name, origin, options) => {
    const server = await serve([handler], options);
    const asked = await preflight(server, origin);
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    expect(asked.headers.get('access-control-allow-headers')).toBe('authorization');
    const { headers } = await fetch(`${server.url}/v1/a`, { headers: { origin } });
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-expose-headers')).toContain('x-own');
  });

  test.each(['https://evil.example', 'null'])('of %s may not', async (origin) => {
    const server = await serve([handler]);
    expect((await preflight(server, origin)).headers.has('access-control-allow-origin')).toBe(false);
    const { headers } = await fetch(`${server.url}/v1/a`, { headers: { origin } });
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });
});
