// The lease of a fetch: others wait for as long as its holder is at work, and no longer.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectEvent, createConnectClient } from '../../src/connect/index.js';
import { APIError } from '../../src/errors/index.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  createUpstream,
  deferred,
  errorAnswer,
  failureOf,
  settle,
  tokenAnswer,
} from '../connect/helpers.js';
import { createMemoryData, createMemoryStore, type Pace } from './memory-store.js';
import { user } from './topology-fleet.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
});
afterEach(() => void vi.useRealTimers());

/** Processes that share one store, which refuses what `failing` names. @param first - Answers the first request. */
function startWorld(first: () => Response | Promise<Response>) {
  const data = createMemoryData();
  const failing = new Set<string>();
  const upstream = createUpstream((request, index) => (index === 0 ? first() : countedToken(request, index)));
  const join = (pace: Pace['operate'] = async (_, work) => work()) => {
    const asked: string[] = [];
    const events: ConnectEvent[] = [];
    const store = createMemoryStore(data, {
      operate: async (name, work) => {
        asked.push(name);
        if (failing.has(name)) throw new Error('of the test');
        return pace(name, work);
      },
      deliver: (work) => work(),
    });
    const client = createConnectClient({
      bearerToken: 'caller-one',
      maxRetries: 0,
      fetch: upstream.fetch,
      onEvent: (event) => events.push(event),
      // Sealing takes real time, while the clock of the test goes on.
      cache: { store, storeTimeoutMs: 1_000 },
    });
    return { client, events, renewals: () => asked.filter((name) => name === 'renew').length };
  };
  return { ...upstream, failing, join };
}

/** Lets time pass, and everything run that is due in it. */
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    await settle();
    await vi.advanceTimersByTimeAsync(50);
  }
  await settle();
}

/** Lets time pass until a call is answered. */
async function answered<T>(call: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  call.then(end, end);
  while (!isDone) {
    await settle();
    await vi.advanceTimersByTimeAsync(1);
  }
  return call;
}

describe('a lease', () => {
  it('lasts as long as its fetch, so that nobody else asks', async () => {
    const gate = deferred<Response>();
    const { requests, arrived, join } = startWorld(() => gate.promise);
    const first = join().client.getToken(CONNECTOR, APP);
    await arrived(1);
    const second = join().client.getToken(CONNECTOR, APP);
    await pass(9_000);
    expect(requests).toHaveLength(1);
    gate.resolve(tokenAnswer({ token: 'slow' }));
    expect([await answered(first), await answered(second)]).toEqual(['slow', 'slow']);
    expect(requests).toHaveLength(1);
  });

  it('outlives a renewal that the store failed', async () => {
    const gate = deferred<Response>();
    const { requests, arrived, join, failing } = startWorld(() => gate.promise);
    const first = join().client.getToken(CONNECTOR, APP);
    await arrived(1);
    const second = join().client.getToken(CONNECTOR, APP);
    failing.add('renew');
    await pass(1_000);
    failing.delete('renew');
    await pass(5_000);
    expect(requests).toHaveLength(1);
    gate.resolve(tokenAnswer({ token: 'slow' }));
    expect([await answered(first), await answered(second)]).toEqual(['slow', 'slow']);
  });

  it('ends with its fetch', async () => {
    const gate = deferred<Response>();
    const { arrived, join } = startWorld(() => gate.promise);
    const { client, renewals } = join();
    const token = client.getToken(CONNECTOR, APP);
    await arrived(1);
    await pass(1_500);
    gate.resolve(tokenAnswer({ token: 'slow' }));
    await answered(token);
    const before = renewals();
    expect(before).toBeGreaterThan(0);
    await pass(3_000);
    expect(renewals()).toBe(before);
  });

  it('is given up by a fetch that fails in passing, so that the next one asks at once', async () => {
    const { requests, join } = startWorld(() => errorAnswer(503));
    const one = join();
    await failureOf(answered(one.client.getToken(CONNECTOR, APP)), APIError);
    const two = join().client;
    expect(await answered(two.getToken(CONNECTOR, APP))).toBe('token-2');
    expect(two.stats().storeWaits).toBe(0);
    expect(requests).toHaveLength(2);
    const before = one.renewals();
    await pass(3_000);
    expect(one.renewals(), 'nothing is renewed that was given up').toBe(before);
  });

  it('that the store grants too late is given up, so that nobody waits for it', async () => {
    const { join } = startWorld(() => tokenAnswer({ token: 'alone' }));
    const slow = join(async (name, work) => {
      const reply = work();
      if (name === 'acquire') await new Promise((resolve) => setTimeout(resolve, 1_200));
      return reply;
    });
    expect(await answered(slow.client.getToken(CONNECTOR, APP))).toBe('alone');
    await pass(400);
    const other = join().client;
    expect(await answered(other.getToken(CONNECTOR, APP))).toBe('token-2');
    expect(other.stats().storeWaits).toBe(0);
  });

  it('that another process has taken over is not renewed', async () => {
    const gate = deferred<Response>();
    const { arrived, join } = startWorld(() => gate.promise);
    const one = join();
    const token = one.client.getToken(CONNECTOR, APP);
    await arrived(1);
    expect(await answered(join().client.getToken(CONNECTOR, APP, { forceRefresh: true }))).toBe('token-2');
    await pass(1_000);
    const before = one.renewals();
    await pass(3_000);
    expect(one.renewals()).toBe(before);
    gate.resolve(tokenAnswer({ token: 'slow' }));
    await answered(token);
  });

  it('that is renewed does not hide that the store fails everything else', async () => {
    const gate = deferred<Response>();
    const { arrived, join, failing } = startWorld(() => gate.promise);
    const { client, events, renewals } = join();
    const first = client.getToken(CONNECTOR, APP);
    await arrived(1);
    for (const name of ['acquire', 'probe']) failing.add(name);
    for (const id of [1, 2, 3]) {
      await answered(client.getToken(CONNECTOR, user(id)));
      await pass(600);
    }
    expect(renewals()).toBeGreaterThanOrEqual(2);
    expect(events.map(({ type }) => type)).toContain('store-away');
    gate.resolve(tokenAnswer({ token: 'slow' }));
    await answered(first);
  });
});
