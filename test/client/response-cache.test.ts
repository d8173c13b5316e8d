import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  APIConnectionError,
  APIError,
  type ClientOptions,
  CredentialError,
  createClient,
  InternalServerError,
  InvalidArgumentError,
} from '../../src/index.js';
import { apiError, json } from '../helpers/answers.js';
import { clientOf, counting, TTL_MS } from '../helpers/caching-client.js';
import { caught, thrownBy } from '../helpers/caught.js';
import { answeringFetch, observedFetch } from '../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';
const ONE = '/v1/connect/connectors/{connector}';
const named = (connector: string) => ({ params: { path: { connector } } });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('responseCache', () => {
  it('is off by default', async () => {
    const network = counting();
    const client = clientOf(network, { responseCache: undefined });
    await client.GET(LIST);
    await client.GET(LIST);
    expect(network.requests).toHaveLength(2);
  });

  it('gives an answer again until its time is up', async () => {
    const network = counting({ headers: { 'x-one': '1' } });
    const client = clientOf(network);
    const first = await client.GET(LIST);
    await vi.advanceTimersByTimeAsync(TTL_MS - 1);
    const second = await client.GET(LIST);
    expect(second.data).toEqual({ number: 1 });
    expect(second.response.status).toBe(200);
    expect(second.response.headers.get('x-one')).toBe('1');
    expect(second.response).not.toBe(first.response);
    await vi.advanceTimersByTimeAsync(1);
    expect((await client.GET(LIST)).data).toEqual({ number: 2 });
  });

  it('counts time by the wall clock too, which goes on while the machine sleeps', async () => {
    const network = counting();
    const client = clientOf(network);
    await client.GET(LIST);
    vi.setSystemTime(Date.now() + TTL_MS);
    expect((await client.GET(LIST)).data).toEqual({ number: 2 });
  });

  it('gives each caller a copy of its own', async () => {
    const network = observedFetch(json({ list: [1] }));
    const client = clientOf(network);
    for (const call of [client.GET(LIST), client.GET(LIST)]) Object.assign((await call).data, { list: 'x' });
    Object.assign((await client.GET(LIST)).data, { list: 'x' });
    expect((await client.GET(LIST)).data).toEqual({ list: [1] });
  });

  it.each([
    ['no-store in the answer', { headers: { 'cache-control': 'private, no-store' } }, {}],
    ['Vary by something else', { headers: { vary: 'accept-language' } }, {}],
    ['another success', { status: 203 }, {}],
    ['no-store in the request', {}, { headers: { 'cache-control': 'no-store' } }],
    ['responseCache: false', {}, { responseCache: false as const }],
    ['an array buffer', {}, { parseAs: 'arrayBuffer' as const }],
  ])('keeps nothing for %s', async (_, answer, init) => {
    const network = counting(answer);
    const client = clientOf(network);
    await client.GET(LIST, init);
    await client.GET(LIST, init);
    expect(network.requests).toHaveLength(2);
  });

  it('keeps no error', async () => {
    const network = observedFetch(apiError(500), json({}));
    const client = clientOf(network);
    await caught(client.GET(LIST), InternalServerError);
    await client.GET(LIST);
    expect(network.requests).toHaveLength(2);
  });

  it('keeps as many as it may', async () => {
    const network = counting();
    const client = clientOf(network, { responseCache: { max: 2, ttlMs: TTL_MS } });
    for (const name of ['a', 'b', 'c', 'b', 'a']) await client.GET(ONE, named(name));
    expect(network.requests.map(({ url }) => url.at(-1))).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('an answer with an ETag, once stale,', () => {
  const tagged = (body: unknown, etag: string) => json(body, { headers: { etag } });

  it('is asked for with it, and a 304 renews it', async () => {
    const renewal = new Response(null, { status: 304, headers: { 'x-one': '2' } });
    const network = observedFetch(tagged({ number: 1 }, '"1"'), renewal, tagged({ number: 2 }, '"2"'));
    const client = clientOf(network);
    await client.GET(LIST);
    await vi.advanceTimersByTimeAsync(TTL_MS);
    for (const _ of [1, 2]) {
      const { data, response } = await client.GET(LIST);
      expect([data, response.status, response.headers.get('x-one')]).toEqual([{ number: 1 }, 200, '2']);
    }
    await vi.advanceTimersByTimeAsync(TTL_MS);
    expect((await client.GET(LIST)).data).toEqual({ number: 2 });
    expect(network.requests.map(({ headers }) => headers.get('if-none-match'))).toEqual([null, '"1"', '"1"']);
  });

  it('is replaced by an answer without one', async () => {
    const network = observedFetch(tagged({ number: 1 }, '"1"'), json({ number: 2 }));
    const client = clientOf(network);
    await client.GET(LIST);
    await vi.advanceTimersByTimeAsync(TTL_MS);
    expect((await client.GET(LIST)).data).toEqual({ number: 2 });
  });

  it('is not asked for with it where it said no-store', async () => {
    const headers = { etag: '"1"', 'cache-control': 'no-store' };
    const network = observedFetch(json({ number: 1 }, { headers }), json({ number: 2 }));
    const client = clientOf(network);
    await client.GET(LIST);
    expect((await client.GET(LIST)).data).toEqual({ number: 2 });
    expect(network.requests[1]?.headers.get('if-none-match')).toBeNull();
  });

  it('is not renewed by a 304 for another token, or with another tag', async () => {
    for (const [tokens, second] of [
      [['token-1', 'token-1', 'token-2', 'token-2'], apiError(401)],
      [['token-1', 'token-1'], undefined],
    ] as const) {
      const renewal = new Response(null, { status: 304, headers: second ? {} : { etag: '"9"' } });
      const script = [
        tagged({ number: 1 }, '"1"'),
        ...(second ? [second] : []),
        renewal,
        json({ number: 2 }),
      ];
      const network = observedFetch(...script);
      const left = [...tokens];
      const client = clientOf(network, {
        bearerToken: () => left.shift() ?? tokens[tokens.length - 1] ?? '',
      });
      await client.GET(LIST);
      await vi.advanceTimersByTimeAsync(TTL_MS);
      expect((await client.GET(LIST)).data).toEqual({ number: 2 });
      expect(network.requests.at(-1)?.headers.get('if-none-match')).toBeNull();
    }
  });
});

it('a 304 that no request asked for is an error, with an answer at hand and without one', async () => {
  const unasked = () => new Response(null, { status: 304 });
  const network = observedFetch(unasked(), json({ number: 1 }), unasked());
  const client = clientOf(network);
  await caught(client.GET(LIST), APIError);
  await client.GET(LIST);
  await vi.advanceTimersByTimeAsync(TTL_MS);
  await caught(client.GET(LIST), APIError);
});

describe('a write', () => {
  it('forgets its path and those below, of all credentials, and nothing else', async () => {
    const network = counting();
    const client = clientOf(network);
    const below =
      '/v1/connect/connectors/{connector}/projects/{projectId}' as '/v1/connect/connectors/{connector}';
    const get = async () => {
      const count = network.requests.length;
      await client.GET(ONE, named('a'));
      await client.GET(ONE, { ...named('a'), bearerToken: 'token-2' });
      await client.GET(below, {
        params: { path: { connector: 'a', projectId: 'p' } as { connector: string } },
      });
      await client.GET(ONE, named('ab'));
      await client.GET(LIST);
      return network.requests.length - count;
    };
    expect([await get(), await get()]).toEqual([5, 0]);
    await client.DELETE(ONE, { ...named('a'), responseCache: false });
    expect([await get(), await get()]).toEqual([3, 0]);
  });

  it.each([apiError(404), apiError(500), new TypeError('fetch failed')])(
    'that failed may have been done all the same: %s',
    async (failure) => {
      const network = observedFetch(json({ number: 1 }), failure, json({ number: 2 }));
      const client = clientOf(network);
      await client.GET(ONE, named('a'));
      await caught(client.DELETE(ONE, named('a')), Error);
      expect((await client.GET(ONE, named('a'))).data).toEqual({ number: 2 });
    },
  );

  it('without a credential forgets, too', async () => {
    const network = counting();
    const client = clientOf(network, { bearerToken: undefined });
    await client.GET(ONE, named('a'));
    await client.DELETE(ONE, named('a'));
    expect((await client.GET(ONE, named('a'))).data).toEqual({ number: 2 });
  });

  it('that was refused before it was sent forgets nothing', async () => {
    const network = observedFetch(json({ number: 1 }));
    const client = clientOf(network);
    await client.GET(ONE, named('a'));
    const bearerToken = () => Promise.reject(new Error('none'));
    await caught(client.DELETE(ONE, { ...named('a'), bearerToken }), CredentialError);
    await caught(client.DELETE(ONE, { ...named('a'), signal: AbortSignal.abort(new Error('x')) }), Error);
    expect((await client.GET(ONE, named('a'))).data).toEqual({ number: 1 });
  });
});

describe('options', () => {
  it.each([
    ['responseCache', true],
    ['responseCache', false],
    ['responseCache.max', { max: 0, ttlMs: 1 }],
    ['responseCache.max', { max: 1.5, ttlMs: 1 }],
    ['responseCache.max', { max: 1_000_001, ttlMs: 1 }],
    ['responseCache.max', { ttlMs: 1 }],
    ['responseCache.ttlMs', { max: 1, ttlMs: 0 }],
    ['responseCache.ttlMs', { max: 1, ttlMs: Number.NaN }],
    ['responseCache.ttlMs', { max: 1, ttlMs: '5' }],
  ])('%s: %j is refused', (argument, responseCache) => {
    // As a caller without TypeScript could write it.
    const options = { responseCache } as unknown as ClientOptions;
    expect(thrownBy(() => createClient(options), InvalidArgumentError).argument).toBe(argument);
  });

  it('a call can only be taken out', async () => {
    const client = clientOf(observedFetch());
    // As above.
    const init = { responseCache: { max: 1, ttlMs: 1 } } as unknown as { responseCache: false };
    expect((await caught(client.GET(LIST, init), InvalidArgumentError)).argument).toBe('responseCache');
  });

  it('a secret that the server echoes is shown to no waiter', async () => {
    const network = answeringFetch(() => apiError(500, { code: 'x', message: 'no token-canary here' }));
    const client = clientOf(network, { bearerToken: 'token-canary' });
    const errors = await Promise.all([1, 2].map(() => caught(client.GET(LIST), InternalServerError)));
    expect(network.requests).toHaveLength(1);
    for (const { message } of errors) expect(message).not.toContain('canary');
    expect(errors[0]).not.toBe(errors[1]);
    expect(errors[0]).not.toBeInstanceOf(APIConnectionError);
  });
});
