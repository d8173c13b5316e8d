// Regenerates src/generated from openapi/connect.yaml; with --check it writes nothing and fails when a file is stale.
import { readFile } from 'node:fs/promises';
import { findStale, generateFiles, writeFiles } from '../src/codegen/generate.js';

const SOURCE = 'openapi/connect.yaml';
const root = new URL('../', import.meta.url);
const folder = new URL('src/generated/', root);

const unknown = process.argv.slice(2).filter((argument) => argument !== '--check');
if (unknown.length > 0) {
  console.error(`generate: unknown argument ${unknown[0]}; the only option is --check`);
  process.exit(2);
}

const files = await generateFiles(await readFile(new URL(SOURCE, root), 'utf8'), SOURCE);
const stale = await findStale(folder, files);
if (stale.length === 0) {
  console.log(`src/generated is up to date with ${SOURCE}`);
} else if (process.argv.includes('--check')) {
  console.error(
    `stale: ${stale.map((name) => `src/generated/${name}`).join(', ')}\nRun \`npm run generate\` and commit the result.`,
  );
  process.exitCode = 1;
} else {
  await writeFiles(folder, files);
  console.log(`wrote ${stale.map((name) => `src/generated/${name}`).join(', ')}`);
}
