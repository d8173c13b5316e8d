import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  type ConnectClientOptions,
  ConnectError,
  type ConnectFetchOptions,
  type ConnectTokenParams,
  ConsentRequiredError,
  createConnectClient,
  createConnectFetch,
  getConsentChallenge,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from '../../../src/connect/index.js';
import { APIConnectionError, InvalidArgumentError } from '../../../src/index.js';
import { createConnectEmulator } from '../../../src/msw/index.js';
import { fetchOf } from '../../helpers/fetch-of.js';
import { deferred, failureOf } from '../helpers.js';

const LINEAR = 'oauth/linear';
const ORIGIN = 'https://api.linear.app';
const URL_ = `${ORIGIN}/graphql`;
const user = (id: string): ConnectTokenParams => ({ subject: { type: 'user', id } });
const CONSENTED = user('user_123');
const STRANGER = user('user_456');

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly token: string | undefined;
  readonly text: string;
  readonly headers: Headers;
}

/** A provider that records what it is sent and answers as told. */
function createProvider(
  answer: (sent: Sent, index: number) => Response | Promise<Response> = () => new Response('ok'),
) {
  const sent: Sent[] = [];
  return {
    sent,
    tokens: () => sent.map(({ token }) => token),
    async fetch(input: string | URL | Request, init?: RequestInit) {
      const request = new Request(input, init);
      const { url, method, headers } = request;
      const token = headers.get('authorization')?.replace('Bearer ', '');
      const one = { url, method, headers, token, text: await request.text() };
      return answer(one, sent.push(one) - 1);
    },
  };
}

function createWorld(options: Partial<ConnectFetchOptions> & { readonly params?: ConnectTokenParams } = {}) {
  const emulator = createConnectEmulator();
  const clientOptions: ConnectClientOptions = {
    bearerToken: 'project-token',
    maxRetries: 0,
    fetch: fetchOf(emulator.handlers),
  };
  const client = createConnectClient(clientOptions);
  const { params = CONSENTED, ...own } = options;
  const connectFetch = createConnectFetch(LINEAR, params, { origin: ORIGIN, client, ...own });
  const asked = (operationId: string) =>
    emulator.requests.filter((request) => request.operationId === operationId).length;
  return {
    emulator,
    client,
    connectFetch,
    tokenRequests: () => asked('getConnectorToken'),
    authorizeRequests: () => asked('createConnectorAuthorizationRequest'),
  };
}

/** A provider that refuses the tokens of a list. */
function createRefusingProvider(refused: (string | undefined)[]) {
  return createProvider(({ token }) => new Response('', { status: refused.includes(token) ? 401 : 200 }));
}

function formOf(): FormData {
  const form = new FormData();
  form.set('field', 'kept');
  return form;
}

/** A body that can be sent once. */
function streamed(): RequestInit {
  return { method: 'PUT', body: new Blob(['text']).stream(), duplex: 'half' } as RequestInit;
}

const post = { method: 'POST', body: '{"query":"{viewer{name}}"}' };

afterEach(() => vi.useRealTimers());

describe('a request', () => {
  it('is sent with the token of the connector, from the cache after the first', async () => {
    const provider = createProvider();
    const { connectFetch, client, tokenRequests } = createWorld({ fetch: provider.fetch });
    await connectFetch(URL_, {
      ...post,
      headers: { accept: 'application/json', Authorization: 'Bearer own' },
    });
    await connectFetch(new URL(URL_));
    await connectFetch(new Request(URL_, { ...post, headers: { 'x-a': 'b' } }));
    const token = await client.getToken(LINEAR, CONSENTED);
    expect(provider.tokens()).toEqual([token, token, token]);
    expect(provider.sent.map(({ method, text }) => `${method} ${text}`)).toEqual([
      `POST ${post.body}`,
      'GET ',
      `POST ${post.body}`,
    ]);
    expect(provider.sent[0]?.headers.get('accept')).toBe('application/json');
    expect(provider.sent[2]?.headers.get('x-a')).toBe('b');
    expect(tokenRequests()).toBe(1);
  });

  it('gets the headers as a plain record and every other field of init as it was', async () => {
    let seen: RequestInit = {};
    const fetch = async (_: unknown, init?: RequestInit) => {
      seen = init ?? {};
      return new Response('ok');
    };
    const { connectFetch } = createWorld({ fetch });
    const { signal } = new AbortController();
    await connectFetch(URL_, { ...post, keepalive: true, signal });
    expect(seen).toMatchObject({ ...post, keepalive: true, redirect: 'manual' });
    expect(seen.signal).toBe(signal);
    expect(Object.getPrototypeOf(seen.headers)).toBe(Object.prototype);
  });

  it('is as the caller of the moment where the credential is a function', async () => {
    let bearer = 'first';
    const { connectFetch, emulator } = createWorld({
      fetch: createProvider().fetch,
      vercelToken: async () => bearer,
    });
    await connectFetch(URL_);
    bearer = 'second';
    await connectFetch(URL_);
    expect(emulator.requests.map((request) => request.bearer)).toEqual(['first', 'second']);
  });

  it('goes through the global fetch of the moment where no other is given', async () => {
    const { connectFetch, client } = createWorld();
    const original = globalThis.fetch;
    onTestFinished(() => {
      globalThis.fetch = original;
    });
    const provider = createProvider();
    globalThis.fetch = provider.fetch;
    await connectFetch(URL_);
    expect(provider.tokens()).toEqual([await client.getToken(LINEAR, CONSENTED)]);
  });

  it.each<[string, () => unknown, string]>([
    ['a connector', () => createConnectFetch('', CONSENTED, { origin: ORIGIN }), 'connector'],
    ['a subject', () => createConnectFetch(LINEAR, {} as never, { origin: ORIGIN }), 'params.subject'],
    [
      'a redirect URL',
      () => createConnectFetch(LINEAR, CONSENTED, { origin: ORIGIN, redirectUrl: 'http://shop.example.com' }),
      'redirectUrl',
    ],
    [
      'an option',
      () => createConnectFetch(LINEAR, CONSENTED, { origin: ORIGIN, onConsent: () => {} } as never),
      'options.onConsent',
    ],
  ])('is refused before it is made for %s that cannot work', (_, make, argument) => {
    expect(make).toThrow(expect.objectContaining({ argument }));
  });

  it('is for the parameters that it was made with, whatever becomes of the object', async () => {
    const params = { subject: { type: 'user' as const, id: 'user_123' } };
    const { connectFetch, emulator } = createWorld({ params, fetch: createProvider().fetch });
    params.subject.id = 'user_456';
    await connectFetch(URL_);
    expect(emulator.requests[0]?.body).toMatchObject({ subject: { id: 'user_123' } });
  });

  it('ends with the reason of its signal', async () => {
    const { connectFetch } = createWorld({ fetch: createProvider().fetch });
    const reason = new Error('left');
    await expect(connectFetch(URL_, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('a refused token', () => {
  it.each<[string, (connectFetch: ReturnType<typeof createConnectFetch>) => Promise<Response>]>([
    ['text', (connectFetch) => connectFetch(URL_, post)],
    ['bytes', (connectFetch) => connectFetch(URL_, { ...post, body: new TextEncoder().encode(post.body) })],
    ['a Request', (connectFetch) => connectFetch(new Request(URL_, post))],
  ])('is dropped alone, renewed once, and the request is sent again with its body: %s', async (_, call) => {
    const refused: string[] = [];
    const provider = createRefusingProvider(refused);
    const { connectFetch, client, emulator, tokenRequests, authorizeRequests } = createWorld({
      fetch: provider.fetch,
    });
    const other = await client.getToken('slack/acme-slack', { subject: { type: 'app' } });
    const stale = await client.getToken(LINEAR, CONSENTED);
    refused.push(stale);
    emulator.withdrawUser(LINEAR, 'user_123');
    emulator.grantUser(LINEAR, 'user_123');
    const response = await call(connectFetch);
    expect(response.status).toBe(200);
    expect(provider.sent.map(({ text }) => text)).toEqual([post.body, post.body]);
    expect(provider.tokens()).toEqual([stale, await client.getToken(LINEAR, CONSENTED)]);
    expect(await client.getToken('slack/acme-slack', { subject: { type: 'app' } })).toBe(other);
    expect([tokenRequests(), authorizeRequests()]).toEqual([3, 0]);
  });

  it.each<[string, () => RequestInit['body'], string]>([
    ['no body', () => null, ''],
    ['a Blob', () => new Blob(['kept']), 'kept'],
    ['an ArrayBuffer', () => new TextEncoder().encode('kept').buffer, 'kept'],
    ['a view', () => new DataView(new TextEncoder().encode('kept').buffer), 'kept'],
    ['search parameters', () => new URLSearchParams({ field: 'kept' }), 'field=kept'],
    ['a form', formOf, 'kept'],
  ])('leads to a second request with %s', async (_, body, text) => {
    const provider = createProvider((_sent, index) => new Response('', { status: index === 0 ? 401 : 200 }));
    const { connectFetch, client, emulator } = createWorld({ fetch: provider.fetch });
    await client.getToken(LINEAR, CONSENTED);
    emulator.withdrawUser(LINEAR, 'user_123');
    emulator.grantUser(LINEAR, 'user_123');
    expect((await connectFetch(URL_, { method: 'POST', body: body() ?? null })).status).toBe(200);
    expect(provider.sent).toHaveLength(2);
    for (const sent of provider.sent) expect(sent.text).toContain(text);
  });

  it('leads to no second request where the body can be read once: an iterable', async () => {
    const provider = createProvider(() => new Response('', { status: 401 }));
    const { connectFetch } = createWorld({ fetch: provider.fetch });
    const body = (async function* () {
      yield new TextEncoder().encode('once');
    })();
    const init = { method: 'POST', body, duplex: 'half' } as unknown as RequestInit;
    expect((await connectFetch(URL_, init)).status).toBe(401);
    expect(provider.sent.map(({ text }) => text)).toEqual(['once']);
  });

  it('is dropped alone: not the one that has taken its place meanwhile', async () => {
    const refusal = deferred<Response>();
    const provider = createProvider((_sent, index) => (index === 0 ? refusal.promise : new Response('ok')));
    const { connectFetch, client, emulator, tokenRequests } = createWorld({ fetch: provider.fetch });
    const late = connectFetch(URL_);
    await vi.waitFor(() => expect(provider.sent).toHaveLength(1));
    emulator.withdrawUser(LINEAR, 'user_123');
    emulator.grantUser(LINEAR, 'user_123');
    const fresh = await client.getToken(LINEAR, CONSENTED, { forceRefresh: true });
    refusal.resolve(new Response('', { status: 401 }));
    expect((await late).status).toBe(200);
    expect(provider.tokens().at(-1)).toBe(fresh);
    expect(tokenRequests()).toBe(2);
  });

  it('can be renewed again soon where the one before it was good', async () => {
    const refused: string[] = [];
    const provider = createRefusingProvider(refused);
    const { connectFetch, client, emulator } = createWorld({ fetch: provider.fetch });
    for (const _ of [1, 2]) {
      refused.push(await client.getToken(LINEAR, CONSENTED));
      emulator.withdrawUser(LINEAR, 'user_123');
      emulator.grantUser(LINEAR, 'user_123');
      expect((await connectFetch(URL_)).status).toBe(200);
    }
  });

  it('is what a 401 says, and no other status', async () => {
    const provider = createProvider(() => new Response('no', { status: 403 }));
    const { connectFetch, tokenRequests } = createWorld({ fetch: provider.fetch });
    expect((await connectFetch(URL_)).status).toBe(403);
    expect([provider.sent.length, tokenRequests()]).toEqual([1, 1]);
  });

  it('leaves no connection open: the body of the refusal is cancelled', async () => {
    const cancelled = vi.fn();
    const refusal = () => new Response(new ReadableStream({ cancel: cancelled }), { status: 401 });
    const provider = createProvider((_sent, index) => (index === 0 ? refusal() : new Response('ok')));
    const { connectFetch, client, emulator } = createWorld({ fetch: provider.fetch });
    await client.getToken(LINEAR, CONSENTED);
    emulator.withdrawUser(LINEAR, 'user_123');
    emulator.grantUser(LINEAR, 'user_123');
    expect(await (await connectFetch(URL_)).text()).toBe('ok');
    expect(cancelled).toHaveBeenCalledTimes(1);
  });

  it('costs one token request for twenty callers', async () => {
    const refused: string[] = [];
    const provider = createRefusingProvider(refused);
    const { connectFetch, client, emulator, tokenRequests } = createWorld({ fetch: provider.fetch });
    refused.push(await client.getToken(LINEAR, CONSENTED));
    emulator.withdrawUser(LINEAR, 'user_123');
    emulator.grantUser(LINEAR, 'user_123');
    const responses = await Promise.all(Array.from({ length: 20 }, () => connectFetch(URL_, post)));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(tokenRequests()).toBe(2);
    expect(provider.sent.length).toBe(40);
  });

  it('is replaced for the next request where the body is a stream', async () => {
    const refused: string[] = [];
    const provider = createRefusingProvider(refused);
    const { connectFetch, client, emulator } = createWorld({ fetch: provider.fetch });
    refused.push(await client.getToken(LINEAR, CONSENTED));
    emulator.withdrawUser(LINEAR, 'user_123');
    emulator.grantUser(LINEAR, 'user_123');
    const streamed = { method: 'POST', body: new Blob(['text']).stream(), duplex: 'half' };
    expect((await connectFetch(URL_, streamed as RequestInit)).status).toBe(401);
    expect((await connectFetch(URL_)).status).toBe(200);
  });

  it('is not sent again where Connect has no other', async () => {
    const provider = createProvider(() => new Response('no', { status: 401 }));
    const { connectFetch, tokenRequests } = createWorld({ fetch: provider.fetch });
    const response = await connectFetch(URL_);
    expect([response.status, await response.text()]).toEqual([401, 'no']);
    expect([provider.sent.length, tokenRequests()]).toEqual([1, 2]);
    // Nor is Connect asked again at each request.
    for (let index = 0; index < 3; index++) await connectFetch(URL_);
    expect(tokenRequests()).toBe(2);
  });

  it('is not renewed for half a minute where the provider refused the new one too', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const provider = createProvider(() => new Response('', { status: 401 }));
    const tokens = ['a', 'b', 'c', 'd'];
    const client = createConnectClient({
      bearerToken: 'project-token',
      fetch: async () => Response.json({ token: tokens.shift(), expiresAt: Date.now() + 3_600_000 }),
    });
    const connectFetch = createConnectFetch(LINEAR, CONSENTED, {
      origin: ORIGIN,
      client,
      fetch: provider.fetch,
    });
    for (let index = 0; index < 3; index++) expect((await connectFetch(URL_)).status).toBe(401);
    expect(provider.tokens()).toEqual(['a', 'b', 'b', 'b']);
    vi.advanceTimersByTime(30_001);
    await connectFetch(URL_);
    expect(provider.tokens().slice(4)).toEqual(['b', 'c']);
  });

  it('can be one that a 200 speaks of', async () => {
    const provider = createProvider((_sent, index) =>
      Response.json(index === 0 ? { ok: false, error: 'token_expired' } : { ok: true }),
    );
    const { connectFetch, client, emulator } = createWorld({
      fetch: provider.fetch,
      isRefused: async (response) => (await response.clone().text()).includes('token_expired'),
    });
    await client.getToken(LINEAR, CONSENTED);
    emulator.withdrawUser(LINEAR, 'user_123');
    emulator.grantUser(LINEAR, 'user_123');
    expect(await (await connectFetch(URL_)).json()).toEqual({ ok: true });
    expect(new Set(provider.tokens()).size).toBe(2);
  });

  it('leads to the consent page where the grant was revoked', async () => {
    const refused: string[] = [];
    const provider = createRefusingProvider(refused);
    const { connectFetch, client, emulator, authorizeRequests } = createWorld({ fetch: provider.fetch });
    refused.push(await client.getToken(LINEAR, CONSENTED));
    emulator.withdrawUser(LINEAR, 'user_123');
    await failureOf(connectFetch(URL_), ConsentRequiredError);
    expect(authorizeRequests()).toBe(1);
  });
});

describe('missing consent', () => {
  it('is one error with the page, a kind of UserAuthorizationRequiredError', async () => {
    const provider = createProvider();
    const { connectFetch } = createWorld({ fetch: provider.fetch, params: STRANGER });
    const error = await failureOf(connectFetch(URL_), ConsentRequiredError);
    expect(error).toBeInstanceOf(UserAuthorizationRequiredError);
    expect(error).toMatchObject({
      name: 'ConsentRequiredError',
      connector: LINEAR,
      subject: STRANGER.subject,
    });
    expect(error.url).toMatch(/^https:\/\/connect\.vercel\.com\/authorize\//);
    expect(error.expiresAt).toBeGreaterThan(Date.now());
    expect(connectFetch.failure).toBe(error);
    expect(getConsentChallenge(connectFetch)).toMatchObject({ url: error.url });
    expect(provider.sent).toEqual([]);
  });

  it('costs one token request and one authorize request for twenty callers', async () => {
    const { connectFetch, tokenRequests, authorizeRequests } = createWorld({ params: STRANGER });
    const errors = await Promise.all(
      Array.from({ length: 20 }, () => failureOf(connectFetch(URL_), ConsentRequiredError)),
    );
    expect(new Set(errors.map(({ url }) => url)).size).toBe(1);
    expect([tokenRequests(), authorizeRequests()]).toEqual([1, 1]);
  });

  it('is shared by the fetches of one client, and not by two callers', async () => {
    const { connectFetch, client, authorizeRequests } = createWorld({ params: STRANGER });
    const others = [{}, { vercelToken: 'another-caller' }].map((own) =>
      createConnectFetch(LINEAR, STRANGER, { origin: ORIGIN, client, ...own }),
    );
    const urls = await Promise.all(
      [connectFetch, ...others].map(async (one) => (await failureOf(one(URL_), ConsentRequiredError)).url),
    );
    expect(new Set(urls).size).toBe(2);
    expect(authorizeRequests()).toBe(2);
  });

  it('asks as the options say, and tells of the challenge', async () => {
    const told: unknown[] = [];
    const { connectFetch, emulator } = createWorld({
      params: STRANGER,
      redirectUrl: 'https://shop.example.com/connected',
      deviceCode: true,
      onConsentRequired: (challenge) => void told.push(challenge.verifier),
    });
    const error = await failureOf(connectFetch(URL_), ConsentRequiredError);
    expect(told).toEqual([error.verifier]);
    expect(error.deviceCode).toEqual(expect.any(String));
    expect(emulator.requests.at(-1)?.body).toMatchObject({
      ...{ returnUrl: 'https://shop.example.com/connected', deviceCode: true, scopes: ['*'] },
    });
  });

  it('throws what the callback throws, so that a framework can redirect', async () => {
    const redirect = new Error('NEXT_REDIRECT');
    const { connectFetch } = createWorld({
      params: STRANGER,
      onConsentRequired: () => {
        throw redirect;
      },
    });
    await expect(connectFetch(URL_)).rejects.toBe(redirect);
  });

  it('ends when the user has consented', async () => {
    const provider = createProvider();
    const { connectFetch, client, emulator } = createWorld({ fetch: provider.fetch, params: STRANGER });
    const error = await failureOf(connectFetch(URL_), ConsentRequiredError);
    emulator.approve(error);
    await client.waitForAuthorization(error);
    expect((await connectFetch(URL_)).status).toBe(200);
    expect(connectFetch.failure).toBeUndefined();
  });

  it('of a user whose token is gone is asked for, of an app is not', async () => {
    const noToken = () => Response.json({ error: { code: 'no_token', message: 'None.' } }, { status: 422 });
    const authorization = { url: 'https://connect.vercel.com/authorize/1', request: 'r', verifier: 'v' };
    const fetch = async (url: string) =>
      url.includes('/authorize/') ? Response.json(authorization) : noToken();
    const client = createConnectClient({ bearerToken: 'b', fetch });
    const call = (params: ConnectTokenParams) =>
      createConnectFetch(LINEAR, params, { origin: ORIGIN, client })(URL_);
    await failureOf(call(CONSENTED), ConsentRequiredError);
    const error = await failureOf(call({ subject: { type: 'app' } }), NoValidTokenError);
    expect(error).not.toBeInstanceOf(ConsentRequiredError);
  });
});

describe('the origin', () => {
  it.each([
    ['another host', 'https://evil.example.com/graphql'],
    ['another scheme', 'http://api.linear.app/graphql'],
    ['another port', 'https://api.linear.app:8443/graphql'],
    ['a host that begins alike', 'https://api.linear.app.evil.example/graphql'],
    ['no absolute URL', '/graphql'],
  ])('is the only one that is sent to: %s', async (_case, url) => {
    const provider = createProvider();
    const { connectFetch, tokenRequests } = createWorld({ fetch: provider.fetch });
    const error = await failureOf(connectFetch(url), InvalidArgumentError);
    expect(error.message).toContain(ORIGIN);
    expect([provider.sent.length, tokenRequests()]).toEqual([0, 0]);
  });

  it.each([
    [undefined, 'options.origin'],
    ['linear', 'options.origin'],
    ['http://api.linear.app', 'options.origin'],
  ])('%s is refused at once', (origin, argument) => {
    const make = () => createConnectFetch(LINEAR, CONSENTED, { origin: origin as string });
    expect(make).toThrow(expect.objectContaining({ argument }));
  });

  it('is kept over redirects within it', async () => {
    const provider = createProvider(({ url }) =>
      new URL(url).pathname === '/graphql'
        ? new Response(null, { status: 307, headers: { location: '/v2/graphql' } })
        : new Response('moved'),
    );
    const { connectFetch, client } = createWorld({ fetch: provider.fetch });
    expect(await (await connectFetch(URL_, post)).text()).toBe('moved');
    expect(await (await connectFetch(new Request(URL_, post))).text()).toBe('moved');
    expect(provider.sent.map(({ url, text }) => [url, text])).toEqual([
      [URL_, post.body],
      [`${ORIGIN}/v2/graphql`, post.body],
      [URL_, post.body],
      [`${ORIGIN}/v2/graphql`, post.body],
    ]);
    expect(new Set(provider.tokens())).toEqual(new Set([await client.getToken(LINEAR, CONSENTED)]));
  });

  it.each<[string, number, string, RequestInit]>([
    ['to another origin, which must not get the token', 302, 'https://evil.example.com/', {}],
    ['to another origin, which must not get the token', 307, 'https://evil.example.com/', post],
    ['to another origin, which must not get the token', 302, 'http://[', {}],
    ['that would lose the body of a POST', 302, '/elsewhere', { ...post, method: 'post' }],
    ['that would lose the body of a POST', 303, '/elsewhere', post],
    ['that would lose the body of a PUT', 307, '/elsewhere', streamed()],
    ['although none was allowed', 302, '/elsewhere', { redirect: 'error' }],
    ['after 5 others', 302, '/graphql', {}],
  ])('refuses a redirect %s (%s to %s)', async (message, status, location, init) => {
    const provider = createProvider(() => new Response(null, { status, headers: { location } }));
    const { connectFetch } = createWorld({ fetch: provider.fetch });
    const error = await failureOf(connectFetch(URL_, init), APIConnectionError);
    expect(error.message).toBe(`${ORIGIN} answered with a redirect ${message}`);
    expect(error).toMatchObject({ method: init.method?.toUpperCase() ?? 'GET', path: '/graphql' });
    expect(provider.sent.every(({ url }) => url.startsWith(ORIGIN))).toBe(true);
  });

  it.each<[number, string]>([
    [302, 'GET'],
    [303, 'HEAD'],
    [308, 'POST'],
  ])('is kept over a %i of a %s, whose response is cancelled', async (status, method) => {
    const cancelled = vi.fn();
    const provider = createProvider(({ url }) =>
      url === URL_
        ? new Response(new ReadableStream({ cancel: cancelled }), { status, headers: { location: '/v2' } })
        : new Response(null),
    );
    const { connectFetch } = createWorld({ fetch: provider.fetch });
    expect((await connectFetch(URL_, { method })).status).toBe(200);
    expect(provider.sent.map(({ url, method: one }) => [url, one])).toEqual([
      [URL_, method],
      [`${ORIGIN}/v2`, method],
    ]);
    expect(cancelled).toHaveBeenCalledTimes(1);
  });

  it.each([302, 300])('gives a %i back that names no place to go to', async (status) => {
    const headers: Record<string, string> = status === 300 ? { location: '/v2' } : {};
    const provider = createProvider(() => new Response(null, { status, headers }));
    const { connectFetch } = createWorld({ fetch: provider.fetch });
    expect((await connectFetch(URL_)).status).toBe(status);
    expect(provider.sent).toHaveLength(1);
  });

  it('can be a URL, and http on this machine alone', async () => {
    const provider = createProvider();
    const local = createWorld({ origin: new URL('http://localhost:3000/any'), fetch: provider.fetch });
    await local.connectFetch('http://localhost:3000/graphql');
    expect(provider.sent.map(({ url }) => url)).toEqual(['http://localhost:3000/graphql']);
    const make = () => createConnectFetch(LINEAR, CONSENTED, { origin: 'http://api.linear.app/?key=secret' });
    expect(make).toThrow('must be https (http only on this machine), got http://api.linear.app');
  });

  it('returns a redirect to a caller who follows them itself', async () => {
    const location = 'https://evil.example.com/';
    const provider = createProvider(() => new Response(null, { status: 302, headers: { location } }));
    const { connectFetch } = createWorld({ fetch: provider.fetch });
    const response = await connectFetch(URL_, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, location]);
  });
});

describe("errors: 'response'", () => {
  it.each<[string, ConnectTokenParams, string, number, string]>([
    ['missing consent', STRANGER, URL_, 401, 'user_authorization_required'],
    ['another origin', CONSENTED, 'https://evil.example.com/', 421, 'InvalidArgumentError'],
    ['a subject that has no tokens', { subject: { type: 'app' } }, URL_, 403, 'bad_request'],
  ])('answers in place of throwing: %s', async (_case, params, url, status, code) => {
    const { connectFetch } = createWorld({ params, errors: 'response' });
    const response = await connectFetch(url);
    expect([response.status, await response.json()]).toEqual([
      status,
      expect.objectContaining({ error: code }),
    ]);
    expect(connectFetch.failure).toBeInstanceOf(Error);
  });

  it('answers 403 where there is no credential to ask Connect with', async () => {
    const client = createConnectClient({ bearerToken: () => Promise.reject(new Error('logged out')) });
    const { connectFetch } = createWorld({ client, errors: 'response' });
    const response = await connectFetch(URL_);
    expect([response.status, await response.json()]).toEqual([
      403,
      { error: 'CredentialError', message: expect.any(String) },
    ]);
  });

  it('throws what may pass: a network that is down, an API that is busy', async () => {
    const { connectFetch, emulator } = createWorld({
      errors: 'response',
      fetch: () => Promise.reject(new TypeError('fetch failed')),
    });
    await expect(connectFetch(URL_)).rejects.toThrow('fetch failed');
    emulator.failNext({ status: 503, times: 1 });
    const { connectFetch: other, emulator: busy } = createWorld({ errors: 'response' });
    for (const status of [503, 500, 429]) {
      busy.failNext({ status, times: 1 });
      expect((await failureOf(other(URL_), ConnectError)).status).toBe(status);
    }
  });
});
