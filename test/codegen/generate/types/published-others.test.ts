// Documents of other people's APIs, which lie beside the repository or in npm packages and are never part of it.
import { describe, expect, it, test } from 'vitest';
import { generateFrom } from '../../../../src/codegen/generate/generate.js';
import { prepareDocument } from '../../../../src/codegen/generate/prepare.js';
import { compileFolders } from '../../../helpers/compile-folder.js';
import { foreignNames, readForeign } from '../../../helpers/foreign-document.js';

test.skipIf(foreignNames.length > 0)('skipped without documents of other APIs', ({ skip }) => skip());

describe.each(foreignNames)('the types of %s', (name) => {
  it('are made, and are strict', { timeout: 300_000 }, async () => {
    const prepared = prepareDocument({ hash: '', openapi: readForeign(name) });
    const files = generateFrom(prepared, { source: name, client: false });
    expect(await compileFolders({ types: files })).toBe('');
  });
});
