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
}
