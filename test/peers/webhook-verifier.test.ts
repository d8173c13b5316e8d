// The drop-in checklist, rows 62 to 69: the verifier of `@vercel/connect/chat` beside ours, with the same tokens.
import * as theirs from '@vercel/connect/chat';
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

const server = setupServer(http.get(JWKS_URL, () => HttpResponse.json({ keys: [vercel.jwk] })));

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
