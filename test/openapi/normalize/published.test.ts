import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyCorrections, parseCorrections } from '../../../src/codegen/corrections/corrections.js';
import { shareSchemas } from '../../../src/codegen/generate/share-schemas.js';
import { buildContract } from '../../../src/openapi/contract-table.js';
import { fromPointer, valueAt } from '../../../src/openapi/json-pointer.js';
import { normalizeDocument } from '../../../src/openapi/normalize/normalize.js';
import { METHODS } from '../../../src/openapi/normalize/walk.js';
import { buildOperationTable } from '../../../src/openapi/operation-table.js';
import { publishedNames, readPublished } from './documents.js';

describe.each(publishedNames)('the published document %s', (name) => {
  const published = readPublished(name);
  const { document, repairs } = normalizeDocument(published);
  const shared = shareSchemas(document);

  it('normalises, and stays so', () => {
    const counts = new Map<string, number>();
    for (const { kind } of repairs) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    console.log(`${name}: ${[...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')}`);
    const again = normalizeDocument(document);
    expect(JSON.stringify(again.document)).toBe(JSON.stringify(document));
    expect(again.repairs.filter(({ kind }) => kind !== 'same-path-template')).toEqual([]);
  });

  it('says of each repair where it is in the document', () => {
    const lost = repairs.filter(({ pointer }) => valueAt(published, fromPointer(pointer)) === undefined);
    expect(lost).toEqual([]);
  });

  it('reads the patterns that are escaped twice as they are meant, and leaves no other one changed', () => {
    const listed = repairs.filter(({ kind }) => kind === 'pattern-escaped-twice');
    expect(new Set(listed.map(({ pointer }) => valueAt(published, fromPointer(pointer))))).toEqual(
      new Set(patternsOf(published).filter((pattern) => pattern.includes('\\\\'))),
    );
    expect(patternsOf(document).filter((pattern) => pattern.includes('\\\\'))).toEqual([]);
  });

  it('keeps every operation', () => {
    const count = Object.values(published.paths).flatMap((item) =>
      METHODS.filter((method) => item[method]),
    ).length;
    expect(Object.keys(buildOperationTable(shared))).toHaveLength(count);
    expect(buildOperationTable(shared)).toEqual(buildOperationTable(document));
  });

  it('gives a contract without what OpenAPI 3.0 wrote otherwise', () => {
    expect(JSON.stringify(buildContract({ openapi: shared, hash: '' }))).not.toContain('nullable');
  });
});

/** Every pattern of a document, in document order. */
function patternsOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === 'pattern' && typeof value === 'string' ? [value] : patternsOf(value),
  );
}

describe.runIf(publishedNames.length > 0)('openapi/corrections.yaml', () => {
  it('fits the newest published document', () => {
    const text = readFileSync(new URL('../../../openapi/corrections.yaml', import.meta.url), 'utf8');
    const corrections = parseCorrections(text);
    const newest = readPublished(publishedNames.at(-1) ?? '');
    expect(applyCorrections(newest, corrections).applied).toEqual(corrections.map(({ id }) => id));
  });
});
