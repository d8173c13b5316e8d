import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ConnectTokenParams, createConnectClient } from '../../src/connect/index.js';
import { APITimeoutError, ResponseTooLargeError } from '../../src/errors/index.js';
import { asFetch } from '../helpers/as-fetch.js';
import { USER_AGENT } from '../helpers/user-agent.js';
import {
  APP,
  CONNECTOR,
  createBench,
  deferred,
  failureOf,
  settle,
  TOKEN_URL,
  tokenAnswer,
} from './helpers.js';

async function bodyOf(params: ConnectTokenParams, clientBufferMs?: number): Promise<unknown> {
  const { client, requests } = createBench(undefined, { validityBufferMs: clientBufferMs });
  await client.getToken(CONNECTOR, params);
  return requests[0]?.body;
}

it('posts to the token path with the connector as one encoded segment', async () => {
  const { client, requests } = createBench();
  await client.getToken(CONNECTOR, APP);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({ method: 'POST', url: TOKEN_URL });
});

it('sends exactly Accept, Authorization, Content-Type and User-Agent', async () => {
  const { client, requests } = createBench();
  await client.getToken(CONNECTOR, APP);
  expect(requests[0]?.headers).toEqual({
    accept: 'application/json',
    authorization: 'Bearer caller-one',
    'content-type': 'application/json',
    'user-agent': USER_AGENT,
  });
});

it("sends the client's own headers along", async () => {
  const { client, requests } = createBench(undefined, { headers: { 'x-app': 'shop' } });
  await client.getToken(CONNECTOR, APP);
  expect(requests[0]?.headers).toMatchObject({ 'x-app': 'shop', accept: 'application/json' });
});

it('keeps the path of a base URL', async () => {
  const { client, requests } = createBench(undefined, { baseUrl: 'http://127.0.0.1:4010/proxy/' });
  await client.getToken(CONNECTOR, APP);
  expect(requests[0]?.url).toBe('http://127.0.0.1:4010/proxy/v1/connect/token/slack%2Facme-slack');
});

it('sends scopes ["*"] when the caller names none', async () => {
  expect(await bodyOf({ subject: { type: 'app' } })).toEqual({ subject: { type: 'app' }, scopes: ['*'] });
});

it('sends an empty array of scopes as it is', async () => {
  expect(await bodyOf({ ...APP, scopes: [] })).toEqual({ ...APP, scopes: [] });
});

it('sends scopes, audience and resources in the order of the caller', async () => {
  const params = { ...APP, scopes: ['b', 'a'], audience: ['d', 'c'], resources: ['f', 'e'] };
  expect(await bodyOf(params)).toEqual(params);
});

it('sends installation and authorization details as given', async () => {
  const params: ConnectTokenParams = {
    ...APP,
    scopes: ['*'],
    installationId: 'inst_1',
    authorizationDetails: [
      { type: 'github_app_installation', org: 'acme', permissions: ['contents:read'], repositories: 'site' },
      { type: 'custom', limits: { rows: 5 } },
    ],
  };
  expect(await bodyOf(params)).toEqual(params);
});

it('sends fields that it does not know as they are', async () => {
  const params = { ...APP, scopes: ['*'], fromTheFuture: { level: [2, 1] } };
  expect(await bodyOf(params)).toEqual(params);
});

it.each<ConnectTokenParams['subject']>([
  { type: 'app' },
  { type: 'user', id: 'user_123', issuer: 'https://login.acme.dev' },
  {
    type: 'jwt-bearer',
    sub: 'alice@acme.dev',
    iss: 'client_1',
    aud: 'https://idp.acme.dev/token',
    additionalClaims: { z: 1, a: [2, { b: null }] },
  },
  { type: 'token', token: 'subject-token-1' },
])('sends a subject of type $type unchanged', async (subject) => {
  expect(await bodyOf({ subject })).toEqual({ subject, scopes: ['*'] });
});

it('sends no validityBufferMs when neither caller nor client gave one', async () => {
  expect(await bodyOf(APP)).not.toHaveProperty('validityBufferMs');
});

it.each([0, 120_000])("sends the caller's own validityBufferMs, here %i", async (validityBufferMs) => {
  expect(await bodyOf({ ...APP, validityBufferMs })).toMatchObject({ validityBufferMs });
});

it("sends the client's validityBufferMs when the client was given one", async () => {
  expect(await bodyOf(APP, 45_000)).toMatchObject({ validityBufferMs: 45_000 });
});

it("sends the caller's validityBufferMs rather than the client's", async () => {
  expect(await bodyOf({ ...APP, validityBufferMs: 0 }, 45_000)).toMatchObject({ validityBufferMs: 0 });
});

it('getTokenResponse gives everything that the API says of the token', async () => {
  const answer = {
    token: 'xoxb-1',
    tokenId: 'stk_7',
    expiresAt: Date.now() + 90_000,
    connector: { id: 'scl_1', uid: CONNECTOR, type: 'slack' },
    name: 'Acme',
    installationId: 'inst_1',
    tenantId: 'T1',
    externalSubject: 'U1',
    metadata: { team: { id: 'T1' } },
    claims: { email: 'a@acme.dev' },
  };
  const { client } = createBench(() => tokenAnswer(answer));
  expect(await client.getTokenResponse(CONNECTOR, APP)).toEqual(answer);
});

it('passes fields of the answer that it does not know through', async () => {
  const { client } = createBench(() => tokenAnswer({ fromTheFuture: { level: 1 } }));
  expect(await client.getTokenResponse(CONNECTOR, APP)).toMatchObject({ fromTheFuture: { level: 1 } });
});

it('getToken gives the bare token of the same answer', async () => {
  const { client, requests } = createBench(() => tokenAnswer({ token: 'xoxb-1' }));
  expect(await client.getToken(CONNECTOR, APP)).toBe('xoxb-1');
  expect((await client.getTokenResponse(CONNECTOR, APP)).token).toBe('xoxb-1');
  expect(requests).toHaveLength(1);
});

it('a per-call vercelToken wins over bearerToken, which is then not asked for', async () => {
  const { client, requests } = createBench(undefined, {
    bearerToken: () => {
      throw new Error('must not be asked');
    },
  });
  await client.getToken(CONNECTOR, APP, { vercelToken: 'caller-two' });
  expect(requests[0]?.bearer).toBe('caller-two');
});

it.each([
  ['a string', 'caller-three'],
  ['a function', () => 'caller-three'],
  ['an async function', async () => 'caller-three'],
])('takes bearerToken as %s', async (_kind, bearerToken) => {
  const { client, requests } = createBench(undefined, { bearerToken });
  await client.getToken(CONNECTOR, APP);
  expect(requests[0]?.bearer).toBe('caller-three');
});

it('methods work detached from their client', async () => {
  const { getToken } = createBench().client;
  await expect(getToken(CONNECTOR, APP)).resolves.toBe('token-1');
});

it('lets no HTTP cache keep the token', async () => {
  let cache: string | undefined;
  const client = createConnectClient({
    bearerToken: 'caller-one',
    fetch: asFetch((request) => {
      ({ cache } = request);
      return tokenAnswer();
    }),
  });
  await client.getToken(CONNECTOR, APP);
  expect(cache).toBe('no-store');
});

it('reads no more of an answer than maxBodyBytes', async () => {
  const { client } = createBench(() => tokenAnswer({ name: 'x'.repeat(2_000) }), { maxBodyBytes: 1_000 });
  await failureOf(client.getToken(CONNECTOR, APP), ResponseTooLargeError);
});

describe('the time of a token call', () => {
  it('bounds an attempt as a whole: a body that arrives in pieces does not extend it', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    const { client, arrived } = createBench(() => new Response(body.readable), { timeout: 3_000 });
    const failed = failureOf(client.getToken(CONNECTOR, APP), APITimeoutError);
    await arrived(1);
    for (let piece = 0; piece < 2; piece++) {
      void writer.write(new TextEncoder().encode('{')).catch(() => undefined);
      await settle();
      vi.advanceTimersByTime(2_000);
      await settle();
    }
    expect(await Promise.race([failed.then(() => 'failed'), settle().then(() => 'waiting')])).toBe('failed');
  });

  it('begins with the wait for its credential', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const bearer = deferred<string>();
    const { client, arrived } = createBench(() => new Promise(() => {}), {
      bearerToken: () => bearer.promise,
      totalTimeout: 10_000,
    });
    const failed = failureOf(client.getToken(CONNECTOR, APP), APITimeoutError);
    vi.advanceTimersByTime(6_000);
    bearer.resolve('late');
    await arrived(1);
    vi.advanceTimersByTime(4_100);
    expect(await Promise.race([failed.then(() => 'failed'), settle().then(() => 'waiting')])).toBe('failed');
  });
});
