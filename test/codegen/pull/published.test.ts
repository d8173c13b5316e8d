import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkDocument } from '../../../src/codegen/pull/check-document.js';
import { compareExtents } from '../../../src/codegen/pull/compare-facts.js';
import { publishedNames as names, pathOfPublished } from '../../openapi/normalize/documents.js';

describe.skipIf(names.length === 0)('published documents', () => {
  /** Each document is read and checked once. */
  const known = new Map<string, ReturnType<typeof checkDocument>>();
  const read = (name: string) => {
    const checked = known.get(name) ?? checkDocument(readFileSync(pathOfPublished(name)));
    known.set(name, checked);
    return checked;
  };

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
      const bytes = readFileSync(pathOfPublished(name));
      expect(() => checkDocument(bytes.subarray(0, bytes.length / 2))).toThrow(/not all of it came/);
    }
  });

  test('the same document in another layout has the same normalised hash', () => {
    for (const name of names.slice(-1)) {
      const text = readFileSync(pathOfPublished(name), 'utf8');
      const compact = Buffer.from(JSON.stringify(JSON.parse(text)).replaceAll(/__@BRAND@\d+/g, '__@BRAND@7'));
      const [given, changed] = [read(name).facts, checkDocument(compact).facts];
      expect(changed.normalizedSha256).toBe(given.normalizedSha256);
      expect(changed.sha256).not.toBe(given.sha256);
    }
  });
});
