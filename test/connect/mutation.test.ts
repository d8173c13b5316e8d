import { expect, it } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import { CONNECTOR, createBench, deferred, tokenAnswer } from './helpers.js';

const JWT = (): ConnectTokenParams & { scopes: string[] } => ({
  subject: { type: 'jwt-bearer', sub: 'alice', additionalClaims: { roles: ['reader'] } },
  scopes: ['read'],
});

const rich = () => tokenAnswer({ metadata: { team: { id: 'T1' } }, claims: { list: [1] } });

/** Everything that a caller could spoil. */
function spoil(value: object): void {
  for (const field of Object.values(value)) if (typeof field === 'object' && field !== null) spoil(field);
  for (const field of Object.keys(value)) Reflect.set(value, field, 'spoiled');
  Reflect.set(value, 'added', 'spoiled');
}

it('a mutated result does not reach the cache', async () => {
  const { client } = createBench(rich);
  const first = await client.getTokenResponse(CONNECTOR, JWT());
  const untouched = structuredClone(first);
  spoil(first);
  expect(await client.getTokenResponse(CONNECTOR, JWT())).toEqual(untouched);
  expect(await client.getToken(CONNECTOR, JWT())).toBe('token-1');
});

it('a mutated result does not reach those who waited for the same answer', async () => {
  const { client } = createBench(rich);
  const calls = Array.from({ length: 3 }, () => client.getTokenResponse(CONNECTOR, JWT()));
  const [first = {}, second, third] = await Promise.all(calls);
  const untouched = structuredClone(second);
  spoil(first);
  expect(second).toEqual(untouched);
  expect(third).toEqual(untouched);
});

it('a mutated result does not keep its token alive', async () => {
  const { client, requests } = createBench(() => tokenAnswer({ expiresAt: Date.now() + 1_000 }));
  const response = await client.getTokenResponse(CONNECTOR, JWT());
  response.expiresAt = Number.MAX_SAFE_INTEGER;
  await client.getTokenResponse(CONNECTOR, { ...JWT(), validityBufferMs: 30_000 });
  expect(requests).toHaveLength(2);
});

it('parameters mutated right after the call change neither what is sent nor what is cached', async () => {
  const { client, requests } = createBench(undefined, { bearerToken: async () => 'caller-one' });
  const params = JWT();
  const call = client.getToken(CONNECTOR, params);
  spoil(params);
  await call;
  expect(requests[0]?.body).toEqual(JWT());
  expect(await client.getToken(CONNECTOR, JWT())).toBe('token-1');
  expect(requests).toHaveLength(1);
});

it('parameters mutated while the request is under way change nothing', async () => {
  const gate = deferred<Response>();
  const { client, requests, arrived } = createBench(() => gate.promise);
  const params = JWT();
  const call = client.getToken(CONNECTOR, params);
  await arrived(1);
  params.scopes.push('write');
  gate.resolve(tokenAnswer());
  await call;
  expect(await client.getToken(CONNECTOR, JWT())).toBe('token-1');
  expect(requests).toHaveLength(1);
});

it('options mutated right after the call change nothing', async () => {
  const { client, requests } = createBench();
  const options = { vercelToken: 'caller-two', region: 'sfo1' };
  const call = client.getToken(CONNECTOR, JWT(), options);
  options.vercelToken = 'caller-three';
  options.region = 'fra1';
  await call;
  expect(requests[0]).toMatchObject({
    bearer: 'caller-two',
    url: 'https://api-sfo1.vercel.com/v1/connect/token/slack%2Facme-slack',
  });
});

it('the parameters are never changed by the call', async () => {
  const { client } = createBench();
  const params = { ...JWT(), scopes: ['b', 'a'], validityBufferMs: 5 };
  const before = structuredClone(params);
  await client.getToken(CONNECTOR, params);
  client.deleteTokenCacheEntry(CONNECTOR, params);
  expect(params).toEqual(before);
});

it('frozen parameters are fine', async () => {
  const { client } = createBench();
  const params = Object.freeze({ ...JWT(), scopes: Object.freeze(['b', 'a']) as string[] });
  await expect(client.getToken(CONNECTOR, params)).resolves.toBe('token-1');
});

it('revocation parameters mutated right after the call change nothing', async () => {
  const { client, requests } = createBench(() => new Response(null, { status: 204 }), {
    bearerToken: async () => 'caller-one',
  });
  const params = { subject: { type: 'user', id: 'user_123' } as const, installationId: 'inst_1' };
  const before = structuredClone(params);
  const call = client.revokeToken(CONNECTOR, params);
  spoil(params);
  await call;
  expect(requests[0]?.body).toEqual(before);
});

it('tokens to import mutated right after the call change nothing', async () => {
  const { client, requests } = createBench(() => Response.json({ accepted: 1, imported: 1, tokens: [] }), {
    bearerToken: async () => 'caller-one',
  });
  const item = {
    accessToken: 'provider-token-1',
    expiresAt: 5,
    environment: 'production',
    subject: { type: 'app' } as const,
  };
  const before = structuredClone(item);
  const list = [item];
  const call = client.importTokens(CONNECTOR, list);
  spoil(item);
  list.push(item);
  await call;
  expect(requests[0]?.body).toEqual({ tokens: [before] });
});
