import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foreignNames, foreignPath } from '../helpers/foreign-document.js';
import { temporaryFolder } from '../helpers/pull-world.js';
import { pathOfPublished, skipWithoutDocuments, someNames } from '../openapi/normalize/documents.js';
import { runCli } from './run-cli.js';

skipWithoutDocuments();

const documents = [
  ...someNames.map((name) => [name, pathOfPublished(name)] as const),
  ...foreignNames.map((name) => [name, foreignPath(name)] as const),
];

describe.each(documents)('%s', (_name, document) => {
  test('is generated from with default flags', { timeout: 300_000 }, async () => {
    const out = join(await temporaryFolder(), 'client');
    const { code, stdout } = await runCli(['generate', '--document', document, '--out', out]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/: \d+ operations in \d+ files/)]);
  });
});
