// Documents of other people's APIs, which lie beside the repository and are never part of it.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { generateFrom } from '../../../../src/codegen/generate/generate.js';
import { prepareDocument } from '../../../../src/codegen/generate/prepare.js';
import { readDocument } from '../../../../src/openapi/read-document.js';
import { compileFolders } from '../../../helpers/compile-folder.js';

const folder = new URL('../../../../../shared/specs/other/', import.meta.url);
const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(?:json|yaml)$/.test(name)) : [];
/** Quick ones, and with `PUBLISHED=all`, as CI has it, each one. */
const some =
  process.env.PUBLISHED === 'all' ? names : names.filter((name) => /museum|train|adyen/.test(name));

if (names.length === 0) console.log('skipped: no documents of other APIs in ../shared/specs/other');
test.skipIf(names.length > 0)('skipped without documents of other APIs', ({ skip }) => skip());

describe.runIf(names.length > 0)('the types of documents of other APIs', () => {
  it('are made of each, and are strict', { timeout: 300_000 }, async () => {
    const folders = some.map((name) => {
      const prepared = prepareDocument(readDocument(fileURLToPath(new URL(name, folder))));
      return [name, generateFrom(prepared, { source: name, client: false })] as const;
    });
    expect(await compileFolders(Object.fromEntries(folders))).toBe('');
  });
});
