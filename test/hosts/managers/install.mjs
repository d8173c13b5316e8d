// Installs the tarball with a package manager, beside the oldest and the newest version of each peer, and runs a program
// in each project. Conflicts of peers are errors.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [manager] = process.argv.slice(2);
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
const tarball = dependencies['vercel-rest'];
// What openapi-typescript itself asks for is TypeScript 5.
const oldest = {
  redis: '5',
  ioredis: '5',
  msw: '2.10',
  'js-yaml': '4.2',
  typescript: '5.9',
  'openapi-typescript': '7',
};
const newest = {
  redis: '6',
  ioredis: '6',
  msw: '3',
  'js-yaml': '5',
  typescript: '7',
};
// The project stands outside of this one, whose node_modules it would otherwise find.
const folder = mkdtempSync(join(tmpdir(), 'vercel-rest-manager-'));

try {
  for (const [name, peers] of Object.entries({
    'without peers': {},
    'oldest peers': oldest,
    'newest peers': newest,
  })) {
    const project = join(folder, name.replace(' ', '-'));
    mkdirSync(project);
    cpSync('program.mjs', join(project, 'program.mjs'));
    writeFileSync(join(project, '.npmrc'), 'strict-peer-deps=true\nstrict-peer-dependencies=true\n');
    const own = {
      name: 'stranger',
      private: true,
      type: 'module',
      dependencies: { 'vercel-rest': tarball, ...peers },
    };
    writeFileSync(join(project, 'package.json'), JSON.stringify(own));
    install(project);
    console.log(`ran: ${name}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function install(project) {
  if (manager === 'npm') {
    run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], project);
    run('node', ['program.mjs'], project);
    run('npx', ['--no', 'vercel-rest', '--', '--version'], project);
  } else if (manager === 'pnpm') {
    const pnpm = join(import.meta.dirname, 'node_modules/pnpm/bin/pnpm.cjs');
    run('node', [pnpm, 'install', '--prefer-offline', '--no-lockfile'], project);
    run('node', ['program.mjs'], project);
    run('node', [pnpm, 'exec', 'vercel-rest', '--version'], project);
  } else {
    const yarn = join(import.meta.dirname, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js');
    writeFileSync(join(project, 'yarn.lock'), '');
    writeFileSync(join(project, '.yarnrc.yml'), yarnSettings());
    run('node', [yarn, 'install', '--no-immutable'], project);
    run('node', [yarn, 'node', 'program.mjs'], project);
    run('node', [yarn, 'vercel-rest', '--version'], project);
  }
}

/** Yarn does not read npm's settings: it gets the registry and the certificates that npm uses. */
function yarnSettings() {
  const npm = (name) => execFileSync('npm', ['config', 'get', name], { encoding: 'utf8' }).trim();
  const cafile = npm('cafile');
  const registry = npm('registry').replace(/\/$/, '');
  const settings = { nodeLinker: 'pnp', enableTelemetry: false, npmRegistryServer: registry };
  if (cafile !== 'null' && cafile !== '') settings.httpsCaFilePath = cafile;
  if (registry.startsWith('http:')) settings.unsafeHttpWhitelist = [new URL(registry).hostname];
  return JSON.stringify(settings);
}

function run(command, args, cwd) {
  try {
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    console.error(`Error: ${manager} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`);
    process.exit(1);
  }
}
