import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient, RateLimitError } from '../../src/index.js';
import { TotalTimeout } from '../../src/transport/timeout.js';
import { apiError, json } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { answeringFetch } from '../helpers/observed-fetch.js';

const POST = '/v1/connect/connectors';
const body = { type: 'slack', name: 'n', data: {} } as const;

beforeAll(async () => {
  // Loaded by the first 429, in real time.
  await import('../../src/transport/auth/identity.js');
});
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('TotalTimeout', () => {
  it.each([
    [10_000, 60_000, 58_000, true],
    [10_000, 60_000, 58_001, false],
    [500, 60_000, 59_500, true],
    [500, 60_000, 59_501, false],
    [10_000, 1_000, 500, true],
    [10_000, 1_000, 501, false],
  ])(
    'with a timeout of %i ms and %i ms for all, a wait of %i ms is allowed: %s',
    (timeout, ms, wait, allowed) => {
      expect(new TotalTimeout(ms).allows(timeout, wait)).toBe(allowed);
    },
  );

  it('moves by waits that the server asks for, unless they count', () => {
    const [free, counting] = [new TotalTimeout(1_000), new TotalTimeout(1_000, true)];
    for (const bound of [free, counting]) bound.startServerWait(5_000);
    expect([free.leftMs(), counting.leftMs()]).toEqual([6_000, 1_000]);
  });

  it('moves with the call whose response it waits for, until it waits no more', () => {
    const [leader, follower] = [new TotalTimeout(1_000), new TotalTimeout(2_000)];
    const end = leader.leads(follower);
    leader.leads(leader);
    leader.startServerWait(5_000);
    expect([leader.leftMs(), follower.leftMs()]).toEqual([6_000, 7_000]);
    end();
    leader.startServerWait(5_000);
    expect([leader.leftMs(), follower.leftMs()]).toEqual([11_000, 7_000]);
  });
});

/** An API with one limit in a window of a minute, which says in its own way when the window ends. */
function limitedApi(form: 'retry-after' | 'x-ratelimit-reset' | 'body' | 'milliseconds', limit = 120) {
  let count = 0;
  let windowEndsAt = 0;
  return answeringFetch(() => {
    if (Date.now() >= windowEndsAt) {
      windowEndsAt = Date.now() + 60_000;
      count = 0;
    }
    count += 1;
    if (count <= limit) return json({ id: 'scl_1' }, { status: 201 });
    const seconds = Math.ceil(windowEndsAt / 1_000) + 1; // As Vercel rounds.
    if (form === 'retry-after')
      return apiError(429, {}, { 'retry-after': String(Math.ceil((windowEndsAt - Date.now()) / 1_000)) });
    if (form === 'x-ratelimit-reset') return apiError(429, {}, { 'x-ratelimit-reset': String(seconds) });
    if (form === 'milliseconds') return apiError(429, {}, { 'x-ratelimit-reset': String(seconds * 1_000) });
    return apiError(429, { code: 'rate_limited', limit: { total: limit, remaining: 0, reset: seconds } });
  });
}

describe('200 POSTs, 20 at a time, against 120 a minute', () => {
  it.each(['retry-after', 'x-ratelimit-reset', 'body', 'milliseconds'] as const)(
    'all succeed by default where the API names the end of the window in %s',
    async (form) => {
      const network = limitedApi(form);
      const client = createClient({ fetch: network.fetch, bearerToken: 'token-1' });
      const left = Array.from({ length: 200 }).keys();
      const failures: unknown[] = [];
      const worker = async () => {
        for (const _ of left)
          await client.POST(POST, { body }).catch((error: unknown) => failures.push(error));
      };
      const work = Promise.all(Array.from({ length: 20 }, worker));
      await vi.advanceTimersByTimeAsync(200_000);
      await work;
      expect(failures).toEqual([]);
      // Those under way when the first refusal came learn it too; nobody else does.
      expect(network.requests.length).toBeLessThanOrEqual(200 + 20);
    },
  );
});

describe('an attempt without time for an answer', () => {
  it('is not begun where a held call has less than 2 s left', async () => {
    const network = answeringFetch(() => apiError(429, {}, { 'retry-after': '30' }));
    const client = createClient({ fetch: network.fetch, maxRetries: 0 });
    await caught(client.POST(POST, { body }), RateLimitError);
    // A slow credential leaves too little before the wait.
    const slow = client.POST(POST, {
      body,
      totalTimeout: 4_500,
      bearerToken: () => new Promise((resolve) => setTimeout(resolve, 2_501, 'token-1')),
    });
    const outcome = caught(slow, Error);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await outcome).toMatchObject({ code: 'timeout' });
    expect(network.requests).toHaveLength(1);
  });

  it('is refused as a rate limit where it is held, and has less than 2 s left after its wait for a credential', async () => {
    const network = answeringFetch(() => apiError(429, {}, { 'retry-after': '30' }));
    const bearerToken = () => new Promise<string>((resolve) => setTimeout(resolve, 2_501, 'token-1'));
    const client = createClient({ fetch: network.fetch, maxRetries: 0, bearerToken });
    const first = caught(client.POST(POST, { body }), RateLimitError);
    await vi.advanceTimersByTimeAsync(2_501);
    await first;
    const held = caught(client.POST(POST, { body, totalTimeout: 4_500 }), RateLimitError);
    await vi.advanceTimersByTimeAsync(2_501);
    expect(await held).toMatchObject({ retryAfterMs: 27_499 });
    expect(network.requests).toHaveLength(1);
  });
});

it('150 POSTs that are each told Retry-After: 1 once all succeed: it costs the budget nothing', async () => {
  const seen = new Set<string>();
  const network = answeringFetch(({ url }) => {
    if (seen.has(url)) return json({ id: 'scl_1' }, { status: 201 });
    seen.add(url);
    return apiError(429, {}, { 'retry-after': '1' });
  });
  const client = createClient({ fetch: network.fetch });
  const calls = Array.from({ length: 150 }, (_, index) =>
    client.POST(POST, { body, params: { query: { index } } as object, bearerToken: `token-${index}` }),
  );
  const outcomes = Promise.allSettled(calls);
  await vi.advanceTimersByTimeAsync(10_000);
  expect((await outcomes).filter(({ status }) => status === 'rejected')).toEqual([]);
});
