import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  AuthorizationDeniedError,
  AuthorizationExpiredError,
  ClientNotEnabledForEnvironmentError,
  ClientNotLinkedToProjectError,
  ConnectError,
  ConnectorInstallationRequiredError,
  ConnectorNotFoundError,
  createConnectClient,
  createTriggerVerifier,
  UserAuthorizationRequiredError,
  VerificationError,
} from '../../../src/connect/index.js';
import { createClient, upload } from '../../../src/index.js';
import { createConnectEmulator, type EmulatorOptions } from '../../../src/msw/index.js';
import { failureOf } from '../../connect/helpers.js';

const USER = { subject: { type: 'user', id: 'user_9' } } as const;
const APP = { subject: { type: 'app' } } as const;
const OAUTH = {
  type: 'oauth',
  name: 'Acme CRM',
  data: { clientId: 'c', clientSecret: 's3cret-value' },
} as const;
const CREDENTIALS = {
  admin: { kind: 'access' },
  shop: { projectId: 'prj_shop', environment: 'production' },
  shopPreview: { projectId: 'prj_shop', environment: 'preview' },
} as const;

/** An emulator over HTTP, and clients of an administrator and of a project. */
async function start(options: EmulatorOptions = {}) {
  const emulator = createConnectEmulator({ credentials: CREDENTIALS, connectors: [], ...options });
  const server = await emulator.listen();
  onTestFinished(() => server.close());
  const as = (bearerToken: string) =>
    createConnectClient({ baseUrl: server.url, bearerToken, maxRetries: 0, cache: { negativeMs: 0 } });
  return { emulator, url: server.url, admin: as('admin'), shop: as('shop'), preview: as('shopPreview') };
}

describe('connectors', () => {
  test('that are created are there, with what they were given and without their secrets', async () => {
    const { admin } = await start();
    const made = await admin.connectors.create({
      ...OAUTH,
      backgroundColor: '#112233',
      events: ['issue.created'],
    });
    expect(made).toMatchObject({
      uid: 'oauth/acme-crm',
      name: 'Acme CRM',
      type: 'oauth',
      creationMode: 'manual',
      backgroundColor: '#112233',
      events: ['issue.created'],
    });
    const read = await admin.connectors.get(made.uid);
    expect(read).toMatchObject({ id: made.id, data: { clientId: 'c' } });
    expect(JSON.stringify(read)).not.toContain('s3cret-value');
  });

  test('of one name get UIDs of their own, and a UID that is taken is a conflict', async () => {
    const { admin } = await start();
    const uids = [await admin.connectors.create(OAUTH), await admin.connectors.create(OAUTH)].map(
      ({ uid }) => uid,
    );
    expect(uids).toEqual(['oauth/acme-crm', 'oauth/acme-crm-2']);
    const call = admin.connectors.create({ ...OAUTH, uid: 'oauth/acme-crm' });
    expect(await failureOf(call, ConnectError)).toMatchObject({ status: 409 });
    const reserved = admin.connectors.create({ ...OAUTH, uid: 'scl_mine' });
    expect(await failureOf(reserved, ConnectError)).toMatchObject({ status: 400 });
  });

  test('that are changed keep the rest', async () => {
    const { admin } = await start();
    const { id } = await admin.connectors.create(OAUTH);
    const { connector } = await admin.connectors.update<'oauth'>(id, {
      name: 'New',
      uid: 'oauth/new',
      triggers: true,
      data: { clientName: 'Shown' },
    });
    expect(connector).toMatchObject({ id, name: 'New', uid: 'oauth/new', triggers: { enabled: true } });
    expect((await admin.connectors.get('oauth/new')).data).toEqual({ clientId: 'c', clientName: 'Shown' });
    await failureOf(admin.connectors.get('oauth/acme-crm'), ConnectorNotFoundError);
  });

  test('that are deleted are gone with their tokens and links', async () => {
    const { admin, shop } = await start();
    const { id } = await admin.connectors.create({ ...OAUTH, projectId: 'prj_shop' });
    await shop.getToken(id, APP);
    await admin.connectors.delete(id);
    await failureOf(shop.getToken(id, { ...APP, scopes: ['x'] }), ConnectorNotFoundError);
    await failureOf(shop.getToken(id, APP, { forceRefresh: true }), ConnectorNotFoundError);
    const { items } = await admin.projects.listConnectors('prj_shop');
    expect(items).toEqual([]);
  });

  test('that are managed are ejected once', async () => {
    const { admin } = await start();
    const { id } = await admin.connectors.createManaged(
      { service: 'slack', name: 'Bot' },
      { autoinstall: true },
    );
    expect(await admin.connectors.get(id)).toMatchObject({
      creationMode: 'managed',
      supportsManagedEjection: true,
      defaultInstallationId: expect.stringMatching(/^inst_/),
    });
    expect(await admin.connectors.eject(id)).toMatchObject({ creationMode: 'manual' });
    expect(await failureOf(admin.connectors.eject(id), ConnectError)).toMatchObject({ status: 409 });
  });

  test('are listed page by page', async () => {
    const { admin } = await start();
    for (let index = 0; index < 7; index++) await admin.connectors.create({ ...OAUTH, name: `C${index}` });
    const names: string[] = [];
    for await (const { name } of admin.connectors.list({ limit: 3, sort: 'name' })) names.push(name);
    expect(names).toEqual(['C0', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6']);
  });

  test('take an icon that was uploaded, and no other', async () => {
    const { admin, url } = await start();
    const bytes = new Uint8Array([137, 80, 78, 71]);
    const icon = createHash('sha1').update(bytes).digest('hex');
    const make = () => admin.connectors.create({ ...OAUTH, icon });
    expect(await failureOf(make(), ConnectError)).toMatchObject({ status: 400 });
    const rest = createClient({ baseUrl: url, bearerToken: 'admin' });
    expect((await upload(rest, '/v2/files', { file: bytes })).data).toHaveProperty('urls');
    expect((await upload(rest, '/v2/files', { file: bytes })).data).toEqual({});
    expect(await make()).toMatchObject({ icon });
    const wrong = upload(rest, '/v2/files', { file: bytes, digest: 'a'.repeat(40) }, { maxRetries: 0 });
    await expect(wrong).rejects.toMatchObject({ status: 400 });
  });

  test('tell what a service takes', async () => {
    const { admin } = await start();
    expect(await admin.connectors.getService('github')).toEqual({ types: [{ type: 'github' }] });
    const { types } = await admin.connectors.getService('github', { schemas: true });
    expect(types[0]).toHaveProperty('createInputSchema');
    await failureOf(admin.connectors.getService('nobody'), ConnectorNotFoundError);
  });
});

describe('links', () => {
  test('decide who gets a token, by project and environment', async () => {
    const { admin, shop, preview } = await start();
    const { id } = await admin.connectors.create(OAUTH);
    await failureOf(shop.getToken(id, APP), ClientNotLinkedToProjectError);
    await admin.projects.attach(id, 'prj_shop', { environments: ['production', 'preview'] });
    await shop.getToken(id, APP);
    await preview.getToken(id, APP);
    // The environments replace those that there were.
    await admin.projects.attach(id, 'prj_shop', { environments: ['production'] });
    const refused = preview.getToken(id, APP, { forceRefresh: true });
    await failureOf(refused, ClientNotEnabledForEnvironmentError);
    await admin.projects.detach(id, 'prj_shop', { environment: 'production' });
    await failureOf(shop.getToken(id, APP, { forceRefresh: true }), ClientNotLinkedToProjectError);
    expect((await admin.projects.list(id)).items).toEqual([]);
  });

  test('a new connector is linked to the project that it names', async () => {
    const { admin, shop, preview } = await start();
    const { id } = await admin.connectors.create({
      ...OAUTH,
      projectId: 'prj_shop',
      environments: ['production'],
    });
    expect(await admin.projects.get(id, 'prj_shop')).toMatchObject({ enabledEnvironments: ['production'] });
    await shop.getToken(id, APP);
    await failureOf(preview.getToken(id, APP), ClientNotEnabledForEnvironmentError);
  });
});

describe('consent', () => {
  const oauth = async (options?: EmulatorOptions) => {
    const world = await start(options);
    const { id } = await world.admin.connectors.create({ ...OAUTH, projectId: 'prj_shop' });
    const authorization = await world.shop.startAuthorization(id, USER);
    /** What a browser does with the page. */
    const press = (decision: string, authorizationUrl = authorization.url) =>
      fetch(authorizationUrl, {
        method: 'POST',
        body: new URLSearchParams({ decision }),
        redirect: 'manual',
      });
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
    expect(() => emulator.approve(installation)).toThrow(/no open request/);
    expect(() => emulator.deny({ request: 'nothing' })).toThrow(/no open request/);
  });
});

describe('triggers', () => {
  const EXPECTED = { projectId: 'prj_shop', environment: 'production' } as const;

  test('are forwarded to each destination, signed so that a verifier believes them', async () => {
    const { admin, emulator, url } = await start();
    const { id } = await admin.connectors.create({ ...OAUTH, projectId: 'prj_shop' });
    await admin.triggers.set(id, [
      { projectId: 'prj_shop', path: '/hook' },
      { projectId: 'prj_shop', branch: 'next' },
    ]);
    const [production, preview] = await emulator.forward(id, { issue: 1 });
    expect([production?.path, preview?.path]).toEqual(['/hook', '/']);
    const verifier = createTriggerVerifier({ jwksUrl: `${url}/.well-known/jwks` });
    const request = (forward = production) =>
      new Request('https://shop.example.com/hook', { method: 'POST', ...forward });
    const event = await verifier.verify(request(), { ...EXPECTED, connector: 'oauth/acme-crm' });
    expect(event.json()).toEqual({ issue: 1 });
    expect(event.connector).toMatchObject({ id, uid: 'oauth/acme-crm' });
    const wrong = await failureOf(verifier.verify(request(preview), EXPECTED), VerificationError);
    expect(wrong.reason).toBe('wrong_environment');
    const other = createTriggerVerifier({
      fetch: async () => Response.json(await createConnectEmulator({ seed: 2 }).jwks()),
    });
    await failureOf(other.verify(request(), EXPECTED), VerificationError);
  });

  test('of a destination enable its environment, and go with their link', async () => {
    const { admin, emulator } = await start();
    const { id } = await admin.connectors.create(OAUTH);
    await admin.triggers.set(id, [{ projectId: 'prj_shop', customEnvironmentId: 'env_qa' }]);
    expect((await admin.projects.get(id, 'prj_shop')).enabledEnvironments).toEqual(['env_qa']);
    expect(await emulator.forward(id, 'x')).toHaveLength(1);
    await admin.projects.detach(id, 'prj_shop', { environment: 'env_qa' });
    expect(await emulator.forward(id, 'x')).toEqual([]);
  });

  test('go nowhere once they are cleared', async () => {
    const { admin, emulator } = await start();
    const { id } = await admin.connectors.create(OAUTH);
    await admin.triggers.set(id, [{ projectId: 'prj_shop' }]);
    expect(await admin.triggers.clear(id)).toMatchObject({ triggers: { enabled: false } });
    expect(await emulator.forward(id, 'x')).toEqual([]);
  });

  test('come in over HTTP, and leave for this machine alone', async () => {
    const { admin, url } = await start();
    const { id } = await admin.connectors.create({ ...OAUTH, triggerDestination: { projectId: 'prj_shop' } });
    const post = (query: string) =>
      fetch(`${url}/connect/trigger/${id}${query}`, { method: 'POST', body: '{}' });
    expect(await (await post('')).json()).toMatchObject({ forwards: [{ path: '/', body: '{}' }] });
    expect((await post('?to=https://example.com')).status).toBe(400);
    const nobody = await fetch(`${url}/connect/trigger/nobody`, { method: 'POST' });
    expect(nobody.status).toBe(404);
  });
});
