import { describe, expect, it, vi } from 'vitest';
import { InvalidArgumentError } from '../../../src/index.js';
import type { KnownScheme } from '../../../src/openapi/security-schemes.js';
import { authMiddleware } from '../../../src/transport/auth/auth.js';
import { type BearerToken, createCredential } from '../../../src/transport/auth/credentials.js';
import type { OutgoingRequest, Send } from '../../../src/transport/middleware.js';
import { asRequest } from '../../helpers/as-request.js';
import { callFacts, request } from '../../helpers/call-facts.js';
import { caught } from '../../helpers/caught.js';

const ORIGIN = 'https://api.example.com';

function authenticated(bearer: BearerToken) {
  return callFacts({ credential: createCredential('bearerToken', bearer) });
}

/** Answers with the given statuses and records the bearer and body of each request. */
function answering(...statuses: number[]) {
  const sent: string[] = [];
  const next: Send = async (received) => {
    sent.push(`${received.headers.authorization ?? null} ${await asRequest(received).text()}`.trim());
    return new Response(null, { status: statuses.shift() ?? 200 });
  };
  return { sent, next };
}

describe('authMiddleware', () => {
  it.each([ORIGIN, 'https://other.example.com'])(
    'leaves a call without a credential alone (%s)',
    async (origin) => {
      const original = request();
      const next = vi.fn<Send>(async () => new Response());
      await authMiddleware(origin)(next)(original, callFacts());
      expect(next).toHaveBeenCalledWith(original, expect.anything());
      expect(original.headers).toEqual({});
    },
  );

  it('sets the bearer over whatever stands there', async () => {
    const { sent, next } = answering();
    const original = request({ headers: { authorization: 'Basic other' } });
    await authMiddleware(ORIGIN)(next)(original, authenticated('token-1'));
    expect(sent).toEqual(['Bearer token-1']);
  });

  it('sends again once after a 401, where a renewable credential gives another token', async () => {
    const tokens = ['old', 'new', 'newer'];
    const { sent, next } = answering(401, 200);
    const response = await authMiddleware(ORIGIN)(next)(
      request({ method: 'POST', body: 'body' }),
      authenticated(() => tokens.shift() ?? ''),
    );
    expect(response.status).toBe(200);
    expect(sent).toEqual(['Bearer old body', 'Bearer new body']);
  });

  it('splits a stream that may be sent again, and sends it whole each time', async () => {
    const tokens = ['old', 'new'];
    const { sent, next } = answering(401, 200);
    await authMiddleware(ORIGIN)(next)(
      request({ method: 'POST', body: new Response('streamed').body }),
      authenticated(() => tokens.shift() ?? ''),
    );
    expect(sent).toEqual(['Bearer old streamed', 'Bearer new streamed']);
  });

  it('asks a credential that cannot be renewed once, and sends nothing again', async () => {
    const tokens = ['old', 'new'];
    const get = vi.fn(async () => tokens.shift() ?? '');
    const { sent, next } = answering(401, 200);
    const call = callFacts({ credential: { renewable: false, get, renew: get } });
    expect((await authMiddleware(ORIGIN)(next)(request(), call)).status).toBe(401);
    expect(get).toHaveBeenCalledOnce();
    expect(sent).toEqual(['Bearer old']);
  });

  it('tells the call which bearers must not be shown', async () => {
    const tokens = ['old', 'new'];
    const { next } = answering(401);
    const call = authenticated(() => tokens.shift() ?? '');
    await authMiddleware(ORIGIN)(next)(request(), call);
    expect(call.secrets.values).toEqual(['old', 'new']);
  });

  it('ends the wait for a bearer with the reason of the signal', async () => {
    const controller = new AbortController();
    const { sent, next } = answering();
    const call = { ...authenticated(() => new Promise(() => undefined)), signal: controller.signal };
    const waiting = authMiddleware(ORIGIN)(next)(request(), call);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    expect(sent).toEqual([]);
  });

  it('asks for no bearer where the signal has fired already', async () => {
    const bearer = vi.fn(() => 'token-1');
    const call = { ...authenticated(bearer), signal: AbortSignal.abort('enough') };
    await expect(authMiddleware(ORIGIN)(answering().next)(request(), call)).rejects.toBe('enough');
    expect(bearer).not.toHaveBeenCalled();
  });

  it('gives the second 401 as it is', async () => {
    const tokens = ['old', 'new', 'newer'];
    const { sent, next } = answering(401, 401);
    const response = await authMiddleware(ORIGIN)(next)(
      request(),
      authenticated(() => tokens.shift() ?? ''),
    );
    expect(response.status).toBe(401);
    expect(sent).toHaveLength(2);
  });

  it.each([400, 403, 407, 500])('asks for no other token after a %i', async (status) => {
    const bearer = vi.fn(() => 'token-1');
    const { sent, next } = answering(status);
    await authMiddleware(ORIGIN)(next)(request(), authenticated(bearer));
    expect(bearer).toHaveBeenCalledOnce();
    expect(sent).toHaveLength(1);
  });

  it.each([
    'https://evil.example.com/v1',
    'https://api.example.com:8443/v1',
    'https://api.example.com.evil.com/',
    'http://api.example.com/v1',
  ])('refuses to take the bearer to %s, and asks for none', async (url) => {
    const bearer = vi.fn(() => 'canary');
    const next = vi.fn<Send>();
    const call = authMiddleware(ORIGIN)(next)(
      { ...request(), url: new URL(url).href },
      authenticated(bearer),
    );
    const error = await caught(call, InvalidArgumentError);
    expect(error.argument).toBe('path');
    expect(error.message).toContain(`leads to ${new URL(url).origin}, and the bearer is for ${ORIGIN} alone`);
    expect(error.message).not.toContain('canary');
    expect(next).not.toHaveBeenCalled();
    expect(bearer).not.toHaveBeenCalled();
  });

  it('refuses plain http off this machine even where it is the configured origin', async () => {
    const middleware = authMiddleware('http://api.example.com')(async () => new Response());
    await caught(
      middleware({ ...request(), url: 'http://api.example.com/' }, authenticated('a')),
      InvalidArgumentError,
    );
    const local = authMiddleware('http://127.0.0.1:80')(async () => new Response());
    await caught(
      local({ ...request(), url: 'http://127.0.0.1:81/' }, authenticated('a')),
      InvalidArgumentError,
    );
  });
});

describe('the credentials of security schemes', () => {
  /** What a request has after a call with these credentials, each of which may be renewed. */
  async function send(
    schemes: readonly [KnownScheme, BearerToken][],
    {
      statuses = [200],
      ...changes
    }: { statuses?: number[]; bearer?: BearerToken; url?: string; cookie?: string } = {},
  ) {
    const sent: OutgoingRequest[] = [];
    const next: Send = async (received) => {
      sent.push(received);
      return new Response(null, { status: statuses.shift() ?? 200 });
    };
    const { bearer, url = `${ORIGIN}/v1/things`, cookie } = changes;
    const call = callFacts({
      ...(bearer === undefined ? {} : { credential: createCredential('bearerToken', bearer) }),
      schemes: schemes.map(([scheme, value]) => ({
        scheme,
        credential: createCredential('credentials', value),
      })),
    });
    const original = { ...request({ headers: cookie === undefined ? {} : { cookie } }), url };
    const { status } = await authMiddleware(ORIGIN)(next)(original, call);
    return { status, sent: sent.map(({ url, headers }) => ({ url, headers })), secrets: call.secrets.values };
  }

  const KEY: KnownScheme = { kind: 'apiKey', in: 'header', name: 'X-Api-Key' };
  const QUERY: KnownScheme = { kind: 'apiKey', in: 'query', name: 'api key' };
  const COOKIE: KnownScheme = { kind: 'apiKey', in: 'cookie', name: 'session' };
  const url = `${ORIGIN}/v1/things`;

  it.each<[string, KnownScheme, object]>([
    ['bearer', { kind: 'bearer' }, { url, headers: { authorization: 'Bearer a&b' } }],
    ['basic', { kind: 'basic' }, { url, headers: { authorization: 'Basic a&b' } }],
    ['a header', KEY, { url, headers: { 'x-api-key': 'a&b' } }],
    ['the query', QUERY, { url: `${url}?api%20key=a%26b`, headers: {} }],
    ['a cookie', COOKIE, { url, headers: { cookie: 'session=a%26b' } }],
  ])('go into %s', async (_, scheme, expected) => {
    const { sent, secrets } = await send([[scheme, 'a&b']]);
    expect(sent).toEqual([expected]);
    expect(secrets).toEqual(['a&b', 'a%26b']);
  });

  it('join a query and cookies that are there, the bearer, and each other', async () => {
    const { sent } = await send(
      [
        [QUERY, 'one'],
        [COOKIE, 'two'],
        [KEY, 'three'],
      ],
      { bearer: 'token-1', url: `${url}?q=1`, cookie: 'a=b' },
    );
    expect(sent).toEqual([
      {
        url: `${url}?q=1&api%20key=one`,
        headers: { cookie: 'a=b; session=two', authorization: 'Bearer token-1', 'x-api-key': 'three' },
      },
    ]);
  });

  it('are sent again after a 401 where one of them can be renewed and has changed', async () => {
    const keys = ['old', 'new'];
    const { status, sent } = await send(
      [
        [KEY, () => keys.shift() ?? ''],
        [QUERY, 'fixed'],
      ],
      { statuses: [401, 200] },
    );
    expect(status).toBe(200);
    expect(sent.map(({ headers }) => headers['x-api-key'])).toEqual(['old', 'new']);
  });

  it.each<[string, BearerToken]>([
    ['cannot be renewed', 'fixed'],
    ['have not changed', () => 'same'],
  ])('are sent once where they %s', async (_, value) => {
    const { status, sent } = await send([[KEY, value]], { bearer: 'token-1', statuses: [401, 200] });
    expect(status).toBe(401);
    expect(sent).toHaveLength(1);
  });
});
