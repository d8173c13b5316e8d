// The steps of docs/spec-changes.workflow.yml that are scripts, in a repository with a remote, one after the other as GitHub
// runs them. `npx` is the program as it is published, and `gh` writes down what it is called with.
import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { startServer } from '../helpers/loopback-server.js';
import { documentOf, serveDocument, temporaryFolder } from '../helpers/pull-world.js';

interface Step {
  readonly id?: string;
  readonly run?: string;
  readonly if?: string;
}

const tools = ['bash', 'git', 'jq'];
const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
if (missing.length > 0) console.log(`skipped: the workflow needs ${missing.join(', ')}, which are not here`);

/** A document from which types can be generated. */
const documentWith = (paths: number) => ({ ...documentOf(paths), components: {} });

async function readSteps(): Promise<readonly Step[]> {
  const file = new URL('../../docs/spec-changes.workflow.yml', import.meta.url);
  return parse(await readFile(file, 'utf8')).jobs.report.steps;
}

/** A repository on a remote, whose branch `main` is cloned for each run. */
async function setUp() {
  const root = await temporaryFolder();
  let served = documentWith(20);
  let etag = '"one"';
  const server = await startServer((request, response) => serveDocument(served, etag)(request, response));
  const bin = join(root, 'bin');
  await mkdir(bin);
  const script = async (name: string, text: string) => {
    await writeFile(join(bin, name), `#!/usr/bin/env bash\n${text}\n`);
    await chmod(join(bin, name), 0o755);
  };
  await script('npx', `shift; exec "${process.execPath}" "${inject('program')}" "$@"`);
  const calls = join(root, 'gh.log');
  await script('gh', `echo "$@" >> "${calls}"; [ "$2" != list ] || cat "${root}/number" 2>/dev/null || true`);
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}`, BRANCH: 'vercel-api-changes' };
  const git = async (cwd: string, ...args: string[]) => {
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    return (await promisify(execFile)('git', [...author, ...args], { cwd, env })).stdout;
  };
  const remote = join(root, 'remote.git');
  await git(root, 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  const first = join(root, 'first');
  await git(root, 'clone', '--quiet', remote, first);
  const manifest = {
    name: 'consumer',
    type: 'module',
    'vercel-rest': { out: 'src/vercel', url: server.url },
  };
  await writeFile(join(first, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(first, '.gitignore'), 'openapi/vercel.previous.json\n');
  await mkdir(join(first, 'src'));
  await writeFile(
    join(first, 'src/program.ts'),
    `import type { ResponseOf } from './vercel/index.js';\nexport type Thing = ResponseOf<'get/v1/things-3'>;\n`,
  );
  const compilerOptions = { strict: true, module: 'nodenext', target: 'es2022', types: [] };
  await writeFile(join(first, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  await git(first, 'add', '--all');
  await git(first, 'commit', '--quiet', '--message', 'First');
  await git(first, 'push', '--quiet', 'origin', 'HEAD:main');

  let count = 0;
  /** Runs the workflow on a clone of `main`. */
  const run = async () => {
    const clone = join(root, `run-${count++}`);
    const temp = `${clone}-temp`;
    await git(root, 'clone', '--quiet', '--branch', 'main', remote, clone);
    await mkdir(temp);
    const files = { GITHUB_OUTPUT: join(temp, 'output'), GITHUB_STEP_SUMMARY: join(temp, 'summary') };
    for (const file of Object.values(files)) await writeFile(file, '');
    await writeFile(calls, '');
    for (const step of await readSteps()) {
      if (step.run === undefined || step.run.startsWith('npm ci')) continue;
      const [, output] = /^steps\.pull\.outputs\.(\w+) == 'true'$/.exec(step.if ?? '') ?? [];
      const outputs = await readFile(files.GITHUB_OUTPUT, 'utf8');
      if (output !== undefined && !outputs.includes(`${output}=true`)) continue;
      await promisify(execFile)('bash', ['-eo', 'pipefail', '-c', step.run], {
        cwd: clone,
        env: { ...env, ...files, RUNNER_TEMP: temp, RUN: 'https://github.com/acme/app/actions/runs/1' },
      });
    }
    const textOf = (name: string) => readFile(join(temp, name), 'utf8').catch(() => undefined);
    return {
      calls: await readFile(calls, 'utf8'),
      body: await textOf('body.md'),
      summary: await textOf('summary'),
    };
  };
  return {
    run,
    root,
    serve: (document: typeof served) => {
      served = document;
      etag = '"two"';
    },
    remote: (...args: string[]) => git(remote, ...args),
  };
}

describe.skipIf(missing.length > 0)('docs/spec-changes.workflow.yml', () => {
  test('opens one pull request with document, lock, code and report, and keeps it up to date', async () => {
    const { run, root, serve, remote } = await setUp();
    const first = await run();
    expect(first.calls).toMatch(/pr create --head vercel-api-changes --title Vercel API changes of \d{4}-/);
    expect(first.body).toMatch(/^This is the first document[\s\S]*actions\/runs\/1\n$/);
    const files = (await remote('diff', '--name-only', 'main', 'vercel-api-changes')).trim().split('\n');
    expect(files).toEqual(
      expect.arrayContaining(['openapi/vercel.json', 'openapi/vercel.lock.json', 'src/vercel/index.ts']),
    );
    expect(files).not.toContain('openapi/vercel.previous.json');

    await remote('branch', '--force', 'main', 'vercel-api-changes');
    const unchanged = await run();
    expect(unchanged).toMatchObject({ calls: '', body: undefined, summary: '' });

    const next = documentWith(21);
    Reflect.deleteProperty(next.paths, '/v1/things-3');
    serve(next);
    await writeFile(join(root, 'number'), '7\n');
    const changed = await run();
    expect(changed.calls).toMatch(/pr edit 7 --title Vercel API changes/);
    expect(changed.calls).not.toContain('pr create');
    expect(changed.summary).toContain('get/v1/things-3');
    expect(changed.body).toContain('get/v1/things-3');
    expect(await remote('show', 'vercel-api-changes:openapi/vercel.json')).toBe(JSON.stringify(next));
    expect((await remote('rev-list', '--count', 'main..vercel-api-changes')).trim()).toBe('1');
  });
});
