import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAPIError } from '../../src/errors/index.js';
import { checkBaseUrl } from '../../src/http/base-url.js';
import { neverLeft } from '../../src/http/network-error.js';
import { httpDate } from '../../src/http/retry-after.js';
import {
  APIConnectionError,
  APITimeoutError,
  BadRequestError,
  createClient,
  InternalServerError,
  MalformedResponseError,
  ResponseTooLargeError,
  stream,
  upload,
} from '../../src/index.js';
import { pathOf } from '../../src/transport/cache/response-key.js';
import { redirectMiddleware } from '../../src/transport/fetch-send.js';
import { createRetryBudget } from '../../src/transport/retry/retry.js';
import { apiError, json } from '../helpers/answers.js';
import { asFetch } from '../helpers/as-fetch.js';
import { callFacts, request } from '../helpers/call-facts.js';
import { caught } from '../helpers/caught.js';
import { startServer } from '../helpers/loopback-server.js';
import { answeringFetch } from '../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';
const POST = '/v1/connect/connectors';

afterEach(() => {
  vi.useRealTimers();
});

describe('one AbortSignal for many calls', () => {
  it('makes Node warn of nothing, and has no listener left', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    const { signal } = new AbortController();
    const network = answeringFetch(async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return json({ connectors: [] });
    });
    const client = createClient({ fetch: network.fetch, bearerToken: async () => 'token-1' });
    await Promise.all(Array.from({ length: 60 }, () => client.GET(LIST, { signal })));
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('bytes as a body', () => {
  // The walk of 0.1.0 took 5 s for each MiB: this test would run out of its time.
  it('are never walked, whether the call succeeds or fails', { timeout: 30_000 }, async () => {
    const bytes = new Uint8Array(16 << 20);
    let status = 200;
    const fetch = async () => new Response('{}', { status, headers: { 'content-type': 'application/json' } });
    const client = createClient({ fetch, bearerToken: 'token-1', maxRetries: 0 });
    const put = client.PUT as unknown as (path: string, init: object) => Promise<unknown>;
    for (const body of [bytes, Buffer.from(bytes.buffer), new Blob([bytes]), bytes.buffer]) {
      status = 200;
      await expect(put(POST, { body })).resolves.toBeDefined();
      status = 400;
      await expect(put(POST, { body })).rejects.toThrow(BadRequestError);
    }
  });

  it('are copied, so that a later change does not change what is sent again', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const sent: number[][] = [];
    const fetch = asFetch(async (given) => {
      sent.push([...new Uint8Array(await given.arrayBuffer())]);
      bytes.fill(9);
      return sent.length === 1 ? apiError(503, {}, { 'retry-after-ms': '1' }) : json({});
    });
    const put = createClient({ fetch }).PUT as unknown as (path: string, init: object) => Promise<unknown>;
    await put(POST, { body: bytes });
    expect(sent).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });
});

describe('an upload', () => {
  it('lives as long as bytes leave, though it takes longer than its timeout', async () => {
    const server = createServer((incoming, response) => {
      let taken = 0;
      incoming.on('data', (chunk: Buffer) => {
        taken += chunk.length;
        if (taken < 300_000) return;
        taken = 0;
        incoming.pause();
        setTimeout(() => incoming.resume(), 40);
      });
      incoming.once('end', () => {
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const client = createClient({ baseUrl: `http://127.0.0.1:${port}`, timeout: 300, maxRetries: 0 });
    const startedAt = performance.now();
    await upload(client, 'uploadFile', { file: new Uint8Array(12_000_000), digest: false });
    expect(performance.now() - startedAt).toBeGreaterThan(600);
  });

  it('waits for a place where 64 are under way, in order, and fails with its signal', async () => {
    let underWay = 0;
    let most = 0;
    const fetch = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return json({});
    };
    const client = createClient({ fetch });
    const one = (signal?: AbortSignal) =>
      upload(client, 'uploadFile', { file: new Uint8Array(10), digest: false, signal });
    const left = new AbortController();
    const all = Promise.all(Array.from({ length: 300 }, () => one()));
    const gone = one(left.signal);
    left.abort('enough');
    await expect(gone).rejects.toBe('enough');
    await all;
    expect(most).toBe(64);
  });
});

describe('a stream', () => {
  it('ends with an error at an event that never ends, without keeping it', async () => {
    const line = new TextEncoder().encode(`data: ${'x'.repeat(1_000)}\n`);
    let lines = 0;
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          lines += 1;
          controller.enqueue(line);
        },
      });
    const headers = { 'content-type': 'text/event-stream' };
    const client = createClient({ fetch: async () => new Response(endless(), { headers }) });
    const read = async () => {
      for await (const _ of stream(client, LIST, { maxLineLength: 50_000 }));
    };
    const error = await caught(read(), MalformedResponseError);
    expect(error.message).toContain('an event is longer than 50000 characters');
    expect(lines).toBeLessThan(100);
  });
});

describe('maxBodyBytes', () => {
  it('counts the bytes of a fetch of the caller, whose content-length may lie', async () => {
    let chunks = 0;
    const endless = () =>
      new ReadableStream({
        pull(controller) {
          chunks += 1;
          controller.enqueue(new Uint8Array(1_000).fill(0x20));
        },
      });
    const fetch = async () => new Response(endless(), { headers: { 'content-length': '2' } });
    await caught(createClient({ fetch, maxBodyBytes: 10_000 }).GET(LIST), ResponseTooLargeError);
    expect(chunks).toBeLessThan(50);
  });

  it('counts what comes out of decompression though the content-length is small', async () => {
    const body = gzipSync(`"${'x'.repeat(5_000_000)}"`);
    const { url } = await startServer((_, response) => {
      const headers = { 'content-encoding': 'gzip', 'content-length': String(body.length) };
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.end(body);
    });
    expect(body.length).toBeLessThan(1_000_000);
    await caught(createClient({ baseUrl: url, maxBodyBytes: 1_000_000 }).GET(LIST), ResponseTooLargeError);
  });
});

describe('Retry-After', () => {
  it.each(['0', new Date(0).toUTCString(), 'Sunday, 06-Nov-94 08:49:37 GMT', 'Thu Jan  1 00:00:00 1970'])(
    '%s waits for our own backoff, which no server shortens',
    async (hint) => {
      vi.useFakeTimers();
      vi.spyOn(Math, 'random').mockReturnValue(0.5);
      const starts: number[] = [];
      const network = answeringFetch(() => {
        starts.push(Date.now());
        return apiError(503, {}, { 'retry-after': hint });
      });
      const outcome = caught(createClient({ fetch: network.fetch }).GET(LIST), InternalServerError);
      await vi.runAllTimersAsync();
      await outcome;
      vi.restoreAllMocks();
      const waits = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
      expect(waits).toEqual([125, 250, 500]);
    },
  );

  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'reads %s, the forms of RFC 9110 section 5.6.7',
    (text) => {
      expect(httpDate(text)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    },
  );

  it('takes a year of two digits for one that is at most 50 years ahead', () => {
    const now = Date.UTC(2026, 0, 1);
    expect(httpDate('Monday, 06-Nov-76 08:49:37 GMT', now)).toBe(Date.UTC(2076, 10, 6, 8, 49, 37));
    expect(httpDate('Monday, 06-Nov-77 08:49:37 GMT', now)).toBe(Date.UTC(1977, 10, 6, 8, 49, 37));
    expect(httpDate('Mon, 31 Feb 2026 08:49:37 GMT', now)).toBeUndefined();
  });
});

describe('slashes', () => {
  it('are taken off a base URL and a path in linear time', () => {
    const slashes = '/'.repeat(60_000);
    const startedAt = performance.now();
    expect(checkBaseUrl(`https://x.example${slashes}x${slashes}`)).toBe(`https://x.example${slashes}x`);
    expect(pathOf(`https://x.example/v1/a${slashes}x${slashes}`)).toBe(`/a${slashes}x`);
    // The pattern of 0.1.0 took 20 s.
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('an unsafe POST', () => {
  const failing = (syscall: string) =>
    new TypeError('fetch failed', {
      cause: Object.assign(new Error(`${syscall} EHOSTUNREACH`), { code: 'EHOSTUNREACH', syscall }),
    });

  it('is sent again where connecting failed, and once where a connection in use did', async () => {
    for (const [syscall, attempts] of [
      ['connect', 4],
      ['write', 1],
      ['read', 1],
    ] as const) {
      vi.useFakeTimers();
      const network = answeringFetch(() => failing(syscall));
      const body = { type: 'slack', name: 'n', data: {} } as const;
      const outcome = caught(createClient({ fetch: network.fetch }).POST(POST, { body }), Error);
      await vi.runAllTimersAsync();
      await outcome;
      expect(network.requests).toHaveLength(attempts);
      expect(neverLeft(failing(syscall))).toBe(attempts > 1);
      vi.useRealTimers();
    }
  });
});

describe('a redirect', () => {
  it('has its body cancelled, and waits for that no longer than for its answer', async () => {
    let cancelled = 0;
    const replies = [
      new Response(
        new ReadableStream({
          cancel() {
            cancelled += 1;
            return new Promise(() => undefined);
          },
        }),
        { status: 307, headers: { location: '/v1/elsewhere' } },
      ),
      new Response('{}'),
    ];
    const send = redirectMiddleware()(async () => replies.shift() ?? Response.error());
    expect((await send(request(), callFacts())).status).toBe(200);
    expect(cancelled).toBe(1);
  });
});

describe('the retry budget', () => {
  const call = { method: 'GET', path: '/v1/things' };
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const spendAll = (error?: Error, attempt = 1) => {
    const budget = createRetryBudget();
    let spent = 0;
    while (budget.spend(error, attempt)) spent += 1;
    return { budget, spent };
  };

  it('pays for 100 failures, 50 timeouts, or 166 first retries after a reset', () => {
    expect(spendAll().spent).toBe(100);
    expect(spendAll(new APIConnectionError('lost', call, { cause: reset }), 2).spent).toBe(100);
    expect(spendAll(new APITimeoutError(10, call)).spent).toBe(50);
    expect(spendAll(new APIConnectionError('lost', call, { cause: reset })).spent).toBe(166);
  });

  it('gets one back for each success, and never has more than at first', () => {
    const { budget } = spendAll();
    for (let success = 0; success < 4; success++) budget.refund();
    expect(budget.spend(undefined, 1)).toBe(false);
    budget.refund();
    expect(budget.spend(undefined, 1)).toBe(true);
    const full = createRetryBudget();
    for (let success = 0; success < 100; success++) full.refund();
    let spent = 0;
    while (full.spend(undefined, 1)) spent += 1;
    expect(spent).toBe(100);
  });

  it('is charged by a client: twice as much for a timeout, and refunded by its successes', async () => {
    vi.useFakeTimers();
    let fails = true;
    const never = () => new Promise<Response>(() => undefined);
    const network = answeringFetch(() => (fails ? never() : json({ connectors: [] })));
    const client = createClient({ fetch: network.fetch, timeout: 100, maxRetries: 1 });
    const fiftyOne = Promise.allSettled(Array.from({ length: 60 }, () => client.GET(LIST)));
    await vi.runAllTimersAsync();
    await fiftyOne;
    expect(network.requests).toHaveLength(60 + 50);
    fails = false;
    for (let call = 0; call < 10; call++) await client.GET(LIST);
    fails = true;
    const one = caught(client.GET(LIST), Error);
    await vi.runAllTimersAsync();
    await one;
    expect(network.requests).toHaveLength(110 + 10 + 2);
  });
});

it('each class of errors has a code that does not change', async () => {
  const errors = await import('../../src/index.js');
  const call = { method: 'GET', path: '/x' };
  const facts = { ...call, status: 200, requestId: undefined };
  expect(
    [
      new errors.InvalidArgumentError('a', 'b'),
      new errors.CredentialError('x'),
      new errors.APIConnectionError('x', call),
      new errors.APITimeoutError(1, call),
      new errors.MalformedResponseError('x', facts),
      new errors.ResponseTooLargeError(1, facts),
      createAPIError('x', { status: 404, code: 'not_found' }),
    ].map(({ code }) => code),
  ).toEqual([
    ...['invalid_argument', 'credential_unavailable', 'connection_error', 'timeout', 'malformed_response'],
    ...['response_too_large', 'not_found'],
  ]);
});
