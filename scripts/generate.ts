// Regenerates src/generated from openapi/connect.yaml; with --check it writes nothing and fails when a file is stale.
import { readFile } from 'node:fs/promises';
import { generateFiles } from '../src/codegen/generate/generate.js';
import { findStale, writeFiles } from '../src/codegen/generate/generated-folder.js';

const SOURCE = 'openapi/connect.yaml';
const root = new URL('../', import.meta.url);
const folder = new URL('src/generated/', root);

const unknown = process.argv.slice(2).filter((argument) => argument !== '--check');
if (unknown.length > 0) {
  console.error(`generate: unknown argument ${unknown[0]}; the only option is --check`);
  process.exit(2);
}

const text = await readFile(new URL(SOURCE, root), 'utf8');
const files = generateFiles(text, { source: SOURCE, contract: true });
const stale = await findStale(folder, files);
const list = stale.map((name) => `src/generated/${name}`).join(', ');
if (stale.length === 0) {
  console.log(`src/generated is up to date with ${SOURCE}`);
} else if (process.argv.includes('--check')) {
  console.error(`stale: ${list}\nRun \`npm run generate\` and commit the result.`);
  process.exitCode = 1;
} else {
  await writeFiles(folder, files);
  console.log(`wrote ${list}`);
}
