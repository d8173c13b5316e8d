import { createHmac } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createReplayStore,
  createTriggerVerifier,
  VerificationError,
  type VerificationFailure,
  type VerifyTriggerOptions,
  verifyWebhook,
} from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { deferred, failureOf } from './helpers.js';
import { createIssuer, forward, goodClaims, type Issuer, PROJECT, signToken } from './trigger-helpers.js';

const OPTIONS: VerifyTriggerOptions = { projectId: PROJECT, environment: 'production' };

let vercel: Issuer;
let attacker: Issuer;
let sameKid: Issuer;
let elliptic: Issuer;
let fetches = 0;
let answer: () => Response | Promise<Response>;
let verifier: ReturnType<typeof createTriggerVerifier>;

beforeAll(async () => {
  [vercel, attacker, sameKid, elliptic] = await Promise.all([
    createIssuer('vercel-1'),
    createIssuer('attacker-1'),
    createIssuer('vercel-1'),
    createIssuer('vercel-1', 'ES256'),
  ]);
});

beforeEach(() => {
  vi.stubEnv('VERCEL_PROJECT_ID', undefined);
  vi.stubEnv('VERCEL_TARGET_ENV', undefined);
  vi.stubEnv('VERCEL_ENV', undefined);
  fetches = 0;
  answer = () => Response.json({ keys: [vercel.jwk] });
  verifier = createTriggerVerifier({
    fetch: async () => {
      fetches += 1;
      return answer();
    },
  });
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1000);

/** The public key as a server keeps it, used as the secret of an HMAC: the classic confusion of algorithms. */
function hmacToken(alg: string, hash: string, secret: string | Buffer): string {
  const unsigned = `${part({ alg, typ: 'JWT', kid: 'vercel-1' })}.${part(goodClaims())}`;
  return `${unsigned}.${createHmac(hash, secret).update(unsigned).digest('base64url')}`;
}

const publicPem = async (type: 'spki') => {
  const { exportSPKI } = await import('jose');
  return type === 'spki' ? exportSPKI(vercel.publicKey as never) : '';
};

type Forged = readonly [
  name: string,
  reason: VerificationFailure,
  make: () => Request | Promise<Request>,
  options?: VerifyTriggerOptions,
];

const claims = (
  name: string,
  reason: VerificationFailure,
  changes: () => Record<string, unknown>,
): Forged => [name, reason, async () => forward(await signToken(vercel, goodClaims(changes())))];
const header = (name: string, reason: VerificationFailure, fields: Record<string, unknown>): Forged => [
  name,
  reason,
  async () => forward(await signToken(vercel, goodClaims(), fields)),
];
/** A good signature with one part of the token changed afterwards. */
const tampered = (
  name: string,
  reason: VerificationFailure,
  change: (parts: string[]) => string[],
): Forged => [name, reason, async () => forward(change((await signToken(vercel)).split('.')).join('.'))];
const raw = (name: string, reason: VerificationFailure, authorization: string | undefined): Forged => [
  name,
  reason,
  () =>
    new Request('https://shop.example.com/hook', {
      method: 'POST',
      body: '{}',
      headers: authorization === undefined ? {} : { authorization },
    }),
];

const FORGED: readonly Forged[] = [
  // Nothing, or no token.
  raw('no header', 'missing_token', undefined),
  raw('an empty bearer', 'missing_token', 'Bearer '),
  raw('a basic credential', 'missing_token', 'Basic dXNlcjpwYXNz'),
  raw('a token without a scheme', 'missing_token', 'a.b.c'),
  raw('one part', 'malformed_token', 'Bearer abc'),
  raw('two parts', 'malformed_token', 'Bearer abc.def'),
  raw('four parts', 'malformed_token', 'Bearer a.b.c.d'),
  raw('three parts of nothing', 'malformed_token', 'Bearer a.b.c'),
  raw(
    'a header that is no JSON',
    'malformed_token',
    `Bearer ${Buffer.from('{').toString('base64url')}.e30.c2ln`,
  ),
  raw('a header that is a list', 'malformed_token', `Bearer ${part([])}.e30.c2ln`),
  raw('an oversized token', 'missing_token', `Bearer ${part({ alg: 'RS256' })}.${'a'.repeat(17_000)}.c2ln`),
  raw('an encrypted token', 'malformed_token', 'Bearer a.b.c.d.e'),
  [
    'the token beside another header: the ambient one of the receiver',
    'missing_token',
    async () =>
      new Request('https://shop.example.com/hook', {
        method: 'POST',
        headers: { 'x-vercel-oidc-token': await signToken(vercel) },
      }),
  ],
  [
    'two bearers, as a proxy joins them',
    'malformed_token',
    async () => {
      const request = forward(await signToken(vercel));
      request.headers.append('authorization', 'Bearer a.b.c');
      return request;
    },
  ],
  // Algorithms.
  ...['none', 'None', 'NONE', 'nOnE', ''].map(
    (alg): Forged => [
      `algorithm ${JSON.stringify(alg)} and no signature`,
      'malformed_token',
      () => forward(`${part({ alg, kid: 'vercel-1' })}.${part(goodClaims())}.`),
    ],
  ),
  [
    'algorithm none and some signature',
    'wrong_algorithm',
    () => forward(`${part({ alg: 'none', kid: 'vercel-1' })}.${part(goodClaims())}.c2ln`),
  ],
  ...(['HS256', 'HS384', 'HS512'] as const).map(
    (alg): Forged => [
      `${alg} with the public key as its secret`,
      'wrong_algorithm',
      async () => forward(hmacToken(alg, `sha${alg.slice(2)}`, await publicPem('spki'))),
    ],
  ),
  [
    'HS256 with the modulus as its secret',
    'wrong_algorithm',
    () => forward(hmacToken('HS256', 'sha256', Buffer.from(String(vercel.jwk.n), 'base64url'))),
  ],
  ...(['RS384', 'RS512', 'PS256', 'PS512'] as const).map(
    (alg): Forged => [
      `${alg} by a key of the attacker`,
      'wrong_algorithm',
      async () => {
        const other = await createIssuer('vercel-1', alg);
        return forward(await signToken(other, goodClaims(), { alg }));
      },
    ],
  ),
  [
    'ES256 under the id of a good key',
    'wrong_algorithm',
    async () => forward(await signToken(elliptic, goodClaims(), { alg: 'ES256' })),
  ],
  [
    'HS256 inside a header that says RS256',
    'wrong_signature',
    () => {
      const unsigned = `${part({ alg: 'RS256', kid: 'vercel-1' })}.${part(goodClaims())}`;
      return forward(`${unsigned}.${createHmac('sha256', 'secret').update(unsigned).digest('base64url')}`);
    },
  ],
  // Keys.
  ['a key that nobody knows', 'unknown_key', async () => forward(await signToken(attacker))],
  [
    'a key of the attacker under the id of a good one',
    'wrong_signature',
    async () => forward(await signToken(sameKid)),
  ],
  header('no key id', 'unknown_key', { kid: undefined }),
  header('an empty key id', 'unknown_key', { kid: '' }),
  header('a key id that is a path', 'unknown_key', { kid: '../../../../dev/null' }),
  header('a key id of the prototype', 'unknown_key', { kid: '__proto__' }),
  [
    'an embedded key',
    'malformed_token',
    async () => forward(await signToken(attacker, goodClaims(), { jwk: attacker.jwk as never })),
  ],
  header('a key set elsewhere', 'malformed_token', { jku: 'https://evil.example/jwks' }),
  header('an embedded certificate', 'malformed_token', { x5c: ['MIIB'] }),
  header('a certificate elsewhere', 'malformed_token', { x5u: 'https://evil.example/cert' }),
  header('an unencoded payload', 'malformed_token', { b64: true, crit: ['b64'] }),
  // Signatures.
  tampered('claims changed afterwards', 'wrong_signature', ([head, , sign]) => [
    String(head),
    part(goodClaims({ project_id: 'prj_shop', extra: 1 })),
    String(sign),
  ]),
  tampered('a header changed afterwards', 'wrong_signature', ([, body, sign]) => [
    part({ alg: 'RS256', kid: 'vercel-1', typ: 'at+jwt' }),
    String(body),
    String(sign),
  ]),
  tampered('half a signature', 'wrong_signature', ([head, body, sign]) => [
    String(head),
    String(body),
    String(sign).slice(0, 171),
  ]),
  tampered('a signature of zeros', 'wrong_signature', ([head, body]) => [
    String(head),
    String(body),
    Buffer.alloc(256).toString('base64url'),
  ]),
  tampered('the signature of another token', 'wrong_signature', ([head, , sign]) => [
    String(head),
    part(goodClaims({ jti: 'other' })),
    String(sign),
  ]),
  // Who issued it, and for whom.
  claims('another issuer', 'wrong_issuer', () => ({ iss: 'https://evil.example' })),
  claims('an issuer that only begins like it', 'wrong_issuer', () => ({
    iss: 'https://oidc.vercel.com.evil.example',
  })),
  claims('an issuer over http', 'wrong_issuer', () => ({ iss: 'http://oidc.vercel.com/acme' })),
  claims('the issuer of another team', 'wrong_issuer', () => ({ iss: 'https://oidc.vercel.com/other' })),
  claims('an issuer below the team', 'wrong_issuer', () => ({ iss: 'https://oidc.vercel.com/acme/x' })),
  claims('an issuer in a list', 'wrong_issuer', () => ({ iss: ['https://oidc.vercel.com/acme'] })),
  claims('no issuer', 'wrong_issuer', () => ({ iss: undefined })),
  claims('another audience', 'wrong_audience', () => ({ aud: 'https://evil.example' })),
  claims('the audience of another team', 'wrong_audience', () => ({ aud: 'https://vercel.com/other' })),
  claims('a token exchanged for AWS', 'wrong_audience', () => ({ aud: 'sts.amazonaws.com' })),
  claims('no audience', 'wrong_audience', () => ({ aud: undefined })),
  claims('an empty list of audiences', 'wrong_audience', () => ({ aud: [] })),
  claims('no team', 'wrong_audience', () => ({ owner: undefined, iss: 'https://oidc.vercel.com' })),
  claims('another project', 'wrong_project', () => ({ project_id: 'prj_other' })),
  claims('the project in a list', 'wrong_project', () => ({ project_id: [PROJECT] })),
  claims('no project', 'wrong_project', () => ({ project_id: undefined })),
  claims('another environment', 'wrong_environment', () => ({ environment: 'preview' })),
  claims('no environment', 'wrong_environment', () => ({ environment: undefined })),
  [
    'another team, where one is expected',
    'wrong_owner',
    async () => forward(await signToken(vercel)),
    { ...OPTIONS, ownerId: 'team_other' },
  ],
  // That Connect sent it.
  claims("the receiver's own ambient token as bearer", 'wrong_client', () => ({
    client_id: undefined,
    trigger: undefined,
  })),
  claims('another client', 'wrong_client', () => ({ client_id: 'api-deployments' })),
  claims('no trigger', 'wrong_client', () => ({ trigger: undefined })),
  claims('a trigger that is text', 'wrong_client', () => ({ trigger: 'slack/acme-slack' })),
  claims('a trigger without a connector', 'wrong_connector', () => ({ trigger: {} })),
  claims('a trigger whose id is a list', 'wrong_connector', () => ({
    trigger: { id: ['scl_1'], uid: 'slack/acme-slack', type: 'slack', service: 'slack' },
  })),
  [
    'another connector, where one is expected',
    'wrong_connector',
    async () => forward(await signToken(vercel)),
    { ...OPTIONS, connector: ['github/acme', 'scl_2'] },
  ],
  [
    'unsigned headers that name the expected connector',
    'wrong_connector',
    async () =>
      forward(await signToken(vercel), '{}', {
        'x-trigger-uid': 'github/acme',
        'x-trigger-id': 'scl_2',
      }),
    { ...OPTIONS, connector: 'github/acme' },
  ],
  // Times.
  claims('expired', 'wrong_time', () => ({ exp: seconds() - 120 })),
  claims('without an expiry', 'wrong_time', () => ({ exp: undefined })),
  claims('from the future', 'wrong_time', () => ({ iat: seconds() + 120, nbf: undefined })),
  claims('not good before later', 'wrong_time', () => ({ nbf: seconds() + 120 })),
  claims('too old', 'wrong_time', () => ({ iat: seconds() - 600, nbf: undefined })),
  claims('without a time of issue', 'wrong_time', () => ({ iat: undefined, nbf: undefined })),
  claims('with an expiry in milliseconds that hides its age', 'wrong_time', () => ({
    iat: seconds() - 7_200,
    exp: Date.now(),
  })),
  [
    'a body that is too long',
    'body_too_large',
    async () => forward(await signToken(vercel), 'x'.repeat(101)),
    {
      ...OPTIONS,
      maxBodyBytes: 100,
    },
  ],
];

describe('a forged trigger', () => {
  it('comes in at least 60 kinds, no two of one name', () => {
    expect(new Set(FORGED.map(([name]) => name)).size).toBe(FORGED.length);
    expect(FORGED.length).toBeGreaterThanOrEqual(60);
  });

  it.each(FORGED.map(([name, reason, make, options = OPTIONS]) => [name, reason, make, options] as const))(
    '%s is refused as %s',
    async (_, reason, make, options) => {
      const request = await make();
      const token = request.headers.get('authorization')?.slice(7) || 'no-token';
      const error = await failureOf(verifier.verify(request, options), VerificationError);
      expect(error.reason).toBe(reason);
      expect(error.status).toBe(reason === 'body_too_large' ? 413 : 401);
      expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain(token);
    },
  );

  it.each([
    ['a token of claims that are a list', '[]'],
    ['a token of claims that are text', '"text"'],
    ['a token of claims that are no JSON', '{'],
  ])('%s is refused', async (_, payload) => {
    const { CompactSign } = await import('jose');
    const sign = new CompactSign(new TextEncoder().encode(payload));
    const token = await sign.setProtectedHeader({ alg: 'RS256', kid: 'vercel-1' }).sign(vercel.privateKey);
    const error = await failureOf(verifier.verify(forward(token), OPTIONS), VerificationError);
    expect(error.reason).toBe('malformed_token');
  });
});

describe('a good trigger', () => {
  it('is an event with its raw body and the connector of the signed claim', async () => {
    const text = '{ "event":  "ü" }';
    const token = await signToken(vercel);
    const event = await verifier.verify(forward(token, text, { 'x-trigger-uid': 'evil/other' }), OPTIONS);
    expect(event).toMatchObject({
      connector: { id: 'scl_1', uid: 'slack/acme-slack', type: 'slack', service: 'slack' },
      projectId: PROJECT,
      environment: 'production',
      ownerId: 'team_acme',
    });
    expect(event.text()).toBe(text);
    expect(event.json()).toEqual({ event: 'ü' });
    expect(event.body).toEqual(new TextEncoder().encode(text));
  });

  it.each(['bearer', 'BEARER', 'Bearer   '])(
    'takes the scheme %j, with spaces round the token',
    async (scheme) => {
      const request = forward('x');
      request.headers.set('authorization', `${scheme} ${await signToken(vercel)}  `);
      await expect(verifier.verify(request, OPTIONS)).resolves.toMatchObject({ projectId: PROJECT });
    },
  );

  it.each([
    ['the global issuer', { iss: 'https://oidc.vercel.com' }, {}],
    ['one audience of several', { aud: ['x', 'https://vercel.com/acme'] }, {}],
    ['an audience that is asked for', { aud: 'mine' }, { audience: 'mine' }],
    ['one project of several', {}, { projectId: ['prj_other', PROJECT] }],
    ['any project of a team', { project_id: 'prj_other' }, { projectId: '*', ownerId: 'team_acme' }],
    ['any environment', { environment: 'env_1' }, { environment: '*' }],
    ['one environment of several', { environment: 'preview' }, { environment: ['production', 'preview'] }],
    ['a connector by its id', {}, { connector: 'scl_1' }],
    ['a connector by its UID', {}, { connector: ['x', 'slack/acme-slack'] }],
    ['a clock that is a little ahead', { iat: seconds() + 30, nbf: seconds() + 30 }, {}],
    ['an older token, where that is allowed', { iat: seconds() - 3_000 }, { maxTokenAgeMs: 3_600_000 }],
  ])('%s', async (_, changes, options) => {
    const token = await signToken(vercel, goodClaims(changes));
    await expect(verifier.verify(forward(token), { ...OPTIONS, ...options })).resolves.toBeDefined();
  });

  it('takes project and environment from the deployment', async () => {
    vi.stubEnv('VERCEL_PROJECT_ID', PROJECT);
    vi.stubEnv('VERCEL_ENV', 'preview');
    const token = await signToken(vercel);
    const wrong = await failureOf(verifier.verify(forward(token)), VerificationError);
    expect(wrong.reason).toBe('wrong_environment');
    vi.stubEnv('VERCEL_TARGET_ENV', 'production');
    await expect(verifier.verify(forward(token))).resolves.toBeDefined();
  });

  it.each([
    ['no project', { environment: 'production' }, 'options.projectId'],
    ['no environment', { projectId: PROJECT }, 'options.environment'],
    ['an empty list of projects', { ...OPTIONS, projectId: [] }, 'options.projectId'],
    ['any project of any team', { ...OPTIONS, projectId: '*' }, 'options.projectId'],
    ['an empty list of audiences', { ...OPTIONS, audience: [] }, 'options.audience'],
    ['an age that is none', { ...OPTIONS, maxTokenAgeMs: Number.NaN }, 'options.maxTokenAgeMs'],
  ])('is refused where the receiver expects %s', async (_, options, argument) => {
    const call = verifier.verify(forward(await signToken(vercel)), options);
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe(argument);
  });

  it('of which somebody read the body needs the body', async () => {
    const request = forward(await signToken(vercel), 'raw');
    await request.text();
    const call = verifier.verify(request, OPTIONS);
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe('options.body');
    const event = await verifier.verify(request, { ...OPTIONS, body: 'raw' });
    expect(event.text()).toBe('raw');
  });

  it.each([undefined, null, 'request', {}, { headers: {} }])('refuses %j for a request', async (wrong) => {
    // What a caller without types can pass.
    const call = verifier.verify(wrong as never, OPTIONS);
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe('request');
  });
});

describe('a replay', () => {
  it('is refused, with another body too', async () => {
    const replay = createReplayStore();
    const token = await signToken(vercel);
    await verifier.verify(forward(token, '1'), { ...OPTIONS, replay });
    for (const body of ['1', '2']) {
      const error = await failureOf(
        verifier.verify(forward(token, body), { ...OPTIONS, replay }),
        VerificationError,
      );
      expect(error.reason).toBe('replayed');
    }
  });

  it('of 50 at once is let through once', async () => {
    const replay = createReplayStore();
    const token = await signToken(vercel, goodClaims({ jti: 'delivery-1' }));
    const calls = Array.from({ length: 50 }, () => verifier.verify(forward(token), { ...OPTIONS, replay }));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is let through after a release, so that a failed event can come again', async () => {
    const replay = createReplayStore();
    const token = await signToken(vercel);
    const event = await verifier.verify(forward(token), { ...OPTIONS, replay });
    await event.release();
    await expect(verifier.verify(forward(token), { ...OPTIONS, replay })).resolves.toBeDefined();
  });

  it('per body lets one token come with several events', async () => {
    const options: VerifyTriggerOptions = { ...OPTIONS, replay: createReplayStore(), replayPer: 'body' };
    const token = await signToken(vercel);
    await verifier.verify(forward(token, '1'), options);
    await verifier.verify(forward(token, '2'), options);
    const again = await failureOf(verifier.verify(forward(token, '1'), options), VerificationError);
    expect(again.reason).toBe('replayed');
  });

  it('of a request that was refused takes nothing', async () => {
    const taken: string[] = [];
    const replay = { claim: (id: string) => taken.push(id) > 0, release: () => undefined };
    const token = await signToken(vercel, goodClaims({ environment: 'preview' }));
    await failureOf(verifier.verify(forward(token), { ...OPTIONS, replay }), VerificationError);
    expect(taken).toEqual([]);
  });
});

describe('the keys', () => {
  const from = async (issuer: Issuer) => verifier.verify(forward(await signToken(issuer)), OPTIONS);

  it('are fetched once for any number of events at once and one after another', async () => {
    await Promise.all(Array.from({ length: 20 }, () => from(vercel)));
    await from(vercel);
    expect(fetches).toBe(1);
  });

  it('10 000 unknown key ids in 30 s cause one fetch', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const body = part(goodClaims());
    let refused = 0;
    for (let index = 0; index < 10_000; index++) {
      if (index % 400 === 399) vi.advanceTimersByTime(1_190);
      const token = `${part({ alg: 'RS256', kid: `unknown-${index}` })}.${body}.c2lnbmF0dXJl`;
      const call = verifier.verify(forward(token), OPTIONS);
      await call.catch(({ reason }: VerificationError) => {
        if (reason === 'unknown_key') refused += 1;
      });
    }
    expect(refused).toBe(10_000);
    expect(fetches).toBe(1);
  });

  it('are renewed for a new key, which the issuer may have begun to use', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    await from(vercel);
    answer = () => Response.json({ keys: [vercel.jwk, attacker.jwk] });
    expect((await failureOf(from(attacker), VerificationError)).reason).toBe('unknown_key');
    vi.advanceTimersByTime(30_000);
    await expect(from(attacker)).resolves.toBeDefined();
    expect(fetches).toBe(2);
  });

  it('are believed for a day while they cannot be renewed, and no longer', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    await from(vercel);
    answer = () => new Response(null, { status: 503 });
    vi.advanceTimersByTime(23 * 3_600_000);
    await expect(from(vercel)).resolves.toBeDefined();
    vi.advanceTimersByTime(3_600_000 + 1);
    const error = await failureOf(from(vercel), VerificationError);
    expect(error).toMatchObject({ reason: 'keys_unavailable', status: 503 });
  });

  it('that a key is taken away ends with the next renewal', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    await from(vercel);
    answer = () => Response.json({ keys: [attacker.jwk] });
    vi.advanceTimersByTime(10 * 60_000 + 1);
    expect((await failureOf(from(vercel), VerificationError)).reason).toBe('unknown_key');
  });

  it.each([
    ['an error', () => new Response(null, { status: 500 })],
    ['no JSON', () => new Response('<html>')],
    ['no list', () => Response.json({ keys: {} })],
    ['too much', () => new Response('x'.repeat(70_000))],
    ['a network failure', () => Promise.reject(new TypeError('fetch failed'))],
  ])('that cannot be had (%s) are told apart from a forgery, and asked for again soon', async (_, bad) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    answer = bad;
    expect(await failureOf(from(vercel), VerificationError)).toMatchObject({
      reason: 'keys_unavailable',
      status: 503,
    });
    answer = () => Response.json({ keys: [vercel.jwk] });
    vi.advanceTimersByTime(1_000);
    await expect(from(vercel)).resolves.toBeDefined();
  });

  it('come from a place that is safe', () => {
    expect(() => createTriggerVerifier({ jwksUrl: 'http://keys.example.com/jwks' })).toThrow(/https/);
  });
});

/** Sends raw headers over a real connection, and gives what Node made of it to `handle`. */
async function overHttp<T>(
  headers: readonly string[],
  body: string,
  handle: (request: IncomingMessage) => Promise<T>,
): Promise<T> {
  const { promise, resolve, reject } = deferred<T>();
  const server = createServer((request, response) => {
    handle(request)
      .then(resolve, reject)
      .finally(() => response.end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  httpRequest({ port, host: '127.0.0.1', method: 'POST', headers: [...headers, 'host', 'x'] }).end(body);
  return promise;
}

describe("Node's IncomingMessage", () => {
  it('is verified with its raw body', async () => {
    const token = await signToken(vercel);
    const headers = ['Authorization', `Bearer ${token}`];
    const event = await overHttp(headers, '{"a":1}', (request) => verifier.verify(request, OPTIONS));
    expect(event.json()).toEqual({ a: 1 });
  });

  it('with two Authorization headers is refused, whichever Node would show', async () => {
    const token = await signToken(vercel);
    for (const other of ['Bearer a.b.c', `Bearer ${token}`]) {
      const headers = ['Authorization', `Bearer ${token}`, 'authorization', other];
      const call = overHttp(headers, '{}', (request) => verifier.verify(request, OPTIONS));
      expect((await failureOf(call, VerificationError)).reason).toBe('missing_token');
    }
  });

  it('with a body that is too long is refused', async () => {
    const headers = ['Authorization', `Bearer ${await signToken(vercel)}`];
    const options = { ...OPTIONS, maxBodyBytes: 10 };
    const call = overHttp(headers, 'x'.repeat(11), (request) => verifier.verify(request, options));
    expect((await failureOf(call, VerificationError)).status).toBe(413);
  });
});

describe('verifyWebhook', () => {
  const secret = 'the-webhook-secret';
  const sign = (body: string, key = secret) => createHmac('sha1', key).update(body).digest('hex');
  const webhook = (body: string, signature?: string) =>
    new Request('https://shop.example.com/vercel', {
      method: 'POST',
      body,
      headers: signature === undefined ? {} : { 'x-vercel-signature': signature },
    });

  it('gives the raw body of a signed webhook', async () => {
    const event = await verifyWebhook(webhook('{"a":"ü"}', sign('{"a":"ü"}')), { secret });
    expect(event.json()).toEqual({ a: 'ü' });
    expect(event.text()).toBe('{"a":"ü"}');
  });

  it('takes the old and the new secret while one is replaced', async () => {
    const request = () => webhook('{}', sign('{}', 'old'));
    await expect(verifyWebhook(request(), { secret: [secret, 'old'] })).resolves.toBeDefined();
    await failureOf(verifyWebhook(request(), { secret }), VerificationError);
  });

  it.each<[string, () => Request, VerificationFailure]>([
    ['no signature', () => webhook('{}'), 'missing_token'],
    ['another secret', () => webhook('{}', sign('{}', 'other')), 'wrong_signature'],
    ['another body', () => webhook('{ }', sign('{}')), 'wrong_signature'],
    ['an empty signature', () => webhook('{}', ''), 'malformed_token'],
    ['half a signature', () => webhook('{}', sign('{}').slice(0, 20)), 'malformed_token'],
    ['two signatures', () => webhook('{}', `${sign('{}')}, ${sign('{}')}`), 'malformed_token'],
    [
      'a SHA-256',
      () => webhook('{}', createHmac('sha256', secret).update('{}').digest('hex')),
      'malformed_token',
    ],
  ])('refuses %s', async (_, make, reason) => {
    const error = await failureOf(verifyWebhook(make(), { secret }), VerificationError);
    expect(error.reason).toBe(reason);
  });

  it.each([undefined, '', [], [secret, '']])('refuses the secret %j', async (wrong) => {
    // What a caller without types can pass.
    const call = verifyWebhook(webhook('{}', sign('{}')), { secret: wrong as never });
    expect((await failureOf(call, InvalidArgumentError)).argument).toBe('options.secret');
  });

  it("works on Node's IncomingMessage", async () => {
    const headers = ['x-vercel-signature', sign('{"a":1}')];
    const event = await overHttp(headers, '{"a":1}', (request) => verifyWebhook(request, { secret }));
    expect(event.json()).toEqual({ a: 1 });
  });
});
