import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClient, RateLimitError } from '../../src/index.js';
import {
  createRateLimits,
  type LimitedProgress,
  limited,
  type PlatformPaths,
  platformOperations,
} from '../../src/platform/index.js';
import { createLimitedApi, type LimitedApi } from './limited-api.js';
import { onVirtualClock } from './scripted.js';

const ENV = { matches: /env$/, limit: 120, windowMs: 60_000 };
const PROJECTS = { matches: /^PATCH/, limit: 60, windowMs: 60_000 };

function clientOf(api: LimitedApi) {
  return createClient<PlatformPaths>({
    operations: platformOperations,
    fetch: api.fetch,
    bearerToken: 'token',
  });
}

type Bulk = ReturnType<typeof limited<ReturnType<typeof clientOf>>>;

const createEnv = (bulk: Bulk, number: number) =>
  bulk.POST('/v10/projects/{idOrName}/env', {
    params: { path: { idOrName: 'storefront' } },
    body: { key: `KEY_${number}`, value: 'value', type: 'plain', target: ['preview'] },
  });

const updateProject = (bulk: Bulk, number: number) =>
  bulk.PATCH('/v9/projects/{idOrName}', {
    params: { path: { idOrName: `project-${number}` } },
    body: { nodeVersion: '22.x' },
  });

function refusals({ seen }: LimitedApi): number {
  return seen.filter(({ status }) => status === 429).length;
}

describe('limited', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends 500 variables and 300 project updates through windows of 60 s without one refusal', async () => {
    const api = createLimitedApi([ENV, PROJECTS]);
    const bulk = limited(clientOf(api), { concurrency: 20 });
    const [variables, projects] = await onVirtualClock(
      Promise.all([
        bulk.each(Array.from({ length: 500 }).keys(), (number) => createEnv(bulk, number)),
        bulk.each(Array.from({ length: 300 }).keys(), (number) => updateProject(bulk, number)),
      ]),
    );
    expect(variables.length + projects.length).toBe(800);
    for (const [number, result] of variables.entries()) {
      expect(result).toMatchObject({
        ok: true,
        value: { data: { sent: expect.stringContaining(`KEY_${number}"`) } },
      });
    }
    for (const [number, result] of projects.entries()) {
      expect(result).toMatchObject({
        ok: true,
        value: { data: { key: expect.stringMatching(`project-${number}$`) } },
      });
    }
    expect(refusals(api)).toBe(0);
    expect(api.seen).toHaveLength(800);
  });

  it('sends as many as the windows allow, those of one limit beside those of another', async () => {
    const api = createLimitedApi([ENV, PROJECTS]);
    const bulk = limited(clientOf(api), { concurrency: 20 });
    const startedAt = Date.now();
    await onVirtualClock(
      Promise.all([
        bulk.each(Array.from({ length: 500 }).keys(), (number) => createEnv(bulk, number)),
        bulk.each(Array.from({ length: 300 }).keys(), (number) => updateProject(bulk, number)),
      ]),
    );
    // Both take five windows: four waits of a minute, for both at once.
    expect(Date.now() - startedAt).toBeLessThan(5 * 60_000);
  });

  it('learns from the first refusals where nothing else says what the limit is', async () => {
    const api = createLimitedApi([{ ...ENV, headers: 'retry-after' }]);
    const bulk = limited(clientOf(api), { concurrency: 20 });
    const results = await onVirtualClock(
      bulk.each(Array.from({ length: 500 }).keys(), (number) => createEnv(bulk, number)),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    const first = api.seen.find(({ status }) => status === 429)?.at ?? 0;
    // What was under way when the lesson came is part of it.
    const late = api.seen.filter(({ status, at }) => status === 429 && at > first + 1_000);
    expect(late).toEqual([]);
    expect(refusals(api)).toBeLessThanOrEqual(20);
  });

  it('keeps to a limit that is smaller than the concurrency', async () => {
    const api = createLimitedApi([{ ...ENV, limit: 7 }]);
    const bulk = limited(clientOf(api), { concurrency: 20 });
    const results = await onVirtualClock(
      bulk.each(Array.from({ length: 50 }).keys(), (number) => createEnv(bulk, number)),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    const first = api.seen.find(({ status }) => status === 429)?.at ?? 0;
    expect(api.seen.filter(({ status, at }) => status === 429 && at > first + 1_000)).toEqual([]);
  });

  it('counts the calls of client.operations too', async () => {
    const api = createLimitedApi([ENV]);
    const bulk = limited(clientOf(api), { concurrency: 1 });
    const call = bulk.operations.getProject({ params: { path: { idOrName: 'storefront' } } });
    expect(bulk.progress.running).toBe(1);
    await onVirtualClock(call);
    expect(bulk.progress.running).toBe(0);
  });

  it('finds out that operations share one limit', async () => {
    const api = createLimitedApi([{ matches: /./, limit: 100, windowMs: 60_000 }]);
    const bulk = limited(clientOf(api), { concurrency: 20 });
    const results = await onVirtualClock(
      bulk.each(Array.from({ length: 400 }).keys(), async (number) =>
        number % 2 === 0 ? createEnv(bulk, number) : updateProject(bulk, number),
      ),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(refusals(api)).toBe(0);
  });

  it('shares what is learnt between two clients', async () => {
    const api = createLimitedApi([ENV]);
    const limits = createRateLimits();
    const [one, two] = [
      limited(clientOf(api), { concurrency: 20, limits }),
      limited(clientOf(api), { concurrency: 20, limits }),
    ];
    const results = await onVirtualClock(
      Promise.all(
        [one, two].map((bulk) =>
          bulk.each(Array.from({ length: 250 }).keys(), (number) => createEnv(bulk, number)),
        ),
      ),
    );
    expect(results.flat().every(({ ok }) => ok)).toBe(true);
    expect(refusals(api)).toBe(0);
  });

  it('gives each failure to its item, and tells of the progress', async () => {
    const api = createLimitedApi([]);
    const told: LimitedProgress[] = [];
    const fetch: LimitedApi['fetch'] = async (url, init) =>
      url.endsWith('project-3')
        ? Response.json({ error: { code: 'not_found', message: 'no such project' } }, { status: 404 })
        : api.fetch(url, init);
    const bulk = limited(clientOf({ ...api, fetch }), {
      concurrency: 2,
      onProgress: (progress) => void told.push(progress),
    });
    const results = await onVirtualClock(bulk.each([1, 2, 3, 4], (number) => updateProject(bulk, number)));
    expect(results.map(({ ok }) => ok)).toEqual([true, true, false, true]);
    expect(results[2]).toMatchObject({ error: { name: 'NotFoundError', code: 'not_found' } });
    expect(told.at(-1)).toEqual({ total: 4, done: 4, failed: 1, running: 0, queued: 0, waitingMs: 0 });
    expect(Math.max(...told.map(({ running }) => running))).toBeLessThanOrEqual(2);
  });

  it('lets go of queued calls at once when they are aborted', async () => {
    const api = createLimitedApi([{ ...ENV, limit: 5 }]);
    const bulk = limited(clientOf(api), { concurrency: 5 });
    const controller = new AbortController();
    const all = bulk.each(Array.from({ length: 20 }).keys(), () =>
      bulk.GET('/v10/projects/{idOrName}/env', {
        params: { path: { idOrName: 'storefront' } },
        signal: controller.signal,
      }),
    );
    await vi.advanceTimersByTimeAsync(2_000);
    controller.abort(new Error('enough'));
    const results = await all;
    expect(results.filter(({ ok }) => ok)).toHaveLength(5);
    expect(results.filter((result) => !result.ok && String(result.error) === 'Error: enough')).toHaveLength(
      15,
    );
    expect(bulk.progress).toMatchObject({ running: 0, queued: 0 });
  });

  it('gives up on a limit that somebody else uses up', async () => {
    const api = createLimitedApi([{ ...ENV, limit: 0, windowMs: 1_000 }]);
    const bulk = limited(clientOf(api), { concurrency: 1 });
    const [result] = await onVirtualClock(bulk.each([1], (number) => createEnv(bulk, number)));
    expect(result?.ok === false && result.error).toBeInstanceOf(RateLimitError);
  });

  it('waits out a 503 that says for how long, and repeats what may be repeated', async () => {
    const api = createLimitedApi([]);
    let requests = 0;
    const fetch: LimitedApi['fetch'] = async (...sent) => {
      requests += 1;
      if (requests > 1) return api.fetch(...sent);
      return Response.json({}, { status: 503, headers: { 'retry-after': '20' } });
    };
    const bulk = limited(clientOf({ ...api, fetch }), { concurrency: 1 });
    const startedAt = Date.now();
    const [result] = await onVirtualClock(bulk.each([1], (number) => updateProject(bulk, number)));
    expect(result?.ok).toBe(true);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(20_000);
    requests = 0;
    const [created] = await onVirtualClock(bulk.each([1], (number) => createEnv(bulk, number)));
    expect(created).toMatchObject({ ok: false, error: { status: 503 } });
  });

  it('holds nobody where the limits cannot be asked', async () => {
    const api = createLimitedApi([]);
    const limits = {
      acquire: () => Promise.reject(new Error('away')),
      settle: () => Promise.reject(new Error('away')),
    };
    const bulk = limited(clientOf(api), { concurrency: 2, limits });
    const results = await onVirtualClock(bulk.each([1, 2, 3], (number) => updateProject(bulk, number)));
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(bulk.progress).toMatchObject({ running: 0, queued: 0 });
  });

  it.each([0, 1.5, 1_001, Number.NaN])('refuses a concurrency of %s', (concurrency) => {
    expect(() => limited({}, { concurrency })).toThrow('Invalid concurrency');
  });
});

it('loses no call to a limit that opens while the queue looks at it', async () => {
  // Waits of a few microseconds end between any two readings of the real clock.
  let asked = 0;
  const limits = {
    acquire: async () => (++asked % 8 === 0 ? 0 : (asked % 50) / 10_000),
    settle: async () => undefined,
  };
  const api = createLimitedApi([], 0);
  const bulk = limited(clientOf(api), { concurrency: 1, limits });
  const results = await bulk.each(Array.from({ length: 300 }).keys(), (number) => createEnv(bulk, number));
  expect(results.every(({ ok }) => ok)).toBe(true);
}, 20_000);
