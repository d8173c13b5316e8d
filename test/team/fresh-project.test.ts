import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishedNames } from '../openapi/normalize/documents.js';

const newest = publishedNames.at(-1);
const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
const example = /```ts vitest\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';

/** A team's project, with the packages that it would have installed and the example of the README as its one test. */
describe.runIf(newest !== undefined)('a fresh project outside the repository', () => {
  let project = '';

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'fresh-project-'));
    await mkdir(join(project, 'openapi'));
    await cp(join(root, '../shared/specs', newest ?? ''), join(project, 'openapi/vercel.json'));
    await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
    await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    const alias = (name: string, file: string) =>
      `{ find: /^${name}$/, replacement: ${JSON.stringify(join(root, 'src', file))} }`;
    const aliases = [alias('vercel-rest', 'index.ts'), alias('vercel-rest\\/msw', 'msw/index.ts')];
    await writeFile(
      join(project, 'vitest.config.mjs'),
      `export default { resolve: { alias: [${aliases}] } };\n`,
    );
  });
  afterAll(() => rm(project, { recursive: true }));

  const run = async (code: string) => {
    await writeFile(join(project, 'example.test.ts'), code);
    const args = [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', project, '--no-color'];
    const outcome = promisify(execFile)(process.execPath, args, { cwd: project });
    return outcome.then(
      ({ stdout }) => ({ passed: true, output: stdout }),
      ({ stdout, stderr }: { stdout: string; stderr: string }) => ({
        passed: false,
        output: stdout + stderr,
      }),
    );
  };

  test('passes the test file of the README, and has a map of what it touched', async () => {
    expect(example.split('\n').filter((line) => line.trim() !== '').length).toBeLessThanOrEqual(20);
    expect(await run(example)).toMatchObject({ passed: true, output: expect.stringMatching(/2 passed/) });
    const map = await readFile(join(project, 'coverage/mock.html'), 'utf8');
    expect(map).toContain('Operations exercised: 2 of 2');
  });

  test('fails it where a wrong field was not expected', async () => {
    const { passed, output } = await run(example.replace(/^.*allowViolations.*$/m, ''));
    expect(passed).toBe(false);
    expect(output).toContain(
      'createProject: /body/buildComand is a property that the document does not allow here',
    );
  });

  test('fails it below the coverage threshold', async () => {
    const { passed, output } = await run(example.replace(/runner\.test\('a 503[\s\S]*$/, ''));
    expect(passed).toBe(false);
    expect(output).toContain('operations 50.0 % (1 of 2), asked for 100 %');
  });
});
