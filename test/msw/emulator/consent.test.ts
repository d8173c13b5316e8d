import { describe, expect, test } from 'vitest';
import {
  AuthorizationDeniedError,
  AuthorizationExpiredError,
  ConnectorInstallationRequiredError,
  UserAuthorizationRequiredError,
} from '../../../src/connect/index.js';
import type { EmulatorOptions } from '../../../src/msw/index.js';
import { failureOf } from '../../connect/helpers.js';
import { APP, OAUTH, start, USER } from './managed.js';

/** The hidden field of the form, which only who has the page can read. */
async function formTokenOf(url: string): Promise<string> {
  const page = await (await fetch(url)).text();
  return /name="token" value="([^"]+)"/.exec(page)?.[1] ?? '';
}

function send(url: string, decision: string, token?: string): Promise<Response> {
  const body = new URLSearchParams({ decision, ...(token === undefined ? {} : { token }) });
  return fetch(url, { method: 'POST', body, redirect: 'manual' });
}

describe('consent', () => {
  const oauth = async (options?: EmulatorOptions) => {
    const world = await start(options);
    const { id } = await world.admin.connectors.create({ ...OAUTH, projectId: 'prj_shop' });
    const authorization = await world.shop.startAuthorization(id, USER);
    /** What a browser does with the page. */
    const press = async (decision: string, authorizationUrl = authorization.url) =>
      send(authorizationUrl, decision, await formTokenOf(authorizationUrl));
    return { ...world, id, authorization, press };
  };

  test('is given on a page that names connector and user, and then there is a token', async () => {
    const { shop, authorization, url, press } = await oauth();
    expect(authorization.url).toMatch(new RegExp(`^${url}/authorize/`));
    const page = await fetch(authorization.url);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await page.text()).toMatch(/Authorize Acme CRM for <b>user_9<\/b>/);
    expect((await press('approve')).status).toBe(200);
    expect(await shop.waitForAuthorization(authorization)).toHaveProperty('token');
  });

  test('shows the scopes, and follows the colours of the system', async () => {
    const { shop, id } = await oauth();
    const { url } = await shop.startAuthorization(id, { ...USER, scopes: ['issues:create', '<b>'] });
    const page = await (await fetch(url)).text();
    expect(page).toContain('<li><code>issues:create</code></li><li><code>&lt;b&gt;</code></li>');
    expect(page).toContain('color-scheme:light dark');
  });

  test('that is denied ends the wait', async () => {
    const { shop, authorization, press } = await oauth();
    await press('deny');
    await failureOf(shop.waitForAuthorization(authorization), AuthorizationDeniedError);
    await failureOf(shop.getToken(authorization.connector?.id ?? '', USER), UserAuthorizationRequiredError);
  });

  test('is decided once, and not after its time', async () => {
    const clock = { now: Date.now() };
    const { shop, authorization, press } = await oauth({ now: () => clock.now });
    await press('approve');
    expect((await press('deny')).status).toBe(410);
    const late = await shop.startAuthorization(authorization.connector?.id ?? '', USER, {
      expiresInMs: 60_000,
    });
    clock.now += 60_000;
    expect((await press('approve', late.url)).status).toBe(410);
    await failureOf(shop.waitForAuthorization(late), AuthorizationExpiredError);
  });

  test('sends the browser back where it was told to', async () => {
    const { shop, id, press } = await oauth();
    const { url } = await shop.startAuthorization(id, USER, { callbackUrl: 'http://localhost:3000/done' });
    const answer = await press('approve', url);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('http://localhost:3000/done');
  });

  test('is no decision without one of the two buttons, nor for a request that nobody made', async () => {
    const { press, url } = await oauth();
    expect((await press('maybe')).status).toBe(400);
    expect((await fetch(`${url}/authorize/nothing`)).status).toBe(404);
  });

  test("is not given by a form of another site, which cannot read this page's", async () => {
    const { shop, id, authorization, emulator, press } = await oauth();
    const other = await shop.startAuthorization(id, { subject: { type: 'user', id: 'user_8' } });
    for (const token of [undefined, '', 'guessed', await formTokenOf(other.url)])
      expect((await send(authorization.url, 'approve', token)).status).toBe(403);
    expect(emulator.consents.map(({ outcome }) => outcome)).toEqual(['pending', 'pending']);
    // Requests are the same ones for the same seed; what binds the form is not.
    const again = await oauth();
    expect(await formTokenOf(again.authorization.url)).not.toBe(await formTokenOf(authorization.url));
    const page = await fetch(authorization.url);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(page.headers.has('access-control-allow-origin')).toBe(false);
    expect((await press('approve')).status).toBe(200);
  });

  test('shows names as text', async () => {
    const { admin, shop } = await oauth();
    const name = '<script>alert(1)</script>';
    const { id } = await admin.connectors.create({ ...OAUTH, name, projectId: 'prj_shop' });
    const user = { subject: { type: 'user', id: '<img src=x>' } } as const;
    const page = await fetch((await shop.startAuthorization(id, user)).url);
    const html = await page.text();
    expect(html).not.toMatch(/<script>|<img/);
    expect(html).toContain('&lt;script&gt;');
  });

  test('for an installation makes one', async () => {
    const { admin, shop, emulator } = await start();
    const { id } = await admin.connectors.create({
      type: 'github',
      name: 'Acme',
      projectId: 'prj_shop',
      data: { appId: 1, appSlug: 'a', appName: 'A', clientId: 'c' },
    });
    await failureOf(shop.getToken(id, APP), ConnectorInstallationRequiredError);
    const installation = await shop.startInstallation(id);
    emulator.approve(installation);
    const { installationId } = await shop.waitForAuthorization(installation);
    expect(installationId).toMatch(/^inst_/);
    expect(() => emulator.approve(installation)).toThrow(/not an open request/);
    expect(() => emulator.deny({ request: 'nothing' })).toThrow(/not an open request/);
  });
});
