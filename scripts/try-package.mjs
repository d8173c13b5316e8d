// Follows README from a tarball alone, in an empty folder: the first token, the first typed call, the first failing contract
// test. Prints the commands and what they print. Without a tarball it packs what is built. Run by `npm run check:readme`.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'try-package-'));
const tarball = process.argv[2] === undefined ? pack() : resolve(process.argv[2]);
try {
  run(`npm install --no-audit --no-fund --loglevel=error ${tarball} msw`);
  const readme = readFileSync(join(folder, 'node_modules/vercel-rest/README.md'), 'utf8');
  save('first.mjs', block(readme, 'ts'));
  expect(run('node first.mjs'), /^xoxb-emulated-\S+ \[[\s\S]*'slack\/acme-slack'/);

  save('link.test.ts', block(readme, 'ts vitest'));
  run('npm install --no-audit --no-fund --loglevel=error --save-dev vitest');
  expect(run('npx vitest run', 1), /upsertConnectorProjectConnection: \/body\/environments is required/);
  save('link.test.ts', block(readme, 'ts vitest').replace('environment:', 'environments:'));
  expect(run('npx vitest run'), /1 passed/);
  console.log('README works from the tarball.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack() {
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  return join(folder, execFileSync('npm', args, { cwd: root, encoding: 'utf8' }).trim());
}

function block(readme, language) {
  const code = readme.split(`\`\`\`${language}\n`)[1]?.split('\n```')[0];
  if (code === undefined) throw new Error(`README has no block of ${language}`);
  return `${code}\n`;
}

function save(name, text) {
  console.log(`# ${name}: ${text.split('\n').length - 1} lines of README`);
  writeFileSync(join(folder, name), text);
}

function run(command, code = 0) {
  console.log(`$ ${command.replace(tarball, './vercel-rest.tgz')}`);
  const { status, stdout, stderr } = spawnSync(command, {
    cwd: folder,
    shell: true,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  console.log(`${stdout}${stderr}`.trim());
  if (status !== code) throw new Error(`${command} ended with ${status}`);
  return `${stdout}${stderr}`;
}

function expect(text, pattern) {
  if (!pattern.test(text)) throw new Error(`the output does not match ${pattern}`);
}
