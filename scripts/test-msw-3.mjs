// Runs every suite that uses msw on msw 3 and a Node that it takes (22.12 or later), wherever this is started with an older
// one: both are installed in a temporary folder, beside a copy of this repository. Where they cannot be, it says why.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE = 'node@24.21.0';
const MSW = 'msw@3.0.5';
const SUITES = [
  'test/msw',
  'test/contract',
  'test/peers',
  'test/connect',
  'test/cli/mock.test.ts',
  'test/team/fresh-project.test.ts',
];
const COPIED = [
  'examples',
  'src',
  'scripts',
  'test',
  'docs',
  'openapi',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
];

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'msw-3-'));
try {
  const installed = tryInstall();
  if (installed !== undefined) testOn(installed);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function testOn({ modules, node, version }) {
  const copy = copyRepository(modules);
  console.log(`msw 3 on Node ${version}`);
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--typecheck.enabled=false', ...SUITES];
  const { status } = spawnSync(node, args, { cwd: copy, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

/** Skips the suite with a reason, and lets the rest of CI go on. */
function tryInstall() {
  try {
    const modules = install();
    const node = join(modules, 'node/bin/node');
    return { modules, node, version: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim() };
  } catch (error) {
    console.log(
      `msw 3: skipped, ${NODE} and ${MSW} could not be installed (${error.message.split('\n')[0]})`,
    );
    return undefined;
  }
}

function install() {
  const target = join(folder, 'installed');
  mkdirSync(target);
  // The binary of the package `node` is fetched by its install script, which newer versions of npm run only where told to.
  writeFileSync(join(target, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', NODE, MSW], { cwd: target, stdio: 'inherit' });
  return join(target, 'node_modules');
}

/** The repository with every package of its own but msw. */
function copyRepository(installed) {
  const copy = join(folder, 'work/repository');
  mkdirSync(join(copy, 'node_modules'), { recursive: true });
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== 'msw') symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
  symlinkSync(join(installed, 'msw'), join(copy, 'node_modules/msw'));
  // Where the tests look for the published documents: beside the folder that the repository is in.
  const shared = join(dirname(root.replace(/\/$/, '')), 'shared');
  if (existsSync(shared)) symlinkSync(shared, join(folder, 'work/shared'));
  return copy;
}
