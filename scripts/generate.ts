// Regenerates src/generated from the documents in openapi/; with --check it writes nothing and fails when a file is stale.
import { readFile } from 'node:fs/promises';
import { generateFiles } from '../src/codegen/generate/generate.js';
import { findStale, writeFiles } from '../src/codegen/generate/generated-folder.js';

const TARGETS = [
  { source: 'openapi/connect.yaml', folder: 'src/generated/', contract: true },
  // The mock reads this document as it is packaged, so that no contract of it is built in.
  { source: 'openapi/platform.yaml', folder: 'src/generated/platform/', contract: false },
];
const root = new URL('../', import.meta.url);

const unknown = process.argv.slice(2).filter((argument) => argument !== '--check');
if (unknown.length > 0) {
  console.error(`generate: unknown argument ${unknown[0]}; the only option is --check`);
  process.exit(2);
}

for (const { source, folder, contract } of TARGETS) {
  const text = await readFile(new URL(source, root), 'utf8');
  const files = generateFiles(text, { source, contract, client: false });
  const stale = await findStale(new URL(folder, root), files);
  const list = stale.map((name) => folder + name).join(', ');
  if (stale.length === 0) {
    console.log(`${folder} is up to date with ${source}`);
  } else if (process.argv.includes('--check')) {
    console.error(`stale: ${list}\nRun \`npm run generate\` and commit the result.`);
    process.exitCode = 1;
  } else {
    await writeFiles(new URL(folder, root), files);
    console.log(`wrote ${list}`);
  }
}
