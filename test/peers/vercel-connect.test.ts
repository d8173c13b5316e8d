import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  ConnectError,
  ConnectorInstallationRequiredError,
  deleteTokenCacheEntry,
  getConnectorMetadata,
  getToken,
  getTokenResponse,
  NoValidTokenError,
  revokeToken,
  UserAuthorizationRequiredError,
} from '@vercel/connect';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as ours from '../../src/connect/index.js';
import { createConnectEmulator } from '../../src/msw/index.js';
import { failureOf } from '../connect/helpers.js';

const APP = { subject: { type: 'app' } } as const;
const consented = { subject: { type: 'user', id: 'user_123' } } as const;
const stranger = { subject: { type: 'user', id: 'user_456' } } as const;
const OPTIONS = { vercelToken: 'project-token' };

const emulator = createConnectEmulator();
const server = setupServer(...emulator.handlers);

/** What the emulator has been asked since the test began. */
const asked = () => emulator.requests.map(({ method, path }) => `${method} ${path}`);
const TOKEN_REQUEST = 'POST /v1/connect/token/slack%2Facme-slack';

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
beforeEach(async () => {
  vi.stubEnv('VERCEL_REGION', undefined);
  // Its cache is one for the whole process, and a revocation empties it.
  await revokeToken('slack/acme-slack', APP, OPTIONS);
  emulator.reset();
});
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

it('is the unmodified package at the version that we compare with', () => {
  const main = createRequire(import.meta.url).resolve('@vercel/connect');
  const { version } = JSON.parse(readFileSync(join(dirname(main), '../package.json'), 'utf8'));
  expect(version).toBe('2.3.2');
  expect(getToken).not.toBe(ours.getToken);
});

describe('@vercel/connect against our emulator', () => {
  it('gets a token with a vercelToken', async () => {
    const response = await getTokenResponse('slack/acme-slack', APP, OPTIONS);
    expect(response.token).toMatch(/^xoxb-emulated-/);
    expect(response.expiresAt).toBeGreaterThan(Date.now());
    expect(response.connector).toMatchObject({ uid: 'slack/acme-slack', type: 'slack' });
    expect(asked()).toEqual([TOKEN_REQUEST]);
    expect(emulator.requests[0]).toMatchObject({
      bearer: 'project-token',
      body: { ...APP, scopes: ['*'] },
      status: 200,
    });
  });

  it('is served from its cache the second time', async () => {
    const token = await getToken('slack/acme-slack', APP, OPTIONS);
    expect(await getToken('slack/acme-slack', APP, OPTIONS)).toBe(token);
    expect(asked()).toEqual([TOKEN_REQUEST]);
  });

  it('asks again when it is told to', async () => {
    await getToken('slack/acme-slack', APP, OPTIONS);
    await getToken('slack/acme-slack', APP, { ...OPTIONS, forceRefresh: true });
    deleteTokenCacheEntry('slack/acme-slack', APP);
    await getToken('slack/acme-slack', APP, OPTIONS);
    expect(asked()).toEqual([TOKEN_REQUEST, TOKEN_REQUEST, TOKEN_REQUEST]);
  });

  it('gets a token of a user who has consented', async () => {
    await expect(getToken('oauth/linear', consented, OPTIONS)).resolves.toEqual(expect.any(String));
  });

  it('meets its own UserAuthorizationRequiredError', async () => {
    const call = getToken('oauth/linear', stranger, OPTIONS);
    const error = await failureOf(call, UserAuthorizationRequiredError);
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ code: 'user_authorization_required', status: 422 });
  });

  it('meets its own ConnectorInstallationRequiredError', async () => {
    const call = getToken('github/acme', APP, OPTIONS);
    const error = await failureOf(call, ConnectorInstallationRequiredError);
    expect(error).toMatchObject({ code: expect.stringContaining('installation_required'), status: 422 });
  });

  it('meets its own NoValidTokenError', async () => {
    const error = await failureOf(getToken('api-key/revoked', APP, OPTIONS), NoValidTokenError);
    expect(error).toMatchObject({ code: 'no_token', status: 422 });
  });

  it('meets its own plain ConnectError for an unknown connector', async () => {
    const error = await failureOf(getToken('slack/nobody', APP, OPTIONS), ConnectError);
    expect(error).toMatchObject({ name: 'ConnectError', status: 404 });
  });

  it('errors of the emulator are not ours in its hands, nor its own in ours', async () => {
    const theirs = await failureOf(getToken('api-key/revoked', APP, OPTIONS), NoValidTokenError);
    expect(theirs).not.toBeInstanceOf(ours.ConnectError);
    const own = await failureOf(ours.getToken('api-key/revoked', APP, OPTIONS), ours.NoValidTokenError);
    expect(own).not.toBeInstanceOf(ConnectError);
    expect({ code: own.code, status: own.status, message: own.message }).toEqual({
      code: theirs.code,
      status: theirs.status,
      message: theirs.message,
    });
  });

  it('reads a connector, its public configuration under vendor', async () => {
    const metadata = await getConnectorMetadata('slack/acme-slack', OPTIONS);
    expect(metadata).toMatchObject({ uid: 'slack/acme-slack', vendor: { appId: 'A0EMULATED1' } });
    expect(metadata).not.toHaveProperty('data');
    expect(await ours.getConnectorMetadata('slack/acme-slack', OPTIONS)).toEqual(metadata);
  });

  it('revokes, and its cache is empty afterwards', async () => {
    const token = await getToken('slack/acme-slack', APP, OPTIONS);
    await expect(revokeToken('slack/acme-slack', APP, OPTIONS)).resolves.toBeUndefined();
    expect(await getToken('slack/acme-slack', APP, OPTIONS)).not.toBe(token);
    expect(asked()).toEqual([
      TOKEN_REQUEST,
      'DELETE /v1/connect/connectors/slack%2Facme-slack/tokens',
      TOKEN_REQUEST,
    ]);
  });

  it('a withdrawn consent surfaces with forceRefresh, and leaves no old token behind', async () => {
    await getToken('oauth/linear', consented, OPTIONS);
    emulator.withdrawUser('oauth/linear', 'user_123');
    const forced = getToken('oauth/linear', consented, { ...OPTIONS, forceRefresh: true });
    await failureOf(forced, UserAuthorizationRequiredError);
    await failureOf(getToken('oauth/linear', consented, OPTIONS), UserAuthorizationRequiredError);
  });

  it('goes to the region of VERCEL_REGION, which the emulator serves too', async () => {
    vi.stubEnv('VERCEL_REGION', 'sfo1');
    await getToken('slack/acme-slack', APP, OPTIONS);
    expect(emulator.requests.map(({ url }) => new URL(url).host)).toEqual(['api-sfo1.vercel.com']);
  });
});

describe('the two side by side', () => {
  it.each([
    ['an app', 'slack/acme-slack', APP],
    ['a user', 'oauth/linear', consented],
    [
      'an installation and scopes',
      'slack/acme-slack',
      { ...APP, installationId: 'inst_acme_slack', scopes: ['a'] },
    ],
    ['no scopes', 'slack/acme-slack', { ...APP, scopes: [] }],
    ['a buffer', 'slack/acme-slack', { ...APP, validityBufferMs: 60_000 }],
  ])('send the same request for %s', async (_case, connector, params) => {
    const mutable = structuredClone(params) as Parameters<typeof getToken>[1];
    await getToken(connector, mutable, OPTIONS);
    await ours.getToken(connector, mutable, { ...OPTIONS, forceRefresh: true });
    const [theirs, own] = emulator.requests.map(({ method, url, bearer, body, headers }) => ({
      method,
      url,
      bearer,
      body,
      accept: headers.accept,
      contentType: headers['content-type'],
    }));
    expect(own).toEqual(theirs);
  });
});
