// Rules of the token cache that are one line each: every test fails without its line.
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type ConnectEvent,
  createConnectClient,
  UserAuthorizationRequiredError,
} from '../../src/connect/index.js';
import {
  APIConnectionError,
  APITimeoutError,
  InvalidArgumentError,
  RateLimitError,
} from '../../src/errors/index.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  countedTokenFor,
  createBench,
  deferred,
  errorAnswer,
  failureOf,
  settle,
  tokenAnswer,
} from './helpers.js';

const MINUTE = 60_000;

function fakeClocks(): void {
  vi.useFakeTimers({
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'],
  });
  onTestFinished(() => void vi.useRealTimers());
}

describe('a renewal that fails in passing', () => {
  it('is followed by a rest of three seconds', async () => {
    fakeClocks();
    const { client, requests } = createBench((request, index) =>
      index === 0 ? countedTokenFor(10 * MINUTE)(request, index) : errorAnswer(503),
    );
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(9.1 * MINUTE);
    const asked = async () => {
      expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
      await settle();
      return requests.length;
    };
    expect(await asked()).toBe(2);
    vi.advanceTimersByTime(2_900);
    expect(await asked()).toBe(2);
    vi.advanceTimersByTime(200);
    expect(await asked()).toBe(3);
  });

  it('is not asked for again in that rest, inside the buffer either', async () => {
    fakeClocks();
    const { client, requests } = createBench((request, index) =>
      index === 0 ? countedTokenFor(10 * MINUTE)(request, index) : errorAnswer(503),
    );
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(9.7 * MINUTE);
    for (let use = 0; use < 5; use++) {
      expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
      await settle();
    }
    expect(requests).toHaveLength(2);
  });

  it('is none where its last waiter left', async () => {
    fakeClocks();
    const { client, requests, arrived } = createBench((request, index) =>
      index === 1 ? new Promise(() => {}) : countedTokenFor(10 * MINUTE)(request, index),
    );
    await client.getToken(CONNECTOR, APP);
    vi.advanceTimersByTime(9.6 * MINUTE);
    const leave = new AbortController();
    const asked = client.getToken(CONNECTOR, APP, { signal: leave.signal });
    await arrived(2);
    leave.abort(new Error('left'));
    await expect(asked).rejects.toThrow('left');
    await settle();
    expect(await client.getToken(CONNECTOR, APP), 'no rest is due, so it is renewed').toBe('token-3');
    expect(requests).toHaveLength(3);
  });

  it('serves the held token as soon as the API asks for a wait of more than a second', async () => {
    const events: ConnectEvent[] = [];
    const { client } = createBench(
      (request, index) =>
        index === 0
          ? countedTokenFor(20_000)(request, index)
          : Response.json({}, { status: 429, headers: { 'retry-after': '14' } }),
      { maxRetries: 3, onEvent: (event) => events.push(event), validityBufferMs: undefined },
    );
    fakeClocks();
    await client.getToken(CONNECTOR, APP);
    vi.setSystemTime(Date.now() + 11_000);
    // No timer is turned on: a call that waited would not end.
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    expect(events.map(({ type }) => type)).toContain('stale');
    const left = new AbortController();
    const own = client.getToken(CONNECTOR, { ...APP, validityBufferMs: 10_000 }, { signal: left.signal });
    await settle();
    left.abort(new Error('a caller with a buffer of its own waits'));
    await expect(own).rejects.toThrow('waits');
  });
});

it('renewals of tokens that were fetched together are spread', async () => {
  fakeClocks();
  const { client } = createBench(countedTokenFor(60 * MINUTE), { cache: { max: 100 } });
  const users = Array.from({ length: 60 }, (_, id) => ({
    subject: { type: 'user' as const, id: `user_${id}` },
  }));
  for (const params of users) await client.getToken(CONNECTOR, params);
  const refreshes: number[] = [];
  // From 90 s before the end, by 10 % either way of the window of 60 s.
  vi.advanceTimersByTime(60 * MINUTE - 97_000);
  for (let second = 0; second < 15; second++) {
    for (const params of users) await client.getToken(CONNECTOR, params);
    await settle();
    refreshes.push(client.stats().refreshes);
    vi.advanceTimersByTime(1_000);
  }
  expect(refreshes[0]).toBe(0);
  expect(refreshes.at(-1)).toBe(users.length);
  expect(new Set(refreshes).size, 'not all in one second').toBeGreaterThan(5);
}, 20_000);

it('a token is renewed ahead of the buffer of the caller who asks, by a quarter of what it lives besides', async () => {
  fakeClocks();
  const { client, requests } = createBench(countedTokenFor(4 * MINUTE));
  const ask = async () => {
    const token = await client.getToken(CONNECTOR, { ...APP, validityBufferMs: 120_000 });
    await settle();
    return [token, requests.length];
  };
  await ask();
  // At most 36 s ahead of the buffer; the default buffer would have a wider window.
  vi.advanceTimersByTime(240_000 - 157_000);
  expect(await ask()).toEqual(['token-1', 1]);
  vi.advanceTimersByTime(15_000);
  expect(await ask()).toEqual(['token-1', 2]);
});

it('a caller whose own time is up leaves, while the fetch of another goes on', async () => {
  fakeClocks();
  const { client, requests, arrived } = createBench(() => new Promise(() => {}), {
    timeout: 60_000,
    bearerToken: () => new Promise((resolve) => setTimeout(resolve, 20_000, 'caller-one')),
  });
  const outcomes: string[] = [];
  const watch = (name: string, call: Promise<unknown>) =>
    call.catch((error: unknown) => outcomes.push(`${name} ${error instanceof APITimeoutError}`));
  void watch('slow', client.getToken(CONNECTOR, APP));
  await vi.advanceTimersByTimeAsync(15_000);
  void watch('fast', client.getToken(CONNECTOR, APP, { vercelToken: 'caller-one' }));
  await arrived(1);
  // Its credential has taken 20 s of its 30.
  await vi.advanceTimersByTimeAsync(14_900);
  expect(outcomes).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(outcomes).toEqual(['slow true']);
  await vi.advanceTimersByTimeAsync(14_600);
  expect(outcomes).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(outcomes).toEqual(['slow true', 'fast true']);
  expect(requests).toHaveLength(1);
});

it('a fetch that was replaced stores nothing', async () => {
  const first = deferred<Response>();
  const { client, requests, arrived } = createBench((request, index) =>
    index === 0 ? first.promise : countedToken(request, index),
  );
  const asked = client.getToken(CONNECTOR, APP);
  await arrived(1);
  expect(await client.getToken(CONNECTOR, APP, { forceRefresh: true })).toBe('token-2');
  first.resolve(tokenAnswer({ token: 'token-1' }));
  expect(await asked).toBe('token-2');
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
  expect(requests).toHaveLength(2);
});

it.each([
  ['scl_1', 'slack/acme-slack'],
  ['slack/acme-slack', 'scl_1'],
])('what is under way for %s does not outlive a revocation of %s', async (asked, revoked) => {
  const first = deferred<Response>();
  const { client, arrived } = createBench((request, index) => {
    if (request.method === 'DELETE') return new Response(null, { status: 204 });
    return index === 0 ? first.promise : tokenAnswer({ token: 'after' });
  });
  const under = client.getToken(asked, APP);
  await arrived(1);
  await client.revokeToken(revoked, { subject: { type: 'app' } });
  first.resolve(tokenAnswer({ token: 'before' }));
  expect(await under).toBe('after');
  expect(await client.getToken(asked, APP)).toBe('after');
});

it('a 401 about consent asks no credential again, and costs one request', async () => {
  let asked = 0;
  const { client, requests } = createBench(() => errorAnswer(401, 'user_authorization_required'), {
    bearerToken: () => `bearer-${++asked}`,
  });
  await failureOf(client.getToken(CONNECTOR, APP), UserAuthorizationRequiredError);
  expect(requests).toHaveLength(1);
  expect(asked).toBe(1);
});

describe('every wait of a call is inside its bound', () => {
  const BOUND = 200;
  const never = () => new Promise<never>(() => {});

  beforeEach(fakeClocks);

  /** The time that a call takes until it gives up, by the clocks that are turned on. */
  async function timed(work: Promise<unknown>): Promise<number> {
    const startedAt = performance.now();
    let tookMs = Number.NaN;
    const ended = expect(work)
      .rejects.toBeInstanceOf(APIConnectionError)
      .finally(() => {
        tookMs = performance.now() - startedAt;
      });
    await vi.advanceTimersByTimeAsync(20 * BOUND);
    await ended;
    return tookMs;
  }

  const calls = {
    getToken: (client: ReturnType<typeof createConnectClient>) => client.getToken(CONNECTOR, APP),
    getTokenResponse: (client: ReturnType<typeof createConnectClient>) =>
      client.getTokenResponse(CONNECTOR, APP),
    tryGetToken: (client: ReturnType<typeof createConnectClient>) => client.tryGetToken(CONNECTOR, APP),
    tokenSource: (client: ReturnType<typeof createConnectClient>) =>
      client.tokenSource(CONNECTOR, APP).getToken(),
    revokeToken: (client: ReturnType<typeof createConnectClient>) => client.revokeToken(CONNECTOR, APP),
    getConnectorMetadata: (client: ReturnType<typeof createConnectClient>) =>
      client.getConnectorMetadata(CONNECTOR),
    startAuthorization: (client: ReturnType<typeof createConnectClient>) =>
      client.startAuthorization(CONNECTOR, APP),
    'connectors.get': (client: ReturnType<typeof createConnectClient>) => client.connectors.get(CONNECTOR),
    'connectors.delete': (client: ReturnType<typeof createConnectClient>) =>
      client.connectors.delete(CONNECTOR),
    'projects.detach': (client: ReturnType<typeof createConnectClient>) =>
      client.projects.detach(CONNECTOR, 'prj_1'),
    'connectors.list': async (client: ReturnType<typeof createConnectClient>) => {
      for await (const _ of client.connectors.list()) break;
    },
  };

  describe.each(Object.entries(calls))('%s', (_name, call) => {
    it('with a credential that never comes', async () => {
      const client = createConnectClient({ bearerToken: never, totalTimeout: BOUND });
      expect(await timed(call(client))).toBeLessThanOrEqual(BOUND);
    });

    it('with a renewal after a 401 that never comes', async () => {
      let asked = 0;
      const client = createConnectClient({
        bearerToken: () => (asked++ === 0 ? 'first' : never()),
        totalTimeout: BOUND,
        fetch: async () => errorAnswer(401, 'unauthorized'),
      });
      expect(await timed(call(client))).toBeLessThanOrEqual(BOUND);
    });

    it('with a fetch that never answers', async () => {
      const client = createConnectClient({ bearerToken: 'one', totalTimeout: BOUND, fetch: never });
      expect(await timed(call(client))).toBeLessThanOrEqual(BOUND);
    });
  });

  it('with a fetch of another caller that never answers', async () => {
    const client = createConnectClient({ bearerToken: 'one', totalTimeout: BOUND, fetch: never });
    const first = failureOf(client.getToken(CONNECTOR, APP), APITimeoutError);
    await vi.advanceTimersByTimeAsync(50);
    expect(await timed(client.getToken(CONNECTOR, APP))).toBeLessThanOrEqual(BOUND);
    await first;
  });

  it('with an API that asks for a long wait', async () => {
    const fetch = async () => Response.json({}, { status: 429, headers: { 'retry-after': '60' } });
    const client = createConnectClient({ bearerToken: 'one', totalTimeout: BOUND, fetch });
    for (let time = 0; time < 2; time++) {
      const failed = failureOf(client.getToken(CONNECTOR, APP), RateLimitError);
      await vi.advanceTimersByTimeAsync(BOUND);
      await failed;
    }
  });

  it('with deletions faster than the API answers, in at most four requests', async () => {
    const { client, requests } = createBench(
      async (request, index) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return countedToken(request, index);
      },
      { totalTimeout: 2_000 },
    );
    const timer = setInterval(() => client.deleteTokenCacheEntry(CONNECTOR, APP), 5);
    onTestFinished(() => clearInterval(timer));
    const failed = failureOf(client.getToken(CONNECTOR, APP), APIConnectionError);
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await failed).message).toContain('invalidated');
    expect(requests).toHaveLength(4);
  });
});

it('a subject’s token stands in no key, tag or cache, but as a digest', async () => {
  const secret = 'subject-token-of-somebody';
  const digests: string[] = [];
  const { createTokenRequestReader } = await import('../../src/connect/tokens/token-request.js');
  const read = createTokenRequestReader(10, (token) => {
    digests.push(token);
    return 'digest';
  });
  const params = () => ({ subject: { type: 'token', token: secret } });
  const request = read(CONNECTOR, params());
  expect(JSON.stringify([request.argumentsKey, request.params])).not.toContain(secret);
  expect(read(CONNECTOR, params()), 'nothing is kept that holds it').not.toBe(request);
  expect(digests).toEqual([secret, secret]);
});

it('remembers arguments that it has seen, about as many as tokens', async () => {
  const { createTokenRequestReader } = await import('../../src/connect/tokens/token-request.js');
  const read = createTokenRequestReader(2, String);
  const of = (id: string) => read(CONNECTOR, { subject: { type: 'user', id } });
  const first = of('a');
  expect(of('a')).toBe(first);
  for (let id = 0; id < 100; id++) of(String(id));
  expect(of('99')).toBe(of('99'));
  expect(of('a')).not.toBe(first);
  expect(of('a').argumentsKey).toBe(first.argumentsKey);
});

it.each([
  ['a function', () => 5],
  ['a symbol', Symbol('x')],
])('%s in the parameters is refused, cold and warm', async (_kind, installationId) => {
  const { client, requests } = createBench();
  const call = () => client.getToken(CONNECTOR, { ...APP, installationId } as never);
  expect((await failureOf(call(), InvalidArgumentError)).argument).toBe('params.installationId');
  await client.getToken(CONNECTOR, APP);
  expect((await failureOf(call(), InvalidArgumentError)).argument).toBe('params.installationId');
  expect(requests).toHaveLength(1);
});
