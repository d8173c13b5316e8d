import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  APITimeoutError,
  createClient,
  InternalServerError,
  ResponseTooLargeError,
  type TransportEvent,
} from '../../../src/index.js';
import { sleep } from '../../../src/util/abort.js';
import { apiError, json, streamed } from '../../helpers/answers.js';
import { caught } from '../../helpers/caught.js';
import { startServer } from '../../helpers/loopback-server.js';
import { answeringFetch } from '../../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';

describe('maxBodyBytes', () => {
  it.each([
    ['declared', { 'content-length': '101' }],
    ['undeclared', {}],
  ])('ends a longer body with a typed error, once (%s)', async (_, headers) => {
    const network = answeringFetch(() => new Response(`"${'x'.repeat(99)}"`, { headers }));
    const call = createClient({ fetch: network.fetch, maxBodyBytes: 100 }).GET(LIST);
    expect(await caught(call, ResponseTooLargeError)).toMatchObject({ maxBodyBytes: 100, status: 200 });
    expect(network.requests).toHaveLength(1);
  });

  it('takes a body of just that length', async () => {
    const network = answeringFetch(() => new Response(`"${'x'.repeat(98)}"`));
    const { data } = await createClient({ fetch: network.fetch, maxBodyBytes: 100 }).GET(LIST);
    expect(data).toHaveLength(98);
  });

  it('counts what comes out of decompression', async () => {
    const { url } = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(`"${'x'.repeat(5_000_000)}"`));
    });
    await caught(createClient({ baseUrl: url, maxBodyBytes: 1_000_000 }).GET(LIST), ResponseTooLargeError);
  });
});

describe('totalTimeout', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('bounds all attempts together, and begins none with less than 2 s left', async () => {
    const events: TransportEvent[] = [];
    const network = answeringFetch(async () => {
      await sleep(1_500, undefined);
      return apiError(503, {});
    });
    const client = createClient({
      fetch: network.fetch,
      totalTimeout: 5_000,
      onEvent: (event) => events.push(event),
    });
    const begun = Date.now();
    const outcome = caught(client.GET(LIST), InternalServerError);
    await vi.runAllTimersAsync();
    await outcome;
    expect(Date.now() - begun).toBeLessThan(4_000);
    const decisions = events.filter(({ type }) => type !== 'request' && type !== 'response');
    expect(decisions.map(({ type }) => type)).toEqual(['retry', 'give-up']);
    expect(decisions[1]).toMatchObject({ because: 'total-timeout', attempts: 2, reason: '503' });
  });

  it('does not count waits that the server asked for', async () => {
    let attempts = 0;
    const network = answeringFetch(() =>
      ++attempts < 4 ? apiError(503, {}, { 'retry-after': '60' }) : json({ connectors: [] }),
    );
    const begun = Date.now();
    const outcome = createClient({ fetch: network.fetch, totalTimeout: 2_000 }).GET(LIST);
    await vi.runAllTimersAsync();
    await outcome;
    expect(Date.now() - begun).toBe(180_000);
  });

  it('ends an attempt that is still under way', async () => {
    const network = answeringFetch(() => new Promise(() => undefined));
    const client = createClient({ fetch: network.fetch, totalTimeout: 3_000 });
    const outcome = caught(client.GET(LIST), APITimeoutError);
    await vi.advanceTimersByTimeAsync(3_000);
    expect((await outcome).timeoutMs).toBe(3_000);
  });

  it('ends the wait for a bearer function', async () => {
    const network = answeringFetch(() => json({}));
    const client = createClient({
      fetch: network.fetch,
      bearerToken: () => new Promise<string>(() => undefined),
    });
    const outcome = caught(client.GET(LIST, { totalTimeout: 1_000, maxRetries: 0 }), APITimeoutError);
    await vi.advanceTimersByTimeAsync(1_000);
    await outcome;
    expect(network.requests).toHaveLength(0);
  });

  it('does not bound a stream that keeps moving, whose every silence is bounded', async () => {
    const network = answeringFetch(() => new Response(streamed(['a'], 'stall')));
    const client = createClient({ fetch: network.fetch, timeout: 1_000, maxRetries: 0 });
    const { data } = await client.GET(LIST, { parseAs: 'stream' });
    await vi.advanceTimersByTimeAsync(120_000);
    const reader = data?.getReader();
    expect((await reader?.read())?.value).toBeDefined();
    await vi.advanceTimersByTimeAsync(120_000);
    const silence = reader?.read().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await silence).toBeInstanceOf(APITimeoutError);
  });
});

describe('the retry budget', () => {
  it('keeps a thousand calls of an outage under 1 150 attempts', async () => {
    vi.useFakeTimers();
    const network = answeringFetch(() => apiError(503, {}));
    const client = createClient({ fetch: network.fetch });
    for (let call = 0; call < 1_000; call += 100) {
      const calls = Promise.allSettled(Array.from({ length: 100 }, () => client.GET(LIST)));
      await vi.runAllTimersAsync();
      expect((await calls).every(({ status }) => status === 'rejected')).toBe(true);
    }
    vi.useRealTimers();
    expect(network.requests.length).toBeLessThanOrEqual(1_150);
  });
});

describe('idempotencyKey', () => {
  const body = { type: 'api-key', name: 'a', data: {} };

  it('is sent on every attempt, and makes a POST repeatable', async () => {
    let attempts = 0;
    const network = answeringFetch(() =>
      ++attempts === 1 ? apiError(503, {}, { 'retry-after': '0' }) : json({}, { status: 201 }),
    );
    const client = createClient({ fetch: network.fetch });
    await client.POST('/v1/connect/connectors', { body, idempotencyKey: 'key-1' });
    expect(network.requests.map(({ headers }) => headers.get('idempotency-key'))).toEqual(['key-1', 'key-1']);
  });

  it('without it a POST is sent once', async () => {
    const network = answeringFetch(() => apiError(503, {}));
    await caught(
      createClient({ fetch: network.fetch }).POST('/v1/connect/connectors', { body }),
      InternalServerError,
    );
    expect(network.requests).toHaveLength(1);
  });
});
