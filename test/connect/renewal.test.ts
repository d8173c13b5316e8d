import { expect, it, vi } from 'vitest';
import { ConnectError } from '../../src/connect/index.js';
import { AuthenticationError, CredentialError, InvalidArgumentError } from '../../src/index.js';
import {
  type Answer,
  APP,
  CONNECTOR,
  countedToken,
  createBench,
  errorAnswer,
  failureOf,
  tokenAnswer,
} from './helpers.js';

/** Refuses the bearers named with 401; anything else gets a token that names its bearer. */
function refusing(...expired: string[]): Answer {
  return ({ bearer = '' }) =>
    expired.includes(bearer) ? errorAnswer(401, 'unauthorized') : tokenAnswer({ token: `for ${bearer}` });
}

/** A bearer function that gives these in turn, the last one for ever. */
function giving(...bearers: string[]) {
  return vi.fn(() => (bearers.length > 1 ? bearers.shift() : bearers[0]) ?? '');
}

it('after a 401 the bearer function is asked once more, and the request sent once more', async () => {
  const bearerToken = giving('old', 'new');
  const { client, requests } = createBench(refusing('old'), { bearerToken });
  expect(await client.getToken(CONNECTOR, APP)).toBe('for new');
  expect(requests.map(({ bearer }) => bearer)).toEqual(['old', 'new']);
  expect(requests[1]?.body).toEqual(requests[0]?.body);
  expect(bearerToken).toHaveBeenCalledTimes(2);
});

it('the answer is stored under the identity that got it', async () => {
  const { client, requests } = createBench(refusing('old'), { bearerToken: giving('old', 'new') });
  await client.getToken(CONNECTOR, APP);
  expect(await client.getToken(CONNECTOR, APP)).toBe('for new');
  expect(await client.getToken(CONNECTOR, APP, { vercelToken: 'new' })).toBe('for new');
  expect(requests, 'all served from the cache').toHaveLength(2);
  await failureOf(client.getToken(CONNECTOR, APP, { vercelToken: 'old' }), AuthenticationError);
  expect(requests, 'nothing stands under the refused identity').toHaveLength(3);
});

it('a token cached for the renewed identity is served without asking the API again', async () => {
  const { client, requests } = createBench(refusing('old'), { bearerToken: giving('old', 'new') });
  await client.getToken(CONNECTOR, APP, { vercelToken: 'new' });
  expect(await client.getToken(CONNECTOR, APP)).toBe('for new');
  expect(requests.map(({ bearer }) => bearer)).toEqual(['new', 'old']);
});

it('a bearer function that gives the same token again is not worth another request', async () => {
  const bearerToken = giving('old');
  const { client, requests } = createBench(refusing('old'), { bearerToken });
  const error = await failureOf(client.getToken(CONNECTOR, APP), AuthenticationError);
  expect(error).toBeInstanceOf(ConnectError);
  expect(requests).toHaveLength(1);
  expect(bearerToken).toHaveBeenCalledTimes(2);
});

it('the attempts of the call with the renewed bearer begin at 1', async () => {
  const attempts: number[] = [];
  const { client } = createBench(refusing('old'), {
    bearerToken: giving('old', 'new'),
    hooks: { onRequest: ({ attempt }) => void attempts.push(attempt) },
  });
  await client.getToken(CONNECTOR, APP);
  expect(attempts).toEqual([1, 1]);
});

it('a second 401 is final', async () => {
  const { client, requests } = createBench(refusing('old', 'new'), {
    bearerToken: giving('old', 'new', 'newer'),
  });
  await failureOf(client.getToken(CONNECTOR, APP), AuthenticationError);
  expect(requests.map(({ bearer }) => bearer)).toEqual(['old', 'new']);
});

it('a 401 does not count against maxRetries', async () => {
  const { client } = createBench(refusing('old'), { bearerToken: giving('old', 'new'), maxRetries: 0 });
  await expect(client.getToken(CONNECTOR, APP)).resolves.toBe('for new');
});

it.each([403, 404, 422])('a %i does not ask for another bearer', async (status) => {
  const bearerToken = giving('old', 'new');
  const { client } = createBench(() => errorAnswer(status), { bearerToken });
  await failureOf(client.getToken(CONNECTOR, APP), ConnectError);
  expect(bearerToken).toHaveBeenCalledTimes(1);
});

it('a fixed bearer and a vercelToken are sent once', async () => {
  const { client, requests } = createBench(refusing('fixed', 'caller-one'));
  await failureOf(client.getToken(CONNECTOR, APP), AuthenticationError);
  await failureOf(client.getToken(CONNECTOR, APP, { vercelToken: 'fixed' }), AuthenticationError);
  expect(requests).toHaveLength(2);
});

it('a refused vercelToken never falls back to the bearer of the client', async () => {
  const bearerToken = giving('service');
  const { client, requests } = createBench(refusing('guest'), { bearerToken });
  await failureOf(client.getToken(CONNECTOR, APP, { vercelToken: 'guest' }), AuthenticationError);
  expect(requests.map(({ bearer }) => bearer)).toEqual(['guest']);
  expect(bearerToken).not.toHaveBeenCalled();
});

it('parallel callers share the refused request and the renewed one', async () => {
  let bearer = 'old';
  const { client, requests } = createBench(
    (request) => {
      bearer = 'new';
      return refusing('old')(request, 0);
    },
    { bearerToken: () => bearer },
  );
  const tokens = await Promise.all(Array.from({ length: 100 }, () => client.getToken(CONNECTOR, APP)));
  expect(new Set(tokens)).toEqual(new Set(['for new']));
  expect(requests.map((request) => request.bearer)).toEqual(['old', 'new']);
});

it.each([
  ['revokeToken', 'DELETE'],
  ['importTokens', 'POST'],
  ['getConnectorMetadata', 'GET'],
] as const)('%s renews the same way', async (name, method) => {
  const { client, requests } = createBench(
    ({ bearer }) => (bearer === 'old' ? errorAnswer(401) : Response.json({ id: 'scl_1' })),
    { bearerToken: giving('old', 'new') },
  );
  if (name === 'revokeToken') await client.revokeToken(CONNECTOR, APP);
  else if (name === 'importTokens') await client.importTokens(CONNECTOR, []);
  else await client.getConnectorMetadata(CONNECTOR);
  expect(requests.map((request) => [request.method, request.bearer])).toEqual([
    [method, 'old'],
    [method, 'new'],
  ]);
});

it('a bearer function that fails is a CredentialError with its cause, and nothing is sent', async () => {
  const cause = new Error('vault sealed');
  const { client, requests } = createBench(undefined, {
    bearerToken: () => Promise.reject(cause),
  });
  const error = await failureOf(client.getToken(CONNECTOR, APP), CredentialError);
  expect(error.cause).toBe(cause);
  expect(error.message).not.toContain('vault sealed');
  expect(requests).toHaveLength(0);
});

it('a failed bearer function is asked again by the next call', async () => {
  const bearerToken = vi.fn<() => string>().mockReturnValue('good');
  bearerToken.mockImplementationOnce(() => {
    throw new Error('vault sealed');
  });
  const { client } = createBench(countedToken, { bearerToken });
  await failureOf(client.getToken(CONNECTOR, APP), CredentialError);
  await expect(client.getToken(CONNECTOR, APP)).resolves.toBe('token-1');
});

it.each(['', 'two words', 'line\nbreak'])('a bearer function that gives %j is refused', async (bearer) => {
  const { client, requests } = createBench(undefined, { bearerToken: () => bearer });
  const error = await failureOf(client.getToken(CONNECTOR, APP), InvalidArgumentError);
  expect(error.argument).toBe('bearerToken');
  expect(requests).toHaveLength(0);
});
