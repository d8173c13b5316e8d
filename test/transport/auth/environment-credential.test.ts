import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConnectClient } from '../../../src/connect/index.js';
import {
  CredentialError,
  createClient,
  environmentCredential,
  InvalidArgumentError,
} from '../../../src/index.js';
import { oidcToken } from '../../connect/helpers.js';
import { caught } from '../../helpers/caught.js';
import { observedFetch } from '../../helpers/observed-fetch.js';
import { temporaryFolder } from '../../helpers/pull-world.js';

const CONTEXT = Symbol.for('@vercel/request-context');

/** The bearer that a call sends with what the environment offers. */
async function bearerSent(environment?: Record<string, string>): Promise<string | null> {
  let sent: string | null = null;
  const client = createClient({
    bearerToken: environmentCredential(environment),
    fetch: async (_, { headers }) => {
      sent = headers.authorization ?? null;
      return Response.json({ connectors: [] });
    },
  });
  await client.GET('/v2/connect/connectors');
  return sent;
}

it('VERCEL_TOKEN comes first', async () => {
  vi.stubEnv('VERCEL_OIDC_TOKEN', oidcToken('project'));
  vi.stubEnv('VERCEL_TOKEN', 'access-token');
  expect(await bearerSent()).toBe('Bearer access-token');
});

it.each([{}, { VERCEL_TOKEN: '' }])('the OIDC token of the project comes next: %j', async (environment) => {
  const token = oidcToken('project');
  vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
  vi.stubEnv('VERCEL_OIDC_TOKEN', token);
  expect(await bearerSent(environment)).toBe(`Bearer ${token}`);
});

it('is read at each call, so that a change is taken up', async () => {
  const environment: Record<string, string> = { VERCEL_TOKEN: 'first' };
  const read = environmentCredential(environment);
  expect(await read()).toBe('first');
  environment.VERCEL_TOKEN = 'second';
  expect(await read()).toBe('second');
});

it('names the variable that cannot be a token, and never its value', async () => {
  const error = await bearerSent({ VERCEL_TOKEN: 'secret with spaces' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidArgumentError);
  expect(String(error)).toMatch(/VERCEL_TOKEN/);
  expect(String(error)).not.toMatch(/secret with/);
});

it('a Connect client does not read VERCEL_TOKEN, and says so where it is set', async () => {
  vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
  vi.stubEnv('VERCEL_OIDC_TOKEN', undefined);
  const { fetch, requests } = observedFetch();
  const call = () => createConnectClient({ fetch }).getToken('slack/a', { subject: { type: 'app' } });
  vi.stubEnv('VERCEL_TOKEN', undefined);
  await expect(call()).rejects.toThrow(/pass vercelToken or bearerToken$/);
  vi.stubEnv('VERCEL_TOKEN', 'canary-token');
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CredentialError);
  expect(String(error)).toMatch(/VERCEL_TOKEN is set, .* bearerToken: environmentCredential\(\)$/);
  expect(String(error)).not.toContain('canary');
  expect(requests).toEqual([]);
});

it('with neither, the error says where one comes from', async () => {
  vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
  vi.stubEnv('VERCEL_OIDC_TOKEN', undefined);
  await expect(bearerSent({})).rejects.toThrow(CredentialError);
  await expect(bearerSent({})).rejects.toThrow(/vercel env pull/);
});

describe('an OIDC token that is there and cannot be used', () => {
  const jwt = (claims: unknown) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.canary-signature`;
  const expired = jwt({ sub: 'canary', exp: 1_600_000_000 });
  const FIX = 'run `vercel link` and `vercel env pull`, and load the new value';

  beforeEach(async () => {
    // Nothing is renewed by the login of whoever runs the tests.
    const empty = await temporaryFolder();
    vi.spyOn(process, 'cwd').mockReturnValue(empty);
    vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
    vi.stubEnv('VERCEL_OIDC_TOKEN', undefined);
    vi.stubEnv('VERCEL_TOKEN', undefined);
  });
  afterEach(() => void Reflect.deleteProperty(globalThis, CONTEXT));

  const messageFor = async () => {
    const error = await caught(bearerSent({}), CredentialError);
    expect(error.cause).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 10 })).not.toContain('canary');
    return error.message;
  };

  it.each([
    ['has expired', expired, 'has expired, and could not be renewed'],
    ['is no JWT', 'canary', 'is not a Vercel OIDC token'],
    ['has claims that are no JSON', `a.canary.${'b'}`, 'is not a Vercel OIDC token'],
    ['has claims that are no object', jwt(null), 'is not a Vercel OIDC token'],
  ])('is named by its variable where it %s', async (_, token, fault) => {
    vi.stubEnv('VERCEL_OIDC_TOKEN', token);
    expect(await messageFor()).toBe(
      `the token in VERCEL_OIDC_TOKEN ${fault}: ${FIX}; elsewhere, pass vercelToken or bearerToken`,
    );
  });

  it('is named by the variable of its file', async () => {
    vi.stubEnv('VERCEL_OIDC_TOKEN', expired);
    const file = join(await temporaryFolder(), 'oidc-token');
    vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', file);
    for (const content of [undefined, '', expired, 'canary']) {
      if (content !== undefined) await writeFile(file, content);
      expect(await messageFor()).toContain('the file that VERCEL_OIDC_TOKEN_FILE names has no valid');
    }
  });

  it('is that of the request before any of the environment', async () => {
    vi.stubEnv('VERCEL_OIDC_TOKEN', 'canary');
    Reflect.set(globalThis, CONTEXT, { get: () => ({ headers: { 'x-vercel-oidc-token': expired } }) });
    expect(await messageFor()).toMatch(/^the OIDC token of the request \(.*\) has expired/);
  });

  it('does not keep a set VERCEL_TOKEN from being named', async () => {
    vi.stubEnv('VERCEL_OIDC_TOKEN', expired);
    vi.stubEnv('VERCEL_TOKEN', 'canary');
    expect(await messageFor()).toMatch(/VERCEL_TOKEN is set, and is read only where you pass/);
  });
});

describe('what `@vercel/oidc` fails with', () => {
  /** A platform that fails where the token of a request is looked for. */
  const failWith = (cause: unknown) =>
    Reflect.set(globalThis, CONTEXT, {
      get() {
        throw cause;
      },
    });
  beforeEach(() => {
    vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
    vi.stubEnv('VERCEL_OIDC_TOKEN', undefined);
  });
  afterEach(() => void Reflect.deleteProperty(globalThis, CONTEXT));

  it('is passed on where a framework steers its rendering with it', async () => {
    const cause = Object.assign(new Error('of the framework'), { digest: 'DYNAMIC_SERVER_USAGE' });
    failWith(cause);
    await expect(environmentCredential({})()).rejects.toBe(cause);
  });

  it.each([
    'Dynamic require of "fs" is not supported',
    "Cannot find module './token.js'",
    'Could not resolve "fs"',
  ])('is told from a token that is missing where a part of it is missing: %s', async (reason) => {
    const cause = new Error(`${reason}\nRequire stack: and more`);
    failWith(cause);
    const error = await caught(environmentCredential({})(), CredentialError);
    expect(error.message).toContain(
      `cannot be loaded, so that no Vercel OIDC token was looked for (${reason}):`,
    );
    expect(error.cause).toBe(cause);
  });

  it('is the cause of the error that no token is available', async () => {
    const cause = new Error('of the platform');
    failWith(cause);
    const error = await caught(environmentCredential({})(), CredentialError);
    expect(error.message).toContain('no Vercel OIDC token is available here');
    expect(error.cause).toBe(cause);
  });

  it('is named where its token cannot be sent', async () => {
    vi.stubEnv('VERCEL_OIDC_TOKEN', `${oidcToken('project')}\n`);
    expect((await caught(environmentCredential({})(), InvalidArgumentError)).argument).toBe(
      'VERCEL_OIDC_TOKEN',
    );
  });
});
