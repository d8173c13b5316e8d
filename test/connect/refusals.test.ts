import { expect, it, onTestFinished, vi } from 'vitest';
import {
  type ConnectClientOptions,
  type ConnectEvent,
  type ConnectTokenParams,
  createConnectClient,
  UserAuthorizationRequiredError,
} from '../../src/connect/index.js';
import { createMemoryData, createMemoryStore } from '../fleet/memory-store.js';
import {
  type Answer,
  APP,
  CONNECTOR,
  countedToken,
  createBench,
  createUpstream,
  errorAnswer,
  failureOf,
} from './helpers.js';

const CONSENT_CODES = ['user_authorization_required', 'no_token', 'connector_installation_required'];
const USER: ConnectTokenParams = { subject: { type: 'user', id: 'user_1' } };

/** An upstream that refuses once, with the clocks in the test's hand. */
function createRefusing(code: string, options: ConnectClientOptions = {}, status = 422) {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const answer: Answer = (request, index) => {
    if (request.url.endsWith('/import')) return Response.json({ accepted: 1, imported: 1, items: [] });
    return index === 0 ? errorAnswer(status, code) : countedToken(request, index);
  };
  return createBench(answer, options);
}

it.each(CONSENT_CODES)('%s is remembered for half a minute, and asked about again after it', async (code) => {
  const { client, requests } = createRefusing(code);
  const first = await failureOf(client.getToken(CONNECTOR, USER), Error);
  vi.advanceTimersByTime(29_999);
  expect(await failureOf(client.getToken(CONNECTOR, USER), Error)).toBe(first);
  expect(requests).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(await client.getToken(CONNECTOR, USER)).toBe('token-2');
});

it('a refusal is of one caller and one token', async () => {
  const { client, requests } = createRefusing('no_token');
  await failureOf(client.getToken(CONNECTOR, USER), Error);
  await client.getToken(CONNECTOR, APP);
  await client.getToken(CONNECTOR, USER, { vercelToken: 'caller-two' });
  expect(requests).toHaveLength(3);
});

it.each([
  [422, 'invalid_scope'],
  [404, 'connector_not_found'],
  [500, 'internal_server_error'],
  [429, 'rate_limited'],
])('a %i %s is not remembered', async (status, code) => {
  const { client } = createRefusing(code, {}, status);
  await failureOf(client.getToken(CONNECTOR, USER), Error);
  expect(await client.getToken(CONNECTOR, USER)).toBe('token-2');
});

it('forceRefresh asks, and what it finds stands', async () => {
  const { client, requests } = createRefusing('no_token');
  await failureOf(client.getToken(CONNECTOR, USER), Error);
  await client.getToken(CONNECTOR, USER, { forceRefresh: true });
  expect(await client.getToken(CONNECTOR, USER)).toBe('token-2');
  expect(requests).toHaveLength(2);
});

it('deleteTokenCacheEntry forgets a refusal', async () => {
  const { client } = createRefusing('no_token');
  await failureOf(client.getToken(CONNECTOR, USER), Error);
  client.deleteTokenCacheEntry(CONNECTOR, USER);
  expect(await client.getToken(CONNECTOR, USER)).toBe('token-2');
});

it('an import forgets refusals, and those of requests that were under way', async () => {
  const { client } = createRefusing('no_token');
  await failureOf(client.getToken(CONNECTOR, USER), Error);
  const item = {
    accessToken: 'imported',
    expiresAt: Date.now() + 1,
    environment: 'production',
    subject: USER.subject,
  };
  await client.importTokens(CONNECTOR, [item]);
  expect(await client.getToken(CONNECTOR, USER)).toBe('token-3');
});

it('a request that began before forgetting leaves no refusal behind', async () => {
  const { client, requests } = createRefusing('no_token');
  const begun = failureOf(client.getToken(CONNECTOR, USER), Error);
  while (requests.length === 0) await Promise.resolve();
  client.deleteTokenCacheEntry(CONNECTOR, APP);
  await begun;
  expect(await client.getToken(CONNECTOR, USER)).toBe('token-2');
});

it('cache.negativeMs sets the time, and 0 turns it off', async () => {
  const off = createRefusing('no_token', { cache: { negativeMs: 0 } });
  await failureOf(off.client.getToken(CONNECTOR, USER), Error);
  expect(await off.client.getToken(CONNECTOR, USER)).toBe('token-2');
  const long = createRefusing('no_token', { cache: { negativeMs: 2_000 } });
  await failureOf(long.client.getToken(CONNECTOR, USER), Error);
  vi.advanceTimersByTime(1_999);
  await failureOf(long.client.getToken(CONNECTOR, USER), Error);
  expect(long.requests).toHaveLength(1);
});

it('tells of it, and tryGetToken gives the reason', async () => {
  const events: ConnectEvent[] = [];
  const { client } = createRefusing('user_authorization_required', {
    onEvent: (event) => events.push(event),
  });
  await failureOf(client.getToken(CONNECTOR, USER), UserAuthorizationRequiredError);
  expect(await client.tryGetToken(CONNECTOR, USER)).toMatchObject({
    ok: false,
    reason: 'user_authorization_required',
  });
  expect(client.stats()).toMatchObject({ upstreamCalls: 1, refusals: 1 });
  expect(events.at(-1)).toEqual({ type: 'refused', connector: CONNECTOR });
});

it('the first live token that leaves for want of room comes with what to do, and no other does', async () => {
  const events: ConnectEvent[] = [];
  const { client } = createBench(undefined, { cache: { max: 1 }, onEvent: (event) => events.push(event) });
  for (const connector of ['slack/a', 'slack/b', 'slack/c']) await client.getToken(connector, APP);
  const hints = events.flatMap((event) => (event.type === 'eviction' ? [event.hint] : []));
  expect(hints).toEqual([expect.stringMatching(/raise cache\.max \(now 1\)/), undefined]);
});

it.each([-1, Number.NaN, '5'])('cache.negativeMs refuses %s', (negativeMs) => {
  expect(() => createBench(undefined, { cache: { negativeMs: negativeMs as number } })).toThrow(
    /cache\.negativeMs/,
  );
});

/** An upstream where nobody has consented, with the clocks in the test's hand. */
function createUnconsented() {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  return createBench((request) =>
    request.url.includes('/authorize/')
      ? Response.json({
          url: 'https://vercel.com/x',
          verifier: 'v',
          request: 'r',
          expiresAt: Date.now() + 60_000,
        })
      : errorAnswer(422, 'user_authorization_required'),
  );
}
const user = (id: string): ConnectTokenParams => ({ subject: { type: 'user', id } });

it('while a subject is deciding, its refusals are remembered for a second, and those of others for half a minute', async () => {
  const { client, requests } = createUnconsented();
  await client.startAuthorization(CONNECTOR, user('alice'));
  const ask = (id: string) => failureOf(client.getToken(CONNECTOR, user(id)), UserAuthorizationRequiredError);
  const asked = () => requests.filter(({ url }) => url.includes('/token/')).length;
  for (const id of ['alice', 'bob']) await ask(id);
  vi.advanceTimersByTime(999);
  for (const id of ['alice', 'bob']) await ask(id);
  expect(asked()).toBe(2);
  vi.advanceTimersByTime(1);
  for (const id of ['alice', 'bob']) await ask(id);
  expect(asked(), 'alice was asked about again').toBe(3);
  // The page has expired: nobody is deciding any more.
  vi.advanceTimersByTime(60_000);
  await ask('alice');
  vi.advanceTimersByTime(29_999);
  await ask('alice');
  expect(asked()).toBe(4);
});

it('forgetting the refusal of one subject leaves that of another', async () => {
  const { client, requests } = createUnconsented();
  const ask = (id: string, forceRefresh = false) =>
    failureOf(client.getToken(CONNECTOR, user(id), { forceRefresh }), UserAuthorizationRequiredError);
  await ask('alice');
  await ask('bob');
  await ask('alice', true);
  await ask('bob');
  expect(requests).toHaveLength(3);
});

it('an authorization that starts forgets all refusals, since a connector has two names', async () => {
  const { client, requests } = createUnconsented();
  const ask = (id: string) => failureOf(client.getToken(CONNECTOR, user(id)), UserAuthorizationRequiredError);
  for (const id of ['alice', 'bob']) await ask(id);
  await client.startAuthorization('scl_1', user('alice'));
  for (const id of ['alice', 'bob']) await ask(id);
  expect(requests.filter(({ url }) => url.includes('/token/'))).toHaveLength(4);
});

it('one that another process was given is told as one that was cached', async () => {
  const data = createMemoryData();
  const upstream = createUpstream(() => errorAnswer(422, 'no_token'));
  const events: string[] = [];
  const clients = [1, 2].map((number) =>
    createConnectClient({
      bearerToken: 'caller-one',
      fetch: upstream.fetch,
      cache: { store: createMemoryStore(data), storeTimeoutMs: 5_000 },
      onEvent: ({ type, ...facts }) => {
        if (type === 'refused') events.push(`${number} ${JSON.stringify(facts)}`);
      },
    }),
  );
  for (const client of clients) await failureOf(client.getToken(CONNECTOR, USER), Error);
  expect(upstream.requests).toHaveLength(1);
  expect(events).toEqual([`2 ${JSON.stringify({ connector: CONNECTOR })}`]);
  for (const client of clients) await client.close();
});
