// The rest of the commands, each through the program as it is published against the emulator over HTTP: what the Vercel
// CLI has besides, and the links as seen from either end.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { useBinary } from './binary.js';
import { useServed } from './served.js';

const run = useBinary();
const emulator = createConnectEmulator({ credentials: () => ({ kind: 'access' }) });
const served = useServed(emulator);

beforeEach(() => {
  emulator.reset();
  emulator.addConnector({ uid: 'oauth/crm', links: {} });
});

const connect = (...args: string[]) => run(['connect', ...args, '--base-url', served.url]);

/** The JSON that a command printed; it must have ended well, with nothing beside it. */
async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await connect(...args, '--format', 'json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** The operations that reached the emulator, in order. */
const operationIds = () => emulator.requests.map(({ operationId }) => operationId);

describe('links', () => {
  test('projects --project shows one link', async () => {
    emulator.link('oauth/crm', 'prj_1', ['production']);
    emulator.link('oauth/crm', 'prj_2', ['preview']);
    expect(await json('projects', 'oauth/crm', '--project', 'prj_2')).toMatchObject({
      projects: [{ project: { id: 'prj_2' }, enabledEnvironments: ['preview'] }],
    });
    expect(operationIds()).toEqual(['getConnectorProjectConnection']);
    const { stdout } = await connect('projects', 'oauth/crm', '-p', 'prj_1');
    expect(stdout).toMatch(/^prj_1\tprj_1\tproduction\t\d{4}-/);
    expect(await connect('projects', 'oauth/crm', '-p', 'prj_3')).toMatchObject({ code: 1 });
  });

  test('connectors shows the links of a project', async () => {
    emulator.link('oauth/crm', 'prj_1', ['production']);
    const { id } = emulator.connectors.find(({ uid }) => uid === 'oauth/crm') ?? {};
    const { connectors } = await json('connectors', 'prj_1');
    expect(connectors).toContainEqual(expect.objectContaining({ connectorId: id }));
    expect(operationIds()).toEqual(['listProjectConnectorConnections']);
    const { stdout } = await connect('connectors', 'prj_1');
    expect(stdout).toMatch(/^scl_\w+\tproduction, preview, development\t\d{4}-/);
    expect(stdout).toContain(id);
  });

  test('list --all-projects tells the projects of each connector', async () => {
    emulator.link('oauth/crm', 'prj_1');
    emulator.link('oauth/crm', 'prj_2');
    const { connectors } = await json('list', '--all-projects', '--search', 'crm');
    expect(connectors).toMatchObject([
      { uid: 'oauth/crm', projects: [{ id: 'prj_1' }, { id: 'prj_2' }], hasMoreProjects: false },
    ]);
    const { stdout } = await connect('ls', '--all-projects', '--search', 'crm');
    expect(stdout).toMatch(/\tprj_1, prj_2\n/);
    const both = await connect('list', '--all-projects', '--project', 'prj_1');
    expect(both).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/'--all-projects' cannot be used with option '--project/),
    });
  });

  test('attach changes nothing where nothing is to change, and asks before it takes something away', async () => {
    expect(await json('attach', 'oauth/crm', '-p', 'prj_1')).not.toHaveProperty('unchanged');
    expect(await json('attach', 'oauth/crm', '-p', 'prj_1')).toMatchObject({ unchanged: true });
    expect(operationIds().filter((id) => id === 'upsertConnectorProjectConnection')).toHaveLength(1);
    const narrower = ['attach', 'oauth/crm', '-p', 'prj_1', '-e', 'production'];
    expect(await connect(...narrower)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/loses preview, development of prj_1.*--yes/),
    });
    expect(await connect(...narrower, '--json')).toMatchObject({ code: 2 });
    expect(await json(...narrower, '--yes')).toMatchObject({ enabledEnvironments: ['production'] });
  });

  test('attach knows a custom environment by its slug once it is linked', async () => {
    const named = ['attach', 'oauth/crm', '-p', 'prj_1', '-e', 'production,qa'];
    expect(await connect(...named)).toMatchObject({ code: 2, stderr: expect.stringContaining('env_...') });
    await json('attach', 'oauth/crm', '-p', 'prj_1', '-e', 'env_qa');
    expect(await json(...named)).toMatchObject({ enabledEnvironments: ['production', 'env_qa'] });
  });

  test('attach --triggers adds a destination to those that there are', async () => {
    const attach = (...more: string[]) => json('attach', 'oauth/crm', '-p', 'prj_1', '--triggers', ...more);
    expect(await attach('--trigger-path', '/hook')).toMatchObject({
      triggerDestination: { projectId: 'prj_1', path: '/hook' },
    });
    await attach('--trigger-branch', 'next');
    await attach('--trigger-path', '/moved');
    expect(await json('get', 'oauth/crm')).toMatchObject({
      triggers: { enabled: true },
      triggerDestinations: [
        { projectId: 'prj_1', branch: 'next' },
        { projectId: 'prj_1', path: '/moved' },
      ],
    });
    await attach('--trigger-environment', 'env_qa', '--yes');
    const fourth = await connect('attach', 'oauth/crm', '-p', 'prj_2', '--triggers');
    expect(fourth).toMatchObject({ code: 1, stderr: expect.stringContaining('--to') });
    expect(await connect('projects', 'oauth/crm', '-p', 'prj_2')).toMatchObject({ code: 1 });
  });

  test.each([
    [['--trigger-path', '/hook'], /need --triggers/],
    [
      ['--triggers', '--trigger-branch', 'a', '--trigger-environment', 'env_a'],
      /'--trigger-branch <branch>' cannot be used with option '--trigger-environment/,
    ],
    [['--triggers', '--trigger-environment', 'preview'], /--trigger-branch/],
  ])('attach refuses %j before anything is changed', async (args, message) => {
    const { code, stderr } = await connect('attach', 'oauth/crm', '-p', 'prj_1', ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(operationIds()).not.toContain('upsertConnectorProjectConnection');
  });

  test('detach of what is not linked changes nothing; an unknown connector is an error', async () => {
    expect(await json('detach', 'oauth/crm', '-p', 'prj_1', '--yes')).toMatchObject({ unchanged: true });
    expect(await connect('detach', 'oauth/none', '-p', 'prj_1', '--yes')).toMatchObject({ code: 1 });
  });
});

describe('whose tokens', () => {
  const consented = { type: 'user', id: 'user_123' };

  test('revoke-tokens --my-tokens revokes those of whoever calls', async () => {
    await connect('token', 'oauth/linear', '-s', 'user:user_123');
    const counts = await json('revoke-tokens', 'oauth/linear', '--my-tokens', '--yes');
    expect(counts).toMatchObject({ scope: 'mine', deleted: 1 });
    expect(emulator.requests.at(-1)).toMatchObject({
      operationId: 'revokeConnectorTokens',
      body: { subject: consented },
    });
    const none = await connect('revoke-tokens', 'oauth/linear', '--my-tokens', '--all-tokens', '-y');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('one of') });
  });

  test('token --subject user is a token of whoever calls', async () => {
    const { code } = await connect(
      'token',
      'oauth/linear',
      '--subject',
      'user',
      '--scopes',
      'read write,admin',
    );
    expect(code).toBe(0);
    expect(emulator.requests.at(-1)?.body).toEqual({
      subject: consented,
      scopes: ['read', 'write', 'admin'],
    });
  });

  test('a project is nobody: that is said, with what to do', async () => {
    const env = { VERCEL_OIDC_TOKEN: 'a.b.c' };
    const args = [
      'connect',
      'revoke-tokens',
      'oauth/linear',
      '--my-tokens',
      '--yes',
      '--base-url',
      served.url,
    ];
    const { code, stderr } = await run(args, { env });
    expect({ code, requests: operationIds() }).toEqual({ code: 2, requests: [] });
    expect(stderr).toMatch(/set VERCEL_TOKEN, or name the user: --subject user:<id>/);
  });

  test('token --yes asks for the consent that is missing, waits, and prints the token alone', async () => {
    const started = connect('token', 'oauth/linear', '--subject', 'user:user_9', '--yes');
    await expect.poll(() => emulator.consents.length).toBe(1);
    emulator.approve({ request: emulator.consents[0]?.request ?? '' });
    const { code, stdout, stderr } = await started;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^oauth-emulated-\S+\n$/) });
    expect(stderr).toContain(`Open ${served.url}/authorize/`);
  });

  test('token without a terminal and without --yes fails at once', async () => {
    const outcome = await connect('token', 'oauth/linear', '--subject', 'user:user_9');
    expect(outcome).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('next: ') });
    expect(emulator.consents).toEqual([]);
  });
});

describe('the dashboard', () => {
  test('open prints where a connector is', async () => {
    const { id } = emulator.connectors.find(({ uid }) => uid === 'oauth/crm') ?? {};
    const { code, stdout } = await connect('open', 'oauth/crm', '--team', 'acme');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `https://vercel.com/acme/~/connect/${id}\n` });
    const { url: page } = await json('open', 'oauth/crm');
    expect(decodeURIComponent(String(page))).toBe(`https://vercel.com/d?to=/[team]/~/connect/${id}`);
    expect(await connect('open', 'oauth/none')).toMatchObject({ code: 1 });
  });

  test('contacts add says how it can be done, and that way works', async () => {
    const add = (number: string) => connect('contacts', 'add', 'linq/a', '--phone-number', number);
    const { code, stderr } = await add('+15550100');
    expect(code).toBe(1);
    const [, line = ''] = /`vercel-rest (api [^`]*)`/.exec(stderr) ?? [];
    const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
    const got: unknown[] = [];
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      got.push([request.method, request.url, JSON.parse(text)]);
      response.writeHead(201, { 'content-type': 'application/json' }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await run([...args, '--base-url', `http://127.0.0.1:${port}`])).toMatchObject({ code: 0 });
    server.close();
    expect(got).toEqual([['POST', '/v1/connect/connectors/linq%2Fa/contacts', { phoneNumber: '+15550100' }]]);
    expect(await add('5550100')).toMatchObject({ code: 2, stderr: expect.stringContaining('E.164') });
    expect(await connect('contacts', 'add', 'linq/a')).toMatchObject({ code: 2 });
  });

  test('a format that there is not is a usage error', async () => {
    const outcome = await connect('list', '--format', 'yaml');
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining('Allowed choices are json') });
    expect(
      JSON.parse((await connect('token', 'slack/acme-slack', '--format', 'json')).stdout),
    ).toHaveProperty('expiresAt');
  });
});
