import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareCpu } from './cpu.js';
import { newestDocument, publishedDocuments, root } from './published.js';
import { atMost, type Section, times } from './report.js';

const ROUNDS = 5;
/** Calls of so many operations, of as many parts of the API as there are. */
const CALLS = 20;
const TSC = 'tsc --noEmit';
const USES = 'vercel-rest diff --uses, after a pull';
const OLDER = 'vercel-rest diff --uses, with types of the older document';

/** What `diff --uses` costs beside compiling the program once, on the two newest published documents that are here. */
export async function measureUsages(): Promise<Section[]> {
  const newest = newestDocument();
  const before = publishedDocuments().at(-2);
  if (newest === undefined || before === undefined) {
    console.error('diff --uses: skipped, there are no two published documents in ../shared/specs');
    return [];
  }
  // Below the repository, where its packages are found.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, 'node_modules/.cache/bench-usages-'));
  try {
    return [measure(before, newest, folder)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function measure(before: string, after: string, folder: string): Section {
  const cli = join(root, 'dist/cli/main.js');
  for (const [name, document] of [
    ['newer', after],
    ['older', before],
  ] as const) {
    mkdirSync(join(folder, name));
    const args = [cli, 'generate', '--document', document, '--out', 'api'];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: join(folder, name),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    writeProgram(before, join(folder, name));
  }
  const uses = (name: string) => [
    ...[cli, 'diff', before, after, '--fail-on', 'none'],
    ...['--uses', `${name}/tsconfig.json`],
  ];
  const commands = {
    [TSC]: [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'newer/tsconfig.json'],
    [USES]: uses('newer'),
    [OLDER]: uses('older'),
  };
  const cpu = compareCpu(folder, commands, { rounds: ROUNDS });
  return {
    title: 'Comparing documents for a program',
    note: `CPU time of a whole process, median of ${ROUNDS} interleaved rounds: \`tsc --noEmit\` of a program of ${CALLS} calls of the whole API, and \`diff --uses\` of the same program with the two newest published documents.`,
    head: ['what', 'CPU, s', 'of tsc'],
    rows: Object.keys(commands).map((name) => [
      name,
      cpu.median(name).toFixed(2),
      name === TSC ? '' : times(cpu.ratio(name, TSC)),
    ]),
    targets: [atMost('diff --uses after a pull: CPU of tsc', cpu.ratio(USES, TSC), 1.3, times)],
  };
}

/** A program that calls one operation of each tag, and another of the largest until there are enough. */
function writeProgram(document: string, folder: string): void {
  const { paths } = JSON.parse(readFileSync(document, 'utf8')) as {
    paths: Record<string, Record<string, { operationId?: string; tags?: string[]; parameters?: object[] }>>;
  };
  const byTag = new Map<string, string[]>();
  for (const [path, { get }] of Object.entries(paths)) {
    if (get === undefined || /[{]/.test(path)) continue;
    const tag = get.tags?.[0] ?? '';
    byTag.set(tag, [...(byTag.get(tag) ?? []), path]);
  }
  const rounds = Math.max(...[...byTag.values()].map((list) => list.length));
  const chosen = Array.from({ length: rounds }, (_, round) =>
    [...byTag.values()].flatMap((list) => list[round] ?? []),
  )
    .flat()
    .slice(0, CALLS);
  const calls = chosen.map((path) => `console.log((await client.GET('${path}', init)).data);\n`);
  writeFileSync(
    join(folder, 'program.ts'),
    `import { createClient } from 'vercel-rest';
import { operations, type paths } from './api/index.js';
const client = createClient<paths>({ operations });
const init = {} as never;
${calls.join('')}`,
  );
  writeFileSync(join(folder, 'package.json'), '{ "name": "program", "type": "module" }');
  const compilerOptions = {
    ...{ noEmit: true, strict: true, module: 'nodenext', target: 'es2022', skipLibCheck: true },
    types: ['node'],
    paths: { 'vercel-rest': [join(root, 'dist/index.d.ts')] },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }));
}
