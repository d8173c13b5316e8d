import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConnectError } from '../../src/connect/index.js';
import { APIConnectionError } from '../../src/index.js';
import {
  type Answer,
  APP,
  CONNECTOR,
  createBench,
  deferred,
  errorAnswer,
  failureOf,
  HOUR,
  MINUTE,
  START,
  settle,
  tokenAnswer,
} from './helpers.js';

const SECOND = 1_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Hour-long tokens, numbered; what `later` gives for a request by its index stands in their place. */
function hourly(
  later: (index: number) => Response | Promise<Response> | undefined = () => undefined,
): Answer {
  return (_request, index) =>
    later(index) ?? tokenAnswer({ token: `token-${index + 1}`, expiresAt: Date.now() + HOUR });
}

describe('ahead of expiry', () => {
  it('one refresh runs in the background, while everybody is handed the old token', async () => {
    const gate = deferred<Response>();
    const { client, requests } = createBench(hourly((index) => (index === 1 ? gate.promise : undefined)));
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR - 60 * SECOND);
    const served = await Promise.all(Array.from({ length: 50 }, () => client.getToken(CONNECTOR, APP)));
    expect(new Set(served)).toEqual(new Set(['token-1']));
    await settle();
    expect(requests).toHaveLength(2);
    gate.resolve(tokenAnswer({ token: 'token-2', expiresAt: Date.now() + HOUR }));
    await settle();
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('asks for more life than the old token has left, so that it is not given, and billed, again', async () => {
    const { client, requests } = createBench(hourly());
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR - 80 * SECOND);
    await client.getToken(CONNECTOR, APP);
    await settle();
    expect(requests[1]?.body).toMatchObject({ validityBufferMs: expect.any(Number) });
    expect(Number(Reflect.get(Object(requests[1]?.body), 'validityBufferMs'))).toBeGreaterThan(80 * SECOND);
  });

  it('not before its window', async () => {
    const { client, requests } = createBench(hourly());
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR - 97 * SECOND);
    await client.getToken(CONNECTOR, APP);
    await settle();
    expect(requests).toHaveLength(1);
  });

  it('an API that gives the same token again is not asked at every use', async () => {
    const expiresAt = START + HOUR;
    const { client, requests } = createBench(() => tokenAnswer({ expiresAt }));
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR - 60 * SECOND);
    for (let use = 0; use < 10; use++) {
      await client.getToken(CONNECTOR, APP);
      await settle();
    }
    expect(requests).toHaveLength(2);
  });

  it('a refusal of the API ends the entry', async () => {
    const { client } = createBench(
      hourly((index) => (index === 0 ? undefined : errorAnswer(403, 'forbidden'))),
    );
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR - 60 * SECOND);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    await settle();
    await failureOf(client.getToken(CONNECTOR, APP), ConnectError);
  });
});

describe('while the API is away', () => {
  const failures: [string, () => Response][] = [
    ['503', () => errorAnswer(503)],
    ['429', () => errorAnswer(429, 'rate_limited')],
    ['408', () => errorAnswer(408)],
    ['a reset', () => Response.error()],
  ];

  it.each(failures)('%s: a token of 65 s is served for the whole of a minute', async (_name, failure) => {
    const away: Answer = (_request, index) => {
      if (index === 0) return tokenAnswer({ token: 'token-1', expiresAt: Date.now() + HOUR });
      const response = failure();
      if (response.type === 'error') throw new TypeError('fetch failed');
      return response;
    };
    const { client } = createBench(away);
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR - 65 * SECOND);
    for (let second = 0; second < 60; second++) {
      expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
      await settle();
      vi.advanceTimersByTime(SECOND);
    }
    expect(client.stats().staleServed).toBeGreaterThan(0);
  });

  it('a token of less than 5 s is not served', async () => {
    const { client } = createBench(hourly((index) => (index === 0 ? undefined : errorAnswer(503))));
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR - 4 * SECOND);
    await failureOf(client.getToken(CONNECTOR, APP), ConnectError);
  });

  it('a caller with a buffer of its own is told the failure', async () => {
    const { client } = createBench(hourly((index) => (index === 0 ? undefined : errorAnswer(503))));
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR - 20 * SECOND);
    await failureOf(client.getToken(CONNECTOR, { ...APP, validityBufferMs: 30_000 }), ConnectError);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
  });

  it('a caller who leaves says nothing of the API: the next one gets a fresh token, not a stale one', async () => {
    const gate = deferred<Response>();
    const { client, arrived } = createBench(hourly((index) => (index === 1 ? gate.promise : undefined)));
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR - 20 * SECOND);
    const controller = new AbortController();
    const left = client.getToken(CONNECTOR, APP, { signal: controller.signal });
    await arrived(2);
    controller.abort(new Error('page closed'));
    await expect(left).rejects.toThrow('page closed');
    await settle();
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-3');
    expect(client.stats().staleServed).toBe(0);
  });

  it('a forced refresh is told the failure', async () => {
    const { client } = createBench((_request, index) => {
      if (index === 0) return tokenAnswer();
      throw new TypeError('fetch failed');
    });
    await client.getToken(CONNECTOR, APP);
    await failureOf(client.getToken(CONNECTOR, APP, { forceRefresh: true }), APIConnectionError);
  });
});

describe('clocks', () => {
  it('a wall clock that is set back never makes a token live longer', async () => {
    const { client, requests } = createBench(hourly());
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(HOUR);
    vi.setSystemTime(START);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('a wall clock that is set forward ends what has expired by it', async () => {
    const { client } = createBench(hourly());
    await client.getToken(CONNECTOR, APP);
    vi.setSystemTime(START + HOUR);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
  });

  it('tokens that live shorter than the default buffer are cached all the same', async () => {
    const { client, requests } = createBench((_request, index) =>
      tokenAnswer({ token: `token-${index + 1}`, expiresAt: Date.now() + 20 * SECOND }),
    );
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(5 * SECOND);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    vi.advanceTimersByTime(10 * SECOND);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('a buffer that the caller passes is obeyed for them too', async () => {
    const { client, requests } = createBench(() => tokenAnswer({ expiresAt: Date.now() + MINUTE }));
    const params = { ...APP, validityBufferMs: 2 * MINUTE };
    await client.getToken(CONNECTOR, params);
    await client.getToken(CONNECTOR, params);
    expect(requests).toHaveLength(2);
  });
});
