// Packs the package as it would be published, installs it into an empty project, and uses every subpath there as a
// stranger would. Run by `npm run check:package`, after a build.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string) => join(root, 'node_modules/.bin', name);
// A JSON file is read, not imported.
const subpaths = Object.keys(manifest.exports).filter((path) => !path.endsWith('.json'));
const NEVER_LOADED = [
  '/msw/',
  '/ajv/',
  '/openapi-typescript/',
  '/typescript/',
  '/commander/',
  '/dist/generated/contract.js',
  '/dist/codegen/',
  '/yaml/',
];
const LAZY = ['/@vercel/oidc/', '/jose/'];

const folder = mkdtempSync(join(tmpdir(), 'vercel-rest-package-'));
try {
  const tarball = step('npm pack', () => pack());
  step('publint', () => run(bin('publint'), ['--strict', tarball], root));
  step('are the types wrong', () => run(bin('attw'), [tarball, '--profile', 'esm-only'], root));
  step('install into an empty project', () => install(tarball));
  step('main and connect without the optional peers', () => checkLoading());
  step('the optional peers', () =>
    npm(['install', ...peers(), `typescript@${manifest.devDependencies.typescript}`]),
  );
  step(`import ${subpaths.join(', ')}`, () => importAll());
  step('type-check, skipLibCheck false', () => typeCheck());
  step('the bin', () => checkBin());
  console.log('The package is fit to publish.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack(): string {
  const output = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const report: unknown = JSON.parse(output);
  // npm 11 prints an array, npm 12 an object keyed by name; the file name is all that is needed.
  const name = /"filename":\s*"([^"]+)"/.exec(JSON.stringify(report))?.[1];
  if (name === undefined) throw new Error(`npm pack named no file:\n${output}`);
  return resolve(folder, name);
}

function install(tarball: string): void {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'stranger', private: true, type: 'module' }),
  );
  npm(['install', tarball]);
}

/** Imports the light subpaths while a hook writes down every module that they load. */
function checkLoading(): void {
  const hook = `import { writeSync } from 'node:fs';
export async function load(url, context, next) { writeSync(1, url + '\\n'); return next(url, context); }`;
  writeFileSync(join(folder, 'hook.mjs'), hook);
  writeFileSync(
    join(folder, 'register.mjs'),
    "import { register } from 'node:module'; register('./hook.mjs', import.meta.url);",
  );
  for (const name of ['vercel-rest', 'vercel-rest/connect']) {
    const loaded = run(
      process.execPath,
      ['--import', './register.mjs', '--input-type=module', '-e', `await import('${name}')`],
      folder,
    );
    const heavy = loaded
      .split('\n')
      .filter((url) => [...NEVER_LOADED, ...LAZY].some((part) => url.includes(part)));
    if (heavy.length > 0) throw new Error(`importing ${name} loads ${heavy.join(', ')}`);
  }
}

function importAll(): void {
  const program = subpaths.map((path) => `await import('${join(manifest.name, path)}');`).join('\n');
  run(process.execPath, ['--input-type=module', '-e', program], folder);
}

function typeCheck(): void {
  writeFileSync(
    join(folder, 'stranger.ts'),
    `import { createClient, type ClientOptions, NotFoundError } from 'vercel-rest';
import { getToken, createConnectClient, ConnectError } from 'vercel-rest/connect';
import { createConnectEmulator, createHandlers } from 'vercel-rest/msw';

const options: ClientOptions = { bearerToken: async () => 'token', teamId: 'team_1' };
const { data } = await createClient(options).GET('/v2/connect/connectors');
const names: string[] = data.connectors.map((connector) => connector.name);
const token: string = await getToken('slack/acme-slack', { subject: { type: 'app' } });
const emulator = createConnectEmulator();
export { names, token, emulator, createHandlers, createConnectClient, ConnectError, NotFoundError };
`,
  );
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    noEmit: true,
    skipLibCheck: false,
  };
  for (const extra of [
    {},
    { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true },
  ]) {
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...compilerOptions, ...extra }, files: ['stranger.ts'] }),
    );
    run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], folder);
  }
}

function checkBin(): void {
  const printed = run(join(folder, 'node_modules/.bin/vercel-rest'), ['--version'], folder).trim();
  if (printed !== manifest.version) throw new Error(`vercel-rest --version printed ${printed}`);
}

function peers(): string[] {
  return Object.keys(manifest.peerDependencies).map((name) => {
    const development: Record<string, string> = manifest.devDependencies;
    return `${name}@${development[name] ?? 'latest'}`;
  });
}

function npm(args: string[]): string {
  return run('npm', [...args, '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], folder);
}

function run(command: string, args: string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function step<T>(name: string, work: () => T): T {
  try {
    const result = work();
    console.log(`ok   ${name}`);
    return result;
  } catch (error) {
    console.error(`FAIL ${name}`);
    // What a tool printed says more than the exit code that execFileSync reports.
    for (const stream of ['stdout', 'stderr'])
      console.error(String(Reflect.get(Object(error), stream) ?? ''));
    throw error;
  }
}
