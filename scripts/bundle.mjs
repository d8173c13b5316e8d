// Joins the modules of each subpath into one file, with what they share in chunks: a source file a job is for people, and
// sixty of them cost a process that imports the package seven times what one does. Types stay as tsc writes them.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import ts from 'typescript';
import { parse } from 'yaml';

const outdir = process.argv[2] ?? 'dist';
// Each list is a bundle of its own. A chunk holds the code that the same entries need, so that the mock and the program would
// split the clients into three times as many files, and each file of an import costs a process a third of a millisecond.
// All bundles hold the client: errors of one are recognised by the others (`errors/brand.ts`). The mock of a document, which is
// started while one writes tests, is one file: the chunks that it shares with the other commands are thirty.
const clients = [
  'src/index.ts',
  'src/connect/index.ts',
  'src/platform/index.ts',
  'src/redis/index.ts',
  'src/adapters/ai-sdk/index.ts',
  'src/adapters/mcp/index.ts',
  'src/adapters/tanstack-ai/index.ts',
];
const tools = ['src/msw/index.ts', 'src/cli/main.ts'];
const mock = 'cli/mock-document';
const entryPoints = [...clients, ...tools];
const outputs = {};
for (const bundled of [clients, tools, { [mock]: 'src/cli/commands/mock-document.ts' }]) {
  const { metafile } = await build({
    entryPoints: bundled,
    // Tests of the binary build one of their own.
    outdir,
    outbase: 'src',
    bundle: true,
    splitting: true,
    // Only until nameChunks has named them.
    chunkNames: 'chunks/[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Dependencies and optional peers are the installer's business, and are loaded when they are needed.
    packages: 'external',
    plugins: [{ name: 'mock', setup: leaveMockApart }],
    legalComments: 'none',
    logLevel: 'warning',
    // A stack that is read with `node --enable-source-maps` names the sources, which the package holds too.
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
  });
  Object.assign(outputs, metafile.outputs);
}
nameChunks(outputs);

// As JSON, so that a program that installed the package generates without a YAML parser.
mkdirSync(`${outdir}/openapi`, { recursive: true });
for (const name of ['connect', 'corrections', 'platform'])
  writeFileSync(
    `${outdir}/openapi/${name}.json`,
    JSON.stringify(parse(readFileSync(`openapi/${name}.yaml`, 'utf8'))),
  );

// The compiler prints types with four spaces a level, a fifth of the bytes of generated ones.
const types = `${outdir}/generated`;
const printed = existsSync(types)
  ? readdirSync(types, { recursive: true }).filter((file) => file.endsWith('.d.ts'))
  : [];
for (const name of printed) {
  const file = `${types}/${name}`;
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replaceAll(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4)),
  );
}

removeUnreachableTypes();

/** Imports the mock from its own file: the command that does so is in a chunk, which is in a folder beside the entry's. */
function leaveMockApart({ onResolve }) {
  onResolve({ filter: /\/mock-document\.js$/ }, () => ({ path: `../${mock}.js`, external: true }));
}

/** Removes the declarations that no entry imports, directly or through others: no consumer can name them. */
function removeUnreachableTypes() {
  const reachable = new Set();
  // A program has no types to import.
  const pending = entryPoints
    .filter((path) => !path.startsWith('src/cli/'))
    .map((path) => join(outdir, path.slice('src/'.length).replace(/\.ts$/, '.d.ts')));
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (reachable.has(file) || !existsSync(file)) continue;
    reachable.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8'), true).importedFiles)
      if (fileName.startsWith('.')) pending.push(join(dirname(file), fileName.replace(/\.js$/, '.d.ts')));
  }
  for (const name of readdirSync(outdir, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.d.ts') && !reachable.has(join(outdir, name))) rmSync(join(outdir, name));
}

/** Names each chunk by the largest source in it, so that a stack says the same name in each release. */
function nameChunks(outputs) {
  const chunks = Object.keys(outputs).filter((path) => /\/chunks\/[A-Z0-9]{8}\.js$/.test(path));
  const names = new Map();
  for (const path of chunks.sort(
    (a, b) => outputs[b].bytes - outputs[a].bytes || (nameOf(a) < nameOf(b) ? -1 : 1),
  )) {
    const taken = [...names.values()].filter((name) => name.replace(/-\d+$/, '') === nameOf(path)).length;
    names.set(basename(path, '.js'), taken === 0 ? nameOf(path) : `${nameOf(path)}-${taken + 1}`);
  }
  const pattern = new RegExp(`(${[...names.keys()].join('|')})(?=\\.js)`, 'g');
  for (const path of Object.keys(outputs).filter((path) => path.endsWith('.js'))) {
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replaceAll(pattern, (hash) => names.get(hash)),
    );
  }
  for (const path of chunks) {
    const name = join(dirname(path), names.get(basename(path, '.js')));
    for (const extension of ['.js', '.js.map'])
      renameSync(path.replace(/\.js$/, extension), name + extension);
  }

  function nameOf(path) {
    const inputs = Object.entries(outputs[path].inputs);
    const [largest = 'shared'] = inputs.sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput)[0] ?? [];
    // A file that is loaded by import() has a chunk that only hands out what other chunks hold.
    const source = outputs[path].entryPoint ?? largest;
    const name = basename(source, '.ts');
    // A barrel has no code of its own.
    return name === 'index' ? basename(dirname(source)) : name;
  }
}
