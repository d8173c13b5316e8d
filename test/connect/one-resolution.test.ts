// One path resolves caller, key and options of a token call: what is refused cold is refused warm, and what the caller
// passes is read once, before anything is awaited.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ConnectClient, type ConnectTokenParams, createConnectClient } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  createBench,
  deferred,
  failureOf,
  type SentRequest,
  thrownBy,
  tokenAnswer,
} from './helpers.js';

const USER: ConnectTokenParams = { subject: { type: 'user', id: 'alice' } };

/** Bad calls as JavaScript can make them. */
const BAD: readonly (readonly [name: string, params: unknown, options: unknown])[] = [
  ['vercelToken: null', APP, { vercelToken: null }],
  ["vercelToken: ''", APP, { vercelToken: '' }],
  ['a text as options', APP, 'x'],
  ['a list as options', APP, []],
  ['null as options', APP, null],
  ['a signal that is none', APP, { signal: {} }],
  ['a region that is none', APP, { region: 'x@evil.example#' }],
  ['validityBufferMs: null', { ...APP, validityBufferMs: null }, undefined],
  ['validityBufferMs: -1', { ...APP, validityBufferMs: -1 }, undefined],
  ['a subject without a type', { subject: {} }, undefined],
];

type Ask = (client: ConnectClient, params: never, options: never) => unknown;
const ASKS: Readonly<Record<string, Ask>> = {
  getToken: (client, params, options) => client.getToken(CONNECTOR, params, options),
  getTokenResponse: (client, params, options) => client.getTokenResponse(CONNECTOR, params, options),
  tryGetToken: (client, params, options) => client.tryGetToken(CONNECTOR, params, options),
  tokenSource: (client, params, options) => client.tokenSource(CONNECTOR, params, options).getToken(),
};

describe.each(Object.entries(ASKS))('%s', (_name, ask) => {
  it.each(BAD)('refuses %s, cold and warm', async (_case, params, options) => {
    const { client, requests } = createBench();
    const call = async () => ask(client, params as never, options as never);
    const cold = await failureOf(call(), InvalidArgumentError);
    await client.getToken(CONNECTOR, APP);
    const warm = await failureOf(call(), InvalidArgumentError);
    expect(warm.message).toBe(cold.message);
    expect(requests).toHaveLength(1);
  });
});

/** Parameters that count how often each field is read, and are another's after the first time. */
function changing(): { readonly params: ConnectTokenParams; readonly reads: () => number } {
  let reads = 0;
  const params = {
    get subject() {
      return { type: 'user' as const, id: reads++ === 0 ? 'alice' : 'mallory' };
    },
  };
  return { params, reads: () => reads };
}

describe('what a caller passes', () => {
  it.each(['a getter', 'a Proxy', 'a toJSON'])('is read once: %s', async (kind) => {
    const { client, requests } = createBench();
    let reads = 0;
    const subject = () => ({ type: 'user' as const, id: reads++ === 0 ? 'alice' : 'mallory' });
    const made: Record<string, object> = {
      'a getter': Object.defineProperty({}, 'subject', { enumerable: true, get: subject }),
      'a Proxy': new Proxy(
        { subject: {} },
        { get: (_, name) => (name === 'subject' ? subject() : undefined) },
      ),
      'a toJSON': { subject: { toJSON: subject } },
    };
    const params = made[kind] as ConnectTokenParams;
    expect(await client.getToken(CONNECTOR, params)).toBe('token-1');
    expect(reads).toBe(1);
    expect(requests[0]?.body).toMatchObject({ subject: { id: 'alice' } });
    // An honest caller finds alice's token under alice, and nobody else's.
    expect(await client.getToken(CONNECTOR, USER)).toBe('token-1');
    expect(await client.getToken(CONNECTOR, { subject: { type: 'user', id: 'mallory' } })).toBe('token-2');
  });

  it('has the same key warm and cold, whatever its toJSON', async () => {
    const { client, requests } = createBench();
    const scopes = () => Object.assign(['a'], { toJSON: () => ['b'] });
    for (let call = 0; call < 3; call++)
      expect(await client.getToken(CONNECTOR, { ...APP, scopes: scopes() })).toBe('token-1');
    expect(await client.getToken(CONNECTOR, { ...APP, scopes: ['b'] })).toBe('token-1');
    expect(await client.getToken(CONNECTOR, { ...APP, scopes: ['a'] })).toBe('token-2');
    expect(requests[0]?.body).toMatchObject({ scopes: ['b'] });
  });

  it('can change after the call without changing the call, and warm as cold', async () => {
    const { client, requests } = createBench();
    const params = { subject: { type: 'user' as const, id: 'alice' }, scopes: ['a'] };
    const options = { vercelToken: 'caller-two' };
    const asked = client.getToken(CONNECTOR, params, options);
    params.subject.id = 'mallory';
    params.scopes.push('admin');
    options.vercelToken = 'caller-three';
    await asked;
    expect(requests[0]).toMatchObject({
      bearer: 'caller-two',
      body: { subject: { id: 'alice' }, scopes: ['a'] },
    });
  });

  it.each([
    ['revokeToken', (client: ConnectClient, params: never) => client.revokeToken(CONNECTOR, params)],
    [
      'connectors.revokeTokens',
      (client: ConnectClient, params: never) => client.connectors.revokeTokens(CONNECTOR, params),
    ],
  ])('is what %s revokes, whatever it is changed to meanwhile', async (_name, revoke) => {
    const gate = deferred();
    const answer = async (request: SentRequest, index: number) => {
      if (request.method !== 'DELETE') return countedToken(request, index);
      await gate.promise;
      return new Response(null, { status: 204 });
    };
    const { client } = createBench(answer);
    await client.getToken(CONNECTOR, USER);
    const params = { subject: { type: 'user', id: 'alice' } };
    const revoking = revoke(client, params as never);
    params.subject.id = 'mallory';
    gate.resolve();
    await revoking;
    expect(await client.getToken(CONNECTOR, USER)).toBe('token-3');
  });

  it('throws no bare error, whatever a trap throws', async () => {
    const { client, requests } = createBench();
    const params = new Proxy(APP, {
      ownKeys: () => {
        throw new RangeError('trapped');
      },
    });
    await failureOf(client.getToken(CONNECTOR, params), InvalidArgumentError);
    await failureOf(client.startAuthorization(CONNECTOR, params), InvalidArgumentError);
    expect(thrownBy(() => client.tokenSource(CONNECTOR, params), InvalidArgumentError).argument).toBe(
      'params',
    );
    expect(requests).toHaveLength(0);
  });
});

describe('waitForAuthorization', () => {
  const consent = (request: SentRequest, index: number) => {
    if (request.url.includes('/authorize/'))
      return Response.json({
        url: 'https://vercel.com/x',
        verifier: 'v',
        request: 'r',
        expiresAt: Date.now() + 60_000,
      });
    if (request.url.includes('/result/')) return Response.json({ status: 'success' });
    return countedToken(request, index);
  };

  it("gets the token of whom it was started for, whatever the caller's object is changed to", async () => {
    const { client, requests } = createBench(consent);
    const { params } = changing();
    const mutable = { subject: { type: 'user' as const, id: 'alice' } };
    const started = client.startAuthorization(CONNECTOR, mutable);
    mutable.subject.id = 'mallory';
    await client.waitForAuthorization(await started);
    expect(requests.at(-1)?.body).toMatchObject({ subject: { id: 'alice' } });
    // A Proxy or a getter neither throws a DataCloneError nor is read twice.
    await client.waitForAuthorization(await client.startAuthorization(CONNECTOR, params));
    expect(requests.at(-1)?.body).toMatchObject({ subject: { id: 'alice' } });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, new Date(), '2099-01-01', null])(
    'refuses an expiresAt of %s',
    async (expiresAt) => {
      const { client, requests } = createBench(consent);
      const authorization = { url: 'x', verifier: 'v', request: 'r', expiresAt } as never;
      const error = await failureOf(
        client.waitForAuthorization(authorization, { connector: CONNECTOR, params: USER }),
        InvalidArgumentError,
      );
      expect(error.argument).toBe('authorization.expiresAt');
      expect(requests).toHaveLength(0);
    },
  );
});

describe('the life of a token', () => {
  /** A client whose clock is wrong by so much, over an API whose clock is right. */
  function skewed(skewMs: number) {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const right = Date.UTC(2026, 10, 22, 12);
    vi.setSystemTime(right + skewMs);
    const start = performance.now();
    const now = () => right + performance.now() - start;
    return createBench((_request, index) =>
      tokenAnswer(
        { token: `token-${index + 1}`, expiresAt: now() + 3_600_000 },
        { headers: { date: new Date(now()).toUTCString() } },
      ),
    );
  }

  it.each([-5 * 60_000, 0, 5 * 60_000])(
    'is that of the clock that wrote its expiry (%i ms)',
    async (skewMs) => {
      const { client } = skewed(skewMs);
      await client.getToken(CONNECTOR, APP);
      vi.advanceTimersByTime(3_600_000 - 29_000);
      expect(await client.getToken(CONNECTOR, APP), 'inside its buffer').toBe('token-2');
    },
  );

  it('does not make a client whose clock is two hours ahead ask at every call', async () => {
    const { client, requests } = skewed(2 * 3_600_000);
    for (let call = 0; call < 6; call++) await client.getToken(CONNECTOR, APP);
    expect(requests).toHaveLength(1);
  });

  it('counts for a caller with a wide buffer who joins the fetch of another', async () => {
    const { client, requests } = skewed(-2 * 3_600_000);
    const wide = { ...APP, validityBufferMs: 2 * 3_600_000 };
    await Promise.all([client.getToken(CONNECTOR, APP), client.getToken(CONNECTOR, wide)]);
    expect(requests, 'by the clock here the first would have been enough').toHaveLength(2);
  });
});

it('the old name of totalTimeout throws and names the new one', () => {
  const error = thrownBy(() => createConnectClient({ deadline: 1 } as never), InvalidArgumentError);
  expect(error.message).toContain('totalTimeout');
});
