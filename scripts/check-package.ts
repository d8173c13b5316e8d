// Packs the package as it would be published, installs it into an empty project, and uses every subpath there as a
// stranger would. Run by `npm run check:package`, after a build.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { createProject, npm, packInto, root, run, step } from './stranger.js';

const bin = (name: string) => join(root, 'node_modules/.bin', name);
// A JSON file is read, not imported, and a subpath of types alone has nothing to import.
const subpaths = Object.entries<string | object>(manifest.exports)
  .filter(([, target]) => typeof target === 'object' && 'default' in target)
  .map(([path]) => path);
const NEVER_LOADED = [
  '/msw/',
  '/openapi-typescript/',
  '/typescript/',
  '/commander/',
  '/dist/generated/contract.js',
  '/dist/codegen/',
  '/js-yaml/',
  '/ioredis/',
  '/@redis/',
  '/node_modules/redis/',
];
const LAZY = ['/@vercel/oidc/', '/jose/'];

const folder = createProject();
try {
  const tarball = await step('npm pack', () => packInto(folder));
  await step('publint', () => run(bin('publint'), ['--strict', tarball], root));
  await step('are the types wrong', () => run(bin('attw'), [tarball, '--profile', 'esm-only'], root));
  await step('install into an empty project', () => npm(folder, ['install', tarball]));
  await step('main and connect without the optional peers', () => checkLoading());
  await step('the optional peers', () =>
    npm(folder, ['install', ...peers(), `typescript@${manifest.devDependencies.typescript}`]),
  );
  await step(`import ${subpaths.join(', ')}`, () => importAll());
  await step('type-check, skipLibCheck false', () => typeCheck());
  await step('the bin', () => checkBin());
  console.log('The package is fit to publish.');
} finally {
  rmSync(folder, { recursive: true, force: true });
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
  const light = ['', '/connect', '/redis', '/mcp', '/ai-sdk', '/tanstack-ai'];
  for (const name of light.map((path) => `vercel-rest${path}`)) {
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
import { connectMCPTransport, ConsentRequiredError } from 'vercel-rest/mcp';
import { createConnectEmulator, createHandlers } from 'vercel-rest/msw';

const options: ClientOptions = { bearerToken: async () => 'token', teamId: 'team_1' };
const { data } = await createClient(options).GET('/v2/connect/connectors');
const names: string[] = data.connectors.map((connector) => connector.name);
const token: string = await getToken('slack/acme-slack', { subject: { type: 'app' } });
const emulator = createConnectEmulator();
const server = { type: 'http', url: 'https://mcp.linear.app/mcp' } as const;
const transport = connectMCPTransport(server, 'oauth/linear', { subject: { type: 'user', id: 'user_123' } });
export { transport, ConsentRequiredError };
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
