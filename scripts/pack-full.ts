// Packs the package as it is released: with the types and the run-time table of the whole API instead of those of
// openapi/connect.yaml. `npm run pack:full -- --document openapi/vercel.json [--out folder] [--no-test]`
//
// It works in a copy, so that src/generated of this checkout stays what connect.yaml gives.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { parseCorrections } from '../src/codegen/corrections/corrections.js';
import { readPackaged } from '../src/codegen/corrections/packaged.js';
import { generateFrom } from '../src/codegen/generate/generate.js';
import { writeFiles } from '../src/codegen/generate/generated-folder.js';
import { type Prepared, prepareDocument } from '../src/codegen/generate/prepare.js';
import { parseDocument } from '../src/openapi/parse-document.js';
import { walkOperations } from '../src/openapi/walk-operations.js';

const root = fileURLToPath(new URL('..', import.meta.url));
// What the package is made from; the rest of the checkout has no say in it.
const PARTS = [
  'src',
  'scripts',
  'openapi/connect.yaml',
  'openapi/corrections.yaml',
  'schemas',
  'test',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'vitest.config.ts',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

const { values } = parseArgs({
  options: {
    document: { type: 'string' },
    out: { type: 'string', default: '.' },
    'no-test': { type: 'boolean' },
  },
});
if (values.document === undefined) {
  console.error(
    'pack:full: name the document: npm run pack:full -- --document openapi/vercel.json (`npm run pull` brings it)',
  );
  process.exit(2);
}
const document = resolve(values.document);
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'vercel-rest-full-'));
try {
  for (const part of PARTS) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const prepared = prepareDocument(parseDocument(readFileSync(document, 'utf8')), {
    corrections: parseCorrections(readPackaged('corrections')),
    supplement: parseDocument(readPackaged('connect')).openapi,
  });
  const source = basename(document);
  const files = generateFrom(prepared, { source, contract: true, client: false });
  await writeFiles(pathToFileURL(join(folder, 'src/generated') + sep), files);
  nameDocument(prepared, source);
  run('npm', 'run', '--silent', 'build');
  if (!values['no-test'])
    run('npx', 'vitest', 'run', '--typecheck.enabled=false', 'test/contract/generated.test.ts');
  run('npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', out);
  for (const { subject, detail } of prepared.conflicts) console.log(`supplement: ${subject}: ${detail}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The README of a release says which document it is from. */
function nameDocument({ document, hash }: Prepared, source: string): void {
  const file = join(folder, 'README.md');
  const readme = readFileSync(file, 'utf8');
  const named = readme.replace(
    /<!-- document -->[\s\S]*?<!-- \/document -->/,
    `<!-- document -->\nThis release is generated from Vercel's document (${source}, SHA-256 \`${hash.slice(0, 16)}\`), with our own\n` +
      `description of Vercel Connect laid over it: ${walkOperations(document).length} operations.\n<!-- /document -->`,
  );
  if (named === readme) throw new Error('README.md has no <!-- document --> to write the document into');
  writeFileSync(file, named);
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
}
