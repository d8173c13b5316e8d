import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectEvent, createConnectClient } from '../../src/connect/index.js';
import { CONNECTOR, countedToken, createUpstream, settle } from '../connect/helpers.js';
import { createMemoryData, createMemoryStore, type Pace } from './memory-store.js';
import { user } from './topology-fleet.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
});
afterEach(() => void vi.useRealTimers());

/** Ways for a store not to answer, and what the event calls them. */
const FAULTS: readonly (readonly [string, () => Promise<never>])[] = [
  ['OOM', () => Promise.reject(new Error('OOM command not allowed when used memory > maxmemory'))],
  ['ECONNREFUSED', () => Promise.reject(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))],
  ['RangeError', () => Promise.reject(new RangeError('of the test'))],
  ['TypeError', () => Promise.reject(Object.assign(new TypeError('an OOM of the test'), { code: 5 }))],
  ['NOPERM', () => Promise.reject(new Error('ERR user executing the script lacks a right'))],
  ['Error', () => Promise.reject('no error at all')],
  ['timeout', () => new Promise(() => {})],
];

function join(reason: string, fault: () => Promise<never>) {
  const state = { isBroken: false, asked: [] as string[] };
  const operate: Pace['operate'] = async (name, work) => {
    state.asked.push(name);
    return state.isBroken ? fault() : work();
  };
  const data = createMemoryData();
  const store = createMemoryStore(data, { operate, deliver: (work) => work() });
  const upstream = createUpstream((request, index) =>
    request.method === 'DELETE' ? new Response(null, { status: 204 }) : countedToken(request, index),
  );
  const events: ConnectEvent[] = [];
  const client = createConnectClient({
    bearerToken: 'caller-one',
    fetch: upstream.fetch,
    onEvent: (event) => events.push(event),
    // Sealing takes real time, which grows beside other work, while the clock of the test goes on.
    cache: { store, storeTimeoutMs: reason === 'timeout' ? undefined : 1_000 },
  });
  const told = () => events.filter(({ type }) => type === 'store-away' || type === 'store-back');
  /** Another process, with a whole connection. */
  const other = () =>
    createConnectClient({
      bearerToken: 'caller-one',
      fetch: upstream.fetch,
      cache: { store: createMemoryStore(data) },
    });
  return { client, state, told, other };
}

/** Lets time pass until a call is answered: sealing and naming take their own, and the clock stands still meanwhile. */
async function answered<T>(call: Promise<T>): Promise<T> {
  let isDone = false;
  call.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await settle();
    await vi.advanceTimersByTimeAsync(1);
  }
  return call;
}

describe.each(FAULTS)('a store that fails with %s', (reason, fault) => {
  it('fails no call, is told of once, left alone but for a probe a second, and used again', async () => {
    const { client, state, told, other } = join(reason, fault);
    const first = await answered(client.getToken(CONNECTOR, user(1)));
    expect(await answered(other().getToken(CONNECTOR, user(1)))).toBe(first);
    state.isBroken = true;
    for (let id = 2; id < 8; id++) await answered(client.getToken(CONNECTOR, user(id)));
    expect(told()).toEqual([expect.objectContaining({ type: 'store-away', reason })]);
    await answered(client.revokeToken(CONNECTOR, { subject: user(1).subject }));
    state.asked.length = 0;
    for (let id = 8; id < 12; id++) await answered(client.getToken(CONNECTOR, user(id)));
    expect(state.asked.filter((name) => name !== 'probe')).toEqual([]);
    state.asked.length = 0;
    for (let wait = 0; wait < 60; wait++) {
      await vi.advanceTimersByTimeAsync(100);
      await settle();
    }
    expect(told(), 'a probe that fails brings nothing back').toHaveLength(1);
    expect(state.asked.length, 'a second apart, or as long as the store takes to fail').toBeGreaterThan(4);
    expect(state.asked.length).toBeLessThan(8);
    const { upstreamCalls } = client.stats();
    await answered(client.getToken(CONNECTOR, user(2)));
    expect(client.stats().upstreamCalls, 'what is in memory is believed').toBe(upstreamCalls);
    state.isBroken = false;
    for (let wait = 0; wait < 30 && told().length < 2; wait++) {
      await vi.advanceTimersByTimeAsync(100);
      await settle();
    }
    expect(told().at(-1)).toMatchObject({ type: 'store-back' });
    expect(state.asked, 'what was revoked meanwhile is told first').toContain('replace');
    expect(await answered(other().getToken(CONNECTOR, user(1)))).not.toBe(first);
    await answered(client.getToken(CONNECTOR, user(20)));
    expect(state.asked).toContain('acquire');
    expect(client.stats()).toMatchObject({ storeOutages: 1, storeReturns: 1 });
  });
});

it('a store is given up after three failures in a row, and not before', async () => {
  const failures = { left: 0 };
  const { client, state, told } = join('Error', async () => {
    failures.left--;
    state.isBroken = failures.left > 0;
    throw new Error('of the test');
  });
  let id = 0;
  const fail = async (count: number) => {
    failures.left = count;
    state.isBroken = true;
    while (state.isBroken) await answered(client.getToken(CONNECTOR, user(++id)));
  };
  for (const _ of [1, 2]) {
    await fail(2);
    await answered(client.getToken(CONNECTOR, user(++id)));
  }
  expect(told()).toEqual([]);
  await fail(3);
  expect(told()).toMatchObject([{ type: 'store-away' }]);
});
