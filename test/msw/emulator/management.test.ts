import { createHash } from 'node:crypto';
import { setupServer } from 'msw/node';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  ClientNotEnabledForEnvironmentError,
  ClientNotLinkedToProjectError,
  ConnectError,
  ConnectorNotFoundError,
  createConnectClient,
  createTriggerVerifier,
  NoValidTokenError,
  VerificationError,
} from '../../../src/connect/index.js';
import { InvalidArgumentError } from '../../../src/errors/index.js';
import { createClient, upload } from '../../../src/index.js';
import { createConnectEmulator } from '../../../src/msw/index.js';
import { failureOf } from '../../connect/helpers.js';
import { thrownBy } from '../../helpers/caught.js';
import { startServer } from '../../helpers/loopback-server.js';
import { APP, OAUTH, start } from './managed.js';

describe('connectors', () => {
  test('that are created are there, with what they were given and without their secrets', async () => {
    const { admin } = await start();
    const described = { tokenEndpointAuthMethod: 'client_secret_basic', defaultTokenExpiresIn: 600 };
    const made = await admin.connectors.create({
      ...OAUTH,
      data: { ...OAUTH.data, ...described },
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
    expect(read).toMatchObject({ id: made.id, data: { clientId: 'c', ...described } });
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
      { service: 'linear', name: 'Bot' },
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
    const wrong = upload(rest, '/v2/files', { file: bytes, digest: 'a'.repeat(40), maxRetries: 0 });
    await expect(wrong).rejects.toMatchObject({ status: 400 });
  });

  test('without a valid credential issue tokens again once a new key is set', async () => {
    const revoked = { uid: 'api-key/revoked', subjectTypes: ['app'], issuesTokens: false };
    const { admin, shop } = await start({ connectors: [revoked] });
    const fails = () => failureOf(shop.getToken(revoked.uid, APP), NoValidTokenError);
    await fails();
    await admin.connectors.update(revoked.uid, { name: 'Renamed' });
    await admin.connectors.update(revoked.uid, { data: { toDelete: ['key_1'] } });
    await admin.connectors.update(revoked.uid, { data: { toUpdate: [{ id: 'key_1', value: null }] } });
    await fails();
    await admin.connectors.update(revoked.uid, { data: { toAdd: [{ value: 'new' }] } });
    expect(await shop.getToken(revoked.uid, APP)).toEqual(expect.any(String));
  });

  test('tell what a service takes', async () => {
    const { admin } = await start();
    expect(await admin.connectors.getService('github')).toMatchObject({
      types: [{ type: 'github' }],
      connectionMethods: [{ connectionMethod: 'github', create: { managed: true, manual: true } }],
    });
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

  test('are believed without a URL of keys, where the handlers stand in for Vercel', async () => {
    const emulator = createConnectEmulator();
    const server = setupServer(...emulator.handlers);
    server.listen({ onUnhandledRequest: 'error' });
    onTestFinished(() => server.close());
    const admin = createConnectClient({ bearerToken: 'any-bearer' });
    await admin.triggers.set('slack/acme-slack', [{ projectId: 'prj_shop', path: '/hook' }]);
    const [forward] = await emulator.forward('slack/acme-slack', { issue: 1 });
    const request = new Request('https://shop.example.com/hook', { method: 'POST', ...forward });
    expect((await createTriggerVerifier().verify(request, EXPECTED)).json()).toEqual({ issue: 1 });
    const ofTheTeam = await fetch('https://oidc.vercel.com/acme/.well-known/jwks');
    expect(await ofTheTeam.json()).toEqual(await emulator.jwks());
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

  test('stay with the host that is named, whatever the path and its answer say', async () => {
    const elsewhere = await startServer((_, response) => void response.end());
    const { host } = new URL(elsewhere.url);
    const here = await startServer((_, response) => {
      response.writeHead(307, { location: elsewhere.url }).end();
    });
    const { admin, emulator, url } = await start();
    const paths = [`//${host}/x`, `/\\${host}/x`, `http://${host}/x`, `/hook?next=//${host}&a=b?c`];
    for (const path of paths) {
      emulator.addConnector({ uid: 'oauth/evil', links: { prj_shop: ['production'] } });
      await admin.triggers.set('oauth/evil', [{ projectId: 'prj_shop', path }]).catch(() => undefined);
      const answer = await fetch(`${url}/connect/trigger/oauth%2Fevil?to=${here.url}`, { method: 'POST' });
      expect(answer.status).toBe(202);
    }
    expect(elsewhere.requests).toEqual([]);
    expect(here.requests.map((request) => request.url)).toContain(`//${host}/x`);
    expect(here.requests.map((request) => request.url)).toContain(`/hook?next=//${host}&a=b?c`);
    const dead = await fetch(`${url}/connect/trigger/oauth%2Fevil?to=http://127.0.0.1:1`, { method: 'POST' });
    expect(dead.status).toBe(502);
  });

  test('hold what JSON can hold', async () => {
    const emulator = createConnectEmulator();
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    for (const body of [cyclic, 1n, undefined, () => 1])
      expect(thrownBy(() => emulator.forward('slack/acme-slack', body), InvalidArgumentError).argument).toBe(
        'body',
      );
  });
});
