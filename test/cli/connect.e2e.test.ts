// One test a command: the program as it is published, in a process of its own, against the emulator over HTTP.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { pngOf } from '../helpers/png.js';
import { useBinary } from './binary.js';
import { useServed } from './served.js';

const run = useBinary();
const emulator = createConnectEmulator();
const served = useServed(emulator);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-cli-'));
});
beforeEach(() => emulator.reset());
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const connect = (...args: string[]) => run(['connect', ...args, '--base-url', served.url]);

/** The JSON that a command printed; it must have ended well, with nothing beside it. */
async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await connect(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const CRM = { clientId: 'c', clientSecret: 'the-client-secret' };
const create = async (...more: string[]) => {
  const data = `@${await file('crm.json', CRM)}`;
  return json('create', 'oauth', '--name', 'CRM', '--data', data, ...more);
};

describe('vercel-rest connect', () => {
  test('create', async () => {
    const made = await create(
      '--project',
      'prj_1',
      '-e',
      'production,preview',
      '--background-color',
      '#112233',
    );
    expect(made).toMatchObject({ uid: 'oauth/crm', name: 'CRM', backgroundColor: '#112233' });
    expect(emulator.requests.at(-1)?.body).toMatchObject({
      type: 'oauth',
      projectId: 'prj_1',
      environments: ['production', 'preview'],
      data: CRM,
    });
    expect(JSON.stringify(made)).not.toContain('the-client-secret');
  });

  test('create takes its data from standard input or the environment, and secrets from nowhere else', async () => {
    const args = ['connect', 'create', 'oauth', '--name', 'A', '--base-url', served.url, '--data'];
    const stdin = JSON.stringify(CRM);
    expect(await run([...args, '@-'], { stdin })).toMatchObject({ code: 0 });
    expect(await run([...args, 'env:CRM_DATA'], { env: { CRM_DATA: stdin } })).toMatchObject({ code: 0 });
    expect(await run([...args, '{"clientId":"c"}'])).toMatchObject({ code: 0 });
    const { code, stderr } = await run([...args, stdin]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/clientSecret.*@file\.json.*@-.*env:NAME/);
    expect(stderr).not.toContain('the-client-secret');
    const deep = await run([...args, '{"values":[{"value":"the-api-key"}]}']);
    expect(deep).toMatchObject({ code: 2, stderr: expect.stringContaining('"value"') });
    expect(deep.stderr).not.toContain('the-api-key');
  });

  test('create with triggers, an icon and a managed app', async () => {
    const icon = join(folder, 'icon.png');
    await writeFile(icon, pngOf(640));
    const made = await create(
      ...['--project', 'prj_1', '--triggers', '--trigger-event', 'a,b', '--trigger-path', '/hook'],
      ...['--trigger-project', 'prj_1', '--icon', icon],
    );
    expect(made).toMatchObject({
      icon: expect.stringMatching(/^[0-9a-f]{40}$/),
      events: ['a', 'b'],
      triggerDestinations: [{ projectId: 'prj_1', path: '/hook' }],
    });
    const managed = await json('create', 'linear', '--name', 'Bot', '--managed');
    expect(managed).toMatchObject({ creationMode: 'managed' });
  });

  test('list', async () => {
    const { connectors, cursor } = await json('list', '--limit', '2', '--sort', 'name');
    expect(connectors).toHaveLength(2);
    const rest = await json('ls', '--sort', 'name', '--next', String(cursor));
    expect(rest).toMatchObject({ connectors: { length: 2 }, cursor: null });
    const { stdout } = await connect('list', '--search', 'slack', '--all');
    expect(stdout).toMatch(/^slack\/acme-slack\tAcme Slack\tslack\tscl_\w+\t2026-\S+Z\n$/);
    expect(stdout).not.toContain('\u001b');
    expect((await json('list', '--type', 'github,oauth')).connectors).toHaveLength(2);
    expect((await connect('list', '--search', 'nobody')).stderr).toMatch(/vercel-rest connect create/);
  });

  test('get', async () => {
    expect(await json('get', 'slack/acme-slack')).toMatchObject({ uid: 'slack/acme-slack' });
    expect((await connect('get', 'slack/acme-slack')).stdout).toMatch(/^uid\tslack\/acme-slack\n/);
  });

  test('update', async () => {
    await create();
    const result = await json('update', 'oauth/crm', '--name', 'New', '--data', '{"clientName":"Shown"}');
    expect(result).toMatchObject({ connector: { name: 'New' } });
    expect(await connect('update', 'oauth/crm')).toMatchObject({ code: 2 });
  });

  test('attach, projects and detach', async () => {
    await create();
    await json('attach', 'oauth/crm', '--project', 'prj_1', '-e', 'production', '-e', 'env_qa');
    expect(await json('projects', 'oauth/crm')).toMatchObject({
      projects: [{ enabledEnvironments: ['production', 'env_qa'], project: { id: 'prj_1' } }],
    });
    await json('detach', 'oauth/crm', '--project', 'prj_1', '--environment', 'env_qa', '--yes');
    const table = (await connect('projects', 'oauth/crm')).stdout;
    expect(table).toMatch(/^prj_1\tprj_1\tproduction\t/);
    expect(table).not.toContain('env_qa');
    expect(await connect('detach', 'oauth/crm', '-p', 'prj_1', '-y')).toMatchObject({ code: 0 });
    expect(await json('projects', 'oauth/crm')).toEqual({ projects: [] });
  });

  test('token', async () => {
    const { code, stdout } = await connect('token', 'slack/acme-slack');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^xoxb-emulated-\S+\n$/) });
  });

  test('authorize prints the URL, waits, and shows no token', async () => {
    const started = connect('authorize', 'oauth/linear', '--subject', 'user:user_9', '--json');
    await expect.poll(() => emulator.requests.some(({ path }) => path.includes('/authorize/'))).toBe(true);
    await expect.poll(() => emulator.requests.some(({ path }) => path.includes('/result/'))).toBe(true);
    emulator.approve({ request: emulator.consents[0]?.request ?? '' });
    const { code, stdout, stderr } = await started;
    expect(code).toBe(0);
    expect(stderr).toContain(`Open ${served.url}/authorize/`);
    expect(JSON.parse(stdout)).toMatchObject({ connector: { uid: 'oauth/linear' } });
    expect(stdout).not.toMatch(/"token"|emulated-/);
  });

  test('authorize without waiting, for an installation, with a device code', async () => {
    const started = await json('authorize', 'github/acme', '--install', '--no-wait', '--device-code');
    expect(started).toMatchObject({
      url: expect.stringContaining('/install/'),
      deviceCode: expect.any(String),
    });
    const clash = await connect('authorize', 'github/acme', '--install', '--subject', 'user:a');
    expect(clash.code).toBe(2);
  });

  test('import-tokens', async () => {
    const token = (id: string) => ({
      accessToken: `imported-${id}`,
      expiresAt: Date.now() + 3_600_000,
      environment: 'production',
      subject: { type: 'user', id },
    });
    const failedTo = join(folder, 'failed.json');
    const list = await file('tokens.json', [token('a'), { ...token('b'), environment: '' }]);
    const { code, stdout } = await connect('import-tokens', 'oauth/linear', list, '--failed-to', failedTo);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Imported 1 of 2\.\n {2}1: invalid: .*tokens\[1\]\.environment/);
    expect(JSON.parse(await readFile(failedTo, 'utf8'))).toHaveLength(1);
    expect((await stat(failedTo)).mode & 0o077).toBe(0);
    const lines = `${JSON.stringify(token('c'))}\n${JSON.stringify(token('d'))}\n`;
    const args = ['connect', 'import-tokens', 'oauth/linear', '-', '--base-url', served.url];
    expect(await run(args, { stdin: lines })).toMatchObject({ code: 0, stdout: 'Imported 2 of 2.\n' });
    expect(await run(args, { stdin: '{"a":1}\nbroken' })).toMatchObject({ code: 2 });
  });

  test('import-tokens tells of a refused request as of any other, and keeps what was not sent', async () => {
    const token = {
      accessToken: 'a-token',
      expiresAt: Date.now() + 1e6,
      environment: 'production',
      subject: { type: 'app' },
    };
    const failedTo = join(folder, 'refused.json');
    const list = await file('list.json', [token]);
    emulator.failNext({ status: 401, times: 4 });
    const text = await connect('import-tokens', 'oauth/linear', list, '--failed-to', failedTo);
    expect(text).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^error: .*\nnext: /) });
    expect(JSON.parse(await readFile(failedTo, 'utf8'))).toEqual([token]);
    const { code, stdout } = await connect('import-tokens', 'oauth/linear', list, '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ imported: 0, tokens: [{ outcome: 'unsent' }] });
  });

  test('revoke-tokens', async () => {
    await connect('token', 'slack/acme-slack');
    const counts = await json('revoke-tokens', 'slack/acme-slack', '--subject', 'app', '--yes');
    expect(counts).toMatchObject({ deleted: 1 });
    expect(await json('revoke-tokens', 'slack/acme-slack', '--all-tokens', '-y')).toMatchObject({
      deleted: 0,
    });
    expect(await connect('revoke-tokens', 'slack/acme-slack', '-y')).toMatchObject({ code: 2 });
  });

  test('revoke-tokens says what the provider did not revoke, before and after', async () => {
    const args = ['revoke-tokens', 'slack/acme-slack', '--all-tokens', '--yes'];
    const failed = { tokensFound: 3, deleted: 3, providerRevoked: 1, providerSkipped: 0, providerFailed: 2 };
    const plan = (body: object) =>
      emulator.failNext({ status: 200, operationId: 'revokeConnectorTokens', body });
    plan(failed);
    const text = await connect(...args);
    expect(text).toMatchObject({ code: 1, stderr: '' });
    expect(text.stdout).toMatch(
      /^Revoked every token of slack\/acme-slack \(3 of 3\)\.\nThe provider did not revoke 2: /,
    );
    plan(failed);
    const { code, stdout } = await connect(...args, '--json');
    const { id } = emulator.connectors.find(({ uid }) => uid === 'slack/acme-slack') ?? {};
    const ids = { connector: 'slack/acme-slack', id, uid: 'slack/acme-slack' };
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      ...{ code: 1, ...ids, scope: 'all', supportsRevocation: expect.any(Boolean) },
      ...failed,
    });
    plan({ ...failed, providerRevoked: 0, providerFailed: 0, providerSkipped: 3 });
    const skipped = await connect(...args);
    expect(skipped.code).toBe(0);
    expect(skipped.stdout).toMatch(/Not revoked at the provider: 3\. The provider offers no revocation/);
    const { facts } = { facts: await json('get', 'slack/acme-slack') };
    const body = { ...facts, supportsRevocation: false };
    emulator.failNext({ status: 200, operationId: 'getConnector', body });
    const asked = await connect('revoke-tokens', 'slack/acme-slack', '--all-tokens');
    expect(asked).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('The provider offers no revocation'),
    });
  });

  test('detach tells ids, however things were named', async () => {
    const made = await create('--project', 'prj_1');
    const ids = { connector: 'oauth/crm', id: made.id, uid: 'oauth/crm', project: 'prj_1' };
    const detach = () => json('detach', String(made.id), '-p', 'prj_1', '--yes');
    expect(await detach()).toEqual({ ...ids, detached: true });
    expect(await detach()).toEqual({ ...ids, unchanged: true });
  });

  test('triggers', async () => {
    await create('--project', 'prj_1');
    const set = await json('triggers', 'oauth/crm', '--to', 'prj_1,path=/hook', '--to', 'prj_1,branch=next');
    expect(set.triggerDestinations).toEqual([
      { projectId: 'prj_1', path: '/hook' },
      { projectId: 'prj_1', branch: 'next' },
    ]);
    expect((await connect('triggers', 'oauth/crm')).stdout).toContain('prj_1 production /hook');
    expect(await json('triggers', 'oauth/crm', '--clear', '--yes')).toMatchObject({
      triggers: { enabled: false },
    });
    expect(await connect('triggers', 'oauth/crm', '--to', 'path=/x')).toMatchObject({ code: 2 });
  });

  test('eject and service', async () => {
    const { id } = await json('create', 'linear', '--name', 'Bot');
    expect(await json('eject', String(id), '--yes')).toMatchObject({ creationMode: 'manual' });
    const { stdout } = await connect('service', 'slack');
    for (const fact of [
      /^types\tslack$/m,
      /^data of slack\t.*clientSecret \(required\)/m,
      /^create\tmanaged, manual$/m,
    ])
      expect(stdout).toMatch(fact);
    expect(stdout).toMatch(/^instructions\tCreate an app/m);
  });

  test('remove asks for its links to be named, and for a yes', async () => {
    await create('--project', 'prj_1');
    const linked = await connect('remove', 'oauth/crm', '--yes');
    expect(linked).toMatchObject({ code: 1, stderr: expect.stringContaining('--disconnect-all') });
    const unasked = await connect('rm', 'oauth/crm', '-a');
    expect(unasked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    const [crm] = emulator.connectors.filter(({ uid }) => uid === 'oauth/crm');
    const ids = { connector: 'oauth/crm', id: crm?.id, uid: 'oauth/crm' };
    expect(await json('remove', String(crm?.id), '-a', '-y')).toEqual({ ...ids, removed: true });
    expect(await connect('get', 'oauth/crm')).toMatchObject({ code: 1 });
  });

  test('a team goes with every command', async () => {
    await json('list', '--team', 'team_1');
    await json('get', 'slack/acme-slack', '--team', 'acme');
    expect(emulator.requests.map(({ query }) => [query.teamId, query.slug])).toEqual([
      ['team_1', undefined],
      [undefined, 'acme'],
    ]);
  });
});
