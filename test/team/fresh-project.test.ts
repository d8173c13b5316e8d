import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pages } from '../docs/pages.js';
import { publishedNames } from '../openapi/normalize/documents.js';

const newest = publishedNames.at(-1);
const root = fileURLToPath(new URL('../../', import.meta.url));
const testOf = (path: string) =>
  pages.find((page) => page.path === path)?.blocks.find(({ mode }) => mode === 'vitest')?.code ?? '';
const example = testOf('docs/mocking.md');

let project = '';

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'fresh-project-'));
  await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
  await writeFile(join(project, 'package.json'), '{ "type": "module" }');
  const alias = (name: string, file: string) =>
    `{ find: /^${name}$/, replacement: ${JSON.stringify(join(root, 'src', file))} }`;
  const aliases = [
    alias('vercel-rest', 'index.ts'),
    alias('vercel-rest\\/msw', 'msw/index.ts'),
    alias('vercel-rest\\/platform', 'platform/index.ts'),
  ];
  await writeFile(
    join(project, 'vitest.config.mjs'),
    `export default { resolve: { alias: [${aliases}] } };\n`,
  );
});
afterAll(() => rm(project, { recursive: true }));

/** Runs a test file in the project, as its one test. */
async function run(code: string): Promise<{ passed: boolean; output: string }> {
  await writeFile(join(project, 'example.test.ts'), code);
  const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', project, '--no-color'];
  const outcome = promisify(execFile)(process.execPath, args, { cwd: project });
  return outcome.then(
    ({ stdout }) => ({ passed: true, output: stdout }),
    ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ passed: false, output: stdout + stderr }),
  );
}

describe('the contract test of README, in a project outside the repository', () => {
  const broken = testOf('README.md');

  test('fails as README says, and passes where the field is right', async () => {
    const { passed, output } = await run(broken);
    expect(passed).toBe(false);
    expect(output).toContain('upsertConnectorProjectConnection: /body/environments is required');
    expect(await run(broken.replace('environment:', 'environments:'))).toMatchObject({ passed: true });
  });

  test('passes in the quick start, and fails where the field is misspelt', async () => {
    const right = testOf('docs/start/contract-test.md');
    expect(await run(right)).toMatchObject({ passed: true });
    const { output } = await run(right.replace('environments:', 'environment:'));
    expect(output).toContain('upsertConnectorProjectConnection: /body/environments is required');
  });
});

/** A team's project, with the packages that it would have installed and the example of docs/mocking.md as its one test. */
describe.runIf(newest !== undefined)('a fresh project with the published document', () => {
  beforeAll(async () => {
    await mkdir(join(project, 'openapi'));
    await cp(join(root, '../shared/specs', newest ?? ''), join(project, 'openapi/vercel.json'));
  });

  test('passes the test file of the page, and has a map of what it touched', async () => {
    expect(example.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(22);
    expect(await run(example)).toMatchObject({ passed: true, output: expect.stringMatching(/2 passed/) });
    const map = await readFile(join(project, 'coverage/mock.html'), 'utf8');
    expect(map).toContain('Operations exercised: 2 of 2');
  });

  test('fails it where a wrong field was not expected', async () => {
    const { passed, output } = await run(example.replace(/^.*allowValidationErrors.*$/m, ''));
    expect(passed).toBe(false);
    expect(output).toContain(
      'createProject: /body/buildComand is a property that the document does not allow here',
    );
  });

  test('fails it below the coverage threshold', async () => {
    const { passed, output } = await run(example.replace(/runner\.test\('a 503[\s\S]*$/, ''));
    expect(passed).toBe(false);
    expect(output).toContain('operations 50.0 % (1 of 2), required 100 %');
  });
});
