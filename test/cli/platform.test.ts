import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createMock, type MemoryOptions } from '../../src/msw/index.js';
import { type CliOutcome, type CliWorld, runCli } from './run-cli.js';

const DOCUMENT = fileURLToPath(new URL('../../openapi/platform.yaml', import.meta.url));
const ENV_FILE = 'API_URL=https://api.example.com\nAPI_KEY="secret-key-value"\n# a comment\nEMPTY=\n';

async function serve(memory: MemoryOptions = {}) {
  const mock = createMock({ document: DOCUMENT, memory });
  const server = await mock.listen();
  onTestFinished(() => server.close());
  const run = (args: readonly string[], world?: CliWorld): Promise<CliOutcome> =>
    runCli([...args, '--base-url', server.url], world);
  return { mock, run };
}

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-platform-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

describe('vercel-rest deploy', () => {
  it('prints the URL alone, and draws its progress on a terminal', async () => {
    const { mock, run } = await serve({ deployments: { buildMs: 50, aliasMs: 50 } });
    const folder = folderOf({ 'index.html': 'x', 'app.js': 'y' });
    const { code, stdout, stderr } = await run(['deploy', folder, '--name', 'storefront'], {
      stderrIsTerminal: true,
    });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^https:\/\/storefront-\w+\.vercel\.app\n$/);
    expect(stderr).toContain('Uploading 2 of 2 files');
    expect(stderr).toContain('Waiting: READY');
    expect(mock.validationErrors).toEqual([]);
  });

  it('says as JSON what was uploaded, and nothing on stderr where there is no terminal', async () => {
    const { run } = await serve();
    const folder = folderOf({ 'index.html': 'x' });
    const args = ['deploy', folder, '--name', 'storefront', '--json'];
    expect(JSON.parse((await run(args)).stdout)).toMatchObject({ state: 'READY', files: 1, uploaded: 1 });
    const second = await run(args);
    expect(JSON.parse(second.stdout)).toMatchObject({ uploaded: 0 });
    expect(second.stderr).toBe('');
  });

  it.each([
    ['My Site', 'my-site'],
    ['Café (neu)', 'cafe-neu'],
    ['a---b', 'a-b'],
    ['my--site_2.0', 'my--site_2.0'],
  ])('makes of the folder %s a name that a project may have', async (folder, name) => {
    const { mock, run } = await serve();
    const path = join(folderOf({}), folder);
    mkdirSync(path);
    writeFileSync(join(path, 'index.html'), 'x');
    expect((await run(['deploy', path, '--no-wait'])).code).toBe(0);
    const body = mock.requests.findLast(({ operationId }) => operationId === 'createDeployment')?.body;
    expect(body).toMatchObject({ name });
  });

  it('asks for a name where that of the folder has nothing that one may have', async () => {
    const path = join(folderOf({}), '日本');
    mkdirSync(path);
    const { run } = await serve();
    expect(await run(['deploy', path])).toMatchObject({ code: 2, stderr: expect.stringContaining('--name') });
  });

  it('says so where it is given a file', async () => {
    const path = join(folderOf({ 'index.html': 'x' }), 'index.html');
    const { run } = await serve();
    expect(await run(['deploy', path])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is a file; give the folder that it is in'),
    });
  });

  it('takes its name from the folder, and ends where nobody wants to wait', async () => {
    const { mock, run } = await serve({ deployments: { buildMs: 60_000 } });
    const parent = folderOf({});
    mkdirSync(join(parent, 'shop'));
    writeFileSync(join(parent, 'shop/index.html'), 'x');
    const { code } = await run(['deploy', join(parent, 'shop'), '--no-wait', '--target', 'production']);
    expect(code).toBe(0);
    const body = mock.requests.findLast(({ operationId }) => operationId === 'createDeployment')?.body;
    expect(body).toMatchObject({ name: 'shop', target: 'production' });
  });

  it('prints the log, and the last lines of one that fails with what to do', async () => {
    const { run } = await serve({ deployments: { outcome: 'ERROR', logLines: 2 } });
    const folder = folderOf({ 'index.html': 'x' });
    const { code, stdout, stderr } = await run(['deploy', folder, '--logs']);
    expect(code).toBe(1);
    expect(stdout).toContain('Building: line 2 of 2\n');
    expect(stderr).toContain('  Command "npm run build" exited with 1\n');
    expect(stderr).toMatch(/error: Deployment dpl_\w+ failed \(BUILD_FAILED/);
    expect(stderr).toMatch(/next: Run `vercel-rest logs dpl_\w+ --base-url http:[^`]+`/);
  });

  it('asks for a folder that is there', async () => {
    const { run } = await serve();
    expect(await run(['deploy', '/nowhere/at/all'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('folder'),
    });
  });
});

describe('vercel-rest wait and logs', () => {
  it('wait until a deployment is ready, and print its log', async () => {
    const { mock, run } = await serve({ deployments: { buildMs: 200, logLines: 5, disconnectAfter: 3 } });
    const created = await run([
      'deploy',
      folderOf({ 'index.html': 'x' }),
      '--name',
      'p',
      '--no-wait',
      '--json',
    ]);
    const { id } = JSON.parse(created.stdout);
    const logs = await run(['logs', id, '--follow']);
    expect(logs.stdout.trim().split('\n')).toEqual(
      Array.from({ length: 5 }, (_, number) => `Building: line ${number + 1} of 5`),
    );
    expect((await run(['wait', id])).stdout).toMatch(/^https:\/\/p-\w+\.vercel\.app\n$/);
    const events = (await run(['logs', id, '--json'])).stdout.trim().split('\n');
    expect(events.map((line) => JSON.parse(line).type)).toEqual([
      ...Array(5).fill('stdout'),
      'deployment-state',
    ]);
    expect(mock.validationErrors).toEqual([]);
  });

  it('end with what to do where the wait takes too long', async () => {
    const { run } = await serve({ deployments: { buildMs: 60_000 } });
    const created = await run(['deploy', folderOf({ 'index.html': 'x' }), '--no-wait', '--json']);
    const { code, stderr } = await run(['wait', JSON.parse(created.stdout).id, '--timeout', '1']);
    expect(code).toBe(1);
    expect(stderr).toContain('next: Run the command again to go on waiting, or give a longer --timeout.');
  });

  it.each([['wait'], ['logs', '--follow']])(
    'say why %s goes on where there is no such deployment',
    async (...args) => {
      const { run } = await serve();
      const controller = new AbortController();
      const { code, stderr } = await run([...args, 'dpl_1'], {
        signal: controller.signal,
        stderrIsTerminal: true,
        onStderr: (text) => text.includes('Waiting') && controller.abort(),
      });
      expect(code).toBe(130);
      expect(stderr).toContain('Waiting: no such deployment; one that was just created appears within 30 s');
    },
  );

  it('refuse a time that is none', async () => {
    const { run } = await serve();
    expect((await run(['wait', 'dpl_1', '--timeout', 'soon'])).code).toBe(2);
  });
});

describe('vercel-rest env sync', () => {
  const sync = (file: string, ...flags: string[]) => [
    'env',
    'sync',
    file,
    '--project',
    'storefront',
    ...flags,
  ];

  it('prints a plan without values, asks, and does it', async () => {
    const { mock, run } = await serve();
    const file = join(folderOf({ '.env': ENV_FILE }), '.env');
    const asked: string[] = [];
    const confirm = async (question: string) => {
      asked.push(question);
      return true;
    };
    const { code, stdout, stderr } = await run(sync(file, '--target', 'production,preview'), { confirm });
    expect(code).toBe(0);
    expect(asked).toEqual(['Change 3 variables of storefront?']);
    expect(stdout).toContain('+ API_KEY  production, preview\n');
    expect(stdout).toContain('3 to create, 0 to change');
    expect(stderr).toBe('3 changed, 0 refused.\n');
    expect(stdout + stderr).not.toContain('secret-key-value');
    const body = mock.requests.findLast(({ operationId }) => operationId === 'createProjectEnv')?.body;
    // Node's parser puts them in order.
    expect(body).toMatchObject([
      { key: 'API_KEY', value: 'secret-key-value' },
      { key: 'API_URL' },
      { key: 'EMPTY' },
    ]);
    const again = await run(sync(file, '--target', 'production,preview'));
    expect(again.stdout).toBe('0 to create, 0 to change, 0 to remove, 3 unchanged, 0 in conflict\n');
  });

  it.each([
    ['--dry-run', {}],
    ['a no', { confirm: async () => false }],
  ])('changes nothing with %s', async (flag, world) => {
    const { mock, run } = await serve();
    const file = join(folderOf({ '.env': ENV_FILE }), '.env');
    const { code, stderr } = await run(sync(file, ...(flag.startsWith('--') ? [flag] : [])), world);
    expect(code).toBe(0);
    expect(stderr).toContain('Nothing was changed.');
    expect(mock.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('does nothing where there is nobody to ask', async () => {
    const { mock, run } = await serve();
    const file = join(folderOf({ '.env': ENV_FILE }), '.env');
    const { code, stderr } = await run(sync(file));
    expect(code).toBe(2);
    expect(stderr).toContain('--yes');
    expect(mock.requests.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('names what was refused, as text and as JSON, and exits with 1', async () => {
    const { run } = await serve({
      environment: { refuse: (key) => (key === 'EMPTY' ? 'EMPTY_VALUE' : undefined) },
    });
    const file = join(folderOf({ '.env': ENV_FILE }), '.env');
    const { code, stderr } = await run(sync(file, '--yes'));
    expect(code).toBe(1);
    expect(stderr).toContain('refused: EMPTY (production, preview, development) EMPTY_VALUE');
    const json = JSON.parse((await run(sync(file, '--yes', '--json'))).stdout);
    expect(json.outcomes.find(({ key }: { key: string }) => key === 'EMPTY')).toMatchObject({
      code: 'EMPTY_VALUE',
    });
    expect(JSON.stringify(json)).not.toContain('secret-key-value');
  });
});

describe('vercel-rest mock --memory', () => {
  it('plays the platform without a document or an account, under limits', async () => {
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const url = await new Promise<string>((resolve) => {
      void runCli(['mock', '--memory', '--limits', '30', '--port', '0'], {
        signal: controller.signal,
        onStdout: (text) => text.startsWith('http://') && resolve(text.trim()),
      });
    });
    const folder = folderOf({ 'index.html': 'x' });
    const { code } = await runCli(['deploy', folder, '--no-wait', '--base-url', url]);
    expect(code).toBe(0);
    const response = await fetch(`${url}/v9/projects/storefront`, { headers: { authorization: 'Bearer x' } });
    expect(response.headers.get('x-ratelimit-limit')).toBe('30');
  });

  it.each([[['--limits']], [['--memory', '--limits', '0']]])('refuses %j', async (flags) => {
    expect((await runCli(['mock', '--port', '0', ...flags])).code).toBe(2);
  });
});
