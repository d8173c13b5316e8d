// Documents of other people's APIs, which lie beside the repository and are never part of it.
import { describe, expect, it, test } from 'vitest';
import { generateFrom } from '../../../../src/codegen/generate/generate.js';
import { prepareDocument } from '../../../../src/codegen/generate/prepare.js';
import { compileFolders } from '../../../helpers/compile-folder.js';
import { foreignBeside, readForeign } from '../../../helpers/foreign-document.js';

test.skipIf(foreignBeside.length > 0)('skipped without documents of other APIs', ({ skip }) => skip());

describe.runIf(foreignBeside.length > 0)('the types of documents of other APIs', () => {
  it('are made of each, and are strict', { timeout: 300_000 }, async () => {
    const folders = foreignBeside.map((name) => {
      const prepared = prepareDocument({ hash: '', openapi: readForeign(name) });
      return [name, generateFrom(prepared, { source: name, client: false })] as const;
    });
    expect(await compileFolders(Object.fromEntries(folders))).toBe('');
  });
});
