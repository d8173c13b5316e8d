import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type ConnectAuthorizationOptions,
  type ConnectInstallationOptions,
  UserAuthorizationRequiredError,
} from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { createBench, errorAnswer, failureOf, MINUTE } from './helpers.js';

const CONNECTOR = 'oauth/linear';
const USER = { subject: { type: 'user', id: 'user_123' } } as const;
const DETACHED = 'VERCEL_CONNECT_INTERACTIVE_AUTH_MODE';

/** An API that starts every request for consent, and has no token. */
function createWorld(fields: Record<string, unknown> = {}) {
  const bench = createBench(({ url }) =>
    url.includes('/token/')
      ? errorAnswer(422, 'user_authorization_required')
      : Response.json({
          url: 'https://connect.vercel.com/authorize/r',
          request: 'r',
          verifier: 'v',
          ...fields,
        }),
  );
  return {
    ...bench,
    authorize: (options?: ConnectAuthorizationOptions, params = {}) =>
      bench.client.startAuthorization(CONNECTOR, { ...USER, ...params }, options),
    install: (options?: ConnectInstallationOptions) =>
      bench.client.startInstallation(CONNECTOR, { scopes: ['read'] }, options),
    body: () => bench.requests.at(-1)?.body,
  };
}

afterEach(() => vi.useRealTimers());

describe('startAuthorization', () => {
  it('sends what is wanted and nothing else, unless options say more', async () => {
    const { authorize, body, requests } = createWorld();
    await authorize();
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: expect.stringContaining('/authorize/oauth%2Flinear'),
    });
    expect(body()).toEqual({ ...USER, scopes: ['*'] });
  });

  it('sends each option by the name of the API', async () => {
    const { authorize, body } = createWorld();
    const further = { expiresInMs: 60_000, prompt: 'consent', additionalParams: { login_hint: 'a' } };
    await authorize(
      {
        callbackUrl: 'https://shop.example.com/connected',
        webhook: 'https://shop.example.com/hook',
        deviceCode: false,
        ...further,
      },
      { validityBufferMs: 5_000 },
    );
    expect(body()).toEqual({
      ...USER,
      scopes: ['*'],
      validityBufferMs: 5_000,
      returnUrl: 'https://shop.example.com/connected',
      webhook: 'https://shop.example.com/hook',
      deviceCode: false,
      ...further,
    });
  });

  it('sends what its options were when it was called', async () => {
    const { authorize, body } = createWorld();
    const additionalParams = { login_hint: 'a' };
    const started = authorize({ additionalParams });
    additionalParams.login_hint = 'b';
    await started;
    expect(body()).toMatchObject({ additionalParams: { login_hint: 'a' } });
  });

  it.each([
    'https://shop.example.com/',
    'http://localhost:3000/a?b',
    'http://127.0.0.1/',
    'http://shop.localhost/',
  ])('takes %s for the way back', async (callbackUrl) => {
    const { authorize, body } = createWorld();
    await authorize({ callbackUrl });
    expect(body()).toMatchObject({ returnUrl: callbackUrl });
  });

  it.each<[string, string]>([
    ['http://shop.example.com/?state=secret', 'got http://shop.example.com'],
    ['http://localhost.example.com/', 'got http://localhost.example.com'],
    ['http://notlocalhost:80/', 'got http://notlocalhost'],
    ['http://127.0.0.10/', 'got http://127.0.0.10'],
    ['ftp://localhost/', 'got ftp://localhost'],
    ['/connected', 'must be an absolute URL such as'],
    ['', 'must be an absolute URL such as'],
  ])('refuses %s for the way back, before anything is sent', async (callbackUrl, message) => {
    const { authorize, requests } = createWorld();
    const error = await failureOf(authorize({ callbackUrl }), InvalidArgumentError);
    expect(error.argument).toBe('callbackUrl');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('secret');
    expect(requests).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['http://localhost/hook?key=secret', 'webhook', 'webhook must be https://, got http://localhost'],
    ['hook', 'webhook URL', 'must be an absolute URL'],
  ])('refuses %s for a webhook, which Connect itself calls', async (webhook, argument, message) => {
    const { authorize, requests } = createWorld();
    const error = await failureOf(authorize({ webhook }), InvalidArgumentError);
    expect(error.argument).toBe(argument);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('secret');
    expect(requests).toEqual([]);
  });
});

describe('startInstallation', () => {
  it('sends each option by the name of the API', async () => {
    const { install, body, requests } = createWorld();
    await install({
      returnUrl: 'https://shop.example.com/',
      webhook: 'https://shop.example.com/hook',
      tenantId: 'T1',
      deviceCode: true,
      expiresInMs: 60_000,
    });
    expect(requests[0]?.url).toContain('/oauth%2Flinear');
    expect(body()).toEqual({
      scopes: ['read'],
      returnUrl: 'https://shop.example.com/',
      webhook: 'https://shop.example.com/hook',
      tenantId: 'T1',
      deviceCode: true,
      expiresInMs: 60_000,
    });
    await install();
    expect(body()).toEqual({ scopes: ['read'] });
  });

  it('names its own option for a way back that cannot be', async () => {
    const { install } = createWorld();
    const error = await failureOf(install({ returnUrl: 'http://shop.example.com' }), InvalidArgumentError);
    expect(error.argument).toBe('returnUrl');
  });

  it('refuses parameters that are none', async () => {
    const { client, requests } = createWorld();
    for (const wrong of [{ scopes: 'read' }, { installationId: 5 }])
      await failureOf(client.startInstallation(CONNECTOR, wrong as never), InvalidArgumentError);
    await failureOf(client.startInstallation('', {}), InvalidArgumentError);
    expect(requests).toEqual([]);
  });
});

describe('a process without a browser of its own', () => {
  it('asks for a device code, and has no way back', async () => {
    vi.stubEnv(DETACHED, ' detached ');
    const { authorize, install, body } = createWorld();
    await authorize({ callbackUrl: 'https://shop.example.com/' });
    expect(body()).toEqual({ ...USER, scopes: ['*'], deviceCode: true });
    await authorize({ deviceCode: false });
    expect(body()).toMatchObject({ deviceCode: false });
    await install({ returnUrl: 'https://shop.example.com/' });
    expect(body()).toEqual({ scopes: ['read'], deviceCode: true });
  });

  it('is only one that says so', async () => {
    vi.stubEnv(DETACHED, 'browser');
    const { authorize, body } = createWorld();
    await authorize({ callbackUrl: 'https://shop.example.com/' });
    expect(body()).toEqual({ ...USER, scopes: ['*'], returnUrl: 'https://shop.example.com/' });
  });
});

describe('while a person is deciding, a refusal is remembered for a second', () => {
  it.each<[string, Record<string, unknown>, number]>([
    ['for ten minutes, where the response does not say', {}, 10 * MINUTE],
    ['for ten minutes, where the page lives longer', { expiresAt: Date.now() + 60 * MINUTE }, 10 * MINUTE],
    ['for as long as the page lives', { expiresAt: Date.now() + 2 * MINUTE }, 2 * MINUTE],
  ])('%s', async (_, fields, ms) => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const { authorize, client, requests } = createWorld(fields);
    const ask = async () => {
      await failureOf(client.getToken(CONNECTOR, USER), UserAuthorizationRequiredError);
      return requests.filter(({ url }) => url.includes('/token/')).length;
    };
    await authorize();
    vi.advanceTimersByTime(ms - 5_000);
    expect(await ask()).toBe(1);
    vi.advanceTimersByTime(1_001);
    expect(await ask()).toBe(2);
    vi.advanceTimersByTime(5_000);
    expect(await ask()).toBe(3);
    vi.advanceTimersByTime(1_001);
    expect(await ask(), 'nobody is deciding any more').toBe(3);
  });
});
