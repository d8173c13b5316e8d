// A machine with a project and a Vercel of its own, for what reads, verifies and exchanges OIDC tokens.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { oidcToken, tokenAnswer } from '../connect/helpers.js';
import { createIssuer, type Issuer, JWKS_URL, PROJECT } from '../connect/trigger-helpers.js';

const LIFE_S = 3_600;

/** What the test sees and sets; `vercel` and `home` are there once a test runs. */
export interface OidcWorld {
  vercel: Issuer;
  /** The folder that the project is in. */
  home: string;
  /** How often the keys were fetched. */
  fetches: number;
  /** What the token endpoints were sent: Vercel's refresh, the exchange, and Connect's own. */
  readonly sent: { readonly bearer: string | undefined; readonly body: unknown }[];
  /** Life of what is issued next, in seconds. */
  lifeS: number;
}

export const CONTEXT = Symbol.for('@vercel/request-context');

/** Sets the world up for the tests of one file. */
export function useOidcWorld(): OidcWorld {
  // Filled in before the first test.
  const world = { fetches: 0, sent: [], lifeS: LIFE_S } as unknown as OidcWorld;
  const server = setupServer(...handlersOf(world));
  beforeAll(async () => {
    world.vercel = await createIssuer('vercel-1');
    world.home = await mkdtemp(join(tmpdir(), 'vercel-rest-oidc-'));
    server.listen({ onUnhandledRequest: 'error' });
  });
  beforeEach(() => {
    vi.stubEnv('VERCEL_PROJECT_ID', PROJECT);
    vi.stubEnv('VERCEL_TARGET_ENV', 'production');
    for (const name of ['VERCEL_ENV', 'VERCEL_OIDC_TOKEN_FILE', 'VERCEL_OIDC_TOKEN', 'VERCEL_TOKEN_STORAGE'])
      vi.stubEnv(name, undefined);
    // Nothing of whoever runs the tests is read or written.
    vi.stubEnv('XDG_DATA_HOME', join(world.home, 'data'));
    vi.spyOn(process, 'cwd').mockReturnValue(world.home);
  });
  afterEach(async () => {
    Reflect.deleteProperty(globalThis, CONTEXT);
    world.sent.length = 0;
    world.lifeS = LIFE_S;
    const made = ['data', '.vercel'].map((name) => join(world.home, name));
    await Promise.all(made.map((path) => rm(path, { recursive: true, force: true })));
  });
  afterAll(async () => {
    server.close();
    await rm(world.home, { recursive: true });
  });
  return world;
}

function handlersOf(world: OidcWorld) {
  const record = async (request: Request) => {
    const text = await request.text();
    const bearer = request.headers.get('authorization')?.replace('Bearer ', '');
    return world.sent.push({ bearer, body: text === '' ? undefined : JSON.parse(text) });
  };
  return [
    http.get(JWKS_URL, () => {
      world.fetches += 1;
      return HttpResponse.json({ keys: [world.vercel.jwk] });
    }),
    http.post('https://api.vercel.com/v1/projects/:project/token', async ({ request }) => {
      await record(request);
      return HttpResponse.json({ token: oidcToken('refreshed') });
    }),
    http.post('https://oidc.vercel.com/~token', async ({ request }) => {
      const token = `token-${await record(request)}`;
      return HttpResponse.json({ token, expiry: Math.floor(Date.now() / 1000) + world.lifeS });
    }),
    http.post('https://api.vercel.com/v1/connect/token/:connector', async ({ request }) => {
      const token = `token-${await record(request)}`;
      return tokenAnswer({ token, expiresAt: Date.now() + world.lifeS * 1000 });
    }),
  ];
}
