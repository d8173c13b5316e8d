// Hostile names in everything that an API, a document or a file can say, through every command as it is published.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findSteering, HOSTILE_NAME, SHOWN_NAME } from '../helpers/hostile-text.js';
import { useBinary } from './binary.js';

const run = useBinary();
const H = HOSTILE_NAME;
const LATER = Date.now() + 3_600_000;

const connector = {
  ...{ id: H, uid: H, name: H, type: H, service: H, displayName: H, creationMode: H, clientUrl: H },
  ...{ createdAt: 1, updatedAt: 2, supportedSubjectTypes: [H], defaultInstallationId: H, data: {} },
  triggers: { enabled: true },
  triggerDestinations: [
    { projectId: H, branch: H, path: H },
    { projectId: H, customEnvironmentId: H },
  ],
};
const link = {
  ...{ connectorId: H, createdAt: 1, updatedAt: 2, enabledEnvironments: ['production', H] },
  project: { id: H, name: H, customEnvironments: [{ id: H, slug: H }] },
};
const imported = (outcome: boolean) => ({
  ...{ environment: 'production', expiresAt: LATER, subject: { type: 'user', id: 'u' }, name: H },
  succeeded: outcome,
});
const failure = (code: string, more = {}) => ({ error: { code, message: H, ...more } });

/** What the API answers, by method and path; the first that fits. */
const ANSWERS: readonly (readonly [RegExp, status: number, body: unknown])[] = [
  [/^GET .*\/projects\/prj_1\/connectors/, 200, { connectors: [link], pagination: { next: null } }],
  [/^GET .*\/connectors\?/, 200, { connectors: [{ ...connector, id: 'scl_1' }], pagination: { next: H } }],
  [/^GET .*\/connectors$/, 200, { connectors: [connector], pagination: { next: null } }],
  [/^GET .*\/failing/, 404, failure('not_found')],
  [/^GET .*\/projects\/prj_1/, 200, link],
  [/^GET .*\/projects/, 200, { projects: [link], pagination: { next: null } }],
  [/^POST .*\/projects\/prj_1/, 200, link],
  [/^POST .*\/managed\/eject/, 200, connector],
  [/^POST .*\/connectors\/managed/, 422, failure('registration_required', { registerUrl: H })],
  [
    /^GET .*\/services\//,
    200,
    {
      ...{ name: H, types: [{ type: H, createInputSchema: { required: [H] } }], targets: [{ target: H }] },
      connectionMethods: [
        {
          connectionMethod: H,
          label: H,
          description: H,
          templateFields: [H, { name: H }],
          instructions: [H],
        },
      ],
    },
  ],
  [/^PATCH .*\/v2\//, 200, { connector, reinstallNeeded: true, reconsentNeeded: { subjects: [H] } }],
  [/^GET .*\/result\//, 200, { status: 'error', error: { code: 'access_denied', message: H } }],
  [
    /^POST .*\/(authorize|install)\//,
    200,
    { url: H, request: 'r', verifier: 'v', expiresAt: LATER, deviceCode: H, connector },
  ],
  [/^POST .*\/import$/, 200, { accepted: 1, imported: 0, tokens: [imported(false)] }],
  [/^POST .*\/token\//, 403, failure('user_authorization_required')],
  [/^DELETE .*\/tokens$/, 200, { tokensFound: 1, deleted: 1, note: H }],
  [/^DELETE /, 204, undefined],
  [/^GET .*\/v2\/user$/, 200, { user: { id: H } }],
  [/^GET .*\/openapi/, 200, { openapi: H, info: { title: H }, paths: {} }],
  [/./, 200, connector],
];

let server: Server;
let url = '';
let folder = '';
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-hostile-'));
  server = createServer((request, response) => {
    const line = `${request.method} ${request.url}`;
    const [, status, body] = ANSWERS.find(([pattern]) => pattern.test(line)) ?? [/./, 500, undefined];
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-vercel-id': 'iad1::\u0085x' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A server that listens on TCP has an address with a port.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  for (const child of children) child.kill();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** A command, and whether it has the hostile name to show; the others must at least not steer. */
type Case = readonly [name: string, args: readonly string[], shows: boolean];

const token = {
  accessToken: 'imported-a',
  expiresAt: LATER,
  environment: 'production',
  subject: { type: 'user', id: 'u' },
};
const CONNECT: readonly Case[] = [
  ['list', ['list', '--limit', '1'], true],
  ['list', ['list', '--limit', '1', '--all-projects'], true],
  ['get', ['get', 'a/b'], true],
  ['get', ['get', 'failing'], false],
  ['service', ['service', 'slack'], true],
  ['projects', ['projects', 'a/b'], true],
  ['connectors', ['connectors', 'prj_1'], true],
  ['create', ['create', 'slack', '--name', 'x', '--data', '{}'], true],
  ['create', ['create', 'slack', '--name', 'x', '--managed'], false],
  ['update', ['update', 'a/b', '--name', 'x'], true],
  ['attach', ['attach', 'a/b', '-p', 'prj_1', '-e', 'production', '--yes'], true],
  ['attach', ['attach', 'a/b', '-p', 'prj_1', '-e', 'production'], true],
  ['detach', ['detach', 'a/b', '-p', 'prj_1', '--yes'], false],
  ['triggers', ['triggers', 'a/b'], true],
  ['triggers', ['triggers', 'a/b', '--to', 'prj_1'], true],
  ['token', ['token', 'a/b', '--subject', 'user:u'], false],
  ['authorize', ['authorize', 'a/b', '--subject', 'user:u'], true],
  ['authorize', ['authorize', 'a/b', '--subject', 'user:u', '--no-wait'], true],
  ['import-tokens', ['import-tokens', 'a/b', '-'], false],
  ['remove', ['remove', 'a/b', '--yes', '-a'], false],
  ['eject', ['eject', 'a/b', '--yes'], true],
  ['revoke-tokens', ['revoke-tokens', 'a/b', '--all-tokens', '--yes'], false],
  ['open', ['open', 'a/b'], false],
];

describe('a hostile API', () => {
  test('is tried with every command of `connect`', async () => {
    const { stdout } = await run(['connect', '--help']);
    const names = [...stdout.matchAll(/^ {2}([a-z-]+)[ |]/gm)].map(([, name]) => String(name));
    const tried = new Set(CONNECT.map(([name]) => name));
    // `contacts` asks no API.
    expect(names.filter((name) => !tried.has(name) && name !== 'help' && name !== 'contacts')).toEqual([]);
  });

  test.each(CONNECT)('steers no terminal through connect %s %j', async (_, args, shows) => {
    const outcome = await run(['connect', ...args, '--base-url', url], { stdin: JSON.stringify(token) });
    const printed = outcome.stdout + outcome.stderr;
    expect(printed).not.toBe('');
    expect(findSteering(printed)).toBeUndefined();
    if (shows) expect(printed).toContain(SHOWN_NAME);
  });

  test.each(CONNECT.filter(([, , shows]) => shows))(
    'nor through connect %s %j with --json',
    async (_, args) => {
      const { stdout, stderr } = await run(['connect', ...args, '--base-url', url, '--json']);
      expect(findSteering(stdout + stderr)).toBeUndefined();
      if (stdout !== '') expect(JSON.stringify(JSON.parse(stdout))).toContain(JSON.stringify(H).slice(1, -1));
    },
  );

  test.each([
    ['token', ['token', 'a/b', '--subject', 'user'], false],
    ['api', ['api', 'getConnector', '--param', 'connector=a/b'], true],
    ['api', ['api', 'listConnectors', '--paginate', '--param', 'cursor='], false],
    ['api', ['api', 'getConnector', '--param', 'connector=failing'], false],
  ] as readonly Case[])('nor through %s %j', async (_, args, shows) => {
    const { stdout, stderr } = await run([...args, '--base-url', url]);
    expect(findSteering(stdout + stderr)).toBeUndefined();
    if (shows) expect(stdout).toContain(SHOWN_NAME);
  });

  test('nor through pull', async () => {
    const args = ['pull', '--url', `${url}/openapi.json`, '--out', join(folder, 'pulled.json')];
    for (const more of [[], ['--json']]) {
      const { code, stdout, stderr } = await run([...args, ...more]);
      expect(code).toBe(1);
      expect(findSteering(stdout + stderr)).toBeUndefined();
    }
  });
});

const operation = (values: readonly string[]) => ({
  operationId: H,
  tags: [H],
  summary: H,
  parameters: [{ name: H, in: 'query', schema: { type: 'string', enum: values } }],
  responses: {
    200: {
      description: H,
      content: {
        'application/json': {
          schema: { type: 'object', properties: { [H]: { type: 'string', enum: values } }, required: [H] },
        },
      },
    },
    [H]: { description: H },
  },
});
const document = (...values: readonly string[]) => ({
  openapi: '3.0.3',
  info: { title: H, version: H },
  paths: { '/things': { get: operation(values) } },
});

describe('a hostile document', () => {
  test.each(['text', 'json', 'markdown', 'html'])(
    'steers no terminal through diff --format %s',
    async (format) => {
      const [before, after] = [
        await file('a.json', document('x', H)),
        await file('b.json', document('y', `${H}2`)),
      ];
      const { code, stdout, stderr } = await run(['diff', before, after, '--format', format]);
      expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
      expect(findSteering(stdout)).toBeUndefined();
      expect(stdout).toContain(format === 'json' ? '\\u001b' : SHOWN_NAME);
    },
  );

  test.each([
    ['a.txt', `${H} is no JSON`],
    ['a.yaml', `a: [${H}`],
    ['b.json', { openapi: '2.0', swagger: H }],
    ['c.json', `{"a": ${H}}`],
  ])('nor as the file %s, which none is', async (name, content) => {
    const path = await file(name, content);
    for (const args of [
      ['diff', path, path],
      ['generate', '--document', path, '--out', join(folder, 'out')],
      ['mock', path],
    ]) {
      const { code, stdout, stderr } = await run(args);
      expect(code, args[0]).toBe(1);
      expect(findSteering(stdout + stderr), args[0]).toBeUndefined();
    }
  });

  test('nor through generate', async () => {
    const path = await file('d.json', document('x'));
    const outcome = await run([
      'generate',
      '--document',
      path,
      '--out',
      join(folder, 'types'),
      '--no-supplement',
    ]);
    expect(findSteering(outcome.stdout + outcome.stderr)).toBeUndefined();
  });

  test('nor through the mock: its title, its lines, its coverage', async () => {
    const path = await file('e.json', document('x'));
    const child = spawn(process.execPath, [run.path(), 'mock', path, '--port', '0', '--watch'], {
      env: { PATH: process.env.PATH ?? '' },
    });
    children.push(child);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
    const base = await new Promise<string>((resolve) =>
      createInterface({ input: child.stdout }).once('line', resolve),
    );
    const headers = { authorization: 'Bearer t' };
    await fetch(`${base}/things`, { headers });
    await fetch(`${base}/things?${encodeURIComponent(H)}=wrong`, { headers });
    await fetch(`${base}/${encodeURIComponent(H)}`, { headers });
    await writeFile(path, `{"a": ${H}}`);
    await expect.poll(() => printed, { timeout: 10_000 }).toContain('the last document stays');
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(findSteering(printed)).toBeUndefined();
    // The title at the start and in the coverage; the operation's id in a line and in the coverage.
    expect(printed.split(SHOWN_NAME).length).toBeGreaterThan(4);
  });
});
