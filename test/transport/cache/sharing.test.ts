import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APITimeoutError, CredentialError } from '../../../src/index.js';
import { apiError, json } from '../../helpers/answers.js';
import { clientOf, counting, TTL_MS } from '../../helpers/caching-client.js';
import { caught } from '../../helpers/caught.js';
import { type Answer, type ObservedFetch, observedFetch } from '../../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';
const ONE = '/v1/connect/connectors/{connector}';
const named = (connector: string) => ({ params: { path: { connector } } });

/** Answers when told to. */
function heldBack(...script: Answer[]) {
  const network = observedFetch(...script);
  const gates: (() => void)[] = [];
  const fetch: ObservedFetch['fetch'] = async (url, init) => {
    await new Promise<void>((resolve, reject) => {
      gates.push(resolve);
      init.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
    return network.fetch(url, init);
  };
  return { fetch, requests: network.requests, gates };
}

/** When all has happened that needs no answer; the cache itself is loaded at the first call. */
const soon = async () => {
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(0);
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('equal GETs under way', () => {
  it('share one request, an error too', async () => {
    for (const answer of [json({ number: 1 }), apiError(500), new TypeError('fetch failed')]) {
      const network = heldBack(answer);
      const client = clientOf(network);
      const calls = Array.from({ length: 20 }, () => client.GET(LIST).catch((error: Error) => error.name));
      await soon();
      network.gates[0]?.();
      expect(new Set((await Promise.all(calls)).map((given) => JSON.stringify(given))).size).toBe(1);
      expect(network.requests).toHaveLength(1);
    }
  });

  it('do not share an answer with no-store', async () => {
    const network = counting({ headers: { 'cache-control': 'no-store' } });
    const client = clientOf(network);
    const given = await Promise.all([client.GET(LIST), client.GET(LIST), client.GET(LIST)]);
    expect(given.map(({ data }) => JSON.stringify(data)).sort()).toEqual(
      [1, 2, 3].map((n) => `{"number":${n}}`),
    );
  });

  it('lose a waiter without harm, and the last one cancels', async () => {
    const network = heldBack(json({ number: 1 }));
    const client = clientOf(network);
    const [first, second] = [new AbortController(), new AbortController()];
    const one = client.GET(LIST, { signal: first.signal });
    const two = client.GET(LIST, { signal: second.signal });
    await soon();
    const reason = new Error('left');
    const gone = caught(one, Error);
    first.abort(reason);
    expect(await gone).toBe(reason);
    network.gates[0]?.();
    expect((await two).data).toEqual({ number: 1 });
  });

  it('are cancelled when the last one leaves, and a newcomer starts anew', async () => {
    const signals: AbortSignal[] = [];
    const client = clientOf(counting(), {
      fetch: (_, { signal }) => {
        if (signal) signals.push(signal);
        return signals.length === 1 ? new Promise(() => undefined) : Promise.resolve(json({ number: 2 }));
      },
    });
    const leaver = new AbortController();
    const calls = [1, 2].map(() => caught(client.GET(LIST, { signal: leaver.signal }), Error));
    await soon();
    leaver.abort(new Error('left'));
    await Promise.all(calls);
    await soon();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect((await client.GET(LIST)).data).toEqual({ number: 2 });
  });

  it('share a renewal by a 304', async () => {
    const network = heldBack(
      json({ number: 1 }, { headers: { etag: '"1"' } }),
      new Response(null, { status: 304 }),
    );
    const client = clientOf(network);
    const first = client.GET(LIST);
    await soon();
    network.gates[0]?.();
    await first;
    await vi.advanceTimersByTimeAsync(TTL_MS);
    const calls = [client.GET(LIST), client.GET(LIST)];
    await soon();
    network.gates[1]?.();
    expect((await Promise.all(calls)).map(({ data }) => data)).toEqual([{ number: 1 }, { number: 1 }]);
    expect(network.requests).toHaveLength(2);
  });

  it('do not share one under way for another function that gives the same token', async () => {
    const network = heldBack(json({ number: 1 }), json({ number: 2 }));
    const client = clientOf(network);
    const calls = [1, 2].map(() => client.GET(LIST, { bearerToken: () => 'token-1' }));
    await soon();
    for (const gate of network.gates) gate();
    await Promise.all(calls);
    expect(network.requests).toHaveLength(2);
  });

  it('do not wait for one that has little time left', async () => {
    const network = heldBack(json({ number: 1 }), json({ number: 2 }));
    const client = clientOf(network);
    const short = client.GET(LIST, { totalTimeout: 3_000 });
    await soon();
    const long = client.GET(LIST, { totalTimeout: 30_000 });
    await soon();
    network.gates[0]?.();
    expect((await short).data).toEqual({ number: 1 });
    const later = client.GET(LIST, { totalTimeout: 30_000 });
    await soon();
    expect(network.gates, 'the later one waits for the second').toHaveLength(2);
    network.gates[1]?.();
    expect(await Promise.all([long, later].map(async (call) => (await call).data))).toEqual([
      { number: 2 },
      { number: 2 },
    ]);
  });

  it('have as much time more as the server asks them to wait', async () => {
    const limited = () => apiError(429, {}, { 'retry-after': '5' });
    const network = observedFetch(limited(), json({ number: 1 }));
    const client = clientOf(network, { maxRetries: 1, totalTimeout: 3_000 });
    const calls = [client.GET(LIST), client.GET(LIST)];
    await soon();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await Promise.all(calls.map(async (call) => (await call).data))).toEqual([
      { number: 1 },
      { number: 1 },
    ]);
    expect(network.requests).toHaveLength(2);
  });

  it('keep each its own deadline', async () => {
    const network = heldBack(json({ number: 1 }));
    const client = clientOf(network);
    const long = client.GET(LIST);
    const short = caught(client.GET(LIST, { totalTimeout: 500 }), APITimeoutError);
    await vi.advanceTimersByTimeAsync(500);
    await short;
    network.gates[0]?.();
    expect((await long).data).toEqual({ number: 1 });
    expect(network.requests).toHaveLength(1);
  });
});

describe('an answer that another token got', () => {
  it('after a 401 is for its own caller alone, and not kept', async () => {
    const network = heldBack(apiError(401), ...[1, 2, 3].map((number) => json({ number })));
    let token = 'token-1';
    const client = clientOf(network, { bearerToken: () => token });
    const calls = [client.GET(LIST), client.GET(LIST)];
    await soon();
    expect(network.gates).toHaveLength(1);
    token = 'token-2';
    for (const number of [0, 1, 2]) {
      network.gates[number]?.();
      await soon();
    }
    const given = await Promise.all(calls);
    expect(given.map(({ data }) => data)).toEqual([{ number: 1 }, { number: 2 }]);
    const later = client.GET(LIST);
    await soon();
    network.gates[3]?.();
    expect((await later).data).toEqual({ number: 3 });
  });

  it('and what became of its function are no matter of another caller with the same token', async () => {
    const network = heldBack(apiError(401), json({ number: 1 }));
    const client = clientOf(network);
    const left = ['token-1'];
    const bearerToken = () => left.shift() ?? Promise.reject(new Error('none'));
    const failing = caught(client.GET(LIST, { bearerToken }), CredentialError);
    await soon();
    const other = client.GET(LIST);
    await soon();
    network.gates[0]?.();
    await failing;
    network.gates[1]?.();
    expect((await other).data).toEqual({ number: 1 });
  });

  it('in a further attempt is asked of the function', async () => {
    const asked = vi.fn(() => `token-${asked.mock.calls.length}`);
    const network = observedFetch(apiError(503, {}, { 'retry-after-ms': '1' }), json({ number: 1 }));
    const call = clientOf(network, { bearerToken: asked, maxRetries: 1 }).GET(LIST);
    await soon();
    await vi.advanceTimersByTimeAsync(10);
    expect((await call).data).toEqual({ number: 1 });
    expect(network.requests.map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('is not kept under the token of the key, though the function is asked once for an attempt', async () => {
    const asked = vi.fn(() => `token-${asked.mock.calls.length}`);
    const network = observedFetch(apiError(401), json({ number: 1 }), json({ number: 2 }));
    const client = clientOf(network, { bearerToken: asked });
    await client.GET(LIST);
    expect((await client.GET(LIST, { bearerToken: 'token-1' })).data).toEqual({ number: 2 });
    expect(asked).toHaveBeenCalledTimes(2);
    expect(network.requests.map(({ headers }) => headers.get('authorization'))).toEqual(
      ['token-1', 'token-2', 'token-1'].map((token) => `Bearer ${token}`),
    );
  });
});

describe('a GET that began before a write returned', () => {
  const gone = () => new Response(null, { status: 204 });

  it('is not kept', async () => {
    const network = heldBack(gone(), json({ number: 1 }), json({ number: 2 }));
    const client = clientOf(network);
    const early = client.GET(ONE, named('a'));
    await soon();
    const write = client.DELETE(ONE, named('a'));
    await soon();
    network.gates[1]?.();
    await write;
    network.gates[0]?.();
    expect((await early).data).toEqual({ number: 1 });
    const late = client.GET(ONE, named('a'));
    await soon();
    network.gates[2]?.();
    expect((await late).data).toEqual({ number: 2 });
  });

  it('is kept where the write was to another path', async () => {
    const network = heldBack(gone(), json({ number: 1 }));
    const client = clientOf(network);
    const early = client.GET(ONE, named('a'));
    await soon();
    const write = client.DELETE(ONE, named('b'));
    await soon();
    network.gates[1]?.();
    await write;
    network.gates[0]?.();
    await early;
    expect((await client.GET(ONE, named('a'))).data).toEqual({ number: 1 });
    expect(network.requests).toHaveLength(2);
  });

  it('is not kept where another one had taken its place', async () => {
    const network = heldBack(gone(), json({ number: 1 }), json({ number: 2 }), json({ number: 3 }));
    const client = clientOf(network);
    const short = client.GET(ONE, { ...named('a'), totalTimeout: 3_000 });
    await soon();
    const long = client.GET(ONE, { ...named('a'), totalTimeout: 30_000 });
    await soon();
    const write = client.DELETE(ONE, named('a'));
    await soon();
    network.gates[2]?.();
    await write;
    for (const gate of network.gates) gate();
    await Promise.all([short, long]);
    const late = client.GET(ONE, named('a'));
    await soon();
    network.gates[3]?.();
    expect((await late).data).toEqual({ number: 3 });
  });

  it('is not joined by a later one', async () => {
    const network = heldBack(gone(), json({ number: 2 }), json({ number: 1 }));
    const client = clientOf(network);
    const early = client.GET(ONE, named('a'));
    await soon();
    const write = client.DELETE(ONE, named('a'));
    await soon();
    network.gates[1]?.();
    await write;
    const late = client.GET(ONE, named('a'));
    await soon();
    network.gates[2]?.();
    expect((await late).data).toEqual({ number: 2 });
    network.gates[0]?.();
    await early;
    expect((await client.GET(ONE, named('a'))).data).toEqual({ number: 2 });
  });
});
