import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  createClient,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
} from '../../src/index.js';
import { apiError, json, networkFailure, streamed } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { startServer } from '../helpers/loopback-server.js';
import { type Answer, observedFetch } from '../helpers/observed-fetch.js';

type UncheckedCall = (target: string, init?: unknown) => Promise<unknown>;

const PATH = '/v1/connect/connectors/{connector}';

function failing(...answers: Answer[]) {
  const network = observedFetch(...answers);
  const client = createClient({ fetch: network.fetch, maxRetries: 0, bearerToken: 'bearer-canary' });
  return { network, call: () => client.GET(PATH, { params: { path: { connector: 'path-canary' } } }) };
}

describe('an error answer', () => {
  it.each([
    [400, BadRequestError],
    [401, AuthenticationError],
    [402, APIError],
    [403, PermissionDeniedError],
    [404, NotFoundError],
    [409, ConflictError],
    [410, APIError],
    [422, UnprocessableEntityError],
    [429, RateLimitError],
    [500, InternalServerError],
    [503, InternalServerError],
  ])('of status %i is thrown as its own class, with every fact', async (status, errorClass) => {
    const answer = apiError(
      status,
      { code: 'the_code', message: 'the message' },
      { 'x-vercel-id': 'fra1::abc', 'retry-after': '7' },
    );
    const { call } = failing(answer);
    const error = await caught(call(), errorClass);
    expect(error.constructor).toBe(errorClass);
    expect(error).toMatchObject({
      message: `${status} getConnector: the message (request fra1::abc)`,
      serverMessage: 'the message',
      status,
      code: 'the_code',
      requestId: 'fra1::abc',
      method: 'GET',
      path: PATH,
      retryAfterMs: 7_000,
    });
    expect(error.response).toBe(answer);
    expect(error.body).toEqual({ error: { code: 'the_code', message: 'the message' } });
  });

  it('has no request id, code or wait where the server gave none', async () => {
    const error = await caught(failing(new Response('gone', { status: 410 })).call(), APIError);
    expect([error.requestId, error.code, error.retryAfterMs]).toEqual([undefined, undefined, undefined]);
    expect(error.body).toBe('gone');
  });

  it('tells call and status where the server gave no message, and nothing of the body', async () => {
    const answer = new Response('<h1>body-canary</h1>', { status: 502, statusText: 'Bad Gateway' });
    const error = await caught(failing(answer).call(), InternalServerError);
    expect(error.message).toBe('502 getConnector: Bad Gateway');
  });

  it('is still typed when its body breaks off', async () => {
    const answer = new Response(streamed(['{"err'], new Error('reset')), { status: 500 });
    const error = await caught(failing(answer).call(), InternalServerError);
    expect(error.body).toBeUndefined();
    expect(error.message).toBe('500 getConnector: the server gave no reason');
  });

  it('is thrown whatever the call wanted its body as', async () => {
    for (const parseAs of ['json', 'text', 'blob', 'arrayBuffer', 'stream'] as const) {
      const network = observedFetch(apiError(404, { code: 'not_found' }));
      const client = createClient({ fetch: network.fetch });
      const call = client.GET('/v2/connect/connectors', { parseAs });
      expect((await caught(call, NotFoundError)).code).toBe('not_found');
    }
  });

  it('shows no bearer, path value or body when it is printed', async () => {
    const answer = apiError(403, { code: 'forbidden', message: 'no', detail: 'body-canary' });
    const error = await caught(failing(answer).call(), PermissionDeniedError);
    const printed = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
    expect(printed + JSON.stringify(error) + error.stack).not.toContain('canary');
  });

  it('masks the bearer that was sent, where the server echoes it', async () => {
    const message = 'no such token: bearer-canary';
    const answer = apiError(403, { code: 'bad-bearer-canary', message });
    const error = await caught(failing(answer).call(), PermissionDeniedError);
    expect(error.code).toBe('bad-[redacted]');
    expect(error.message).toBe('403 getConnector: no such token: [redacted]');
    expect(JSON.stringify(error) + error.stack).not.toContain('canary');
  });

  it('masks both bearers of a call that was sent again after a 401', async () => {
    const bearers = ['old-canary', 'new-canary'];
    const echo = () => apiError(401, { message: 'neither old-canary nor new-canary' });
    const client = createClient({
      fetch: observedFetch(echo, echo).fetch,
      bearerToken: () => bearers.shift() ?? '',
    });
    const error = await caught(client.GET('/v2/connect/connectors'), AuthenticationError);
    expect(error.message).toBe('401 listConnectors: neither [redacted] nor [redacted]');
  });

  /** The names of those fields whose values a message shows, where the server echoes them. */
  const echoed = async (names: readonly string[]) => {
    const shown: string[] = [];
    for (const name of names) {
      const network = observedFetch(apiError(400, { message: 'bad the-value' }));
      // The path and the field are of no document.
      const post = createClient({ fetch: network.fetch }).POST as unknown as UncheckedCall;
      const error = await caught(post('/v1/things', { body: { [name]: 'the-value' } }), BadRequestError);
      if (error.message.includes('the-value')) shown.push(name);
    }
    return shown;
  };

  it('keeps the values of fields that only describe a secret', async () => {
    const names = [
      ...['credential_type', 'credentialType', 'token_type', 'subject_token_type', 'token_type_hint'],
      ...['token_endpoint', 'tokenEndpoint', 'token_endpoint_auth_method', 'secretName', 'cookie-name'],
      ...[
        'signatureAlgorithm',
        'token_expires_at',
        'tokenExpiresIn',
        'session_status',
        'client_assertion_type',
      ],
    ];
    expect(await echoed(names)).toEqual(names);
  });

  it('masks the values of fields that hold one', async () => {
    const names = [
      ...['token', 'access_token', 'accessToken', 'refreshTokens', 'secret', 'client_secret', 'clientSecret'],
      ...['password', 'passwd', 'new_password', 'api_key', 'apiKey', 'x-api-key', 'authorization', 'cookie'],
      ...[
        'session',
        'session_id',
        'secretId',
        'token_id',
        'password_hint',
        'password_reset_url',
        'token_url',
      ],
      ...['credential', 'code_verifier', 'signature', 'assertion', 'type_token', 'tokentype', 'passphrase'],
    ];
    expect(await echoed(names)).toEqual([]);
  });

  it('caps and masks a long message', async () => {
    const message = `token xoxb-123456789-canary ${'x'.repeat(50_000)}`;
    const error = await caught(failing(apiError(400, { message })).call(), BadRequestError);
    expect(error.message).toHaveLength(512);
    expect(error.message).toMatch(/^400 getConnector: token \[redacted\] xxx/);
  });

  it('reads no more than 64 KB of it, and then goes by the status alone', async () => {
    const error = await caught(
      failing(apiError(400, { message: 'x'.repeat(5_000_000) })).call(),
      BadRequestError,
    );
    expect(error.message).toMatch(/^400 getConnector: the server gave no reason/);
    expect(String(error.body).length).toBeLessThanOrEqual(64 * 1024);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is an error and is not followed', async (status) => {
    const target = await startServer((_, response) => response.end('{}'));
    const server = await startServer((_, response) => {
      response.writeHead(status, { location: `${target.url}/elsewhere` }).end();
    });
    const client = createClient({ baseUrl: server.url, bearerToken: 'canary', maxRetries: 0 });
    const error = await caught(client.GET('/v2/connect/connectors'), APIError);
    expect(error.status).toBe(status);
    expect(error.message).toBe(
      `${status} listConnectors: the server answered with a redirect, which is not followed`,
    );
    expect(server.requests).toHaveLength(1);
    expect(target.requests).toHaveLength(0);
  });
});

describe('a network failure', () => {
  it('is an APIConnectionError that names call, host and the code of the system', async () => {
    const failure = networkFailure('ECONNRESET');
    const error = await caught(failing(failure).call(), APIConnectionError);
    expect(error.message).toBe(`GET ${PATH} got no answer from api.vercel.com (ECONNRESET)`);
    expect(error).toMatchObject({ method: 'GET', path: PATH });
    expect(error.cause).toBe(failure);
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain('canary');
  });

  it('of a connection that the server drops is told by its code', async () => {
    const server = await startServer((_, response) => response.destroy());
    const client = createClient({ baseUrl: server.url, maxRetries: 0 });
    const error = await caught(client.GET('/v2/connect/connectors'), APIConnectionError);
    expect(error.message).toMatch(
      /^GET \/v2\/connect\/connectors got no answer from 127\.0\.0\.1:\d+ \(UND_ERR_SOCKET\)$/,
    );
  });
});

describe('a success after failures', () => {
  it('is what the call gives', async () => {
    const network = observedFetch(apiError(503, {}, { 'retry-after-ms': '0' }), json({ connectors: [] }));
    const client = createClient({ fetch: network.fetch });
    const { data } = await client.GET('/v2/connect/connectors');
    expect(data.connectors).toEqual([]);
    expect(network.requests).toHaveLength(2);
  });
});
