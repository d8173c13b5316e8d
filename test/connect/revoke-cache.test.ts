import { expect, it } from 'vitest';
import { type Answer, APP, CONNECTOR, createBench, deferred, errorAnswer, tokenAnswer } from './helpers.js';

const USER = { subject: { type: 'user', id: 'user_123' } } as const;

/** Tokens for token requests, numbered; `revoked` for revocations. */
function answering(revoked: () => Response | Promise<Response>): Answer {
  let issued = 0;
  return (request) => {
    if (request.method === 'DELETE') return revoked();
    issued += 1;
    return tokenAnswer({ token: `token-${issued}` });
  };
}

const done = () => new Response(null, { status: 204 });

it('a revocation drops the tokens of its grant, of every caller and region, and no others', async () => {
  const { client } = createBench(answering(done));
  const ask = () =>
    Promise.all([
      client.getToken(CONNECTOR, APP),
      client.getToken('oauth/linear', USER),
      client.getToken(CONNECTOR, APP, { vercelToken: 'caller-two', region: 'sfo1' }),
    ]);
  const before = await ask();
  expect(await ask()).toEqual(before);
  await client.revokeToken(CONNECTOR, APP);
  const after = await ask();
  expect(after.map((token) => before.includes(token))).toEqual([false, true, false]);
});

it.each([403, 404, 422, 500])('a revocation refused with %i leaves the cache', async (status) => {
  const { client } = createBench(answering(() => errorAnswer(status)));
  await client.getToken(CONNECTOR, APP);
  await expect(client.revokeToken(CONNECTOR, APP)).rejects.toMatchObject({ status });
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
});

it('a revocation that never reached the API leaves the cache', async () => {
  const { client } = createBench(
    answering(() => {
      throw new TypeError('fetch failed');
    }),
  );
  await client.getToken(CONNECTOR, APP);
  await expect(client.revokeToken(CONNECTOR, APP)).rejects.toThrow();
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
});

it('until the revocation has succeeded the cache serves', async () => {
  const gate = deferred<Response>();
  const { client, arrived } = createBench(answering(() => gate.promise));
  await client.getToken(CONNECTOR, APP);
  const revocation = client.revokeToken(CONNECTOR, APP);
  await arrived(2);
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
  gate.resolve(done());
  await revocation;
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
});

it('a revocation beats a flight under way: its token is neither stored nor handed out', async () => {
  const gate = deferred<Response>();
  const { client, requests, arrived } = createBench((request, index) => {
    if (request.method === 'DELETE') return done();
    return index === 0 ? gate.promise : tokenAnswer({ token: 'issued after' });
  });
  const waiters = Array.from({ length: 10 }, () => client.getToken(CONNECTOR, APP));
  await arrived(1);
  await client.revokeToken(CONNECTOR, APP);
  gate.resolve(tokenAnswer({ token: 'revoked' }));
  expect(new Set(await Promise.all(waiters))).toEqual(new Set(['issued after']));
  expect(await client.getToken(CONNECTOR, APP)).toBe('issued after');
  expect(requests.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'POST']);
});

it('a token fetched while the revocation was under way does not outlive it', async () => {
  const gate = deferred<Response>();
  const { client, arrived } = createBench(answering(() => gate.promise));
  const revocation = client.revokeToken(CONNECTOR, APP);
  await arrived(1);
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
  gate.resolve(done());
  await revocation;
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
});

it('importing tokens and reading a connector leave the cache', async () => {
  const { client } = createBench((request) => {
    if (request.url.endsWith('/import')) return Response.json({ accepted: 0, imported: 0, tokens: [] });
    return request.method === 'GET' ? Response.json({ id: 'scl_1' }) : tokenAnswer({ token: 'kept' });
  });
  await client.getToken(CONNECTOR, APP);
  await client.importTokens(CONNECTOR, []);
  await client.getConnectorMetadata(CONNECTOR);
  expect(await client.getToken(CONNECTOR, APP)).toBe('kept');
});
