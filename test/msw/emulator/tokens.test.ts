import { describe, expect, test } from 'vitest';
import { emulate } from './emulate.js';

const app = { subject: { type: 'app' } };
const user = (id: string) => ({ subject: { type: 'user', id } });
const reports = { subject: { type: 'jwt-bearer', sub: 'reports@acme.example' } };

describe('a token', () => {
  test('says whose it is and how long it lives', async () => {
    const { token, clock, emulator } = emulate({ tokenLifetimeMs: 60_000 });
    const [slack] = emulator.connectors;
    expect(await token('slack/acme-slack', app)).toMatchObject({
      status: 200,
      body: {
        token: expect.stringMatching(/^xoxb-emulated-\w{22}$/),
        tokenId: expect.stringMatching(/^stk_\w{22}$/),
        expiresAt: clock.now + 60_000,
        connector: { id: slack?.id, uid: 'slack/acme-slack', type: 'slack' },
        name: 'Acme Slack',
        installationId: 'inst_acme_slack',
      },
    });
    const { body } = await token('oauth/linear', user('user_123'));
    expect(body).toMatchObject({
      token: expect.stringMatching(/^oauth-emulated-/),
      externalSubject: 'user_123',
    });
    expect(body).not.toHaveProperty('installationId');
  });

  test('lives for an hour by the real clock, unless told otherwise', async () => {
    const before = Date.now();
    const { expiresAt } = await emulate({ now: undefined }).issued('slack/acme-slack');
    expect(expiresAt).toBeGreaterThanOrEqual(before + 3_600_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 3_600_000);
  });

  test('is found by id as by UID', async () => {
    const { issued, emulator } = emulate();
    const [slack] = emulator.connectors;
    expect(slack?.id).toMatch(/^scl_\w{22}$/);
    expect(await issued(slack?.id ?? '')).toEqual(await issued('slack/acme-slack'));
  });

  test('is the same until its life falls to the buffer, and then another', async () => {
    const { issued, clock } = emulate({ tokenLifetimeMs: 100_000 });
    const first = await issued('slack/acme-slack', app);
    clock.now += 69_999;
    expect(await issued('slack/acme-slack', app)).toEqual(first);
    clock.now += 1;
    const second = await issued('slack/acme-slack', app);
    expect(second.token).not.toBe(first.token);
    expect(second.tokenId).not.toBe(first.tokenId);
    expect(second.expiresAt).toBe(clock.now + 100_000);
  });

  test('has to outlive the buffer of the request', async () => {
    const { issued, clock } = emulate({ tokenLifetimeMs: 100_000 });
    const { token } = await issued('slack/acme-slack', app);
    clock.now += 50_000;
    const ask = async (validityBufferMs: number) =>
      (await issued('slack/acme-slack', { ...app, validityBufferMs })).token;
    expect(await ask(49_999)).toBe(token);
    expect(await ask(50_000)).not.toBe(token);
  });

  test('is the same for every order of what is a set, and without what is the default', async () => {
    const { issued } = emulate();
    const { token } = await issued('slack/acme-slack', {
      scopes: ['a', 'b'],
      audience: ['x', 'y'],
      resources: ['r', 's'],
    });
    const again = { resources: ['s', 'r'], audience: ['y', 'x'], scopes: ['b', 'a', 'a'] };
    expect(
      (await issued('slack/acme-slack', { ...again, ...app, installationId: 'inst_acme_slack' })).token,
    ).toBe(token);
    const { token: all } = await issued('slack/acme-slack', app);
    expect((await issued('slack/acme-slack', { ...app, scopes: ['*'] })).token).toBe(all);
    const details = (detail: object) => issued('slack/acme-slack', { authorizationDetails: [detail] });
    expect(await details({ type: 'a', org: 'o' })).toEqual(await details({ org: 'o', type: 'a' }));
  });

  test('is another for each thing that makes a grant', async () => {
    const { issued, emulator } = emulate();
    emulator.install('slack/acme-slack', 'inst_2');
    emulator.addConnector({ uid: 'slack/other', subjectTypes: ['app'] });
    emulator.grantUser('oauth/linear', 'user_456');
    const tokens = await Promise.all([
      issued('slack/acme-slack', app),
      issued('slack/other', app),
      issued('slack/acme-slack', { ...app, installationId: 'inst_2' }),
      issued('slack/acme-slack', { ...app, installationId: '*' }),
      issued('slack/acme-slack', { ...app, scopes: [] }),
      issued('slack/acme-slack', { ...app, scopes: ['a'] }),
      issued('slack/acme-slack', { ...app, audience: ['a'] }),
      issued('slack/acme-slack', { ...app, resources: ['a'] }),
      issued('slack/acme-slack', { ...app, authorizationDetails: [{ type: 'a' }] }),
      issued('oauth/linear', user('user_123')),
      issued('oauth/linear', user('user_456')),
      issued('oauth/linear', reports),
      issued('oauth/linear', { subject: { type: 'jwt-bearer', sub: 'others@acme.example' } }),
      issued('oauth/linear', { subject: { type: 'token', token: 'a' } }),
      issued('oauth/linear', { subject: { type: 'token', token: 'b' } }),
    ]);
    expect(new Set(tokens.map(({ token }) => token)).size).toBe(tokens.length);
    expect(new Set(tokens.map(({ tokenId }) => tokenId)).size).toBe(tokens.length);
  });

  test('across installations names the default one', async () => {
    const { token } = emulate();
    const { body } = await token('slack/acme-slack', { ...app, installationId: '*' });
    expect(body).toMatchObject({ installationId: 'inst_acme_slack' });
  });

  test('begins as the connector says, or as its provider does', async () => {
    const { issued, emulator } = emulate();
    emulator.install('github/acme', '42');
    emulator.addConnector({ uid: 'custom/mine', subjectTypes: ['app'], tokenPrefix: 'mine_' });
    expect((await issued('github/acme', app)).token).toMatch(/^ghs_emulated_\w{22}$/);
    expect((await issued('custom/mine', app)).token).toMatch(/^mine_\w{22}$/);
  });
});

describe('two callers', () => {
  test('with two bearers are two projects with two tokens, and each gets its own again', async () => {
    const { issued, emulator } = emulate();
    const [a, b, again] = [
      await issued('slack/acme-slack', app, { bearer: 'bearer-a' }),
      await issued('slack/acme-slack', app, { bearer: 'bearer-b' }),
      await issued('slack/acme-slack', app, { bearer: 'bearer-a' }),
    ];
    expect(b.token).not.toBe(a.token);
    expect(again).toEqual(a);
    expect(emulator.requests.map(({ bearer }) => bearer)).toEqual(['bearer-a', 'bearer-b', 'bearer-a']);
  });

  test('of one project share its token; access tokens without project do not', async () => {
    const { issued } = emulate({
      credentials: {
        one: { projectId: 'prj_shop' },
        two: { projectId: 'prj_shop', environment: 'preview' },
        three: { projectId: 'prj_blog' },
        four: { kind: 'access' },
        five: { kind: 'access' },
      },
    });
    const tokenOf = async (bearer: string) => (await issued('slack/acme-slack', app, { bearer })).token;
    const [one, two, three, four, five] = [
      await tokenOf('one'),
      await tokenOf('two'),
      await tokenOf('three'),
      await tokenOf('four'),
      await tokenOf('five'),
    ];
    expect(two).toBe(one);
    expect(new Set([one, three, four, five]).size).toBe(4);
  });
});

describe('the seed', () => {
  const sequence = async (seed?: number | string) => {
    const { issued, clock } = emulate({ seed, tokenLifetimeMs: 40_000 });
    const first = await issued('slack/acme-slack', app);
    const linear = await issued('oauth/linear', reports);
    clock.now += 40_000;
    return [first, linear, await issued('slack/acme-slack', app)].map(({ token, tokenId }) => [
      token,
      tokenId,
    ]);
  };

  test('gives the same tokens for the same requests, and others for another seed', async () => {
    expect(await sequence()).toEqual(await sequence(1));
    const others = await sequence('other');
    expect(new Set([...(await sequence()), ...others].flat()).size).toBe(12);
  });

  test('gives a grant its token whatever other grants came before', async () => {
    const { issued } = emulate();
    await issued('oauth/linear', reports);
    const [[alone] = []] = await sequence();
    expect((await issued('slack/acme-slack', app)).token).toBe(alone);
  });

  test('leaves ids of connectors alone', () => {
    const ids = (seed: number) => emulate({ seed }).emulator.connectors.map(({ id }) => id);
    expect(ids(1)).toEqual(ids(2));
    expect(new Set(ids(1)).size).toBe(4);
  });
});
