// Generates src/generated from the documents of this checkout, and names the main one in the README. With --check it writes
// nothing, and exits with 3 where a file is stale; --report FILE lists what was repaired in the main document.
import { parseArgs } from 'node:util';
import { generateTypes } from '../src/cli/commands/generate-types.js';
import { createIo, documentOfCheckout, isDocumentNamed, nameDocument, PLATFORM } from './checkout.js';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, report: { type: 'string' } },
});
const io = createIo(new AbortController().signal);
const flags = { docs: true, supplement: true, check: values.check };
const codes = [
  await generateTypes({ ...flags, ...values, document: documentOfCheckout() }, io),
  await generateTypes(flags, { ...io, project: PLATFORM }),
];
if (!values.check) await nameDocument();
else if (!(await isDocumentNamed())) {
  io.stderr('README.md does not name the document: run `npm run generate`, and commit the result.\n');
  codes.push(3);
}
process.exitCode = Math.max(...codes);
