import { describe, expect, test } from 'vitest';
import type { Asked } from '../ask.js';
import { emulate } from './emulate.js';

const NOW = 1_800_000_000_000;
const item = (more: object = {}) => ({
  accessToken: 'imported-1',
  expiresAt: NOW + 600_000,
  subject: { type: 'user', id: 'user_456' },
  environment: 'production',
  ...more,
});
const asUser = { subject: { type: 'user', id: 'user_456' } };

function importing(...args: Parameters<typeof emulate>) {
  const it = emulate(...args);
  const path = '/v1/connect/token/oauth%2Flinear/import';
  return {
    ...it,
    bring: (tokens: readonly object[], asked: Asked = {}) =>
      it.send('POST', path, { ...asked, body: { tokens } }),
  };
}

describe('import', () => {
  test('stores tokens that requests then get, and tells of each item without its secrets', async () => {
    const { bring, token } = importing();
    const extras = {
      name: 'Customer',
      externalSubject: 'ext-1',
      refreshToken: 'refresh-1',
      data: { from: 'old' },
    };
    const { status, body } = await bring([item({ ...extras, scopes: ['read'] })]);
    expect(status).toBe(200);
    expect(body).toEqual({
      accepted: 1,
      imported: 1,
      tokens: [
        {
          succeeded: true,
          environment: 'production',
          expiresAt: NOW + 600_000,
          expiresIn: 600,
          subject: asUser.subject,
          name: 'Customer',
          externalSubject: 'ext-1',
          scopes: ['read'],
          data: { from: 'old' },
        },
      ],
    });
    expect(await token('oauth/linear', { ...asUser, scopes: ['read'] })).toMatchObject({
      status: 200,
      body: {
        token: 'imported-1',
        tokenId: expect.stringMatching(/^stk_\w{22}$/),
        expiresAt: NOW + 600_000,
        name: 'Customer',
        externalSubject: 'ext-1',
      },
    });
  });

  test('lets each item fail by itself', async () => {
    const { bring, issued, token, emulator } = importing({
      credentials: { 'some-bearer': { projectId: 'prj_shop' } },
    });
    emulator.link('oauth/linear', 'prj_shop', ['production', 'preview']);
    const { body } = await bring([
      item(),
      item({ subject: { type: 'user', id: 'late' }, expiresAt: NOW }),
      item({ subject: { type: 'robot', id: 'r' } }),
      item({ subject: { type: 'user', id: 'dev' }, environment: 'development' }),
      item({ subject: { type: 'user', id: 'blank' }, accessToken: '' }),
      item({ subject: { type: 'token', token: 'secret-subject' }, accessToken: 'imported-2' }),
    ]);
    expect(body).toMatchObject({
      accepted: 6,
      imported: 2,
      tokens: [true, false, false, false, false, true].map((succeeded) => ({ succeeded })),
    });
    expect(JSON.stringify(body)).not.toMatch(/imported-|secret-subject/);
    expect((await issued('oauth/linear', asUser)).token).toBe('imported-1');
    expect(
      (await issued('oauth/linear', { subject: { type: 'token', token: 'secret-subject' } })).token,
    ).toBe('imported-2');
    for (const id of ['late', 'dev', 'blank']) {
      expect((await token('oauth/linear', { subject: { type: 'user', id } })).status).toBe(422);
    }
  });

  test('is for its environment, and another one gets a token of its own', async () => {
    const credentials = {
      production: { projectId: 'prj_shop', environment: 'production' },
      preview: { projectId: 'prj_shop', environment: 'preview' },
    };
    const { bring, issued, token, emulator } = importing({ credentials });
    emulator.grantUser('oauth/linear', 'user_456');
    // Both callers may issue, so that nothing but the environment keeps the imported one from either.
    await bring([item({ environment: 'preview', accessToken: 'imported-preview' })], {
      bearer: 'production',
    });
    expect((await issued('oauth/linear', asUser, { bearer: 'preview' })).token).toBe('imported-preview');
    expect((await issued('oauth/linear', asUser, { bearer: 'production' })).token).not.toContain('imported');
    expect((await token('oauth/linear', asUser, { bearer: 'production' })).status).toBe(200);
    // A token for another environment takes the place of none.
    await bring([item({ accessToken: 'imported-production' })], { bearer: 'production' });
    for (const bearer of ['production', 'preview'])
      expect((await issued('oauth/linear', asUser, { bearer })).token).toBe(`imported-${bearer}`);
  });

  test('is for one environment of one project', async () => {
    const { bring, token } = importing({
      credentials: {
        shop: { projectId: 'prj_shop' },
        preview: { projectId: 'prj_shop', environment: 'preview' },
        blog: { projectId: 'prj_blog' },
      },
    });
    await bring([item()], { bearer: 'shop' });
    const statuses = [];
    for (const bearer of ['shop', 'preview', 'blog'])
      statuses.push((await token('oauth/linear', asUser, { bearer })).status);
    expect(statuses).toEqual([200, 422, 422]);
  });

  test('is found by a request for all scopes, not by one for others', async () => {
    const { bring, issued, token } = importing();
    await bring([item({ scopes: ['read', 'write'] })]);
    expect((await issued('oauth/linear', asUser)).token).toBe('imported-1');
    expect((await issued('oauth/linear', { ...asUser, scopes: ['write', 'read'] })).token).toBe('imported-1');
    expect((await token('oauth/linear', { ...asUser, scopes: ['read'] })).status).toBe(422);
  });

  test('replaces an earlier one for the same, and goes before an issued one', async () => {
    const { bring, issued, emulator } = importing();
    emulator.grantUser('oauth/linear', 'user_456');
    await issued('oauth/linear', asUser);
    await bring([item()]);
    await bring([item({ accessToken: 'imported-2' })]);
    expect((await issued('oauth/linear', asUser)).token).toBe('imported-2');
  });

  test('ends with its token, unless a refresh token came along', async () => {
    const { bring, token, issued, clock } = importing();
    await bring([
      item(),
      item({ subject: { type: 'user', id: 'fresh' }, accessToken: 'imported-2', refreshToken: 'r' }),
    ]);
    const fresh = { subject: { type: 'user', id: 'fresh' } };
    clock.now = NOW + 569_999;
    expect((await issued('oauth/linear', asUser)).token).toBe('imported-1');
    clock.now += 1;
    expect((await token('oauth/linear', asUser)).status).toBe(422);
    expect((await issued('oauth/linear', fresh)).token).toMatch(/^oauth-emulated-/);
  });

  test('counts for the installation that it names', async () => {
    const { send, issued, emulator } = emulate();
    emulator.install('slack/acme-slack', 'inst_2');
    const app = (more: object) => item({ subject: { type: 'app' }, ...more });
    const tokens = [
      app({ installationId: 'inst_2' }),
      app({ installation: { id: 'inst_3' }, accessToken: 'imported-3' }),
      app({ accessToken: 'imported-default' }),
    ];
    await send('POST', '/v1/connect/token/slack%2Facme-slack/import', { body: { tokens } });
    const tokenOf = async (installationId: string) =>
      (await issued('slack/acme-slack', { installationId })).token;
    expect(await tokenOf('inst_2')).toBe('imported-1');
    expect(await tokenOf('inst_3')).toBe('imported-3');
    expect((await issued('slack/acme-slack')).token).toBe('imported-default');
  });

  test('by a person without project needs no link', async () => {
    const { bring, issued } = importing({
      credentials: { 'some-bearer': { kind: 'access', environment: 'production' } },
      connectors: [{ uid: 'oauth/linear', links: {} }],
    });
    expect((await bring([item()])).body).toMatchObject({ imported: 1 });
    expect((await issued('oauth/linear', asUser)).token).toBe('imported-1');
  });
});

describe('revocation', () => {
  const path = '/v1/connect/connectors/oauth%2Flinear/tokens';
  const counts = (found: number) => ({
    tokensFound: found,
    deleted: found,
    providerRevoked: found,
    providerSkipped: 0,
    providerFailed: 0,
  });
  const consented = { subject: { type: 'user', id: 'user_123' } };
  const service = { subject: { type: 'jwt-bearer', sub: 's' } };

  test('of a user drops the tokens and asks for consent again', async () => {
    const { send, issued, token } = emulate();
    await issued('oauth/linear', consented);
    await issued('oauth/linear', { ...consented, scopes: ['read'] });
    const { token: kept } = await issued('oauth/linear', service);
    expect(await send('DELETE', path, { body: consented })).toMatchObject({ status: 200, body: counts(2) });
    expect(await token('oauth/linear', consented)).toMatchObject({
      status: 422,
      error: { code: 'user_authorization_required' },
    });
    expect((await issued('oauth/linear', service)).token).toBe(kept);
    expect((await send('DELETE', path, { body: consented })).body).toEqual(counts(0));
  });

  test('of a user who has no token yet asks for consent again too', async () => {
    const { send, token } = emulate();
    expect((await send('DELETE', path, { body: consented })).body).toEqual(counts(0));
    expect((await token('oauth/linear', consented)).status).toBe(422);
  });

  test('of another subject gives a new token, without further ado', async () => {
    const { send, issued } = emulate();
    const { token: first } = await issued('oauth/linear', service);
    expect((await send('DELETE', path, { body: service })).body).toEqual(counts(1));
    expect((await issued('oauth/linear', service)).token).not.toBe(first);
  });

  test('of everything drops imported tokens too, and every consent', async () => {
    const { bring, send, token } = importing();
    await bring([item()]);
    expect((await token('oauth/linear', service)).status).toBe(200);
    expect((await send('DELETE', path, { body: {} })).body).toEqual(counts(2));
    expect((await token('oauth/linear', asUser)).status).toBe(422);
    expect((await token('oauth/linear', consented)).status).toBe(422);
  });

  test('of an installation leaves the others', async () => {
    const { send, issued, emulator } = emulate();
    emulator.install('slack/acme-slack', 'inst_2');
    const of = async (installationId: string) => (await issued('slack/acme-slack', { installationId })).token;
    const [one, two] = [await of('inst_acme_slack'), await of('inst_2')];
    const body = { installationId: 'inst_2' };
    expect((await send('DELETE', '/v1/connect/connectors/slack%2Facme-slack/tokens', { body })).body).toEqual(
      counts(1),
    );
    expect(await of('inst_acme_slack')).toBe(one);
    expect(await of('inst_2')).not.toBe(two);
  });

  test('of all users takes the consent of those who had tokens', async () => {
    const { send, issued, token, emulator } = emulate();
    emulator.grantUser('oauth/linear', 'quiet');
    await issued('oauth/linear', consented);
    expect((await send('DELETE', path, { body: { subject: { type: 'user' } } })).body).toEqual(counts(1));
    expect((await token('oauth/linear', consented)).status).toBe(422);
    expect((await token('oauth/linear', { subject: { type: 'user', id: 'quiet' } })).status).toBe(200);
  });

  test('leaves other connectors alone, and needs a link', async () => {
    const { send, issued, emulator } = emulate({ credentials: { 'some-bearer': { projectId: 'prj_a' } } });
    const { token } = await issued('slack/acme-slack');
    await send('DELETE', path, { body: {} });
    expect((await issued('slack/acme-slack')).token).toBe(token);
    emulator.unlink('oauth/linear', 'prj_a');
    expect((await send('DELETE', path, { body: {} })).status).toBe(403);
  });
});
