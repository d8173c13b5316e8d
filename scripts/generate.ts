<<<<<<< HEAD

// Generates src/generated from the document of this checkout, and names that document in the README. With --check it writes
// nothing, and exits with 3 where a file is stale; --report FILE lists what was repaired.
import { parseArgs } from 'node:util';
import { generateTypes } from '../src/cli/commands/generate-types.js';
import { createIo, documentOfCheckout, isDocumentNamed, nameDocument } from './checkout.js';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, report: { type: 'string' } },
});
const io = createIo(new AbortController().signal);
const code = await generateTypes(
  { document: documentOfCheckout(), docs: true, supplement: true, ...values },
  io,
);
process.exitCode = code;
if (!values.check) await nameDocument();
else if (code === 0 && !(await isDocumentNamed())) {
  io.stderr('README.md does not name the document: run `npm run generate`, and commit the result.\n');
  process.exitCode = 3;
=======
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
  const files = generateFiles(text, { source, contract });
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
>>>>>>> main
}
