import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareDocument } from '../src/codegen/generate/prepare.js';
import type { JsonObject, OpenApiDocument } from '../src/openapi/document.js';
import { parseDocument } from '../src/openapi/read-document.js';
import { dereference } from '../src/openapi/references.js';
import { type WalkedOperation, walkOperations } from '../src/openapi/walk-operations.js';
import { isRecord, listOf } from '../src/util/is-record.js';
import { seededRandom, shuffle, spread } from './measure.js';
import { newestDocument, root } from './published.js';
import { atMost, type Section, times } from './report.js';

const ROUNDS = 7;
const PLAIN = 'openapi-typescript + openapi-fetch';
const OURS = 'vercel-rest generate';

/** What a contender's process prints. */
interface Cost {
  readonly cpuSeconds: number;
  readonly instantiations: number;
  readonly completionMs: number;
  /** Of a file that the language service has not checked yet. */
  readonly firstHoverMs: number;
  readonly hoverMs: number;
}

/** What the types of a program cost that calls every operation of the newest published document that is here. */
export async function measureTypeCost(): Promise<Section[]> {
  const file = newestDocument();
  if (file === undefined) {
    console.error(
      'type cost: skipped, there is no published document in ../shared/specs or openapi/vercel.json',
    );
    return [];
  }
  // Below the repository, where its packages are found.
  mkdirSync(join(root, 'node_modules/.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, 'node_modules/.cache/bench-types-'));
  try {
    const { document } = prepareDocument(parseDocument(readFileSync(file, 'utf8')));
    return [compare(folder, writePrograms(folder, file, document))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compare(folder: string, count: number): Section {
  const random = seededRandom(5);
  const costs = new Map<string, Cost[]>([
    [PLAIN, []],
    [OURS, []],
  ]);
  // The first round fills the machine's file cache and is not counted.
  for (let round = -1; round < ROUNDS; round++)
    for (const [name, kept] of shuffle([...costs], random)) {
      const cost = costOf(folder, name === PLAIN ? 'plain' : 'ours');
      if (round >= 0) kept.push(cost);
    }
  const of = (name: string, field: keyof Cost) => (costs.get(name) ?? []).map((cost) => cost[field]);
  const median = (name: string, field: keyof Cost) => spread(of(name, field)).median;
  const ratio = (field: keyof Cost) =>
    spread(of(OURS, field).map((value, round) => value / (of(PLAIN, field)[round] ?? Number.NaN))).median;
  return {
    title: 'Types of the whole API',
    note:
      `A program of ${count} calls, each of another operation of a published document: CPU time of \`tsc --noEmit\` (5.9), ` +
      `then a language service that completes a body's fields, shows \`data\` of one call before the file is checked, and that of each other ` +
      `call once the file is checked, as it is in an open editor: the median of these. Median of ${ROUNDS} interleaved rounds.`,
    head: [
      'contender',
      'CPU, s',
      'instantiations',
      'first completion, ms',
      'first hover, ms',
      'hover on data, ms',
    ],
    rows: [PLAIN, OURS].map((name) => [
      name,
      median(name, 'cpuSeconds').toFixed(2),
      String(median(name, 'instantiations')),
      median(name, 'completionMs').toFixed(0),
      median(name, 'firstHoverMs').toFixed(0),
      median(name, 'hoverMs').toFixed(1),
    ]),
    targets: [
      atMost('Whole API: CPU of plain types', ratio('cpuSeconds'), 1.1, times),
      atMost('Whole API: instantiations of plain types', ratio('instantiations'), 1.5, times),
      atMost('Whole API: first completion of plain types', ratio('completionMs'), 1.1, times),
      atMost('Whole API: hover on data of plain types', ratio('hoverMs'), 0.3, times),
    ],
  };
}

function costOf(folder: string, name: 'plain' | 'ours'): Cost {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const probe = `process.on('exit', () => { const u = process.cpuUsage(); process.stderr.write('\\ncpu ' + (u.user + u.system)); });`;
  const run = (args: readonly string[]) =>
    spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { PATH: process.env.PATH } });
  const compiled = run([
    ...['--import', `data:text/javascript,${encodeURIComponent(probe)}`],
    ...[tsc, '-p', `tsconfig-${name}.json`, '--extendedDiagnostics'],
  ]);
  // What openapi-typescript makes of recursive values does not compile; its cost is no other for that.
  const lines = compiled.stdout.split('\n').filter((line) => line.includes('error TS'));
  const unexpected = lines.filter((line) => name === 'ours' || !line.includes('plain.ts'));
  if (unexpected.length > 0) throw new Error(`${name}: ${unexpected.slice(0, 5).join('\n')}`);
  const edited = run([fileURLToPath(new URL('editor-cost.mjs', import.meta.url)), folder, name]);
  if (edited.status !== 0) throw new Error(`${name}: ${edited.stderr}`);
  return {
    cpuSeconds: Number(/\ncpu (\d+)$/.exec(compiled.stderr)?.[1]) / 1e6,
    instantiations: Number(/Instantiations:\s+(\d+)/.exec(compiled.stdout)?.[1]),
    ...(JSON.parse(edited.stdout) as Pick<Cost, 'completionMs' | 'firstHoverMs' | 'hoverMs'>),
  };
}

/** @returns How many calls both programs make. */
function writePrograms(folder: string, file: string, document: OpenApiDocument): number {
  const run = (...args: string[]) => {
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  run(join(root, 'node_modules/openapi-typescript/bin/cli.js'), file, '-o', join(folder, 'plain.ts'));
  // The same operations as the plain types have.
  run(
    join(root, 'dist/cli/main.js'),
    'generate',
    '--document',
    file,
    '--out',
    'api',
    '--no-supplement',
    '--no-corrections',
  );
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of NAMES) {
    const compilerOptions = {
      ...{ noEmit: true, strict: true, module: 'nodenext', target: 'es2022' },
      ...{ lib: ['es2023', 'dom'], types: ['node'] },
      // What the libraries cost is the same for all.
      skipLibCheck: true,
      paths: { 'vercel-rest': [join(root, 'dist/index.d.ts')] },
    };
    writeFileSync(
      join(folder, `tsconfig-${name}.json`),
      JSON.stringify({ compilerOptions, files: [`program-${name}.ts`] }),
    );
  }
  const calls = walkOperations(document).map((operation) => callOf(document, operation));
  writeCalls(folder, calls);
  // A body whose branches the samples above do not meet is left out of both programs.
  const failing = new Set(NAMES.flatMap((name) => failingLines(folder, name)));
  const kept = calls.filter((call, index) => call !== '' && !failing.has(index + FIRST_CALL));
  writeCalls(folder, kept);
  return kept.length;
}

const NAMES = ['plain', 'ours'] as const;
/** Each head has three lines, and one opens the function. */
const FIRST_CALL = 5;
const HEADS = {
  plain:
    "import createClient from 'openapi-fetch';\nimport type { paths } from './plain.js';\nconst client = createClient<paths>();\n",
  ours: "import { createClient } from './api/index.js';\n\nconst client = createClient();\n",
};

/** One line for each call. */
function writeCalls(folder: string, calls: readonly string[]): void {
  for (const name of NAMES) {
    const text = `${HEADS[name]}export async function callAll() {\n${calls.map((call) => `${call}\n`).join('')}}\n`;
    writeFileSync(join(folder, `program-${name}.ts`), text);
  }
}

function failingLines(folder: string, name: string): number[] {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', `tsconfig-${name}.json`], {
    cwd: folder,
    encoding: 'utf8',
  });
  return [...stdout.matchAll(/^program-\w+\.ts\((\d+),/gm)].map(([, line]) => Number(line));
}

/** A call with what the operation requires. Bodies that are not JSON are passed over: plain types take texts for them. */
function callOf(document: OpenApiDocument, { method, path, parameters, operation }: WalkedOperation): string {
  const required = parameters.filter((parameter) => parameter.required === true || parameter.in === 'path');
  const places = ['path', 'query', 'header'].flatMap((place) => {
    const own = required.filter(
      (parameter) => parameter.in === place && !/^content-length$/i.test(String(parameter.name)),
    );
    const fields = own.map(({ name, schema }) => `${JSON.stringify(name)}: ${sample(document, schema)}`);
    return fields.length > 0 ? [`${place}: { ${fields.join(', ')} }`] : [];
  });
  const params = places.length > 0 ? [`params: { ${places.join(', ')} }`] : [];
  const { content } = operation.requestBody === undefined ? {} : dereference(document, operation.requestBody);
  const media = isRecord(content) ? content['application/json'] : undefined;
  if (content !== undefined && media === undefined) return '';
  const body = isRecord(media) ? [`body: ${sample(document, media.schema)}`] : [];
  const argument = params.length + body.length > 0 ? `, { ${[...params, ...body].join(', ')} }` : '';
  return `  { const { data } = await client.${method}(${JSON.stringify(path)}${argument}); void data; }`;
}

function sample(document: OpenApiDocument, node: unknown, depth = 0): string {
  if (!isRecord(node) || depth > 8) return '{}';
  const schema = dereference(document, node);
  const [first] = listOf(schema.enum);
  if (first !== undefined) return JSON.stringify(first);
  const branches = [...listOf(schema.oneOf), ...listOf(schema.anyOf)];
  const merged = mergeAll(document, [schema, ...listOf(schema.allOf), ...branches.slice(0, 1)]);
  if (isRecord(merged.properties) && merged.required.size + Object.keys(merged.properties).length > 0) {
    const fields = [...merged.required].map((name) => {
      const property = (merged.properties as JsonObject)[name];
      return `${JSON.stringify(name)}: ${property === undefined ? "''" : sample(document, property, depth + 1)}`;
    });
    return `{ ${fields.join(', ')} }`;
  }
  if (branches[0] !== undefined) return sample(document, branches[0], depth + 1);
  const [type] = [schema.type].flat();
  const samples: Readonly<Record<string, string>> = {
    string: "'a'",
    number: '1',
    integer: '1',
    boolean: 'true',
    array: '[]',
  };
  return samples[String(type)] ?? '{}';
}

function mergeAll(document: OpenApiDocument, nodes: readonly unknown[]) {
  let properties: JsonObject = {};
  const required = new Set<string>();
  for (const node of nodes) {
    if (!isRecord(node)) continue;
    const schema = dereference(document, node);
    if (isRecord(schema.properties)) properties = { ...properties, ...schema.properties };
    for (const name of listOf(schema.required)) required.add(String(name));
  }
  return { properties, required };
}
