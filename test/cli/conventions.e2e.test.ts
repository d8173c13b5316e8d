// What people type in every command, as they know it from `gh` and `vercel`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnectEmulator } from '../../src/msw/index.js';
import { pngOf } from '../helpers/png.js';
import { useBinary } from './binary.js';
import { useServed } from './served.js';

const run = useBinary();
const emulator = createConnectEmulator({ credentials: () => ({ kind: 'access' }) });
const served = useServed(emulator);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-conventions-'));
  await mkdir(join(folder, 'shop', '.vercel'), { recursive: true });
  await mkdir(join(folder, 'broken', '.vercel'), { recursive: true });
  const link = { projectId: 'prj_shop', orgId: 'team_linked' };
  await writeFile(join(folder, 'shop', '.vercel', 'project.json'), JSON.stringify(link));
  await writeFile(join(folder, 'broken', '.vercel', 'project.json'), '{');
});
beforeEach(() => {
  emulator.reset();
  emulator.addConnector({ uid: 'oauth/crm', links: { prj_shop: ['production'] } });
});
afterAll(() => rm(folder, { recursive: true }));

const env = (more: Record<string, string> = {}) => ({ VERCEL_REST_BASE_URL: served.url, ...more });
const last = () => emulator.requests.at(-1);

describe('the environment', () => {
  test('stands in for base URL and team, and flags go before it', async () => {
    const team = env({ VERCEL_TEAM_ID: 'team_1' });
    expect(await run(['connect', 'list'], { env: team })).toMatchObject({ code: 0 });
    expect(last()?.query).toMatchObject({ teamId: 'team_1' });
    await run(['connect', 'list', '--team', 'acme'], { env: team });
    expect(last()?.query).toMatchObject({ slug: 'acme' });
    await run(['api', 'listConnectors'], { env: team });
    expect(last()?.query).toMatchObject({ teamId: 'team_1' });
    const away = await run(['connect', 'list', '--base-url', 'http://127.0.0.1:1'], { env: team });
    expect(away.code).toBe(1);
  });

  test('and the linked folder are left out of the command to run next, and what was typed is repeated', async () => {
    const next = async (...flags: string[]) => {
      const there = { env: env({ VERCEL_TEAM_ID: 'team_1' }), cwd: join(folder, 'shop') };
      const { stderr } = await run(['connect', 'get', 'a/b', '--json', ...flags], there);
      return JSON.parse(stderr).error.next;
    };
    expect(await next()).toContain('`vercel-rest connect list`');
    expect(await next('--team', 'acme')).toContain('`vercel-rest connect list --team acme`');
    const base = ['--base-url', served.url];
    expect(await next(...base)).toContain(`\`vercel-rest connect list ${base.join(' ')}\``);
  });

  test('--token goes before VERCEL_TOKEN, and --debug shows neither', async () => {
    const args = ['connect', 'get', 'slack/acme-slack', '--token', 'a-typed-token', '--debug'];
    const { code, stdout, stderr } = await run(args, { env: env({ VERCEL_TOKEN: 'an-exported-token' }) });
    expect({ code, bearer: last()?.bearer }).toEqual({ code: 0, bearer: 'a-typed-token' });
    expect(stderr).toMatch(/^debug: GET \/v1\/connect\/connectors\/\{connector\} 200 \(\d+ ms(, \S+)?\)\n$/);
    expect(stdout + stderr).not.toMatch(/typed-token|exported-token/);
  });
});

test('a wait that the user ends exits with 130, and writes nothing more', async () => {
  const args = ['connect', 'authorize', 'oauth/linear', '--subject', 'user:user_9', '--json'];
  const child = spawn(process.execPath, [run.path(), ...args], { env: env() });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  await expect.poll(() => printed, { timeout: 20_000 }).toContain('Waiting for a decision');
  const before = printed;
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  expect({ code, printed }).toEqual({ code: 130, printed: before });
});

describe('a folder that `vercel link` linked', () => {
  const linked = () => ({ env: env(), cwd: join(folder, 'shop') });

  test('lends its project and its team to list, create, attach and detach', async () => {
    await run(['connect', 'list'], linked());
    expect(last()?.query).toMatchObject({ projectId: 'prj_shop', teamId: 'team_linked' });
    await run(['connect', 'list', '--all-projects', '--limit', '1'], linked());
    expect(emulator.requests.find(({ query }) => query.limit === '1')?.query).not.toHaveProperty('projectId');
    const made = await run(['connect', 'create', 'linear', '--name', 'Tasks', '--json'], linked());
    expect(JSON.parse(made.stdout)).toMatchObject({ uid: 'linear/tasks' });
    const { stdout } = await run(['connect', 'projects', 'linear/tasks'], { env: env() });
    expect(stdout).toMatch(/^prj_shop\t/);
    await run(['connect', 'attach', 'oauth/crm', '--yes', '-e', 'preview,production'], linked());
    expect(last()).toMatchObject({ method: 'POST', body: { environments: ['preview', 'production'] } });
    const detached = await run(['connect', 'detach', 'oauth/crm', '--yes', '--json'], linked());
    expect(JSON.parse(detached.stdout)).toMatchObject({ project: 'prj_shop', detached: true });
  });

  test('is overruled by flags and by the environment', async () => {
    const team = { ...linked(), env: env({ VERCEL_TEAM_ID: 'team_1' }) };
    await run(['connect', 'list', '--project', 'prj_other'], team);
    expect(last()?.query).toMatchObject({ projectId: 'prj_other', teamId: 'team_1' });
  });

  test('whose file is broken is named', async () => {
    const outcome = await run(['connect', 'list'], { env: env(), cwd: join(folder, 'broken') });
    expect(outcome).toMatchObject({ code: 2, stderr: expect.stringMatching(/project\.json.*vercel link/) });
  });

  test('is not needed where a project is named by its name', async () => {
    const attach = ['connect', 'attach', 'oauth/crm', '--project', 'docs', '--json'];
    const { project } = JSON.parse((await run(attach, { env: env() })).stdout);
    expect(project).toEqual({ id: expect.stringMatching(/^prj_/), name: 'docs' });
    await run(['connect', 'list', '--project', 'docs'], { env: env() });
    expect(last()?.query).toMatchObject({ projectId: project.id });
  });
});

describe('create', () => {
  const create = (...args: string[]) => run(['connect', 'create', ...args, '--json'], { env: env() });
  const data = ['--data', '{"clientId":"c"}'];

  test.each([
    ['mcp.linear.app', 'oauth'],
    ['notion', 'oauth'],
    ['oauth', 'oauth'],
  ])('looks up the type of %s, which is %s', async (service, type) => {
    expect(await create(service, '--name', 'A', ...data)).toMatchObject({ code: 0 });
    expect(last()?.body).toMatchObject({ type, service, data: { clientId: 'c' } });
  });

  test('sends every flag of a managed connector', async () => {
    const place = [
      '--project',
      'prj_1',
      '-e',
      'production',
      '--trigger-branch',
      'next',
      '--trigger-path',
      '/hook',
    ];
    const { code, stdout } = await create(
      ...['linear', '--name', 'Tasks', '--connection-method', 'own', '--target', 'team', ...place],
      ...[
        '--triggers',
        '--trigger-event',
        'a,b',
        '--background-color',
        '#112233',
        '--accent-color',
        '#445566',
      ],
    );
    expect(code).toBe(0);
    const sent = emulator.requests.find(({ operationId }) => operationId === 'createManagedConnector');
    expect(sent).toMatchObject({
      query: { autoinstall: 'true' },
      body: {
        ...{ service: 'linear', name: 'Tasks', connectionMethod: 'own', target: 'team', projectId: 'prj_1' },
        triggers: { enabled: true },
        triggerDestination: { projectId: 'prj_1', branch: 'next', path: '/hook' },
        ...{ events: ['a', 'b'], backgroundColor: '#112233', accentColor: '#445566' },
      },
    });
    expect(JSON.parse(stdout)).toMatchObject({ uid: 'linear/tasks', creationMode: 'managed' });
  });

  test('sends every flag of a connector with data', async () => {
    const flags = ['--uid', 'oauth/own', '--connector-type', 'oauth', '--target', 't', '--param', 'a=b'];
    expect(await create('crm', '--name', 'A', ...flags, ...data)).toMatchObject({ code: 0 });
    expect(last()?.body).toMatchObject({
      ...{ uid: 'oauth/own', type: 'oauth', service: 'crm', target: 't', params: { a: 'b' } },
    });
  });

  test.each([
    ['--uid', 'a/b'],
    ['--param', 'a=b'],
  ])('refuses %s of a managed connector', async (...flag) => {
    expect(await create('linear', '--name', 'A', ...flag)).toMatchObject({ code: 2 });
    expect(emulator.requests).toEqual([]);
  });

  test('says what is missing where only a part of it is done, with the command that does it', async () => {
    emulator.failNext({ status: 403, operationId: 'updateConnector' });
    const { facts } = { facts: emulator.connectors[0] };
    const plain = { ...facts, uid: 'linear/tasks', creationMode: 'managed' };
    emulator.failNext({ status: 200, operationId: 'createManagedConnector', body: plain });
    const { code, stdout, stderr } = await create('linear', '--accent-color', '#445566');
    expect({ code, uid: JSON.parse(stdout).uid }).toEqual({ code: 1, uid: 'linear/tasks' });
    expect(JSON.parse(stderr).error).toMatchObject({
      message: expect.stringMatching(/^linear\/tasks is created, but not finished: /),
      // The base URL is that of the environment, which the next command has too.
      next: "Run `vercel-rest connect update linear/tasks --accent-color '#445566'`.",
    });
  });
});

describe('update', () => {
  const update = (...args: string[]) => run(['connect', 'update', 'oauth/crm', ...args], { env: env() });

  test('checks colors and icons before anything is sent', async () => {
    const files = {
      large: Buffer.concat([pngOf(640), Buffer.alloc(6_000_000)]),
      wide: pngOf(1280, 640),
      'cut.jpg': Buffer.from('ffd8ffe000104a464946', 'hex'),
    };
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      await writeFile(path, content);
      expect(await update('--icon', path), name).toMatchObject({ code: 2 });
    }
    expect(await update('--accent-color', 'red')).toMatchObject({ code: 2 });
    expect(await update('--background-color', '#12345')).toMatchObject({ code: 2 });
    expect(emulator.requests).toEqual([]);
  });

  test('takes a JPEG', async () => {
    const path = join(folder, 'whole.jpg');
    await writeFile(path, Buffer.from('ffd8ffe000104a464946ffd9', 'hex'));
    expect(await update('--icon', path)).toMatchObject({ code: 0 });
    expect(last()).toMatchObject({
      method: 'PATCH',
      body: { icon: expect.stringMatching(/^[0-9a-f]{40}$/) },
    });
  });
});

describe('api', () => {
  const api = (...args: string[]) => run(['api', ...args], { env: env({ VERCEL_TOKEN: 'me' }) });

  test('a path alone is a GET, with or without its first slash', async () => {
    for (const path of ['/v2/user', 'v2/user'])
      expect(JSON.parse((await api(path)).stdout)).toEqual({
        user: { id: 'user_123', username: 'user_123' },
      });
    await api('/v2/connect/connectors?limit=2');
    expect(last()).toMatchObject({ method: 'GET', query: { limit: '2' } });
  });

  test('-X, -f and -F make a request', async () => {
    const path = '/v1/connect/authorize/oauth%2Flinear';
    await api(path, '-F', 'deviceCode=true', '-F', 'expiresInMs=60000', '-f', 'prompt=true');
    expect(last()).toMatchObject({
      ...{ method: 'POST', body: { deviceCode: true, expiresInMs: 60_000, prompt: 'true' } },
    });
    await api('/v2/connect/connectors', '-X', 'GET', '-f', 'search=slack');
    expect(last()).toMatchObject({ method: 'GET', query: { search: 'slack' } });
    const file = join(folder, 'name.txt');
    await writeFile(file, 'From a file\n');
    await api('updateConnector', '--param', 'connector=oauth/crm', '-F', `name=@${file}`);
    expect(last()).toMatchObject({ method: 'PATCH', body: { name: 'From a file' } });
  });

  test('-H adds a header, and -i shows those of the answer', async () => {
    const { stdout } = await api('/v2/connect/connectors', '-H', 'x-own: 1', '-i', '--fields', 'uid');
    expect(last()?.headers).toMatchObject({ 'x-own': '1' });
    expect(stdout).toMatch(
      /^HTTP 200.*\n(?:[\w-]+: .*\n)*content-type: application\/json.*\n(?:[\w-]+: .*\n)*\n\[/,
    );
  });

  test.each([
    [['listConnector'], /did you mean listConnectors\?/],
    [['-f', 'clientSecret=x', '/v1/connect/connectors'], /clientSecret.*-F name=@file/],
    [['-F', 'clientSecret=x', '/v1/connect/connectors'], /clientSecret=@file/],
    [['-H', 'Authorization: Bearer x', '/v2/user'], /VERCEL_TOKEN/],
    [['-H', 'nothing', '/v2/user'], /name:value/],
    [['-X', 'GET', '--data', '{}', '/v2/user'], /a GET has no body/],
    [['GET', '/v2/user', '-X', 'GET'], /the method once/],
    [['-X', 'POST', 'listConnectors'], /is a GET/],
  ])('%j is a usage error that says what to do', async (args, message) => {
    const { code, stderr } = await api(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
