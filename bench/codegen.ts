import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareCpu } from './cpu.js';
import { newestDocument, root } from './published.js';
import { atMost, type Section, times } from './report.js';

const ROUNDS = 9;
const PLAIN = 'openapi-typescript, one file';
const OURS = 'vercel-rest generate';
const BARE = 'vercel-rest generate --no-docs';

/** What generating and compiling cost beside plain openapi-typescript, on the newest published document that is here. */
export async function measureCodegen(): Promise<Section[]> {
  const document = newestDocument();
  if (document === undefined) {
    console.error(
      'code generation: skipped, there is no published document in ../shared/specs or openapi/vercel.json',
    );
    return [];
  }
  // Below the repository, where its packages are found.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, 'node_modules/.cache/bench-codegen-'));
  try {
    return [measureGenerating(document, folder), measureCompiling(folder)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measureGenerating(document: string, folder: string): Section {
  const cli = join(root, 'dist/cli/main.js');
  const flags = ['--document', document, '--no-supplement'];
  const ours = (out: string, ...more: string[]) => [
    cli,
    'generate',
    ...flags,
    '--out',
    join(folder, out),
    ...more,
  ];
  const openapiTypescript = join(root, 'node_modules/openapi-typescript/bin/cli.js');
  const commands = {
    [PLAIN]: [openapiTypescript, document, '-o', join(folder, 'plain.ts')],
    // The same operations as the plain one has.
    [OURS]: ours('api'),
    [BARE]: ours('bare', '--no-docs'),
  };
  const cpu = compareCpu(folder, commands, { rounds: ROUNDS });
  const plainBytes = readFileSync(join(folder, 'plain.ts')).length;
  const bytes: Record<string, number> = {
    [PLAIN]: plainBytes,
    [OURS]: bytesIn(folder, 'api'),
    [BARE]: bytesIn(folder, 'bare'),
  };
  const ratioOf = (name: string) => (bytes[name] ?? 0) / plainBytes;
  return {
    title: 'Generating types',
    note: `CPU time of a whole process, median of ${ROUNDS} interleaved rounds, and bytes of types written, for one published document.`,
    head: ['contender', 'CPU, s', 'bytes of types', 'of the plain file'],
    rows: Object.keys(bytes).map((name) => [
      name,
      seconds(cpu.median(name)),
      String(bytes[name]),
      times(ratioOf(name)),
    ]),
    targets: [
      atMost('Generating: CPU of openapi-typescript', cpu.ratio(OURS, PLAIN), 1.2, times),
      atMost('Types with docs: bytes of the plain file', ratioOf(OURS), 0.6, times),
      atMost('Types without docs: bytes of the plain file', ratioOf(BARE), 0.4, times),
    ],
  };
}

const CALLS = `
await client.GET('/v9/projects/{idOrName}/domains', { params: { path: { idOrName: 'a' } } });
await client.GET('/v6/deployments', { params: { query: { limit: 10 } } });
await client.GET('/v2/user');
`;
const EMPTY = 'the client alone, no call';
const SINGLE = 'three calls over the plain file';
const INDEX = 'three calls over index.ts';
const TAGS = 'three calls over three of the largest tags';
const TAG = 'three calls over the largest tag';
// One and the same client for all, so that the types are what differs.
const PROGRAMS: Record<string, string> = {
  [EMPTY]: "import createClient from 'openapi-fetch';\nexport const client = createClient();\n",
  [SINGLE]: `import createClient from 'openapi-fetch';\nimport type { paths } from './plain.js';\nconst client = createClient<paths>();${CALLS}export {};\n`,
  [INDEX]: `import createClient from 'openapi-fetch';\nimport type { paths } from './api/index.js';\nconst client = createClient<paths>();${CALLS}export {};\n`,
  [TAGS]: `import createClient from 'openapi-fetch';
import type * as deployments from './api/deployments.js';
import type * as projects from './api/projects.js';
import type * as user from './api/user.js';
const client = createClient<deployments.paths & projects.paths & user.paths>();${CALLS}export {};\n`,
  [TAG]: `import createClient from 'openapi-fetch';
import type { paths } from './api/projects.js';
const client = createClient<paths>();
await client.GET('/v9/projects/{idOrName}', { params: { path: { idOrName: 'a' } } });
await client.GET('/v9/projects/{idOrName}/domains', { params: { path: { idOrName: 'a' } } });
await client.GET('/v10/projects/{idOrName}/env', { params: { path: { idOrName: 'a' } } });\n`,
};

const COMPILER_OPTIONS = {
  noEmit: true,
  strict: true,
  module: 'nodenext',
  target: 'es2022',
  lib: ['es2023', 'dom'],
  types: [],
  // What the generated client imports.
  paths: { 'vercel-rest': [join(root, 'dist/index.d.ts')] },
  // What the libraries cost is the same for all.
  skipLibCheck: true,
};

function measureCompiling(folder: string): Section {
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const commands: Record<string, string[]> = {};
  for (const [index, [name, text]] of Object.entries(PROGRAMS).entries()) {
    const file = join(folder, `program-${index}.ts`);
    writeFileSync(file, text);
    const config = join(folder, `tsconfig-${index}.json`);
    writeFileSync(config, JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: [file] }));
    commands[name] = [join(root, 'node_modules/typescript/bin/tsc'), '-p', config];
  }
  const cpu = compareCpu(folder, commands, {
    rounds: ROUNDS,
    // What openapi-typescript makes of recursive values does not compile; its cost is no other for that.
    mayFail: (name, stdout) => name === SINGLE && stdout.includes('TS2502'),
  });
  const empty = cpu.median(EMPTY);
  const added = (name: string) => cpu.median(name) - empty;
  return {
    title: 'Type-checking a program of three calls',
    note: `CPU time of \`tsc --noEmit\` (5.9), median of ${ROUNDS} interleaved rounds; the client is openapi-fetch for all.`,
    head: ['program', 'CPU, s', 'above the client alone, s', 'of the plain file'],
    rows: Object.keys(PROGRAMS).map((name) => [
      name,
      seconds(cpu.median(name)),
      seconds(added(name)),
      name === EMPTY ? '' : times(added(name) / added(SINGLE)),
    ]),
    targets: [
      atMost('Three calls over tag modules: of the plain file', added(TAGS) / added(SINGLE), 0.3, times),
    ],
  };
}

function bytesIn(folder: string, name: string): number {
  return readdirSync(join(folder, name))
    .filter((file) => file !== 'operations.ts')
    .reduce((sum, file) => sum + readFileSync(join(folder, name, file)).length, 0);
}

function seconds(value: number): string {
  return value.toFixed(2);
}
