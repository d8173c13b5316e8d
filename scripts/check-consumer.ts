// Uses the packed package as a team would that follows Vercel's document: pull, generate, diff and a call, in an empty
// project; then the package as it is released, with the types of the whole API. Run by `npm run check:consumer`, after a
// build. It needs real documents, which are not part of the repository, and says so where there are none.

import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { createProject, npm, packInto, root, run, step } from './stranger.js';

const specs = join(root, '../shared/specs');
const documents = existsSync(specs)
  ? readdirSync(specs)
      .filter((name) => name.endsWith('.json'))
      .sort()
  : [];
const [older, newer] = documents.slice(-2).map((name) => join(specs, name));
// The pinned versions, so that the registry cannot change the outcome.
const version = (name: keyof typeof manifest.devDependencies) => `${name}@${manifest.devDependencies[name]}`;
const COMPILERS = [version('typescript'), version('openapi-typescript'), version('@types/node')];
const ROUNDS = 5;

/** The README's three commands, and a call to an operation that this checkout has no types of. */
async function checkCommands(before: string, after: string): Promise<void> {
  const folder = createProject();
  const served = { document: before };
  const server = await serve(served);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // In a process of its own while this one answers it.
  const cli = async (...args: string[]) =>
    (await promisify(execFile)(join(folder, 'node_modules/.bin/vercel-rest'), args, { cwd: folder })).stdout;
  try {
    await step('install into an empty project', () =>
      npm(folder, ['install', packInto(folder), ...COMPILERS]),
    );
    await step('vercel-rest pull', () => cli('pull', '--url', `${url}/openapi.json`));
    await step('vercel-rest generate', () => cli('generate', '--out', 'src/vercel'));
    writeFileSync(join(folder, 'call.ts'), CALL);
    writeFileSync(join(folder, 'tsconfig.json'), tsconfig('call.ts'));
    await step('a call to a projects operation type-checks', () => compile(folder));
    await step('and runs', async () => {
      const { stdout } = await promisify(execFile)(process.execPath, ['out/call.js', url], { cwd: folder });
      if (stdout.trim() !== 'GET /v9/projects/acme?teamId=team_1 acme')
        throw new Error(`it printed ${stdout}`);
    });
    cpSync(join(folder, 'openapi/vercel.json'), join(folder, 'openapi/before.json'));
    served.document = after;
    await step('vercel-rest pull, the next document', () => cli('pull', '--url', `${url}/openapi.json`));
    const report = await step('vercel-rest diff', () =>
      cli('diff', 'openapi/before.json', 'openapi/vercel.json', '--fail-on', 'none'),
    );
    console.log(report.split('\n').slice(0, 3).join('\n'));
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const CALL = `import { createClient, type ResponseOf } from './src/vercel/index.js';

const client = createClient({ baseUrl: process.argv[2] ?? '', teamId: 'team_1' });
const { data } = await client.operations.getProject({ params: { path: { idOrName: 'acme' } } });
const project: ResponseOf<'getProject'> = data;
console.log(project.id, project.name);
`;

/** The package with the whole API: ten tags and Connect are called, and Connect alone costs no more than it did. */
async function checkReleased(document: string): Promise<void> {
  const small = createProject();
  const full = createProject();
  const packed = mkdtempSync(join(full, 'packed-'));
  try {
    await step('npm run pack:full', () =>
      run('npm', ['run', '--silent', 'pack:full', '--', '--document', document, '--out', packed], root),
    );
    const tarball = join(packed, readdirSync(packed).find((name) => name.endsWith('.tgz')) ?? '');
    await step('install the released package', () => npm(full, ['install', tarball, ...COMPILERS]));
    await step('install the small one', () => npm(small, ['install', packInto(small), ...COMPILERS]));
    writeFileSync(join(full, 'tags.ts'), TAGS);
    writeFileSync(join(full, 'tsconfig.json'), tsconfig('tags.ts'));
    await step('ten tags and Connect type-check, skipLibCheck false', () => compile(full));
    await step('and are called', () => callTags(full));
    for (const folder of [small, full]) {
      writeFileSync(join(folder, 'connect.ts'), CONNECT);
      writeFileSync(join(folder, 'tsconfig.json'), tsconfig('connect.ts'));
    }
    await step('Connect alone pays for Connect alone', () => compareCost(small, full));
  } finally {
    for (const folder of [small, full]) rmSync(folder, { recursive: true, force: true });
  }
}

const TAGS = `import { createClient, type components, type operations } from 'vercel-rest';
import { getToken } from 'vercel-rest/connect';

const client = createClient({ baseUrl: process.argv[2] ?? '', bearerToken: 'token', teamId: 'team_1' });
const id = { path: { id: 'a' } };
await client.call('listAccessGroups');
await client.call('getAuthUser');
await client.GET('/v9/projects/{idOrName}', { params: { path: { idOrName: 'a' } } });
await client.GET('/v6/deployments', { params: { query: { limit: 1 } } });
await client.call('getDomains');
await client.call('getTeams');
await client.call('getWebhook', { params: id });
await client.call('getEdgeConfigs');
await client.call('getCertById', { params: id });
await client.call('getAlias', { params: { path: { idOrAlias: 'a' } } });
await client.call('getConnector', { params: { path: { connector: 'slack/acme' } } });
const token: () => Promise<string> = () => getToken('slack/acme', { subject: { type: 'app' } });
export type Names = keyof operations | keyof components['schemas'];
export { token };
`;

const CONNECT = `import { getToken, UserAuthorizationRequiredError } from 'vercel-rest/connect';

export const token: string = await getToken('slack/acme', { subject: { type: 'app' } });
export { UserAuthorizationRequiredError };
`;

async function callTags(folder: string): Promise<void> {
  const server = await serve({ document: '' });
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await promisify(execFile)(process.execPath, ['out/tags.js', url], { cwd: folder });
  } finally {
    server.close();
  }
}

function compareCost(small: string, full: string): void {
  const costs = { small: [] as number[], full: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    costs.small.push(checkTime(small));
    costs.full.push(checkTime(full));
  }
  // The least of each: what another process takes from one round is no part of it.
  const ratio = Math.min(...costs.full) / Math.min(...costs.small);
  console.log(
    `     type-checking Connect alone: ${ratio.toFixed(2)} x the small package (at most 1.10 is the aim)`,
  );
}

function checkTime(folder: string): number {
  const printed = run(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', '.', '--noEmit', '--diagnostics'],
    folder,
  );
  return Number(/Total time:\s+([\d.]+)s/.exec(printed)?.[1]);
}

function compile(folder: string): void {
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], folder);
}

function tsconfig(file: string): string {
  const compilerOptions = {
    module: 'nodenext',
    target: 'es2022',
    strict: true,
    skipLibCheck: false,
    types: ['node'],
    outDir: 'out',
  };
  return JSON.stringify({ compilerOptions, files: [file] });
}

/** Serves a document, and an answer to every other request that says what was asked. */
async function serve(served: { document: string }): Promise<Server> {
  const server = createServer((request, response) => {
    const isDocument = request.url === '/openapi.json';
    response.setHeader('content-type', 'application/json');
    response.end(
      isDocument
        ? readFileSync(served.document)
        : JSON.stringify({ id: `${request.method} ${request.url}`, name: 'acme' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

if (older === undefined || newer === undefined) {
  console.log('skipped: there are no published documents in ../shared/specs beside the repository');
} else {
  await checkCommands(older, newer);
  await checkReleased(newer);
}
