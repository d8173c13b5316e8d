import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/pull-world.js';
import { pathOfPublished, skipWithoutDocuments, someNames } from '../openapi/normalize/documents.js';
import { runCli } from './run-cli.js';

skipWithoutDocuments();

describe.each(someNames)('%s', (name) => {
  test('is generated from with default flags', async () => {
    const out = join(await temporaryFolder(), 'vercel');
    const { code, stdout } = await runCli(['generate', '--document', pathOfPublished(name), '--out', out]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/: \d{3} operations in \d+ files/)]);
  });
});
