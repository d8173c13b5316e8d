import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { oidcCredential, stableIdentity } from '../../src/connect/oidc.js';
import { APP, CONNECTOR, createUpstream, tokenAnswer } from './helpers.js';

const CLAIMS = {
  iss: 'https://oidc.vercel.com/acme',
  sub: 'owner:acme:project:shop:environment:production',
  owner_id: 'team_1',
  project_id: 'prj_1',
  environment: 'production',
};

function jwt(claims: object, signature = 'c2ln'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.${signature}`;
}

const SYMBOL = Symbol.for('@vercel/request-context');

beforeEach(() => {
  vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, SYMBOL);
});

describe('stableIdentity', () => {
  it('is the same for every issue of one token, and of any order of claims', () => {
    const first = stableIdentity(jwt({ ...CLAIMS, iat: 1, exp: 2, jti: 'a' }));
    const second = stableIdentity(
      jwt({ exp: 4, ...Object.fromEntries(Object.entries(CLAIMS).reverse()), jti: 'b' }, 'b3RoZXI'),
    );
    expect(first).toBe(second);
    expect(first).toBeDefined();
  });

  it.each([
    'iss',
    'sub',
    'owner_id',
    'project_id',
    'environment',
    'custom_environment_id',
    'user_id',
    'external_sub',
    'act',
  ])('differs with %s', (name) => {
    expect(stableIdentity(jwt({ ...CLAIMS, [name]: 'another' }))).not.toBe(stableIdentity(jwt(CLAIMS)));
  });

  it.each([
    'opaque',
    'a.b',
    'a.b.c',
    'a.b.c.d',
    `${jwt(CLAIMS)}.more`,
    jwt(CLAIMS).split('.').slice(0, 2).join('.'),
    jwt([]),
    jwt({ sub: 'x' }),
    jwt({ iss: 'x' }),
    jwt({ ...CLAIMS, pad: 'x'.repeat(17_000) }),
  ])('does not vouch for %.40s', (token) => {
    expect(stableIdentity(token)).toBeUndefined();
  });
});

describe('the OIDC credential', () => {
  it('keeps the cache over a rotation of the token, and no further', async () => {
    const { fetch, requests } = createUpstream((request) =>
      tokenAnswer({ token: `for ${requests.length} ${request.method}` }),
    );
    const client = createConnectClient({ fetch });
    vi.stubEnv('VERCEL_OIDC_TOKEN', jwt({ ...CLAIMS, exp: 4_102_444_800, jti: 'a' }));
    const token = await client.getToken(CONNECTOR, APP);
    vi.stubEnv('VERCEL_OIDC_TOKEN', jwt({ ...CLAIMS, exp: 4_102_444_800, jti: 'b' }));
    expect(await client.getToken(CONNECTOR, APP)).toBe(token);
    vi.stubEnv('VERCEL_OIDC_TOKEN', jwt({ ...CLAIMS, exp: 4_102_444_800, project_id: 'prj_2' }));
    expect(await client.getToken(CONNECTOR, APP)).not.toBe(token);
  });

  it('a token that a caller passes is never named by its claims: a forged one finds nothing', async () => {
    const { fetch, requests } = createUpstream();
    const client = createConnectClient({ fetch });
    vi.stubEnv('VERCEL_OIDC_TOKEN', jwt({ ...CLAIMS, exp: 4_102_444_800 }));
    await client.getToken(CONNECTOR, APP);
    await client.getToken(CONNECTOR, APP, {
      vercelToken: jwt({ ...CLAIMS, exp: 4_102_444_800 }, 'Zm9yZ2Vk'),
    });
    expect(requests).toHaveLength(2);
  });

  it('believes the claims of a request context on Vercel alone', () => {
    const token = jwt(CLAIMS);
    Reflect.set(globalThis, SYMBOL, { get: () => ({ headers: { 'x-vercel-oidc-token': token } }) });
    expect(oidcCredential({}).identityOf?.(token)).toBeUndefined();
    expect(oidcCredential({ VERCEL: '1' }).identityOf?.(token)).toBeDefined();
  });

  it.each(['get', 'renew'] as const)(
    'reads each request context for itself, also at the same time (%s)',
    async (way) => {
      const context = new AsyncLocalStorage<string>();
      Reflect.set(globalThis, SYMBOL, {
        get: () => ({ headers: { 'x-vercel-oidc-token': context.getStore() } }),
      });
      const credential = oidcCredential({ VERCEL: '1' });
      const tokens = ['first', 'second'].map((sub) => jwt({ ...CLAIMS, sub, exp: 4_102_444_800 }));
      const read = tokens.map((token) => context.run(token, () => credential[way]()));
      expect(await Promise.all(read)).toEqual(tokens);
    },
  );

  it('sends each of two requests at once with its own token, and caches for each', async () => {
    const context = new AsyncLocalStorage<string>();
    Reflect.set(globalThis, SYMBOL, {
      get: () => ({ headers: { 'x-vercel-oidc-token': context.getStore() } }),
    });
    vi.stubEnv('VERCEL', '1');
    const { fetch, requests } = createUpstream((request) =>
      tokenAnswer({ token: `for ${request.headers.authorization}` }),
    );
    const client = createConnectClient({ fetch });
    const tokens = ['first', 'second'].map((sub) => jwt({ ...CLAIMS, sub, exp: 4_102_444_800 }));
    const ask = () =>
      Promise.all(tokens.map((token) => context.run(token, () => client.getToken(CONNECTOR, APP))));
    const expected = tokens.map((token) => `for Bearer ${token}`);
    expect(await ask()).toEqual(expected);
    expect(await ask()).toEqual(expected);
    expect(requests).toHaveLength(2);
  });
});
