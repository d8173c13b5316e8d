// Follows Vercel's document from its publication to a typed client: in a fresh clone of this repository, from the package that
// the clone packs, and in an empty project that installs the small package. Run by `npm run check:consumer`, after a build. It
// needs real documents, which are not part of the repository, and prints a line where they are missing.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { createProject, npm, packInto, root, run, step } from './stranger.js';
import { TWENTY_CALLS } from './twenty-calls.js';

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
const MOCK_PEERS = [version('msw')];
const ROUNDS = 5;
const tsc = join('node_modules', 'typescript', 'bin', 'tsc');

/** A document on loopback, which can be replaced by the next. */
interface Published {
  document: string;
  readonly url: string;
  readonly close: () => void;
}

async function publish(document: string): Promise<Published> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(readFileSync(published.document));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  const published: Published = {
    document,
    url: `http://127.0.0.1:${port}/openapi.json`,
    close: () => server.close(),
  };
  return published;
}

/** Runs a command while this process answers it. */
async function call(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** Runs a program against a mock that a command serves. */
async function runAgainst(
  mock: readonly [command: string, ...args: string[]],
  program: readonly [command: string, ...args: string[]],
  cwd: string,
): Promise<void> {
  const [command, ...args] = mock;
  const server: ChildProcess = spawn(command, [...args, '--port', '0'], {
    cwd,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    if (server.stdout === null) throw new Error('the mock has no output');
    const lines = createInterface({ input: server.stdout });
    const { value: url } = await lines[Symbol.asyncIterator]().next();
    // A mock that waits for somebody to read its lines would answer no more.
    server.stdout.resume();
    const [file, ...rest] = program;
    const printed = await call(file, [...rest, String(url)], cwd);
    if (printed.trim() !== '20 calls') throw new Error(`the program printed ${printed}`);
  } finally {
    server.kill();
  }
}

/** A fresh clone: pull, 20 calls, the contract tests, `generate --check`, the released package, and back again. */
async function checkClone(document: string): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'vercel-rest-clone-'));
  const clone = join(parent, 'vercel-rest');
  const published = await publish(document);
  const status = () => run('git', ['status', '--porcelain'], clone);
  try {
    await step('a fresh clone', () => run('git', ['clone', '--quiet', root, clone], parent));
    await step('npm ci', () => npm(clone, ['ci']));
    await step('npm run pull', () =>
      call('npm', ['run', '--silent', 'pull', '--', '--url', published.url], clone),
    );
    writeFileSync(join(clone, 'examples/twenty-calls.ts'), programOf(''));
    await step('createClient() types 20 operations of 10 tags', () => typeCheckClone(clone));
    const tsx = join(clone, 'node_modules/.bin/tsx');
    await step('and calls them against `vercel-rest mock`', () =>
      runAgainst(
        [tsx, 'src/cli/main.ts', 'mock', 'openapi/vercel.json'],
        [tsx, 'examples/twenty-calls.ts'],
        clone,
      ),
    );
    rmSync(join(clone, 'examples/twenty-calls.ts'));
    rmSync(join(clone, 'tsconfig.twenty.json'));
    await step('npm run generate -- --check', () =>
      run('npm', ['run', '--silent', 'generate', '--', '--check'], clone),
    );
    await step('the contract tests walk every operation', () => walkContract(clone));
    await checkReleased(clone);
    await step('without the document, generate gives back what was committed', () => {
      for (const name of readdirSync(join(clone, 'openapi')).filter((one) => one.startsWith('vercel.')))
        rmSync(join(clone, 'openapi', name));
      run('npm', ['run', '--silent', 'generate'], clone);
      if (status() !== '') throw new Error(`git finds differences:\n${status()}`);
    });
  } finally {
    published.close();
    rmSync(parent, { recursive: true, force: true });
  }
}

/** The program of 20 calls, with generated types of its own or with those of the package. */
function programOf(generated: string): string {
  const from = generated === '' ? 'vercel-rest' : generated;
  return `import { createClient } from '${from}';\n\nconst client = createClient({ baseUrl: process.argv.at(-1) ?? '', bearerToken: 'token' });\n${TWENTY_CALLS}`;
}

function typeCheckClone(clone: string): void {
  const config = { extends: './tsconfig.json', include: [], files: ['examples/twenty-calls.ts'] };
  writeFileSync(join(clone, 'tsconfig.twenty.json'), JSON.stringify(config));
  run(process.execPath, [tsc, '-p', 'tsconfig.twenty.json'], clone);
}

function walkContract(clone: string): void {
  const report = join(clone, 'coverage-contract.json');
  run(
    process.execPath,
    [
      ...['node_modules/vitest/vitest.mjs', 'run', '--typecheck.enabled=false', 'test/contract'],
      ...['--reporter=json', `--outputFile=${report}`],
    ],
    clone,
  );
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  rmSync(report);
  const walk = testResults.find(({ name }: { name: string }) => name.endsWith('contract/generated.test.ts'));
  const walked = new Set(
    walk.assertionResults.map(({ ancestorTitles }: { ancestorTitles: string[] }) => ancestorTitles.at(-1)),
  );
  const known = readFileSync(join(clone, 'README.md'), 'utf8').match(
    /(\d+) operations\.\n<!-- \/document/,
  )?.[1];
  if (String(walked.size) !== known) throw new Error(`${walked.size} of ${known} operations were walked`);
  console.log(`     ${walked.size} operations, ${numPassedTests} tests`);
}

/** The package that the clone packs: 20 operations are called, and Connect alone costs no more than it did. */
async function checkReleased(clone: string): Promise<void> {
  const small = createProject();
  const full = createProject();
  try {
    const tarball = await step('npm pack', () => {
      run('npm', ['run', '--silent', 'build'], clone);
      return packInto(full, clone);
    });
    await step('install the released package', () =>
      npm(full, ['install', tarball, ...COMPILERS, ...MOCK_PEERS]),
    );
    await step('install the small one', () => npm(small, ['install', packInto(small), ...COMPILERS]));
    await step('the released package names its document, with hash and date', () => {
      const readme = readFileSync(join(full, 'node_modules/vercel-rest/README.md'), 'utf8');
      const named = /SHA-256 `[0-9a-f]{16}`, retrieved on \d{4}-\d\d-\d\d/.exec(readme)?.[0];
      if (named === undefined) throw new Error('the README names no document');
      console.log(`     ${named}`);
    });
    writeFileSync(join(full, 'calls.ts'), programOf(''));
    writeFileSync(join(full, 'tsconfig.json'), tsconfig('calls.ts'));
    await step('20 operations type-check, skipLibCheck false', () => compile(full));
    cpSync(join(clone, 'openapi/vercel.json'), join(full, 'vercel.json'));
    await step('and are called', () => runAgainst(mockOf('vercel.json'), ['node', 'out/calls.js'], full));
    for (const folder of [small, full]) {
      writeFileSync(join(folder, 'connect.ts'), CONNECT);
      writeFileSync(join(folder, 'tsconfig.json'), tsconfig('connect.ts'));
    }
    await step('Connect alone pays for Connect alone', () => compareCost(small, full));
  } finally {
    for (const folder of [small, full]) rmSync(folder, { recursive: true, force: true });
  }
}

/** An empty project that installs the small package, names its folder once, and follows the document. */
async function checkProject(before: string, after: string): Promise<void> {
  const folder = createProject();
  const published = await publish(before);
  const cli = (...args: string[]) => call(join(folder, 'node_modules/.bin/vercel-rest'), args, folder);
  try {
    await step('install into an empty project', () =>
      npm(folder, ['install', packInto(folder), ...COMPILERS, ...MOCK_PEERS]),
    );
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const settings = { out: 'src/vercel', url: published.url };
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ ...JSON.parse(text), 'vercel-rest': settings }),
    );
    await step('vercel-rest pull', () => cli('pull'));
    await step('vercel-rest generate --check', () => cli('generate', '--check'));
    writeFileSync(join(folder, 'calls.ts'), programOf('./src/vercel/index.js'));
    writeFileSync(join(folder, 'tsconfig.json'), tsconfig('calls.ts'));
    await step('20 operations of 10 tags type-check', () => compile(folder));
    await step('and are called against `vercel-rest mock`', () =>
      runAgainst(mockOf('openapi/vercel.json'), ['node', 'out/calls.js'], folder),
    );
    published.document = after;
    const report = await step(
      'vercel-rest pull, the next document, with what it changes for the program',
      () => cli('pull'),
    );
    const uses = /The program uses (\d+) operations/.exec(report)?.[1];
    if (uses !== '20') throw new Error(`not every call was found:\n${report}`);
    await step('vercel-rest diff', () => cli('diff', '--fail-on', 'none'));
  } finally {
    published.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function mockOf(document: string): [command: string, ...args: string[]] {
  return ['node_modules/.bin/vercel-rest', 'mock', document];
}

const CONNECT = `import { getToken, UserAuthorizationRequiredError } from 'vercel-rest/connect';

export const token: string = await getToken('slack/acme', { subject: { type: 'app' } });
export { UserAuthorizationRequiredError };
`;

function compareCost(small: string, full: string): void {
  const costs = { small: [] as number[], full: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    costs.small.push(checkTime(small));
    costs.full.push(checkTime(full));
  }
  // The least of each: time that another process took from one round does not count.
  const ratio = Math.min(...costs.full) / Math.min(...costs.small);
  console.log(
    `     type-checking Connect alone: ${ratio.toFixed(2)} x the small package (at most 1.10 is the aim)`,
  );
}

function checkTime(folder: string): number {
  const printed = run(process.execPath, [tsc, '-p', '.', '--noEmit', '--diagnostics'], folder);
  return Number(/Total time:\s+([\d.]+)s/.exec(printed)?.[1]);
}

function compile(folder: string): void {
  run(process.execPath, [tsc, '-p', '.'], folder);
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

if (older === undefined || newer === undefined) {
  console.log('skipped: ../shared/specs beside the repository has no published documents');
} else {
  await checkProject(older, newer);
  await checkClone(newer);
}
