// The drop-in checklist, rows 70 to 78: `@vercel/oidc` beside ours. Verifying is ours; where a project's own token comes
// from is `@vercel/oidc`'s, through which ours must lose nothing; and what is exchanged for one is kept by the same rules.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exchangeVercelOidcToken, getVercelOidcToken, verifyVercelOidcToken } from '@vercel/oidc';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import * as ours from '../../src/connect/index.js';
import { CredentialError, environmentCredential } from '../../src/index.js';
import { oidcToken } from '../connect/helpers.js';
import { createIssuer, forward, goodClaims, signToken } from '../connect/trigger-helpers.js';
import { CONTEXT, useOidcWorld } from './oidc-world.js';

interface Options {
  readonly projectId?: string | string[];
  readonly environment?: string | string[];
  readonly ownerId?: string;
  readonly audience?: string | string[];
}

const world = useOidcWorld();
const { sent } = world;

describe.each<[string, (token: string, options?: Options) => Promise<unknown>]>([
  ['@vercel/oidc', (token, options) => verifyVercelOidcToken(token, options)],
  ['verifyTrigger', (token, options) => ours.verifyTrigger(forward(token), options)],
])('%s, rows 70 to 76', (_name, verify) => {
  const of = async (changes: Record<string, unknown> = {}) => signToken(world.vercel, goodClaims(changes));

  it('70: the keys are fetched once for all calls', async () => {
    await verify(await of());
    const before = world.fetches;
    for (let index = 0; index < 3; index++) await verify(await of());
    expect(world.fetches).toBe(before);
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

/** What a call without a credential sends as its bearer. */
async function bearerSent(): Promise<string | undefined> {
  await ours.createConnectClient().getToken('slack/acme', { subject: { type: 'app' } });
  return sent.at(-1)?.bearer;
}

const sources: [string, () => Promise<string | undefined>][] = [
  ['getVercelOidcToken', () => getVercelOidcToken()],
  ['the bearer of getToken', bearerSent],
  ['environmentCredential', () => environmentCredential({})()],
];

describe.each(sources)('%s, row 77', (name, read) => {
  const isOurs = name !== 'getVercelOidcToken';

  it('77: the request context, then the token file, then the environment', async () => {
    const tokens = ['context', 'file', 'environment'].map(oidcToken);
    const [context = '', inFile = '', inEnvironment = ''] = tokens;
    const file = join(world.home, 'oidc-token');
    await writeFile(file, `${inFile}\n`);
    Reflect.set(globalThis, CONTEXT, { get: () => ({ headers: { 'x-vercel-oidc-token': context } }) });
    vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', file);
    vi.stubEnv('VERCEL_OIDC_TOKEN', inEnvironment);
    expect(await read()).toBe(context);
    Reflect.deleteProperty(globalThis, CONTEXT);
    expect(await read()).toBe(inFile);
    vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
    expect(await read()).toBe(inEnvironment);
  });

  it('77: one that is over is renewed with the login of the Vercel CLI, for the linked project', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    vi.stubEnv('VERCEL_OIDC_TOKEN', `${part({ alg: 'none' })}.${part({ exp: 1 })}.unsigned`);
    await mkdir(join(world.home, '.vercel'), { recursive: true });
    await mkdir(join(world.home, 'data/com.vercel.cli'), { recursive: true });
    await writeFile(join(world.home, '.vercel/project.json'), '{"projectId":"prj_1","orgId":"team_1"}');
    await writeFile(join(world.home, 'data/com.vercel.cli/auth.json'), '{"token":"login-of-the-cli"}');
    expect(await read()).toBe(oidcToken('refreshed'));
    expect(sent[0]?.bearer).toBe('login-of-the-cli');
  });

  it('77: where no project is linked, the error says to link one', async () => {
    await expect(read()).rejects.toThrow(/\b(vc|vercel) link\b/);
    // Ours is of this package's family, says `vercel env pull` too, and keeps the other as its cause.
    if (isOurs) {
      await expect(read()).rejects.toThrow(CredentialError);
      await expect(read()).rejects.toMatchObject({ cause: { name: 'VercelOidcTokenError' } });
    }
  });
});

interface Exchange {
  readonly token: string;
  readonly audience: string;
  /** What narrows it besides: `jti` there, `installationId` here. */
  readonly narrowed?: string;
  /** `skipCache` there, `forceRefresh` here. */
  readonly anew?: boolean;
}

const MAX = 1_000;
const client = ours.createConnectClient({ cache: { max: MAX } });

// Ours exchanges a project's token for a provider's: another endpoint, and a cache by the same rules.
const exchanges: [string, (exchange: Exchange) => Promise<string>][] = [
  [
    'exchangeVercelOidcToken',
    ({ token, audience, narrowed, anew = false }) =>
      exchangeVercelOidcToken({
        ...{ token, audience, skipCache: anew },
        ...(narrowed === undefined ? {} : { jti: narrowed }),
      }),
  ],
  [
    'getToken',
    ({ token, audience, narrowed, anew = false }) =>
      client.getToken(
        'oauth/exchange',
        {
          ...{ subject: { type: 'app' }, audience: [audience] },
          ...(narrowed === undefined ? {} : { installationId: narrowed }),
        },
        { vercelToken: token, forceRefresh: anew },
      ),
  ],
];

describe.each(exchanges)('%s, row 78', (name, exchange) => {
  let turn = 0;
  const token = () => `caller-${turn}`;
  beforeEach(() => {
    turn += 1;
  });

  it('78: kept where it has a life ahead of it, and not where it is over', async () => {
    const call = { token: token(), audience: 'a' };
    expect(await exchange(call)).toBe(await exchange(call));
    expect(sent).toHaveLength(1);
    world.lifeS = -1;
    const over = { token: token(), audience: 'over' };
    // Ours does not hand out what is over, and does not keep it either.
    if (name === 'getToken')
      for (let time = 0; time < 2; time++) await expect(exchange(over)).rejects.toThrow('had expired');
    else expect(await exchange(over)).not.toBe(await exchange(over));
    expect(sent).toHaveLength(3);
  });

  it('78: kept by token, audience and what narrows it', async () => {
    const calls = [
      { token: token(), audience: 'a' },
      { token: token(), audience: 'b' },
      { token: `${token()}-other`, audience: 'a' },
      { token: token(), audience: 'a', narrowed: 'one' },
    ];
    const first = [];
    for (const call of calls) first.push(await exchange(call));
    expect(new Set(first).size).toBe(calls.length);
    for (const [index, call] of calls.entries()) expect(await exchange(call)).toBe(first[index]);
    expect(sent).toHaveLength(calls.length);
  });

  it('78: asked for anew, the new one is kept', async () => {
    const call = { token: token(), audience: 'a' };
    const first = await exchange(call);
    const second = await exchange({ ...call, anew: true });
    expect(second).not.toBe(first);
    expect(await exchange(call)).toBe(second);
    expect(sent).toHaveLength(2);
  });

  it(`78: ${MAX} are kept, and the least recently used leaves first`, async () => {
    const call = (index: number) => ({ token: token(), audience: `a${index}` });
    for (let index = 0; index < MAX; index++) await exchange(call(index));
    await exchange(call(0));
    await exchange(call(MAX));
    sent.length = 0;
    await exchange(call(0));
    expect(sent).toHaveLength(0);
    await exchange(call(1));
    expect(sent).toHaveLength(1);
  });
});
