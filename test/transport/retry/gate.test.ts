import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RateLimitError } from '../../../src/index.js';
import { createIdentify } from '../../../src/transport/auth/identity.js';
import { gateStage } from '../../../src/transport/retry/gate.js';
import { callFacts, operationInfo, request } from '../../helpers/call-facts.js';
import { caught } from '../../helpers/caught.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A gate before a server that answers 429 once, with the given headers, and then 200. */
function gated(headers: Record<string, string>) {
  const starts: number[] = [];
  const begun = Date.now();
  const next = async () => {
    starts.push(Date.now() - begun);
    return new Response(null, starts.length === 1 ? { status: 429, headers } : { status: 200 });
  };
  const send = gateStage(createIdentify(), new Map())(next);
  const ask = (bearer: string, changes: Parameters<typeof callFacts>[0] = {}) =>
    send(request({ headers: { authorization: `Bearer ${bearer}` } }), callFacts(changes));
  return { ask, starts };
}

describe('gateStage', () => {
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

  it('fails at once where the hold is over 60 s, and says how long it is', async () => {
    const { ask, starts } = gated({ 'retry-after': '90' });
    await ask('a');
    await vi.advanceTimersByTimeAsync(10_000);
    const error = await caught(ask('a'), RateLimitError);
    expect(error).toMatchObject({
      status: 429,
      retryAfterMs: 80_000,
      method: 'GET',
      path: '/v1/things/{thing}',
    });
    expect(starts).toHaveLength(1);
  });

  it('fails at once where the hold would pass the deadline', async () => {
    const { ask } = gated({ 'retry-after': '30' });
    await ask('a');
    const error = await caught(ask('a', { deadlineAt: performance.now() + 29_000 }), RateLimitError);
    expect(error.retryAfterMs).toBe(30_000);
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
