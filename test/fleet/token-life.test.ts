// How long a token of a shared store is served: no longer for having been looked at, and no shorter than is asked for.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectClientOptions, createConnectClient } from '../../src/connect/index.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  countedTokenFor,
  createUpstream,
  deferred,
  MINUTE,
  settle,
  tokenAnswer,
} from '../connect/helpers.js';
import { createMemoryData, createMemoryStore } from './memory-store.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  return () => vi.useRealTimers();
});

/** Processes over one store, with tokens that live for so long. */
function startWorld(lifeMs: number) {
  const data = createMemoryData();
  const upstream = createUpstream(countedTokenFor(lifeMs));
  const join = (options: ConnectClientOptions = {}, changes: object = {}) =>
    createConnectClient({
      bearerToken: 'caller-one',
      ...options,
      fetch: upstream.fetch,
      cache: { store: { ...createMemoryStore(data), ...changes }, storeTimeoutMs: 5_000 },
    });
  return { ...upstream, join };
}

describe('a token of the store', () => {
  it('is replaced for a caller whose buffer it does not meet, once for all', async () => {
    const { join, requests } = startWorld(60 * MINUTE);
    expect(await join().getToken(CONNECTOR, APP)).toBe('token-1');
    vi.advanceTimersByTime(40 * MINUTE);
    expect(await join().getToken(CONNECTOR, { ...APP, validityBufferMs: 19 * MINUTE })).toBe('token-1');
    expect(await join().getToken(CONNECTOR, { ...APP, validityBufferMs: 21 * MINUTE })).toBe('token-2');
    expect(await join().getToken(CONNECTOR, { ...APP, validityBufferMs: 21 * MINUTE })).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('is not what renews it: a refresh ahead of expiry asks the API', async () => {
    const { join, requests } = startWorld(60 * MINUTE);
    const client = join();
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(59 * MINUTE + 25_000);
    // The first call finds out that the token has not ended meanwhile.
    for (const _ of [1, 2]) expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    await vi.waitFor(() => expect(requests).toHaveLength(2));
    await vi.waitFor(async () => expect(await client.getToken(CONNECTOR, APP)).toBe('token-2'));
  });

  it('lives no longer for being looked up again by a client that nobody tells', async () => {
    const { join, requests } = startWorld(MINUTE);
    const client = join({}, { subscribe: () => () => {} });
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    for (let look = 0; look < 4; look++) {
      vi.advanceTimersByTime(5_001);
      expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    }
    // Less than half a minute is left then.
    vi.advanceTimersByTime(10_000);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    await settle();
    expect(requests).toHaveLength(2);
  });

  it('with a life of seconds is served for half of it, by every process', async () => {
    const { join, requests } = startWorld(40_000);
    expect(await join().getToken(CONNECTOR, APP)).toBe('token-1');
    vi.advanceTimersByTime(15_000);
    expect(await join().getToken(CONNECTOR, APP)).toBe('token-1');
    vi.advanceTimersByTime(6_000);
    expect(await join().getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });
});

it('a token that was revoked elsewhere while it was fetched is not served, even where nobody tells', async () => {
  const data = createMemoryData();
  const gate = deferred<Response>();
  const upstream = createUpstream((request, index) => {
    if (request.method === 'DELETE') return new Response(null, { status: 204 });
    return index === 0 ? gate.promise : countedToken(request, index);
  });
  const join = () =>
    createConnectClient({
      bearerToken: 'caller-one',
      fetch: upstream.fetch,
      cache: {
        store: { ...createMemoryStore(data), subscribe: () => () => {} },
        storeTimeoutMs: 5_000,
      },
    });
  const fetched = join().getToken(CONNECTOR, APP);
  await upstream.arrived(1);
  await join().revokeToken(CONNECTOR, { subject: { type: 'app' } });
  gate.resolve(tokenAnswer({ token: 'of before the revocation' }));
  expect(await fetched).toBe('token-3');
});
