import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APIConnectionError, APITimeoutError, MalformedResponseError } from '../../../src/index.js';
import type { CallContext, Send } from '../../../src/transport/middleware.js';
import { createRetryBudget, type RetryOptions, retryMiddleware } from '../../../src/transport/retry/retry.js';
import { TotalTimeout } from '../../../src/transport/timeout.js';
import { apiError, networkFailure, streamed } from '../../helpers/answers.js';
import { asRequest } from '../../helpers/as-request.js';
import { callFacts, operationInfo, request } from '../../helpers/call-facts.js';

const SAFE = operationInfo({ method: 'POST', safeToRepeat: true });
const UNSAFE = operationInfo({ method: 'POST', safeToRepeat: false });
const NOW = Date.UTC(2026, 10, 22);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});

afterEach(() => {
  vi.useRealTimers();
});

function connectionError(code: string): APIConnectionError {
  return new APIConnectionError('no answer', callFacts(), { cause: networkFailure(code) });
}

const malformed = () =>
  new MalformedResponseError('it is not JSON', { ...callFacts(), status: 200, requestId: undefined });

type Step = (() => Response) | Error;

/** Runs the middleware alone over scripted outcomes; the last one repeats. Gives the outcome and when each attempt began. */
async function run(steps: readonly Step[], changes: Partial<CallContext> = {}, options: RetryOptions = {}) {
  const starts: number[] = [];
  const attempts: number[] = [];
  const startedAt = Date.now();
  const next: Send = async (_, call) => {
    starts.push(Date.now() - startedAt);
    attempts.push(call.attempt);
    const step = steps[Math.min(starts.length, steps.length) - 1];
    if (typeof step === 'function') return step();
    throw step;
  };
  const outcome = retryMiddleware({ random: () => 0.5, ...options })(next)(
    request(),
    callFacts(changes),
  ).then(
    (response): unknown => response.status,
    (error: unknown) => error,
  );
  await vi.runAllTimersAsync();
  return { outcome: await outcome, starts, attempts };
}

const answer =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    apiError(status, {}, headers);

describe('what is sent again', () => {
  it.each([408, 425, 429, 500, 502, 503, 504])('GET after %i', async (status) => {
    expect(await run([answer(status), answer(200)])).toMatchObject({ outcome: 200, attempts: [1, 2] });
  });

  it.each([200, 204, 301, 400, 401, 403, 404, 409, 410, 422, 501, 505])(
    'not GET after %i',
    async (status) => {
      const once = () => new Response(null, { status });
      expect(await run([once])).toMatchObject({ outcome: status, attempts: [1] });
    },
  );

  it.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])('%s, after any passing failure', async (method) => {
    for (const failure of [answer(503), connectionError('ECONNRESET'), new APITimeoutError(1, callFacts())]) {
      expect((await run([failure, answer(200)], { method })).attempts).toEqual([1, 2]);
    }
  });

  it.each([
    ['POST of an operation marked safe', { method: 'POST', operation: SAFE }, true],
    ['POST of an operation not so marked', { method: 'POST', operation: UNSAFE }, false],
    ['POST of a path outside the table', { method: 'POST', operation: undefined }, false],
    ['PATCH', { method: 'PATCH', operation: undefined }, false],
  ])('%s only where that is safe', async (_, changes, again) => {
    const failures = [
      answer(503),
      connectionError('ECONNRESET'),
      malformed(),
      new APITimeoutError(1, callFacts()),
    ];
    for (const failure of failures) {
      const { attempts } = await run([failure, answer(200)], changes);
      expect(attempts).toEqual(again ? [1, 2] : [1]);
    }
  });

  it.each(['POST', 'PATCH'])('%s after a 429, for nothing was done', async (method) => {
    expect(await run([answer(429), answer(200)], { method })).toMatchObject({
      outcome: 200,
      attempts: [1, 2],
    });
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED'])(
    'POST after %s, for the request never left',
    async (code) => {
      const { attempts } = await run([connectionError(code), answer(200)], {
        method: 'POST',
        operation: UNSAFE,
      });
      expect(attempts).toEqual([1, 2]);
    },
  );

  it('nothing after an error that is no failure of the transport', async () => {
    const error = new TypeError('a bug');
    expect(await run([error])).toMatchObject({ outcome: error, attempts: [1] });
  });

  it.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'UND_ERR_INVALID_ARG'])(
    'nothing after %s, a mistake of the caller',
    async (code) => {
      expect((await run([connectionError(code), answer(200)])).attempts).toEqual([1]);
    },
  );

  it('an answer without a body', async () => {
    expect(await run([() => new Response(null, { status: 503 }), answer(200)])).toMatchObject({
      outcome: 200,
    });
  });

  it('maxRetries times and no more, giving the last outcome', async () => {
    expect(await run([answer(500), answer(502), answer(503), answer(504)])).toMatchObject({
      outcome: 504,
      attempts: [1, 2, 3, 4],
    });
    const last = connectionError('EPIPE');
    expect(await run([answer(500), last], { maxRetries: 1 })).toMatchObject({ outcome: last });
    expect((await run([answer(500)], { maxRetries: 0 })).attempts).toEqual([1]);
  });
});

describe('how long is waited', () => {
  it('random() * min(250 ms * 2^n, 8 s)', async () => {
    const { starts } = await run([answer(503)], { maxRetries: 8 }, { random: () => 0.5 });
    const waits = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
    expect(waits).toEqual([125, 250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
  });

  it.each([
    [0, [0, 0, 0, 0]],
    [0.999_999, [0, 249, 748, 1_747]],
  ])('with random %f the attempts begin at %j', async (random, expected) => {
    const { starts } = await run([answer(503)], {}, { random: () => random });
    expect(starts).toEqual(expected);
  });

  it('what the server asks, neither shortened nor jittered', async () => {
    const never = () => {
      throw new Error('no jitter on the delays of the server');
    };
    for (const headers of [
      { 'retry-after': '7' },
      { 'retry-after-ms': '7000' },
      { 'retry-after': new Date(NOW + 7_000).toUTCString(), date: new Date(NOW).toUTCString() },
    ]) {
      expect((await run([answer(429, headers), answer(200)], {}, { random: never })).starts).toEqual([
        0, 7_000,
      ]);
    }
  });

  it('until the reset time of the server, by the injected clock', async () => {
    const headers = { 'x-ratelimit-reset': '1030' };
    const { starts } = await run([answer(429, headers), answer(200)], {}, { now: () => 1_000_000 });
    expect(starts).toEqual([0, 30_000]);
  });

  it('up to 65 s for the server; more ends the call at once', async () => {
    const minute = await run([answer(429, { 'retry-after': '65' }), answer(200)]);
    expect(minute).toMatchObject({ outcome: 200, starts: [0, 65_000] });
    const more = await run([answer(429, { 'retry-after-ms': '65001' }), answer(200)]);
    expect(more).toMatchObject({ outcome: 429, starts: [0] });
  });

  it('by our own delays after a 5xx, whose rate limit header tells of another matter', async () => {
    const headers = { 'x-ratelimit-reset': String(NOW / 1_000 + 50) };
    expect((await run([answer(503, headers), answer(200)])).starts).toEqual([0, 125]);
  });

  it('by our own delays where the reset time is gone by, so that nobody hammers', async () => {
    const headers = { 'x-ratelimit-reset': String(NOW / 1_000 - 1) };
    expect((await run([answer(429, headers), answer(200)])).starts).toEqual([0, 125]);
  });
});

describe('the signal of the caller', () => {
  it('ends the wait with its own reason', async () => {
    const controller = new AbortController();
    const next = vi.fn<Send>(async () => apiError(503, {}, { 'retry-after': '30' }));
    const call = retryMiddleware()(next)(request(), callFacts({ signal: controller.signal }));
    await vi.advanceTimersByTimeAsync(10_000);
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    expect(next).toHaveBeenCalledOnce();
  });

  it('that fired during an attempt makes that attempt the last', async () => {
    const controller = new AbortController();
    const error = connectionError('ECONNRESET');
    const next = vi.fn<Send>(async () => {
      controller.abort();
      throw error;
    });
    const call = retryMiddleware()(next)(request(), callFacts({ signal: controller.signal }));
    await expect(call).rejects.toBe(error);
    expect(next).toHaveBeenCalledOnce();
  });
});

describe('requests and answers of the attempts', () => {
  it('are sent whole each time', async () => {
    const bodies: string[] = [];
    const next: Send = async (attempt) => {
      bodies.push(await asRequest(attempt).text());
      return apiError(503);
    };
    const original = request({ method: 'PUT', body: 'the whole body' });
    const call = retryMiddleware()(next)(original, callFacts({ method: 'PUT' }));
    await vi.runAllTimersAsync();
    await call;
    expect(bodies).toEqual(Array(4).fill('the whole body'));
  });

  it('an answer that nobody will read is let go; the last one is left alone', async () => {
    const cancelled: number[] = [];
    const unread = (number: number) => () => {
      const body = streamed(['x'], 'stall');
      vi.spyOn(body, 'cancel').mockImplementation(async () => {
        cancelled.push(number);
      });
      return new Response(body, { status: 503 });
    };
    await run([unread(1), unread(2), unread(3)], { maxRetries: 2 });
    expect(cancelled).toEqual([1, 2]);
  });
});

describe('a further attempt', () => {
  const isTaken = { 'retry-after': '7' };

  it.each([
    ['a 429 that names a time', answer(429, isTaken), 0],
    ['a 429 that names none', answer(429), 1],
    ['a 503 that names a time', answer(503, isTaken), 1],
    ['a lost connection', connectionError('ECONNRESET'), 1],
  ])('after %s costs the budget so many prices', async (_, failure, prices) => {
    const budget = { spend: vi.fn(() => true), refund: vi.fn() };
    await run([failure, answer(200)], {}, { budget });
    expect(budget.spend).toHaveBeenCalledTimes(prices);
    expect(budget.refund).toHaveBeenCalledTimes(1);
  });

  it('takes its own wait from the time of the call, and none that the server asks for', async () => {
    const totalTimeout = new TotalTimeout(60_000);
    await run([answer(503), answer(200)], { totalTimeout });
    expect(totalTimeout.leftMs()).toBe(60_000 - 125);
    await run([answer(503, isTaken), answer(200)], { totalTimeout });
    expect(totalTimeout.leftMs()).toBe(60_000 - 125);
  });

  it.each<[string, Step, () => Partial<CallContext>]>([
    ['attempts', answer(503), () => ({ maxRetries: 0 })],
    ['server-delay', answer(503, isTaken), () => ({ maxRetryAfterMs: 6_999 })],
    ['total-timeout', answer(503), () => ({ totalTimeout: new TotalTimeout(1) })],
    ['budget', answer(503), () => ({})],
  ])('is given up, which an event tells: %s', async (because, failure, changes) => {
    const events: unknown[] = [];
    const budget = { spend: () => false, refund() {} };
    await run([failure], changes(), { budget, emit: (event) => events.push(event) });
    expect(events).toMatchObject([{ type: 'give-up', because, attempts: 1, reason: '503' }]);
  });
});

describe('createRetryBudget', () => {
  /** How many further attempts it allows. */
  function allowed(error: unknown, attempt: number, budget = createRetryBudget()): number {
    let count = 0;
    while (count < 1_000 && budget.spend(error, attempt)) count++;
    return count;
  }

  it.each<[number, string, unknown, number]>([
    [100, 'a response', undefined, 1],
    [100, 'a request that never left', connectionError('ECONNREFUSED'), 1],
    [50, 'a timeout', new APITimeoutError(1, callFacts()), 1],
    [166, 'a first reset', connectionError('ECONNRESET'), 1],
    [100, 'a later reset', connectionError('ECONNRESET'), 2],
  ])('allows %i further attempts after %s', (count, _, error, attempt) => {
    expect(allowed(error, attempt)).toBe(count);
  });

  it('gets one token back for a success, and never has more than at first', () => {
    const budget = createRetryBudget();
    budget.refund();
    expect(allowed(undefined, 1, budget)).toBe(100);
    for (let success = 0; success < 9; success++) budget.refund();
    expect(allowed(undefined, 1, budget)).toBe(1);
    budget.refund();
    expect(allowed(undefined, 1, budget)).toBe(1);
  });
});
