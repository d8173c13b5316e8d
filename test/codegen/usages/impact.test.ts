import { beforeAll, describe, expect, test } from 'vitest';
import { compareDocuments } from '../../../src/codegen/diff/index.js';
import type { Impact } from '../../../src/codegen/usages/impact.js';
import type { OpenApiDocument } from '../../../src/openapi/document.js';
import { parseDocument } from '../../../src/openapi/read-document.js';
import { documentOf, object, string } from '../diff/documents.js';
import { findImpactOn } from './caller-project.js';
import { PROGRAMS } from './programs.js';

const [before, after] = (['before', 'after'] as const).map(
  (side): OpenApiDocument =>
    parseDocument(
      JSON.stringify(
        documentOf(Object.assign({}, ...Object.values(PROGRAMS).map((program) => program[side])), {
          schemas: { Quiet: object({ a: string }) },
        }),
      ),
    ).openapi,
) as [OpenApiDocument, OpenApiDocument];
const changes = compareDocuments(before, after);

let impact: Impact;

beforeAll(async () => {
  const sources = Object.entries(PROGRAMS).map(([name, { source }]) => [name, source]);
  impact = await findImpactOn(Object.fromEntries(sources), { before, after });
}, 60_000);

const linesOf = (name: string) => (PROGRAMS[name]?.source ?? '').split('\n');
const fileOf = (name: string) => `src/${name}.ts`;
const lineOf = (name: string, text: string) => linesOf(name).findIndex((line) => line.includes(text)) + 1;

describe('findImpact, of ten small programs', () => {
  test.each(Object.keys(PROGRAMS))('%s: names the lines that stop compiling, and no other', (name) => {
    const marked = linesOf(name).flatMap((line, index) => (line.endsWith('// breaks') ? [index + 1] : []));
    const broken = impact.report.broken.filter(({ file }) => file === fileOf(name));
    expect(broken.map(({ line }) => line)).toEqual(marked);
  });

  test('each of these lines was predicted by a change on the wire or of a type, of an operation that its file uses', () => {
    expect(impact.report.broken.length).toBeGreaterThan(14);
    for (const { file, line, changes: blamed } of impact.report.broken) {
      const used = impact.report.operations.filter(({ places }) =>
        places.some((place) => place.file === file),
      );
      const ids = new Set(used.map(({ operationId }) => operationId));
      expect(blamed.length, `${file}:${line}`).toBeGreaterThan(0);
      for (const index of blamed) {
        expect(['wire', 'type']).toContain(impact.changes[index]?.class);
        expect(impact.changes[index]?.operations.some(({ operationId }) => ids.has(operationId))).toBe(true);
      }
    }
  });

  test('at least 80 % of what is predicted to break breaks a line, and what does not is known', () => {
    const predicted = impact.changes
      .map((change, index) => ({ change, index }))
      .filter(({ change }) => change.class === 'wire' || change.class === 'type');
    const blamed = new Set(impact.report.broken.flatMap((line) => line.changes));
    const quiet = predicted.filter(({ index }) => !blamed.has(index));
    // What this package itself calls compiles with its own types.
    expect(quiet.map(({ change }) => [change.kind, change.operations[0]?.operationId])).toEqual([
      ['operation-removed', 'getConnectorToken'],
    ]);
    expect(quiet.length / predicted.length).toBeLessThan(0.2);
  });

  test('an operation that moved breaks nothing where it is called by its id alone', () => {
    const moved = impact.changes.filter(({ kind }) => kind.startsWith('operation-moved'));
    expect(
      moved.map(({ class: name, kind, operations }) => [name, kind, operations[0]?.operationId]),
    ).toEqual([['added', 'operation-moved-followed', 'getMoved']]);
  });

  test('an operation that is called and disappears is never silent', () => {
    const removed = impact.changes.filter(({ kind }) => kind === 'operation-removed');
    expect(removed.map(({ operations }) => operations[0]?.operationId).sort()).toEqual([
      'deleteGone',
      'getConnectorToken',
    ]);
    expect(impact.report.unknown).toEqual([]);
  });

  test('leaves out changes to operations that are not used', () => {
    const used = new Set(impact.report.operations.map(({ operationId }) => operationId));
    expect(used.has('getUnused')).toBe(false);
    expect(changes.some((change) => change.operations.some((one) => one.operationId === 'getUnused'))).toBe(
      true,
    );
    for (const { operations } of impact.changes)
      for (const { operationId } of operations) expect(used).toContain(operationId);
  });

  test('says where it could not follow, and why', () => {
    const name = 'hard-to-follow';
    const places = impact.report.unfollowed.map(({ file, line, why }) => [file, line, why]);
    expect(places).toEqual([
      [fileOf(name), lineOf(name, 'client.GET(path'), 'the path is computed'],
      [
        fileOf(name),
        lineOf(name, 'client.call(id'),
        'the path is a parameter, and no call that gives it was found',
      ],
      [fileOf(name), lineOf(name, 'operations[Id]'), 'operations is indexed by what is computed'],
      [fileOf(name), lineOf(name, "['Quiet']"), 'a schema is used by its name, without its operation'],
    ]);
  });
});
