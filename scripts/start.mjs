// `npm start`: installs what is missing, then runs the quickstart. Plain JavaScript without dependencies, because it runs
// before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`vercel-rest needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

if (!isInstalled()) {
  console.log('Installing dependencies (first run only)...');
  // npm_execpath is the npm that runs this script, so no other npm, shell or .cmd wrapper has to be found.
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  run(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
}
run(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'examples/quickstart.ts', ...process.argv.slice(2)]);

/** Installed, and from the lockfile that is here now: npm keeps a copy of what it installed. */
function isInstalled() {
  const marker = `${root}/node_modules/.package-lock.json`;
  if (!existsSync(marker) || !existsSync(`${root}/node_modules/tsx/dist/cli.mjs`)) return false;
  const wanted = JSON.parse(readFileSync(`${root}/package-lock.json`, 'utf8')).packages;
  const present = JSON.parse(readFileSync(marker, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
  );
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(`could not run ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}
