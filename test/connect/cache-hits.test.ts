import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import { MalformedResponseError } from '../../src/errors/index.js';
import {
  APP,
  CONNECTOR,
  countedTokenFor,
  createBench,
  errorAnswer,
  failureOf,
  HOUR,
  MINUTE,
  START,
  tokenAnswer,
} from './helpers.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  return () => vi.useRealTimers();
});

/** Whether a second call with `second` is served what a first with `first` got. */
async function isShared(first: ConnectTokenParams, second: ConnectTokenParams): Promise<boolean> {
  const { client, requests } = createBench();
  const tokens: string[] = [];
  // A call that has hit before is found by another way than one that has not.
  for (const params of [first, first, first, second, second, second, first])
    tokens.push(await client.getToken(CONNECTOR, params));
  expect(new Set(tokens).size, 'as many tokens as requests').toBe(requests.length);
  return requests.length === 1;
}

describe('what is the same token', () => {
  it('a second equal call is served without a request', async () => {
    expect(await isShared(APP, { subject: { type: 'app' } })).toBe(true);
  });

  it('absent scopes are the same as ["*"]', async () => {
    expect(await isShared(APP, { ...APP, scopes: ['*'] })).toBe(true);
  });

  it('a field that is undefined is the same as an absent one', async () => {
    const unset = { ...APP, installationId: undefined, scopes: undefined } as unknown as ConnectTokenParams;
    expect(await isShared(APP, unset)).toBe(true);
  });

  it('the order of fields does not matter, at any depth', async () => {
    const first: ConnectTokenParams = {
      subject: { type: 'jwt-bearer', sub: 'a', additionalClaims: { x: 1, y: { p: 1, q: 2 } } },
      installationId: 'inst_1',
      authorizationDetails: [{ type: 'custom', a: 1, b: 2 }],
    };
    const second: ConnectTokenParams = {
      authorizationDetails: [{ b: 2, a: 1, type: 'custom' }],
      installationId: 'inst_1',
      subject: { additionalClaims: { y: { q: 2, p: 1 }, x: 1 }, sub: 'a', type: 'jwt-bearer' },
    };
    expect(await isShared(first, second)).toBe(true);
  });

  it.each(['scopes', 'audience', 'resources'])('the order of %s does not matter', async (field) => {
    expect(await isShared({ ...APP, [field]: ['a', 'b', 'c'] }, { ...APP, [field]: ['c', 'a', 'b'] })).toBe(
      true,
    );
  });

  it('the validity buffer does not matter', async () => {
    expect(await isShared({ ...APP, validityBufferMs: 0 }, { ...APP, validityBufferMs: MINUTE })).toBe(true);
  });

  it('getToken and getTokenResponse share', async () => {
    const { client, requests } = createBench();
    const token = await client.getToken(CONNECTOR, APP);
    expect((await client.getTokenResponse(CONNECTOR, APP)).token).toBe(token);
    expect(requests).toHaveLength(1);
  });
});

describe('what is another token', () => {
  const detail = (permissions: string[]) => ({ type: 'github_app_installation', permissions });
  const jwt = (additionalClaims: Record<string, unknown>): ConnectTokenParams => ({
    subject: { type: 'jwt-bearer', sub: 'a', additionalClaims },
  });

  it.each<[string, ConnectTokenParams, ConnectTokenParams]>([
    ['another user', { subject: { type: 'user', id: 'a' } }, { subject: { type: 'user', id: 'b' } }],
    [
      'another issuer',
      { subject: { type: 'user', id: 'a' } },
      { subject: { type: 'user', id: 'a', issuer: 'x' } },
    ],
    ['another kind of subject', APP, { subject: { type: 'user', id: 'app' } }],
    [
      'another token to exchange',
      { subject: { type: 'token', token: 'a' } },
      { subject: { type: 'token', token: 'b' } },
    ],
    ['another installation', { ...APP, installationId: 'a' }, { ...APP, installationId: 'b' }],
    ['no scopes', APP, { ...APP, scopes: [] }],
    ['fewer scopes', { ...APP, scopes: ['a', 'b'] }, { ...APP, scopes: ['a'] }],
    ['two scopes written as one', { ...APP, scopes: ['a', 'b'] }, { ...APP, scopes: ['a,b'] }],
    ['the scopes as audience', { ...APP, audience: ['a'] }, { ...APP, resources: ['a'] }],
    ['an empty audience', APP, { ...APP, audience: [] }],
    [
      'details in another order',
      { ...APP, authorizationDetails: [detail(['a']), detail(['b'])] },
      { ...APP, authorizationDetails: [detail(['b']), detail(['a'])] },
    ],
    [
      'permissions in another order',
      { ...APP, authorizationDetails: [detail(['a', 'b'])] },
      { ...APP, authorizationDetails: [detail(['b', 'a'])] },
    ],
    ['a claim in another order', jwt({ list: [1, 2] }), jwt({ list: [2, 1] })],
    ['a claim named scopes in another order', jwt({ scopes: ['a', 'b'] }), jwt({ scopes: ['b', 'a'] })],
    [
      'an array that nobody knows in another order',
      { ...APP, fromTheFuture: ['a', 'b'] } as ConnectTokenParams,
      { ...APP, fromTheFuture: ['b', 'a'] } as ConnectTokenParams,
    ],
    ['a number as text', jwt({ level: 1 }), jwt({ level: '1' })],
    ['null as text', jwt({ level: null }), jwt({ level: 'null' })],
    ['an object as array', jwt({ list: {} }), jwt({ list: [] })],
    ['a field of the object around it', jwt({ a: { b: 'x' }, c: 'y' }), jwt({ a: { b: 'x', c: 'y' } })],
    ['an item of the list around it', jwt({ list: [['a'], 'b'] }), jwt({ list: [['a', 'b']] })],
    ['the next field as an item', jwt({ list: ['a'], b: 'c' }), jwt({ list: ['a', 'b', 'c'] })],
    ['another field of the same value', jwt({ x: 'a' }), jwt({ y: 'a' })],
    ['a truth as text', jwt({ level: true }), jwt({ level: 'true' })],
  ])('%s', async (_case, first, second) => {
    expect(await isShared(first, second)).toBe(false);
  });

  it('another connector', async () => {
    const { client, requests } = createBench();
    await client.getToken('slack/acme-slack', APP);
    await client.getToken('slack/acme-slacK', APP);
    expect(requests).toHaveLength(2);
  });
});

describe('how long a token is served', () => {
  it('with more than 30 000 ms left it is served', async () => {
    const { client } = createBench(countedTokenFor(HOUR));
    await client.getToken(CONNECTOR, APP);
    vi.setSystemTime(START + HOUR - 30_001);
    // A new one is fetched behind it by now, and whether that request is out yet is the runtime's matter.
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
  });

  it('with exactly 30 000 ms left it is fetched anew', async () => {
    const { client, requests } = createBench(countedTokenFor(HOUR));
    await client.getToken(CONNECTOR, APP);
    vi.setSystemTime(START + HOUR - 30_000);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it("the client's own buffer takes the place of the 30 000 ms", async () => {
    const { client } = createBench(countedTokenFor(HOUR), { validityBufferMs: 0 });
    await client.getToken(CONNECTOR, APP);
    vi.setSystemTime(START + HOUR - 1);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    vi.setSystemTime(START + HOUR);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
  });

  it("the caller's own buffer is obeyed, whether wider or narrower than the client's", async () => {
    const { client } = createBench(countedTokenFor(HOUR));
    await client.getToken(CONNECTOR, APP);
    vi.setSystemTime(START + HOUR - 10_000);
    expect(await client.getToken(CONNECTOR, { ...APP, validityBufferMs: 9_999 })).toBe('token-1');
    expect(await client.getToken(CONNECTOR, { ...APP, validityBufferMs: 10_000 })).toBe('token-2');
    expect(await client.getToken(CONNECTOR, { ...APP, validityBufferMs: HOUR - 1 })).toBe('token-2');
    expect(await client.getToken(CONNECTOR, { ...APP, validityBufferMs: HOUR })).toBe('token-3');
  });

  it('a buffer that no answer meets costs one request a call, and the answer is given all the same', async () => {
    const { client, requests } = createBench(countedTokenFor(10 * MINUTE));
    const demanding = { ...APP, validityBufferMs: HOUR };
    expect(await client.getToken(CONNECTOR, demanding)).toBe('token-1');
    expect(await client.getToken(CONNECTOR, demanding)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('an answer that does not meet a wide buffer still serves callers with a narrower one', async () => {
    const { client, requests } = createBench(countedTokenFor(10 * MINUTE));
    await client.getToken(CONNECTOR, { ...APP, validityBufferMs: HOUR });
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    expect(requests).toHaveLength(1);
  });

  it.each([-HOUR, -1, 0])(
    'a token that arrives with %i ms left is refused and not stored',
    async (lifeMs) => {
      const { client, requests } = createBench(countedTokenFor(lifeMs));
      const patient = { ...APP, validityBufferMs: 0 };
      const error = await failureOf(client.getToken(CONNECTOR, patient), MalformedResponseError);
      expect(error.message).toContain('its token had expired when it arrived');
      vi.setSystemTime(START - 2 * HOUR); // Whatever is stored would live now.
      expect(await client.getToken(CONNECTOR, patient).catch(() => 'none')).not.toBe('token-1');
      expect(requests).toHaveLength(2);
    },
  );

  it.each([0, -1])('an expiresAt of %i is refused', async (expiresAt) => {
    const { client } = createBench(() => tokenAnswer({ expiresAt }));
    await failureOf(client.getToken(CONNECTOR, APP), MalformedResponseError);
  });

  it('a token that arrives with 1 ms left is stored', async () => {
    const { client, requests } = createBench(countedTokenFor(1));
    const patient = { ...APP, validityBufferMs: 0 };
    await client.getToken(CONNECTOR, patient);
    expect(await client.getToken(CONNECTOR, patient)).toBe('token-1');
    expect(requests).toHaveLength(1);
  });

  // Like the global fetch, the clock should be looked up at each use: the default client outlives a test that fakes it.
  it('a client made before the clock was faked follows the fake', async () => {
    vi.useRealTimers();
    const expiresAt = Date.UTC(2099, 0);
    const { client } = createBench((_request, index) =>
      tokenAnswer({ token: `token-${index + 1}`, expiresAt }),
    );
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    vi.setSystemTime(expiresAt - 1);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
  });
});

describe('what a failed renewal does to the entry', () => {
  /** One token that lives ten minutes, then one failure, then tokens again. */
  async function servedAfter(failure: () => Response): Promise<string> {
    const { client } = createBench((_request, index) =>
      index === 1 ? failure() : tokenAnswer({ token: `token-${index + 1}`, expiresAt: START + 10 * MINUTE }),
    );
    await client.getToken(CONNECTOR, APP);
    await expect(client.getToken(CONNECTOR, { ...APP, validityBufferMs: HOUR })).rejects.toThrow();
    return client.getToken(CONNECTOR, APP);
  }

  it.each([400, 401, 403, 404, 409, 410, 422])(
    '%i evicts it: the API no longer stands by it',
    async (status) => {
      expect(await servedAfter(() => errorAnswer(status))).toBe('token-3');
    },
  );

  it.each([408, 429, 500, 502, 503, 504])('%i leaves it: that passes', async (status) => {
    expect(await servedAfter(() => errorAnswer(status))).toBe('token-1');
  });

  it('a network failure leaves it', async () => {
    const fail = () => {
      throw new TypeError('fetch failed');
    };
    expect(await servedAfter(fail)).toBe('token-1');
  });
});
