// Follows README from a tarball alone, in an empty folder: the first token, the first typed call, the first failing contract
// test. In another folder it follows docs/recipes/without-an-account.md. Prints the commands and what they print. Without a
// tarball it packs what is built. Run by `npm run check:readme`.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'try-package-'));
let folder = home;
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

  await followWithoutAnAccount();
  console.log('The recipe without an account works from the tarball.');
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function followWithoutAnAccount() {
  const recipes = join(home, 'node_modules/vercel-rest/docs/recipes');
  const page = readFileSync(join(recipes, 'without-an-account.md'), 'utf8').replaceAll(/^ {3}/gm, '');
  const [install, mock, start, ask, send] = [...page.matchAll(/```sh\n([^`]*)\n```/g)].map(
    ([, code]) => code,
  );
  folder = join(home, 'recipe');
  mkdirSync(folder);
  run(install.replace('install vercel-rest', `install --no-audit --no-fund --loglevel=error ${tarball}`));
  save('emulated.mjs', block(page, 'js'));
  save('server.ts', block(readFileSync(join(recipes, 'express.md'), 'utf8'), 'ts check'));
  const emulator = begin(mock);
  const server = begin(start);
  try {
    await until(() => /Stop with/.test(emulator.output()));
    await until(() => spawnSync(ask, { shell: true }).status === 0);
    expect(run(ask), /\{"characters":\d+\}/);
    expect(run(send), /"status":204/);
    await until(() => /app_mention/.test(server.output()));
  } finally {
    server.end();
    emulator.end();
  }
}

/** Starts a command in a process group of its own, which `end` ends. */
function begin(command) {
  console.log(`$ ${command} &`);
  const child = spawn(command, { cwd: folder, shell: true, detached: true });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return { output: () => text, end: () => child.exitCode ?? process.kill(-child.pid, 'SIGKILL') };
}

async function until(isDone) {
  for (let attempt = 0; !isDone(); attempt++) {
    if (attempt === 150) throw new Error(`nothing happened: ${isDone}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
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
  console.log(`# ${name}: ${text.split('\n').length - 1} lines of the page`);
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
