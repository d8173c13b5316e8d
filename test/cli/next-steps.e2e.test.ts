// Every command that a message names is run as it was printed, in the words that a shell reads in it: it works, and where the message promises that the
// failed command works afterwards, that is run again. A new command in a message of src/ fails the last test until it is run here.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { createClient } from '../../src/index.js';
import { createConnectEmulator, createMock, type MemoryOptions } from '../../src/msw/index.js';
import { startServer } from '../helpers/loopback-server.js';
import { installedPackages, printedCommands } from '../helpers/printed-commands.js';
import { documentOf, serveDocument } from '../helpers/pull-world.js';
import { useBinary } from './binary.js';
import { pageNamedIn, pressWithoutBrowser } from './browser.js';
import { deployment } from './deployment.js';
import { useServed } from './served.js';

const binary = useBinary();
/** A deployment has the OIDC token of its project; anybody else has an access token. */
const emulator = createConnectEmulator({
  credentials: (bearer) => {
    if (!bearer.startsWith('e30.')) return { kind: 'access' };
    const { project_id: projectId, environment } = JSON.parse(atob(bearer.split('.')[1] ?? ''));
    return { projectId, environment };
  },
});
const served = useServed(emulator);
beforeEach(() => {
  emulator.reset();
  emulator.addConnector({ uid: 'oauth/crm', links: {} });
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-next-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const sources = printedCommands();
const executed = new Set<string>();

/** The program under the names that messages give it: it prints the variables that are set for it, and its words. */
const FUNCTIONS = `vercel-rest() {
  for name in "\${!VERCEL_@}"; do printf '%s\\0' "$name=\${!name}"; done
  printf '\\0'
  (($# == 0)) || printf '%s\\0' "$@"
}
npx() { shift; vercel-rest "$@"; }
`;

/** Reads a line as a shell does. */
async function readLine(line: string, env: Readonly<Record<string, string>>) {
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', FUNCTIONS + line], { env });
  const parts = stdout.split('\0').slice(0, -1);
  const variables = parts.slice(0, parts.indexOf(''));
  return {
    args: parts.slice(variables.length + 1),
    env: Object.fromEntries(variables.map((text) => text.split(/=(.*)/s, 2) as [string, string])),
  };
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The exit code to expect. Default 0. */
  readonly code?: number;
  /** The button that is pressed on the page that the command names. */
  readonly press?: '#approve' | '#deny';
  /** What is done while a server runs, as soon as it says how it is stopped; then it is stopped. */
  readonly meanwhile?: (printed: string) => Promise<unknown>;
}

/** Runs a line as a shell reads it, and says what it printed on both streams. */
async function run(line: string, how: Surroundings = {}): Promise<string> {
  const { cwd = folder, code = 0, press, meanwhile } = how;
  const { args, env } = await readLine(line, how.env ?? {});
  const stop = new AbortController();
  const during: Promise<unknown>[] = [];
  let printed = '';
  const look = (text: string) => {
    printed += text;
    const page = pageNamedIn(printed);
    if (page !== undefined && press !== undefined && during.length === 0)
      during.push(pressWithoutBrowser(page, press));
    if (meanwhile === undefined || during.length > 0 || !printed.includes('Stop with Ctrl-C')) return;
    during.push(meanwhile(printed).finally(() => stop.abort()));
  };
  const ended = await binary(args, { env, cwd, onStdout: look, onStderr: look, signal: stop.signal });
  await Promise.all(during);
  expect(ended.code, `${line}\n${printed}`).toBe(code);
  return printed;
}

/**
 * Runs the command of a message that was printed.
 *
 * @param key - Of {@link printedCommands}.
 * @param fill - What a person puts in place of what stands in angle brackets.
 */
async function follow(
  printed: string,
  key: string,
  fill: Readonly<Record<string, string>> = {},
  how?: Surroundings,
): Promise<string> {
  const source = sources.find((one) => one.key === key);
  expect(source, `${key}: no message of src/ names this command`).toBeDefined();
  const [line = ''] = source?.pattern.exec(printed) ?? [];
  expect(line, `${key}: not printed\n${printed}`).not.toBe('');
  const filled = Object.entries(fill).reduce((text, [name, value]) => text.replaceAll(name, value), line);
  expect(filled).not.toMatch(/<[a-z]+>/);
  const answer = await run(filled, how);
  executed.add(key);
  return answer;
}

const at = (line: string) => `vercel-rest ${line} --base-url ${served.url}`;

describe('a token', () => {
  test('without consent', async () => {
    const token = at('token oauth/linear --subject user:user_9 --scopes read');
    const printed = await run(token, { code: 1 });
    await follow(printed, 'vercel-rest connect authorize …', {}, { press: '#approve' });
    await run(token);
  });

  test('without an installation', async () => {
    const token = at('connect token github/acme --scopes repo');
    const printed = await run(token, { code: 1 });
    await follow(printed, 'vercel-rest connect authorize …', {}, { press: '#approve' });
    await run(token);
  });

  test('with nothing valid stored', async () => {
    const token = at('token api-key/revoked');
    const how = { env: deployment('prj_shop', 'production') };
    const printed = await run(token, { ...how, code: 1 });
    await writeFile(join(folder, 'file.json'), '{"values":[{"value":"new"}]}');
    await follow(printed, 'vercel-rest connect update … --data @file.json');
    const tokens = {
      subject: { type: 'app' },
      accessToken: 'imported',
      environment: 'production',
      expiresAt: 4e12,
    };
    await writeFile(join(folder, 'tokens.json'), JSON.stringify([tokens]));
    const importing = 'vercel-rest connect import-tokens … <file>';
    await follow(printed, importing, { '<file>': 'tokens.json' }, how);
    await run(token, how);
  });

  test('of a project that is not linked', async () => {
    const how = { env: deployment('prj_shop', 'production') };
    const token = at('token oauth/crm');
    const printed = await run(token, { ...how, code: 1 });
    const key = 'vercel-rest connect attach … --project <id>';
    await follow(printed, key, { '<id>': 'prj_shop' });
    await run(token, how);
  });

  test('of an environment that is not enabled', async () => {
    emulator.addConnector({ uid: 'oauth/erp', links: { prj_shop: ['production'] } });
    const how = { env: deployment('prj_shop', 'preview') };
    const token = at('token oauth/erp');
    const printed = await run(token, { ...how, code: 1 });
    const key = 'vercel-rest connect attach … --project <id> --environment <names>';
    await follow(printed, key, { '<id>': 'prj_shop', '<names>': 'production,preview' });
    await run(token, how);
  });

  test('of a connector that is not found, for a team', async () => {
    const key = 'vercel-rest connect list';
    expect(await follow(await run(at('token slack/nobody'), { code: 1 }), key)).toContain('oauth/crm');
    const printed = await run(at('connect get slack/nobody --team acme'), { code: 1 });
    await follow(printed, key);
    expect(emulator.requests.at(-1)?.query).toMatchObject({ slug: 'acme' });
  });
});

describe('what to do again', () => {
  const list = () => at('connect list');
  test.each<[string, number, string, string]>([
    ['a rate limit', 429, '', 'Try again in 90 s.'],
    ['a failure of the API', 503, '', 'Try again; if it stays'],
    ['a refused credential', 401, 'VERCEL_TOKEN=old ', 'VERCEL_TOKEN was refused'],
    ['no permission', 403, '', 'Check its team and role'],
  ])('after %s', async (_, status, env, advice) => {
    const headers: Record<string, string> = status === 429 ? { 'retry-after': '90' } : {};
    emulator.failNext({ status, headers, operationId: 'listConnectors', times: 9 });
    expect(await run(env + list(), { code: 1 })).toContain(advice);
    emulator.reset();
    await run(list());
  });

  test('after a refused consent', async () => {
    const authorize = at('connect authorize oauth/linear --subject user:user_9');
    expect(await run(authorize, { code: 1, press: '#deny' })).toContain('Run the command again to ask anew.');
    await run(authorize, { press: '#approve' });
  });

  test('after a registration that is missing', async () => {
    const create = at('connect create slack --name Bot');
    expect(await run(create, { code: 1 })).toMatch(/or run the command again with --yes/);
    await run(`${create} --yes`, { press: '#approve' });
  });
});

describe('connectors', () => {
  test('none', async () => {
    const empty = createConnectEmulator({ account: 'empty' });
    const { url, close } = await empty.listen();
    onTestFinished(close);
    const printed = await run(`vercel-rest connect list --base-url ${url}`);
    const own = { '<service>': 'linear' };
    await follow(printed, 'vercel-rest connect create <service>', own);
    expect(empty.connectors).toHaveLength(1);
    const page = await (await fetch(url)).text();
    expect(page).toContain('linear');
  });

  test('a link that is not there', async () => {
    const printed = await run(at('connect projects oauth/crm -p prj_9'), { code: 1 });
    await follow(printed, 'vercel-rest connect projects …');
  });

  test('no link yet, from either end', async () => {
    const projects = await run(at('connect projects oauth/crm'));
    await follow(projects, 'vercel-rest connect attach … --project <id>', {
      '<id>': 'prj_docs',
    });
    for (const { uid } of emulator.connectors) emulator.unlink(uid, 'prj_9');
    const connectors = await run(at('connect connectors prj_9'));
    await follow(connectors, 'vercel-rest connect attach <connector> --project …', {
      '<connector>': 'oauth/crm',
    });
    expect(await run(at('connect projects oauth/crm'))).toMatch(/prj_docs[\s\S]*prj_9/);
    const help = await run('vercel-rest connect connectors --help');
    await follow(
      help,
      'vercel-rest connect list --project <id>',
      { '<id>': 'prj_9' },
      { env: { VERCEL_REST_BASE_URL: served.url } },
    );
  });

  test('a UID that is taken', async () => {
    const printed = await run(at('connect update oauth/crm --uid oauth/linear'), { code: 1 });
    await follow(printed, 'vercel-rest connect get …');
    emulator.failNext({ status: 409, operationId: 'listConnectors' });
    await follow(await run(at('connect list'), { code: 1 }), 'vercel-rest connect list');
  });

  test('still linked', async () => {
    emulator.link('oauth/crm', 'prj_1');
    const remove = at('connect remove oauth/crm --yes');
    const printed = await run(remove, { code: 1 });
    const answer = await follow(printed, 'vercel-rest connect projects …');
    const [project = ''] = answer.split('\t');
    await run(at(`connect detach oauth/crm --project ${project} --yes`));
    await run(remove);
  });

  test('created, and not finished', async () => {
    // A registration in a browser may leave out the look and the link.
    const made = emulator.connectors.find(({ uid }) => uid === 'oauth/crm');
    const fail = (operationId: 'updateConnector' | 'upsertConnectorProjectConnection') => {
      emulator.failNext({ status: 200, body: made, operationId: 'createManagedConnector' });
      emulator.failNext({ status: 403, operationId });
    };
    fail('updateConnector');
    const look = await run(at('connect create oauth --name CRM --accent-color "#112233"'), { code: 1 });
    await follow(look, 'vercel-rest connect update ……');
    expect((await run(at('connect get oauth/crm --fields accentColor'))).trim()).toContain('#112233');

    fail('upsertConnectorProjectConnection');
    const link = await run(at('connect create oauth --name CRM --project prj_9'), { code: 1 });
    await follow(link, 'vercel-rest connect attach … --project …');
    expect(await run(at('connect projects oauth/crm'))).toContain('prj_9');
  });

  test('events that are forwarded, and three destinations', async () => {
    const attach = (project: string) => at(`connect attach slack/acme-slack -p ${project} --triggers`);
    const key = 'vercel-rest connect triggers …';
    for (const project of ['prj_1', 'prj_2', 'prj_3'])
      expect(await follow(await run(attach(project)), key)).toContain(project);
    expect(await follow(await run(attach('prj_4'), { code: 1 }), key)).toContain('prj_3');
    const keyed = at('connect attach api-key/revoked -p prj_1');
    expect(await run(`${keyed} --triggers`, { code: 1 })).toContain(
      'Run the command again without --triggers.',
    );
    await run(keyed);
  });

  test('contacts, by an operation that the document does not have', async () => {
    const asked: string[] = [];
    const { url } = await startServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
    const add = `vercel-rest connect contacts add linq/desk --phone-number +15550100 --base-url ${url} --team acme`;
    const printed = await run(add, { code: 1 });
    const key = `vercel-rest api POST '…' --param … --data '{"phoneNumber":"…"}'`;
    await follow(printed, key);
    expect(asked).toEqual(['POST /v1/connect/connectors/linq%2Fdesk/contacts?slug=acme']);
  });
});

describe('any operation', () => {
  test('of a path that is not there', async () => {
    const printed = await run(at('api /v9/nothing'), { code: 1 });
    expect(await follow(printed, 'vercel-rest api --list')).toContain('getConnector');
  });

  test('whose id is misspelt', async () => {
    const param = '--param connector=oauth/crm';
    expect(await run(at(`api getConnecto ${param}`), { code: 2 })).toContain('did you mean getConnector?');
    expect(await run(at(`api getConnector ${param}`))).toContain('"uid": "oauth/crm"');
  });
});

describe('a deployment', () => {
  const serve = async (memory: MemoryOptions) => {
    const document = join(import.meta.dirname, '../../openapi/platform.yaml');
    const mock = createMock({ document, memory });
    const server = await mock.listen();
    onTestFinished(() => server.close());
    const site = await mkdtemp(join(folder, 'site-'));
    await writeFile(join(site, 'index.html'), 'x');
    return { mock, on: (line: string) => `vercel-rest ${line} --base-url ${server.url}`, site };
  };

  test('that failed', async () => {
    const { on, site } = await serve({ deployments: { outcome: 'ERROR', logLines: 40 } });
    const printed = await run(on(`deploy ${site} --name shop`), { code: 1 });
    const answer = await follow(printed, 'vercel-rest logs …');
    expect(answer).toContain('line 1 of 40');
  });

  test('that takes longer than the wait', async () => {
    const { on, site } = await serve({ deployments: { buildMs: 2500 } });
    const created = await run(on(`deploy ${site} --name shop --no-wait --json`));
    const wait = on(`wait ${JSON.parse(created).id}`);
    expect(await run(`${wait} --timeout 1`, { code: 1 })).toContain('Run the command again to go on waiting');
    await run(wait);
  });
});

describe('a server', () => {
  test('of Connect, as its first lines say', async () => {
    const steps = async (printed: string, key: string, code: number) => {
      const [, VERCEL_REST_BASE_URL = ''] = /^ {2}export VERCEL_REST_BASE_URL=(\S+)$/m.exec(printed) ?? [];
      return follow(printed, key, {}, { env: { VERCEL_REST_BASE_URL }, code });
    };
    await run('vercel-rest mock --port 0', {
      meanwhile: (printed) => steps(printed, 'vercel-rest token slack/acme-slack', 0),
    });
    // Its next step, --yes, is run above; on a terminal it asks.
    await run('vercel-rest mock --empty --port 0', {
      meanwhile: (printed) => steps(printed, 'vercel-rest connect create slack --name Bot', 1),
    });
  });

  test('whose page in a browser says what to run', async () => {
    const { url, close } = await createConnectEmulator({ account: 'empty' }).listen();
    onTestFinished(close);
    const page = (await (await fetch(url)).text()).replaceAll(/<[^>]*>/g, '\n');
    const key = 'vercel-rest connect create slack --name Bot';
    expect(await follow(page, key, {}, { env: { VERCEL_REST_BASE_URL: url }, code: 1 })).toMatch(/--yes/);
  });

  test('that help and a failed connection name', async () => {
    const help = await run('vercel-rest --help');
    const more = await run('vercel-rest connect --help');
    const failed = await run('vercel-rest connect list --base-url http://127.0.0.1:1', { code: 1 });
    const list = 'vercel-rest connect list --base-url http://127.0.0.1:4010';
    const free = { 'vercel-rest mock': 'vercel-rest mock --port 0' };
    const meanwhile = (printed: string) => {
      const [url = ''] = /http:\S+/.exec(printed) ?? [];
      return follow(help, list, { 'http://127.0.0.1:4010': url });
    };
    await follow(help, 'vercel-rest mock', free, { meanwhile });
    await follow(more, 'vercel-rest mock', free, { meanwhile });
    await follow(failed, 'vercel-rest mock', free, { meanwhile });
  });

  test('that reads a document again', async () => {
    const cwd = await mkdtemp(join(folder, 'watch-'));
    await mkdir(join(cwd, 'openapi'));
    await writeFile(join(cwd, 'openapi/vercel.json'), JSON.stringify(documentOf(3)));
    const printed = await run('vercel-rest mock --watch', { code: 2 });
    const free = { '--watch': '--watch --port 0' };
    const meanwhile = async (text: string) => expect(text).toContain('3 operations');
    await follow(printed, 'vercel-rest mock openapi/vercel.json --watch', free, { cwd, meanwhile });
  });

  test.each(['bash', 'zsh', 'fish'])('is not needed to complete in %s', async (name) => {
    await follow(await run('vercel-rest completion --help'), `vercel-rest completion ${name}`);
  });
});

describe('a document', () => {
  const published = (paths: number) => ({ ...documentOf(paths), components: {} });

  /** A project whose document is published by a server of this test. */
  async function useProject(settings: object = {}) {
    const cwd = await mkdtemp(join(folder, 'project-'));
    let listener: RequestListener = serveDocument(published(20));
    const { url } = await startServer((request, response) => listener(request, response));
    const own = { type: 'module', 'vercel-rest': { url, ...settings } };
    await writeFile(join(cwd, 'package.json'), JSON.stringify(own));
    const publish = (paths: number, etag: string) => {
      listener = serveDocument(published(paths), etag);
    };
    return { cwd, publish };
  }

  test('that is not there yet', async () => {
    const { cwd } = await useProject({ out: 'src/vercel' });
    const printed = await run('vercel-rest generate', { cwd, code: 1 });
    await follow(printed, 'vercel-rest pull', {}, { cwd });
    await run('vercel-rest generate', { cwd });
  });

  test('to compare with, and to generate from', async () => {
    const { cwd, publish } = await useProject();
    const printed = await run('vercel-rest diff', { cwd, code: 1 });
    const pulled = await follow(printed, 'npx vercel-rest pull', {}, { cwd });
    await follow(pulled, 'npx vercel-rest generate --out src/vercel', {}, { cwd });
    publish(19, '"two"');
    const checked = await run('vercel-rest pull --check', { cwd, code: 3 });
    const again = await follow(checked, 'npx vercel-rest pull', {}, { cwd });
    await run('vercel-rest pull --check', { cwd });
    await follow(again, 'npx vercel-rest diff', {}, { cwd, code: 4 });
    const page = `import { createClient } from 'vercel-rest';\ncreateClient().GET('/v1/things-19');\n`;
    await writeFile(join(cwd, 'page.ts'), page);
    await writeFile(
      join(cwd, 'tsconfig.json'),
      '{ "files": ["page.ts"], "compilerOptions": { "types": [] } }',
    );
    const uses = await run('vercel-rest diff --uses tsconfig.json --fail-on none', { cwd });
    await follow(uses, 'vercel-rest generate', { generate: 'generate --out src/vercel' }, { cwd });
  });

  test('far smaller than the last', async () => {
    const { cwd, publish } = await useProject();
    await run('vercel-rest pull', { cwd });
    publish(2, '"two"');
    const printed = await run('vercel-rest pull', { cwd, code: 1 });
    await follow(printed, 'vercel-rest pull --force', {}, { cwd });
    await run('vercel-rest pull', { cwd });
  });

  test('whose generated files were changed', async () => {
    const { cwd } = await useProject({ out: 'src/vercel' });
    const pulled = await run('vercel-rest pull --no-generate', { cwd });
    const made = await follow(pulled, 'npx vercel-rest generate', {}, { cwd });
    await follow(made, 'vercel-rest generate --report FILE', { FILE: 'report.json' }, { cwd });
    expect(await readFile(join(cwd, 'report.json'), 'utf8')).toContain('"repairs"');
    const index = join(cwd, 'src/vercel/index.ts');
    const text = await readFile(index, 'utf8');
    await writeFile(index, `${text}// mine\n`);
    const stale = await run('vercel-rest generate --check', { cwd, code: 3 });
    await follow(stale, 'npx vercel-rest generate', {}, { cwd });
    await run('vercel-rest generate --check', { cwd });
    expect(await readFile(index, 'utf8')).toBe(text);
    await follow(text, 'vercel-rest generate', {}, { cwd });
  });

  test('whose table is of another version, or no table', async () => {
    const { cwd } = await useProject({ out: 'src/vercel' });
    await run('vercel-rest pull', { cwd });
    const messageOf = (operations: object) => {
      try {
        createClient({ operations: operations as never });
        return '';
      } catch (error) {
        return String(error);
      }
    };
    await follow(messageOf({ format: 0 }), 'npx vercel-rest generate', {}, { cwd });
    await follow(messageOf([]), 'vercel-rest generate', {}, { cwd });
  });

  test.each([
    ['diff', 'vercel-rest pull'],
    ['generate', 'vercel-rest pull'],
  ])('that the help of %s speaks of', async (command, key) => {
    const { cwd } = await useProject();
    await follow(await run(`vercel-rest ${command} --help`), key, {}, { cwd });
  });
});

/** Texts that look like a command of ours and are none. */
const NO_MESSAGES = [
  'npx vercel-rest …', // `commandOf` itself; its calls are listed one by one.
  'vercel-rest … …', // The label of a derived key.
];

test('every command that a message of src/ names was run', () => {
  // The scripts for shells ask with `vercel-rest __complete -- ...`, which completion.e2e.test.ts does.
  const commands = sources.filter(({ key }) => !NO_MESSAGES.includes(key) && !key.includes('… -- '));
  expect(commands.map(({ key }) => key).filter((key) => !executed.has(key))).toEqual([]);
});

test('a package that a message tells to install is one that this package names, in the version that it takes', () => {
  const named = { ...manifest.peerDependencies, ...manifest.optionalDependencies } as Record<string, string>;
  const lines = installedPackages();
  expect(lines.length).toBeGreaterThan(4);
  for (const [name, version] of lines) {
    expect(Object.keys(named)).toContain(name);
    if (version !== undefined) expect(named[name]).toMatch(new RegExp(`\\^${version}\\.|>=${version}\\.`));
  }
});
