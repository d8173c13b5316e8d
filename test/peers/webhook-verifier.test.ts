// The drop-in checklist, rows 62 to 76: the verifier of `@vercel/connect/chat` and `verifyVercelOidcToken` of
// `@vercel/oidc` beside ours, with the same tokens. Rows 77 and 78 are `@vercel/oidc` itself, which reads our tokens too:
// test/connect/oidc.test.ts and renewal.test.ts.
import * as theirs from '@vercel/connect/chat';
import { verifyVercelOidcToken } from '@vercel/oidc';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as ours from '../../src/connect/index.js';
import {
  createIssuer,
  forward,
  goodClaims,
  type Issuer,
  JWKS_URL,
  PROJECT,
  signToken,
} from '../connect/trigger-helpers.js';

interface Options {
  readonly projectId?: string | string[];
  readonly environment?: string | string[];
  readonly ownerId?: string;
  readonly audience?: string | string[];
}

type Verifier = (request: Request, body: string) => unknown;

let vercel: Issuer;
let fetches = 0;

const server = setupServer(
  http.get(JWKS_URL, () => {
    fetches += 1;
    return HttpResponse.json({ keys: [vercel.jwk] });
  }),
);

beforeAll(async () => {
  vercel = await createIssuer('vercel-1');
  server.listen({ onUnhandledRequest: 'error' });
});
beforeEach(() => {
  vi.stubEnv('VERCEL_PROJECT_ID', PROJECT);
  vi.stubEnv('VERCEL_TARGET_ENV', 'production');
  vi.stubEnv('VERCEL_ENV', undefined);
});
afterAll(() => server.close());

const withHeader = (authorization: string | undefined) =>
  new Request('https://shop.example.com/hook', {
    method: 'POST',
    headers: authorization === undefined ? {} : { authorization },
  });

describe.each<[string, (options?: Options) => Verifier]>([
  ['@vercel/connect/chat', (options) => theirs.createConnectWebhookVerifier(options)],
  ['vercel-rest/connect', (options) => ours.createConnectWebhookVerifier(options)],
])('%s, rows 62 to 69', (_name, create) => {
  it('62 and 63: takes the bearer of Authorization and resolves true', async () => {
    expect(await create()(forward(await signToken(vercel)), '{}')).toBe(true);
  });

  it('64: obeys its options', async () => {
    const request = forward(await signToken(vercel));
    await expect(create({ projectId: 'prj_other' })(request, '')).rejects.toThrow(/project_id/);
    expect(await create({ projectId: ['prj_other', PROJECT] })(request, '')).toBe(true);
  });

  it('65 and 66: spaces round the token and the case of the scheme do not matter', async () => {
    const token = await signToken(vercel);
    for (const scheme of ['bearer', 'BEARER  '])
      expect(await create()(withHeader(`${scheme} ${token}  `), '')).toBe(true);
  });

  it.each([undefined, 'Basic dXNlcjpwYXNz', 'Bearer'])('67 and 68: %j has no token', async (value) => {
    await expect(create()(withHeader(value), '')).rejects.toThrow('Missing Authorization bearer token');
  });

  it('69: a failed verification rejects', async () => {
    const token = await signToken(vercel, goodClaims({ environment: 'preview' }));
    await expect(create()(forward(token), '')).rejects.toThrow(/environment/);
  });
});

// Deviation: theirs takes any OIDC token of the project, its own ambient one too. Ours wants one that Connect made.
it('62, deviation: a token that Connect did not make is refused', async () => {
  const token = await signToken(vercel, goodClaims({ client_id: undefined, trigger: undefined }));
  expect(await theirs.createConnectWebhookVerifier()(forward(token), '')).toBe(true);
  await expect(ours.createConnectWebhookVerifier()(forward(token))).rejects.toMatchObject({
    name: 'VerificationError',
    reason: 'wrong_client',
  });
});

describe.each<[string, (token: string, options?: Options) => Promise<unknown>]>([
  ['@vercel/oidc', (token, options) => verifyVercelOidcToken(token, options)],
  ['verifyTrigger', (token, options) => ours.verifyTrigger(forward(token), options)],
])('%s, rows 70 to 76', (_name, verify) => {
  const of = async (changes: Record<string, unknown> = {}) => signToken(vercel, goodClaims(changes));

  it('70: the keys are fetched once for all calls', async () => {
    await verify(await of());
    const before = fetches;
    for (let index = 0; index < 3; index++) await verify(await of());
    expect(fetches).toBe(before);
  });

  it('71: RS256 alone', async () => {
    const other = await createIssuer('vercel-1', 'RS512');
    await expect(verify(await signToken(other, goodClaims(), { alg: 'RS512' }))).rejects.toThrow();
  });

  it('72: the global issuer and that of the team', async () => {
    await expect(verify(await of({ iss: 'https://oidc.vercel.com' }))).resolves.toBeDefined();
    await expect(verify(await of({ iss: 'https://oidc.vercel.com/acme' }))).resolves.toBeDefined();
    await expect(verify(await of({ iss: 'https://oidc.vercel.com.evil.example' }))).rejects.toThrow(/iss/);
  });

  it('73: project and environment of the deployment; VERCEL_ENV where there is no target', async () => {
    vi.stubEnv('VERCEL_TARGET_ENV', undefined);
    vi.stubEnv('VERCEL_ENV', 'preview');
    await expect(verify(await of())).rejects.toThrow(/environment/);
    await expect(verify(await of({ environment: 'preview' }))).resolves.toBeDefined();
  });

  it('74: lists, and * for any', async () => {
    const token = await of({ environment: 'preview' });
    await expect(verify(token, { environment: ['production', 'preview'] })).resolves.toBeDefined();
    await expect(verify(token, { environment: '*' })).resolves.toBeDefined();
    const other = await of({ project_id: 'prj_other' });
    await expect(verify(other, { projectId: '*', ownerId: 'team_acme' })).resolves.toBeDefined();
  });

  it.each([undefined, []])(
    '75: * for the project needs a team or an audience, and %j is none',
    async (audience) => {
      const options = { projectId: '*', ...(audience === undefined ? {} : { audience }) };
      await expect(verify(await of(), options)).rejects.toThrow(/ownerId or audience|audience/);
    },
  );

  it.each([
    ['project', { project_id: 'prj_other' }, {}],
    ['environment', { environment: 'preview' }, {}],
    ['team', {}, { ownerId: 'team_other' }],
    ['issuer', { iss: 'https://evil.example' }, {}],
  ])('76: another %s is refused', async (_what, changes, options) => {
    await expect(verify(await of(changes), options)).rejects.toThrow();
  });

  it.each(['VERCEL_PROJECT_ID', 'VERCEL_TARGET_ENV'])(
    '76: without %s everything is refused',
    async (name) => {
      vi.stubEnv(name, undefined);
      await expect(verify(await of())).rejects.toThrow(new RegExp(name));
    },
  );
});
