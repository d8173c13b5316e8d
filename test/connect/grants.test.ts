// Which tokens and refusals end with a grant, and which stay.
import { describe, expect, it } from 'vitest';
import { ConnectError, type ConnectTokenParams, createConnectClient } from '../../src/connect/index.js';
import { createMemoryData, createMemoryStore } from '../fleet/memory-store.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  createBench,
  createUpstream,
  deferred,
  errorAnswer,
  failureOf,
} from './helpers.js';

const user = (id: string): ConnectTokenParams => ({ subject: { type: 'user', id } });

describe('deleteTokenCacheEntry with a token', () => {
  it('drops that one alone', async () => {
    const { client, requests } = createBench();
    await client.getToken(CONNECTOR, APP);
    client.deleteTokenCacheEntry(CONNECTOR, APP, { token: 'token-0' });
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
    client.deleteTokenCacheEntry(CONNECTOR, APP, { token: 'token-1' });
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    client.deleteTokenCacheEntry(CONNECTOR, APP, { token: 'token-1' });
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  });

  it('leaves a fetch under way, which may bring the one that replaces it', async () => {
    const gate = deferred();
    const { client, requests, arrived } = createBench(async (request, index) => {
      await gate.promise;
      return countedToken(request, index);
    });
    const asked = client.getToken(CONNECTOR, APP);
    await arrived(1);
    client.deleteTokenCacheEntry(CONNECTOR, APP, { token: 'token-0' });
    gate.resolve();
    expect(await asked).toBe('token-1');
    expect(requests).toHaveLength(1);
  });

  it.each([0, '', null, {}])('refuses %s', (token) => {
    const { client } = createBench();
    expect(() => client.deleteTokenCacheEntry(CONNECTOR, APP, { token: token as never })).toThrow(
      /options\.token/,
    );
  });

  it('leaves the refusal of a request under way', async () => {
    const gate = deferred();
    const { client, requests, arrived } = createBench(async () => {
      await gate.promise;
      return errorAnswer(422, 'no_token');
    });
    const asked = failureOf(client.getToken(CONNECTOR, APP), ConnectError);
    await arrived(1);
    client.deleteTokenCacheEntry(CONNECTOR, APP, { token: 'token-0' });
    gate.resolve();
    await asked;
    await failureOf(client.getToken(CONNECTOR, APP), ConnectError);
    expect(requests).toHaveLength(1);
  });

  it('leaves what was asked for with other arguments', async () => {
    const { client, requests } = createBench(() => countedToken({} as never, 0));
    for (const params of [APP, user('alice')]) await client.getToken(CONNECTOR, params);
    client.deleteTokenCacheEntry(CONNECTOR, APP, { token: 'token-1' });
    for (const params of [APP, user('alice')]) await client.getToken(CONNECTOR, params);
    expect(requests).toHaveLength(3);
  });
});

it('deleteTokenCacheEntry of one caller leaves the tokens of others', async () => {
  const { client } = createBench();
  const ask = (vercelToken: string) => client.getToken(CONNECTOR, APP, { vercelToken });
  expect([await ask('caller-one'), await ask('caller-two')]).toEqual(['token-1', 'token-2']);
  client.deleteTokenCacheEntry(CONNECTOR, APP, { vercelToken: 'caller-two' });
  expect([await ask('caller-one'), await ask('caller-two')]).toEqual(['token-1', 'token-3']);
});

it('a forced token of one subject ends the refusals of that subject, for every connector', async () => {
  let isGiven = false;
  const { client, requests } = createBench((request, index) =>
    isGiven ? countedToken(request, index) : errorAnswer(422, 'no_token'),
  );
  const refused = (connector: string, id: string) =>
    failureOf(client.getToken(connector, user(id)), ConnectError);
  for (const id of ['alice', 'bob'])
    for (const connector of [CONNECTOR, 'github/other']) await refused(connector, id);
  isGiven = true;
  await client.getToken(CONNECTOR, user('alice'), { forceRefresh: true });
  expect(await client.getToken('github/other', user('alice'))).toBe('token-6');
  await refused('github/other', 'bob');
  expect(requests).toHaveLength(6);
});

describe('the deletion of a connector', () => {
  function createShared() {
    const upstream = createUpstream((request, index) => {
      if (request.method === 'DELETE') return new Response(null, { status: 204 });
      if (request.method === 'GET') return Response.json({ id: 'scl_1', uid: CONNECTOR });
      return countedToken(request, index);
    });
    const cache = { store: createMemoryStore(createMemoryData()) };
    const client = createConnectClient({ bearerToken: 'caller-one', fetch: upstream.fetch, cache });
    return { ...upstream, client };
  }

  it.each([
    [CONNECTOR, CONNECTOR],
    [CONNECTOR, 'scl_1'],
    ['scl_1', CONNECTOR],
  ])('takes both names from a token, and reads it where none has them: %s, %s', async (asked, deleted) => {
    const { client, requests } = createShared();
    await client.getToken(asked, APP);
    await client.connectors.delete(deleted);
    await client.getToken(asked, APP);
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'POST']);
    await client.connectors.delete('github/other');
    expect(requests.slice(3).map(({ method }) => method)).toEqual(['GET', 'DELETE']);
    await client.close();
  });

  it('ends its tokens, and leaves those of others', async () => {
    const expiresAt = Date.now() + 3_600_000;
    const { client, requests } = createBench((request, index) => {
      if (request.method === 'DELETE') return new Response(null, { status: 204 });
      // A token need not say whose it is.
      return index === 0 ? Response.json({ token: 'bare', expiresAt }) : countedToken(request, index);
    });
    await client.getToken('github/bare', APP);
    await client.getToken(CONNECTOR, APP);
    await client.connectors.delete('github/other');
    await client.getToken(CONNECTOR, APP);
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'DELETE']);
    await client.connectors.delete(CONNECTOR);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-5');
  });
});
