import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serverDelayMs } from '../../../src/http/retry-after.js';
import { RateLimitError } from '../../../src/index.js';
import { createIdentify } from '../../../src/transport/auth/identity.js';
import { type Cooldowns, rateLimitMiddleware } from '../../../src/transport/retry/rate-limit.js';
import { TotalTimeout } from '../../../src/transport/timeout.js';
import type { HeldEvent } from '../../../src/util/emitter.js';
import { callFacts, operationInfo, request } from '../../helpers/call-facts.js';
import { caught } from '../../helpers/caught.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Reply = Readonly<Record<string, string>> | Error;

/**
 * A rate limit before a server that answers 429 with the given headers, once for each of them, and then 200.
 *
 * @param waits - Whether every answer but the first waits for `release`.
 */
function gated(first: Reply, more: readonly Reply[] = [], waits = false, cooldowns: Cooldowns = new Map()) {
  const starts: number[] = [];
  const held: HeldEvent[] = [];
  const begun = Date.now();
  const replies = Object.keys(first).length === 0 && more.length > 0 ? [...more] : [first, ...more];
  const waiting: (() => void)[] = [];
  const next = async () => {
    starts.push(Date.now() - begun);
    const reply = replies.shift();
    if (waits && starts.length > 1) await new Promise<void>((resolve) => waiting.push(resolve));
    if (reply instanceof Error) throw reply;
    return new Response(null, reply ? { status: 429, headers: reply } : { status: 200 });
  };
  const middleware = rateLimitMiddleware({
    ...{ identify: createIdentify(), cooldowns },
    delayOf: (response) => serverDelayMs(response, Date.now()),
    emit: (event) => held.push(event),
  });
  const send = middleware(next);
  const ask = (bearer: string, changes: Parameters<typeof callFacts>[0] = {}) =>
    send(request({ headers: { authorization: `Bearer ${bearer}` } }), callFacts(changes));
  const release = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { ask, starts, held, release };
}

describe('rateLimitMiddleware', () => {
  it('holds later calls of the same credential and operation until the reset', async () => {
    const { ask, starts } = gated({ 'retry-after': '5' });
    expect((await ask('a')).status).toBe(429);
    const held = Promise.all([ask('a'), ask('a')]);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(starts).toEqual([0]);
    await vi.advanceTimersByTimeAsync(1);
    expect((await held).map(({ status }) => status)).toEqual([200, 200]);
    expect(starts).toEqual([0, 5_000, 5_000]);
  });

  it.each([
    ['another credential', 'b', {}],
    ['another operation', 'a', { path: '/v1/others' }],
  ])('does not hold %s', async (_, bearer, changes) => {
    const { ask, starts } = gated({ 'retry-after': '5' });
    await ask('a');
    expect((await ask(bearer, changes)).status).toBe(200);
    expect(starts).toEqual([0, 0]);
  });

  it('holds every operation of the same rate limit class', async () => {
    const { ask, starts } = gated({ 'retry-after': '5' });
    const operation = operationInfo({ rateLimitClass: 'connect-reads' });
    await ask('a', { operation });
    const held = ask('a', { operation, path: '/v1/others' });
    await vi.advanceTimersByTimeAsync(4_999);
    expect(starts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect((await held).status).toBe(200);
  });

  it('holds nobody after a 429 without a hint', async () => {
    const { ask } = gated({});
    await ask('a');
    expect((await ask('a')).status).toBe(200);
  });

  it('fails at once where the wait is over maxRetryAfterMs, and says how long it is', async () => {
    const { ask, starts, held } = gated({ 'retry-after': '50' });
    await ask('a');
    await vi.advanceTimersByTimeAsync(10_000);
    const error = await caught(ask('a', { maxRetryAfterMs: 39_999 }), RateLimitError);
    expect(error).toMatchObject({
      status: 429,
      retryAfterMs: 40_000,
      code: 'rate_limited',
      message: expect.stringContaining(
        'was not sent: the rate limit that an earlier call met resets in 40 s',
      ),
      method: 'GET',
      path: '/v1/things/{thing}',
    });
    expect(starts).toHaveLength(1);
    expect(held).toEqual([
      { type: 'held', method: 'GET', path: '/v1/things/{thing}', delayMs: 40_000, isSent: false },
    ]);
  });

  it('tells of a call that waits', async () => {
    const { ask, held } = gated({ 'retry-after': '5' });
    await ask('a');
    const outcome = ask('a');
    await vi.advanceTimersByTimeAsync(5_000);
    await outcome;
    expect(held).toEqual([
      { type: 'held', method: 'GET', path: '/v1/things/{thing}', delayMs: 5_000, isSent: true },
    ]);
  });

  it('fails at once where a wait that counts would leave less than 2 s of the time of the call', async () => {
    const { ask } = gated({ 'retry-after': '30' });
    await ask('a');
    const left = (ms: number) => ({ timeoutMs: 10_000, totalTimeout: new TotalTimeout(ms, true) });
    expect((await caught(ask('a', left(31_999)), RateLimitError)).retryAfterMs).toBe(30_000);
    const held = ask('a', left(32_000));
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await held).status).toBe(200);
  });

  it('moves the bound of a call by a wait that does not count', async () => {
    const { ask, starts } = gated({ 'retry-after': '30' });
    await ask('a');
    const totalTimeout = new TotalTimeout(4_000);
    const held = ask('a', { totalTimeout, timeoutMs: 10_000 });
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await held).status).toBe(200);
    expect(totalTimeout.leftMs()).toBe(4_000);
    expect(starts).toEqual([0, 30_000]);
  });

  it('keeps the later end of two that cross', async () => {
    const answers = [{ 'retry-after': '30' }, { 'retry-after': '1' }];
    const { ask, starts } = gated({}, answers);
    await Promise.all([ask('a'), ask('a')]);
    const held = ask('a');
    await vi.advanceTimersByTimeAsync(29_999);
    expect(starts).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect((await held).status).toBe(200);
  });

  it.each(['70', '31536000'])('remembers %s s for 65 s, then lets one call probe', async (seconds) => {
    const { ask, starts, release } = gated({ 'retry-after': seconds }, [], true);
    await ask('a');
    const held = Promise.all([ask('a'), ask('a'), ask('a')]);
    await vi.advanceTimersByTimeAsync(65_000);
    expect(starts).toEqual([0, 65_000]);
    release();
    await vi.advanceTimersByTimeAsync(1);
    release();
    expect((await held).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(starts).toEqual([0, 65_000, 65_000, 65_000]);
  });

  it.each(['1', '65'])(
    'sends all that waited at once after %s s, which is not over 65 s',
    async (seconds) => {
      const { ask, starts, release } = gated({ 'retry-after': seconds }, [], true);
      await ask('a');
      const held = Promise.all([ask('a'), ask('a')]);
      await vi.advanceTimersByTimeAsync(Number(seconds) * 1_000);
      expect(starts).toEqual([0, Number(seconds) * 1_000, Number(seconds) * 1_000]);
      release();
      await held;
    },
  );

  it.each([
    ['again where its time for waits allows that', 10_000, 10_000],
    ['no longer than its time for waits', 9_999, 5_000],
  ])('holds a call whose reset moves while it waits %s', async (_, maxRetryAfterMs, sentAt) => {
    const { ask, starts, release } = gated({ 'retry-after': '5' }, [{ 'retry-after': '6' }], true);
    const crossing = [ask('a'), ask('a')];
    await crossing[0];
    const held = ask('a', { maxRetryAfterMs });
    await vi.advanceTimersByTimeAsync(4_000);
    release();
    await crossing[1];
    await vi.advanceTimersByTimeAsync(6_000);
    release();
    expect((await held).status).toBe(200);
    expect(starts).toEqual([0, 0, sentAt]);
  });

  it('fails those who waited where the probe is answered with another year', async () => {
    const year = { 'retry-after': '31536000' };
    const { ask, starts } = gated(year, [year]);
    await ask('a');
    const held = Promise.allSettled([ask('a'), ask('a'), ask('a')]);
    await vi.advanceTimersByTimeAsync(65_000);
    const outcomes = await held;
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { retryAfterMs: 65_000 } });
    expect(starts).toEqual([0, 65_000]);
  });

  it('lets another call probe where the first one failed', async () => {
    const { ask, starts } = gated({ 'retry-after': '70' }, [new Error('lost')]);
    await ask('a');
    const held = Promise.allSettled([ask('a'), ask('a')]);
    await vi.advanceTimersByTimeAsync(65_000);
    expect((await held).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(starts).toEqual([0, 65_000, 65_000]);
  });

  it('forgets cooldowns that are over, and none that are not, once there are a thousand', async () => {
    const cooldowns: Cooldowns = new Map();
    const { ask } = gated({}, Array(1_002).fill({ 'retry-after': '10' }), false, cooldowns);
    for (let caller = 0; caller < 600; caller++) await ask(`early-${caller}`);
    await vi.advanceTimersByTimeAsync(9_000);
    for (let caller = 0; caller < 400; caller++) await ask(`late-${caller}`);
    await vi.advanceTimersByTimeAsync(2_000);
    await ask('one more');
    expect(cooldowns.size).toBe(401);
  });

  it('takes over what other processes have met, and tells them what it meets', async () => {
    const told: unknown[] = [];
    const lefts = [0, 5_000, 0, 0];
    const starts: number[] = [];
    const begun = Date.now();
    const middleware = rateLimitMiddleware({
      ...{ identify: createIdentify(), cooldowns: new Map(), delayOf: () => 31_536_000_000 },
      shared: {
        leftMs: async (...asked) => {
          told.push(asked);
          return lefts.shift() ?? 0;
        },
        hold: async (...held) => told.push(held),
      },
    });
    const statuses = [200, 200, 200, 429];
    const waiting: (() => void)[] = [];
    const send = middleware(async () => {
      starts.push(Date.now() - begun);
      if (starts.length > 1) await new Promise<void>((resolve) => waiting.push(resolve));
      return new Response(null, { status: statuses.shift() ?? 200 });
    });
    const bearer = request({ headers: { authorization: 'Bearer a' } });
    await send(bearer, callFacts());
    const held = Promise.all([send(bearer, callFacts()), send(bearer, callFacts())]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(starts, 'all at once, without a probe').toEqual([0, 5_000, 5_000]);
    const refused = send(request(), callFacts());
    await vi.advanceTimersByTimeAsync(0);
    for (const resolve of waiting) resolve();
    await Promise.all([held, refused]);
    const facts = ['https://api.example.com', 'a', 'GET /v1/things/{thing}'];
    const nobodys = ['https://api.example.com', '', 'GET /v1/things/{thing}'];
    expect(told).toEqual([facts, facts, facts, nobodys, [...nobodys, 65_000]]);
  });

  it('does not send for a caller who left while the other processes were asked', async () => {
    const controller = new AbortController();
    const starts: unknown[] = [];
    const middleware = rateLimitMiddleware({
      ...{ identify: createIdentify(), cooldowns: new Map(), delayOf: () => undefined },
      shared: {
        leftMs: async () => {
          controller.abort('enough');
          return 5_000;
        },
        hold: async () => undefined,
      },
    });
    const send = middleware(async (sent) => {
      starts.push(sent);
      return new Response();
    });
    await expect(send(request(), callFacts({ signal: controller.signal }))).rejects.toBe('enough');
    expect(starts).toEqual([]);
  });

  it('ends with the reason of a caller who left while the other processes were told', async () => {
    const controller = new AbortController();
    const middleware = rateLimitMiddleware({
      ...{ identify: createIdentify(), cooldowns: new Map(), delayOf: () => 5_000 },
      shared: {
        leftMs: async () => 0,
        hold: async () => controller.abort('enough'),
      },
    });
    const send = middleware(async () => new Response(null, { status: 429 }));
    await expect(send(request(), callFacts({ signal: controller.signal }))).rejects.toBe('enough');
  });

  it('ends the wait with the reason of the caller', async () => {
    const { ask } = gated({ 'retry-after': '30' });
    await ask('a');
    const controller = new AbortController();
    const held = ask('a', { signal: controller.signal });
    controller.abort('enough');
    await expect(held).rejects.toBe('enough');
  });
});
