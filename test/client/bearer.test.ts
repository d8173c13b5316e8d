import { describe, expect, it, vi } from 'vitest';
import {
  AuthenticationError,
  type BearerToken,
  CredentialError,
  createClient,
  InvalidArgumentError,
} from '../../src/index.js';
import { apiError, json } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { answeringFetch, type ObservedFetch, observedFetch } from '../helpers/observed-fetch.js';

function bearersOf({ requests }: ObservedFetch): (string | null)[] {
  return requests.map(({ headers }) => headers.get('authorization'));
}

function clientOf(network: ObservedFetch, bearerToken: BearerToken | undefined) {
  return createClient({ fetch: network.fetch, bearerToken, maxRetries: 0 });
}

describe('bearerToken', () => {
  it.each([
    ['text', 'token-1'],
    ['a function', () => 'token-1'],
    ['an async function', async () => 'token-1'],
  ])('as %s is sent', async (_, bearerToken) => {
    const network = observedFetch(json({}));
    await clientOf(network, bearerToken).GET('/v2/connect/connectors');
    expect(bearersOf(network)).toEqual(['Bearer token-1']);
  });

  it('as a function is asked anew for every call and every attempt', async () => {
    vi.useFakeTimers();
    try {
      let number = 0;
      const network = observedFetch(apiError(503), json({}), json({}));
      const client = createClient({ fetch: network.fetch, bearerToken: () => `token-${++number}` });
      const first = client.GET('/v2/connect/connectors');
      await vi.runAllTimersAsync();
      await first;
      await client.GET('/v2/connect/connectors');
      expect(bearersOf(network)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('of a call wins for that call alone', async () => {
    const network = answeringFetch(() => json({}));
    const client = clientOf(network, 'token-1');
    await client.GET('/v2/connect/connectors', { bearerToken: 'token-2' });
    await client.GET('/v2/connect/connectors', { bearerToken: async () => 'token-3' });
    await client.call('listConnectors', { bearerToken: 'token-4' });
    await client.GET('/v2/connect/connectors', { bearerToken: undefined });
    expect(bearersOf(network)).toEqual([
      'Bearer token-2',
      'Bearer token-3',
      'Bearer token-4',
      'Bearer token-1',
    ]);
  });

  it('that cannot be had is a CredentialError, and nothing is sent', async () => {
    const cause = new Error('no such file');
    const network = observedFetch();
    for (const bearerToken of [
      () => Promise.reject(cause),
      () => {
        throw cause;
      },
    ]) {
      const error = await caught(
        clientOf(network, bearerToken).GET('/v2/connect/connectors'),
        CredentialError,
      );
      expect(error.message).toBe('the bearerToken function failed, so there is nothing to authenticate with');
      expect(error.cause).toBe(cause);
    }
    expect(network.requests).toEqual([]);
  });

  it('passes on an error of this package as it is', async () => {
    const own = new CredentialError('no project is linked here');
    const network = observedFetch();
    const call = clientOf(network, () => Promise.reject(own)).GET('/v2/connect/connectors');
    expect(await caught(call, CredentialError)).toBe(own);
  });

  it.each(['', 'canary canary', 'canary\n', undefined, 42, { token: 'canary' }])(
    'that a function gives as %o is refused, and nothing is sent',
    async (value) => {
      const network = observedFetch();
      const call = clientOf(network, () => value as string).GET('/v2/connect/connectors');
      const error = await caught(call, InvalidArgumentError);
      expect(error.argument).toBe('bearerToken');
      expect(error.message).not.toContain('canary');
      expect(network.requests).toEqual([]);
    },
  );
});

describe('after a 401', () => {
  const refusal = () => apiError(401, { code: 'unauthorized', message: 'expired' });
  const init = { params: { path: { connector: 'a' } }, body: { scopes: ['one'] } };

  it('a function that gives another token is tried once more, with the whole request', async () => {
    const tokens = ['old', 'new'];
    const network = observedFetch(refusal(), json({ token: 't' }));
    const client = clientOf(network, () => tokens.shift() ?? '');
    const { data } = await client.POST('/v1/connect/token/{connector}', init);
    expect(data.token).toBe('t');
    expect(bearersOf(network)).toEqual(['Bearer old', 'Bearer new']);
    expect(network.requests.map(({ body }) => body)).toEqual(['{"scopes":["one"]}', '{"scopes":["one"]}']);
  });

  it('a second 401 is the end', async () => {
    let number = 0;
    const network = observedFetch(refusal(), refusal());
    const call = createClient({ fetch: network.fetch, bearerToken: () => `token-${++number}` }).POST(
      '/v1/connect/token/{connector}',
      init,
    );
    expect((await caught(call, AuthenticationError)).code).toBe('unauthorized');
    expect(network.requests).toHaveLength(2);
  });

  it('a function that gives the same token is asked, and nothing is sent again', async () => {
    const bearerToken = vi.fn(() => 'same');
    const network = observedFetch(refusal());
    await caught(clientOf(network, bearerToken).GET('/v2/connect/connectors'), AuthenticationError);
    expect(bearerToken).toHaveBeenCalledTimes(2);
    expect(network.requests).toHaveLength(1);
  });

  it.each([['token-1'], [undefined]])('bearerToken %o is not sent again', async (bearerToken) => {
    const network = observedFetch(refusal());
    await caught(clientOf(network, bearerToken).GET('/v2/connect/connectors'), AuthenticationError);
    expect(network.requests).toHaveLength(1);
  });

  it('the second try does not count as a retry', async () => {
    let number = 0;
    const network = observedFetch(refusal(), apiError(503), json({}));
    const client = createClient({
      fetch: network.fetch,
      maxRetries: 1,
      bearerToken: () => `token-${++number}`,
    });
    vi.useFakeTimers();
    try {
      const call = client.GET('/v2/connect/connectors');
      await vi.runAllTimersAsync();
      await call;
    } finally {
      vi.useRealTimers();
    }
    expect(bearersOf(network)).toEqual(['Bearer token-1', 'Bearer token-2', 'Bearer token-3']);
  });
});
