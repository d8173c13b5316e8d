import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AuthorizationDeniedError,
  AuthorizationExpiredError,
  ConnectError,
  UserAuthorizationRequiredError,
} from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { type Answer, createBench, errorAnswer, failureOf, START, tokenAnswer } from './helpers.js';

const USER = { subject: { type: 'user', id: 'user_123' } } as const;
const CONNECTOR = 'oauth/linear';
const connector = { id: 'scl_l', name: 'L', displayName: 'L', type: 'oauth', uid: CONNECTOR };
const LIFE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const consentAnswer = () =>
  Response.json({
    url: 'https://connect.vercel.com/authorize/r1',
    request: 'r1',
    verifier: 'the-verifier-1',
    expiresAt: START + LIFE_MS,
    connector,
  });

/** An upstream that plays results in order; the last one stays. */
function playing(...results: (() => Response)[]) {
  let looks = 0;
  const answer: Answer = ({ url }) => {
    if (url.includes('/result/')) return (results[Math.min(looks++, results.length - 1)] ?? consentAnswer)();
    return url.includes('/token/') ? tokenAnswer({ token: 'granted' }) : consentAnswer();
  };
  const bench = createBench(answer);
  const asked = (part: string) => bench.requests.filter(({ url }) => url.includes(part));
  return { ...bench, asked, start: () => bench.client.startAuthorization(CONNECTOR, USER) };
}

const pending =
  (fields = {}) =>
  () =>
    Response.json({ status: 'pending', ...fields });
const success =
  (data = {}) =>
  () =>
    Response.json({ status: 'success', data });
const refused = (code: string) => () => Response.json({ status: 'error', error: { code, message: 'So.' } });
const missing = () => errorAnswer(404, 'not_found');

describe('waitForAuthorization', () => {
  it('looks every 2 s with the verifier, and ends with one token request for what was asked', async () => {
    const { client, start, asked, requests } = playing(pending(), pending(), pending(), success());
    const waited = client.waitForAuthorization(await start());
    await vi.advanceTimersByTimeAsync(5_999);
    expect(asked('/result/the-verifier-1')).toHaveLength(3);
    expect(asked('/token/')).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waited).toMatchObject({ token: 'granted' });
    expect(asked('/token/')).toHaveLength(1);
    expect(asked('/token/')[0]?.body).toMatchObject(USER);
    expect(new Set(requests.map(({ bearer }) => bearer))).toEqual(new Set(['caller-one']));
  });

  it('tells of each look that found no decision', async () => {
    const { client, start } = playing(pending({ progress: { step: 1 } }), success());
    const seen: unknown[] = [];
    const waited = client.waitForAuthorization(await start(), { onPending: (one) => seen.push(one) });
    await vi.advanceTimersByTimeAsync(2_000);
    await waited;
    expect(seen).toEqual([{ status: 'pending', progress: { step: 1 }, remainingMs: LIFE_MS }]);
  });

  it('takes three early 404s, and no fourth', async () => {
    const three = playing(missing, missing, missing, success());
    const waited = three.client.waitForAuthorization(await three.start());
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await waited).toMatchObject({ token: 'granted' });
    const four = playing(missing);
    const failed = failureOf(four.client.waitForAuthorization(await four.start()), ConnectError);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(await failed).toMatchObject({ status: 404 });
    expect(four.asked('/result/')).toHaveLength(4);
  });

  it('takes no 404 once there was an answer', async () => {
    const { client, start, asked } = playing(pending(), missing);
    const failed = failureOf(client.waitForAuthorization(await start()), ConnectError);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await failed).toMatchObject({ status: 404 });
    expect(asked('/result/')).toHaveLength(2);
  });

  it('survives an API that is away for a while, and waits as long as a 429 says', async () => {
    const limited = () =>
      new Response('{"error":{"code":"rate_limited","message":"Slow."}}', {
        status: 429,
        headers: { 'retry-after': '9' },
      });
    const { client, start, asked } = playing(() => errorAnswer(503), limited, success());
    const waited = client.waitForAuthorization(await start());
    await vi.advanceTimersByTimeAsync(2_000 + 8_999);
    expect(asked('/result/')).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(await waited).toMatchObject({ token: 'granted' });
  });

  it('gives up on an API that stays away', async () => {
    const { client, start, asked } = playing(() => errorAnswer(503));
    const failed = failureOf(client.waitForAuthorization(await start()), ConnectError);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await failed).toMatchObject({ status: 503 });
    expect(asked('/result/')).toHaveLength(6);
  });

  it.each([
    ['access_denied', AuthorizationDeniedError],
    ['expired_token', AuthorizationExpiredError],
    ['user_authorization_required', UserAuthorizationRequiredError],
    ['some_new_code', ConnectError],
  ])('ends with the error of the result: %s', async (code, errorClass) => {
    const { client, start, asked } = playing(refused(code));
    const error = await failureOf(client.waitForAuthorization(await start()), errorClass);
    expect(error).toMatchObject({ code, message: 'So.' });
    expect(asked('/token/')).toHaveLength(0);
  });

  it('ends when nobody decided in time, without a token request', async () => {
    const { client, start, asked } = playing(pending());
    const failed = failureOf(client.waitForAuthorization(await start()), AuthorizationExpiredError);
    await vi.advanceTimersByTimeAsync(LIFE_MS);
    expect((await failed).message).toBe('Nobody decided before the request expired');
    expect(asked('/result/')).toHaveLength(LIFE_MS / 2_000);
    expect(asked('/token/')).toHaveLength(0);
  });

  it('ends with the reason of the signal, between two looks too', async () => {
    const { client, start } = playing(pending());
    const controller = new AbortController();
    const reason = new Error('the user went home');
    const waited = client.waitForAuthorization(await start(), { signal: controller.signal });
    const failed = expect(waited).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(3_000);
    controller.abort(reason);
    await failed;
  });

  it('forgets that consent was missing a moment ago', async () => {
    let granted = false;
    const { client, requests } = createBench(({ url }) => {
      if (url.includes('/result/')) return success()();
      if (url.includes('/authorize/')) return consentAnswer();
      return granted ? tokenAnswer({ token: 'granted' }) : errorAnswer(422, 'user_authorization_required');
    });
    await failureOf(client.getToken(CONNECTOR, USER), UserAuthorizationRequiredError);
    const authorization = await client.startAuthorization(CONNECTOR, USER);
    granted = true;
    expect(await client.waitForAuthorization(authorization)).toMatchObject({ token: 'granted' });
    expect(await client.getToken(CONNECTOR, USER)).toBe('granted');
    expect(requests.filter(({ url }) => url.includes('/token/'))).toHaveLength(2);
  });

  it('asks as the caller who started it', async () => {
    const { client, requests } = playing(success());
    const authorization = await client.startAuthorization(CONNECTOR, USER, { vercelToken: 'caller-two' });
    await client.waitForAuthorization(authorization);
    expect(new Set(requests.map(({ bearer }) => bearer))).toEqual(new Set(['caller-two']));
  });

  it('gets the token of the new installation', async () => {
    const { client, asked } = playing(success({ installationId: 'inst_9' }));
    const installation = await client.startInstallation(CONNECTOR, { scopes: ['read'] });
    await client.waitForAuthorization(installation);
    expect(asked('/token/')[0]?.body).toEqual({
      subject: { type: 'app' },
      scopes: ['read'],
      installationId: 'inst_9',
    });
  });

  it('goes on with an authorization that was stored, when told which token is wanted', async () => {
    const { client, start, asked } = playing(success());
    const stored = JSON.parse(JSON.stringify(await start()));
    const error = await failureOf(client.waitForAuthorization(stored), InvalidArgumentError);
    expect(error.argument).toBe('options.params');
    expect(error.message).toContain('must say which token is wanted');
    expect(await client.waitForAuthorization(stored, { params: USER })).toMatchObject({ token: 'granted' });
    expect(asked('/token/scl_l')).toHaveLength(1);
  });

  it('finds the connector in what was stored, unless it is told another', async () => {
    const { client, start, asked } = playing(success());
    const stored = { ...JSON.parse(JSON.stringify(await start())), connector: 'oauth/stored' };
    await client.waitForAuthorization(stored, { params: USER });
    await client.waitForAuthorization(stored, { params: USER, connector: 'oauth/told' });
    expect(asked('/token/').map(({ url }) => url.split('/token/')[1])).toEqual([
      'oauth%2Fstored',
      'oauth%2Ftold',
    ]);
  });

  it('gets another token than the one that it was started for, where it is told so', async () => {
    const { client, asked } = playing(success());
    const begin = () => client.startAuthorization(CONNECTOR, { ...USER, validityBufferMs: 7 });
    await client.waitForAuthorization(await begin(), { params: { ...USER, scopes: ['read'] } });
    await client.waitForAuthorization(await begin(), { connector: 'oauth/other' });
    expect(asked('/token/').map(({ url, body }) => [url.split('/token/')[1], body])).toEqual([
      ['oauth%2Flinear', { ...USER, scopes: ['read'] }],
      ['oauth%2Fother', { ...USER, scopes: ['*'], validityBufferMs: 7 }],
    ]);
  });

  it('asks for the buffer of the token that it was started for', async () => {
    const { client, asked } = playing(success());
    const started = await client.startAuthorization(CONNECTOR, { ...USER, validityBufferMs: 7 });
    await client.waitForAuthorization(started);
    expect(asked('/token/')[0]?.body).toMatchObject({ validityBufferMs: 7 });
  });

  it('asks as another caller and in another region, where it is told so', async () => {
    const { client, start, requests } = playing(success());
    await client.waitForAuthorization(await start(), { vercelToken: 'caller-two', region: 'sfo1' });
    const [, ...later] = requests;
    expect(later.map(({ bearer }) => bearer)).toEqual(['caller-two', 'caller-two']);
    for (const { url } of later) expect(new URL(url).host).toContain('sfo1');
  });

  it('keeps to the region that it was started in', async () => {
    const { client, requests } = playing(success());
    await client.waitForAuthorization(await client.startAuthorization(CONNECTOR, USER, { region: 'sfo1' }));
    expect(new Set(requests.map(({ url }) => new URL(url).host)).size).toBe(1);
  });

  it('gets a new token, and for a user no installation that was not asked for', async () => {
    const { client, start, asked } = playing(success({ installationId: 'inst_9' }));
    await client.getToken(CONNECTOR, USER);
    await client.waitForAuthorization(await start());
    expect(asked('/token/').map(({ body }) => body)).toEqual(Array(2).fill({ ...USER, scopes: ['*'] }));
  });

  it('gives each waiter a token of its own to change', async () => {
    const { client, start } = playing(success());
    const token = await client.waitForAuthorization(await start());
    Object.assign(token, { token: 'changed' });
    expect(await client.getToken(CONNECTOR, USER)).toBe('granted');
  });

  it('looks no more for a request that has expired', async () => {
    const { client, start, asked } = playing(success());
    const started = await start();
    vi.advanceTimersByTime(LIFE_MS);
    await failureOf(client.waitForAuthorization(started), AuthorizationExpiredError);
    expect(asked('/result/')).toHaveLength(0);
  });

  it.each<[string, object]>([
    ['without an end', { expiresAt: undefined }],
    ['that ends next year', { expiresAt: START + 365 * 86_400_000 }],
  ])('waits for a request %s for 115 minutes', async (_, fields) => {
    // So that the test looks only now and then.
    const busy = () =>
      new Response('{"error":{"code":"rate_limited","message":"Slow."}}', {
        status: 429,
        headers: { 'retry-after': '60' },
      });
    const { client, start } = playing(pending(), ...Array(150).fill(busy));
    const stored = { ...(await start()), ...fields };
    const failed = failureOf(
      client.waitForAuthorization(stored, { params: USER }),
      AuthorizationExpiredError,
    );
    let isOver = false;
    void failed.then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(115 * 60_000 - 2_000);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    await failed;
  });

  it('shows of a status that it does not know 60 characters', async () => {
    const odd = () => Response.json({ status: 's'.repeat(200) });
    const { client, start } = playing(odd);
    const error = await failureOf(client.waitForAuthorization(await start()), ConnectError);
    expect(error.message).toBe(
      `The request ended with the status "${'s'.repeat(59)}, which this version does not know`,
    );
    expect(error).toMatchObject({ status: 0, code: 's'.repeat(200) });
  });

  it('tells a request that was canceled from one that was refused', async () => {
    const { client, start } = playing(() => Response.json({ status: 'canceled' }));
    const error = await failureOf(client.waitForAuthorization(await start()), AuthorizationDeniedError);
    expect(error).toMatchObject({ message: 'The request was canceled', status: 0, code: 'canceled' });
  });

  it('goes on after a step of several, and tells of it', async () => {
    const partial = () => Response.json({ status: 'partial' });
    const { client, start } = playing(partial, success());
    const seen: unknown[] = [];
    const waited = client.waitForAuthorization(await start(), {
      onPending: ({ status }) => seen.push(status),
    });
    await vi.advanceTimersByTimeAsync(2_000);
    await waited;
    expect(seen).toEqual(['partial']);
  });

  it.each(['soon', Number.NaN, null])('refuses an end that is %j', async (expiresAt) => {
    const { client, start } = playing(success());
    const wrong = { ...(await start()), expiresAt } as never;
    const error = await failureOf(client.waitForAuthorization(wrong, { params: USER }), InvalidArgumentError);
    expect(error.argument).toBe('authorization.expiresAt');
  });

  it.each([undefined, null, 'verifier', {}, { verifier: '' }, { verifier: 7 }])(
    'refuses %j in place of an authorization',
    async (wrong) => {
      const { client, requests } = playing(success());
      // What a caller without types can pass.
      const call = client.waitForAuthorization(wrong as never);
      expect((await failureOf(call, InvalidArgumentError)).argument).toBe('authorization');
      expect(requests).toHaveLength(0);
    },
  );

  it('shows the verifier nowhere, even if the server echoes it', async () => {
    const { client, start } = playing(() => errorAnswer(400, 'bad_request', 'no such the-verifier-1'));
    const error = await failureOf(client.waitForAuthorization(await start()), ConnectError);
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain('the-verifier-1');
  });
});
