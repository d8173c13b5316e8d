import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkDocument } from '../../../src/codegen/pull/check-document.js';
import { compareExtents } from '../../../src/codegen/pull/compare-facts.js';

// Published documents, kept outside the repository because they are not ours to pass on.
const FOLDER = '../shared/specs';
const names = existsSync(FOLDER)
  ? readdirSync(FOLDER)
      .filter((name) => name.endsWith('.json'))
      .sort()
  : [];
if (names.length === 0) console.warn(`skipped: no published documents in ${FOLDER}`);

describe.skipIf(names.length === 0)('published documents', () => {
  const read = (name: string) => checkDocument(readFileSync(`${FOLDER}/${name}`));

  test.each(names)('%s passes its checks', (name) => {
    const { facts, operations } = read(name);
    expect(facts).toMatchObject({ openapi: '3.0.3', normalizedSha256: expect.stringMatching(/^\w{64}$/) });
    expect(facts.counts.paths).toBeGreaterThan(90);
    expect(facts.counts.operations).toBe(operations.length);
    expect(facts.counts.schemas).toBeGreaterThan(10);
  });

  test('each can follow the one before; a jump of ten months alone is warned of', () => {
    const facts = names.map((name) => read(name).facts);
    const warnings = facts.flatMap((after, index) => {
      const before = facts[index - 1];
      return before === undefined ? [] : compareExtents(before, after, false);
    });
    expect(warnings).toEqual([expect.stringMatching(/^its size is 166\.\d % of the last/)]);
  });

  test('half of one is refused', () => {
    for (const name of names.slice(-1)) {
      const bytes = readFileSync(`${FOLDER}/${name}`);
      expect(() => checkDocument(bytes.subarray(0, bytes.length / 2))).toThrow(/not all of it came/);
    }
  });

  test('the same document in another layout has the same normalised hash', () => {
    for (const name of names.slice(-1)) {
      const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
      const compact = Buffer.from(JSON.stringify(JSON.parse(text)).replaceAll(/__@BRAND@\d+/g, '__@BRAND@7'));
      const [given, changed] = [checkDocument(Buffer.from(text)).facts, checkDocument(compact).facts];
      expect(changed.normalizedSha256).toBe(given.normalizedSha256);
      expect(changed.sha256).not.toBe(given.sha256);
    }
  });
});
