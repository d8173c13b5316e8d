import { channel } from 'node:diagnostics_channel';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  type ConnectEvent,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from '../../src/connect/index.js';
import { EVENT_CHANNEL, InternalServerError, InvalidArgumentError } from '../../src/index.js';
import {
  APP,
  CONNECTOR,
  countedToken,
  createBench,
  errorAnswer,
  failureOf,
  thrownBy,
  tokenAnswer,
} from './helpers.js';

describe('tryGetToken', () => {
  it('gives the token, and a copy of the answer', async () => {
    const { client } = createBench();
    const outcome = await client.tryGetToken(CONNECTOR, APP);
    expect(outcome).toMatchObject({
      ok: true,
      token: 'token-1',
      missingScopes: [],
      response: { tokenId: 'stk_1' },
    });
  });

  it.each([
    ['user_authorization_required', 'user_authorization_required', UserAuthorizationRequiredError],
    ['no_token', 'no_token', NoValidTokenError],
  ])('gives %s as a reason', async (code, reason, errorClass) => {
    const { client } = createBench(() => errorAnswer(422, code));
    const outcome = await client.tryGetToken(CONNECTOR, APP);
    expect(outcome).toMatchObject({ ok: false, reason });
    expect('error' in outcome && outcome.error).toBeInstanceOf(errorClass);
  });

  it('throws what is no state to expect', async () => {
    const { client } = createBench(() => errorAnswer(500));
    await failureOf(client.tryGetToken(CONNECTOR, APP), InternalServerError);
    await failureOf(client.tryGetToken('', APP), InvalidArgumentError);
  });

  it.each([
    [{ claims: { scope: 'chat:write users:read' } }, ['files:read']],
    [{ metadata: { scopes: ['chat:write', 'files:read'] } }, []],
    [{ metadata: { scp: 'chat:write,users:read' } }, ['files:read']],
    [{ metadata: { scope: ',  users:read ,' } }, ['chat:write', 'files:read']],
    [{ metadata: { scope: ' ' } }, []],
    [{ claims: { scp: [1, {}, null] } }, []],
    [{ claims: { scope: 5 }, metadata: 'chat:write' }, []],
    [{}, []],
  ])('tells missing scopes where the answer %j tells granted ones', async (fields, missingScopes) => {
    const { client } = createBench(() => tokenAnswer(fields));
    const outcome = await client.tryGetToken(CONNECTOR, { ...APP, scopes: ['chat:write', 'files:read'] });
    expect(outcome).toMatchObject({ missingScopes });
  });

  it('misses nothing for a caller who asks for all scopes', async () => {
    const { client } = createBench(() => tokenAnswer({ claims: { scope: 'chat:write' } }));
    expect(await client.tryGetToken(CONNECTOR, APP)).toMatchObject({ ok: true, missingScopes: [] });
  });
});

describe('tokenSource', () => {
  it('shares the cache with getToken, and makes one request for any number of uses', async () => {
    const { client, requests } = createBench();
    const params = { subject: { type: 'app' as const }, scopes: ['a'] };
    const source = client.tokenSource(CONNECTOR, params);
    params.scopes.push('changed later');
    expect(await Promise.all([source.getToken(), source.getToken()])).toEqual(['token-1', 'token-1']);
    expect((await source.getTokenResponse()).token).toBe('token-1');
    expect(await client.getToken(CONNECTOR, { ...APP, scopes: ['a'] })).toBe('token-1');
    expect(requests).toHaveLength(1);
    client.deleteTokenCacheEntry(CONNECTOR, { ...APP, scopes: ['a'] });
    expect(await source.getToken()).toBe('token-2');
  });

  it('is bound to its caller', async () => {
    const { client, requests } = createBench();
    const options = { vercelToken: 'caller-two' };
    const source = client.tokenSource(CONNECTOR, APP, options);
    options.vercelToken = 'caller-three';
    await source.getToken();
    expect(requests[0]?.bearer).toBe('caller-two');
  });

  it('refuses bad arguments at once', () => {
    const { client } = createBench();
    expect(thrownBy(() => client.tokenSource('..', APP), InvalidArgumentError).argument).toBe('connector');
  });
});

describe('stats and events', () => {
  it('count what was done, and tell it without a secret', async () => {
    const events: ConnectEvent[] = [];
    const published: unknown[] = [];
    const listen = (message: unknown) => published.push(message);
    channel(EVENT_CHANNEL).subscribe(listen);
    onTestFinished(() => {
      channel(EVENT_CHANNEL).unsubscribe(listen);
    });
    const answer = (request: Parameters<typeof countedToken>[0], index: number) =>
      index === 0 ? errorAnswer(503) : countedToken(request, index);
    const { client } = createBench(answer, {
      maxRetries: 1,
      cache: { max: 1 },
      onEvent: (event) => events.push(event),
    });
    await Promise.all([client.getToken(CONNECTOR, APP), client.getToken(CONNECTOR, APP)]);
    await client.getToken(CONNECTOR, APP);
    await client.getToken('slack/other', APP);
    expect(client.stats()).toEqual({
      hits: 1,
      misses: 3,
      sharedFlights: 1,
      upstreamCalls: 2,
      refreshes: 0,
      staleServed: 0,
      storeHits: 0,
      storeOutages: 0,
      storeReturns: 0,
      storeUnreadable: 0,
      storeUnsubscribed: 0,
      storeWaits: 0,
      refusals: 0,
      evictions: 1,
      retries: 1,
      giveUps: 0,
      held: 0,
      requests: 3,
      responses: 3,
      errors: 0,
      hookErrors: 0,
    });
    expect(events.map(({ type }) => type)).toEqual([
      ...['miss', 'miss', 'shared', 'request', 'upstream', 'response', 'retry', 'request', 'response'],
      ...['hit', 'miss', 'request', 'upstream', 'response', 'eviction'],
    ]);
    expect(published).toEqual(events);
    expect(JSON.stringify(events)).not.toMatch(/caller-one|token-\d/);
  });

  it('a listener that throws changes nothing', async () => {
    const { client } = createBench(undefined, {
      onEvent: () => {
        throw new Error('disk full');
      },
    });
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
  });
});
