import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import {
  compareDocuments,
  formatHtml,
  formatJson,
  formatMarkdown,
  formatText,
  type ImpactReport,
} from '../../../src/codegen/diff/index.js';
import { answering, documentOf, object, string } from '../diff/documents.js';

const changes = compareDocuments(
  documentOf({ '/v1/a': { get: answering(object({ 'id!': string, 'name!': string })) } }),
  documentOf({ '/v1/a': { get: answering(object({ 'id!': string })) } }),
);
const impact: ImpactReport = {
  operations: [{ operationId: 'getThing', places: [{ file: 'src/a.ts', line: 2, column: 1 }] }],
  broken: [
    {
      file: 'src/a.ts',
      line: 3,
      column: 5,
      code: 2339,
      message: "Property 'name' <b> is gone",
      changes: [0],
    },
  ],
  unfollowed: [{ file: 'src/b.ts', line: 4, column: 1, why: 'the path is computed' }],
  unknown: [{ file: 'src/b.ts', line: 5, column: 1, wanted: 'GET /v0/nowhere' }],
  compiled: true,
  unclear: [],
};

describe('what a report says of a program', () => {
  test('text: the program first, then the changes', () => {
    const text = formatText({ changes, impact });
    expect(text).toMatch(/^The program uses 1 operation in 1 file; only changes to these are listed\.\n/);
    expect(text).toContain(
      "  src/a.ts:3: Property 'name' <b> is gone (TS2339); getThing: `name` of the 200 response\n",
    );
    expect(text).toContain('  src/b.ts:4: the path is computed\n');
    expect(text).toContain('  src/b.ts:5: GET /v0/nowhere\n');
    expect(text).toContain('\nWIRE 1: ');
  });

  test('text: no changes, and no generated types', () => {
    const quiet = { ...impact, operations: [], broken: [], unfollowed: [], unknown: [], compiled: false };
    expect(formatText({ changes: [], impact: quiet })).toBe(
      'The program uses 0 operations in 0 files; only changes to these are listed. ' +
        'It could not be compiled against both documents.\n\nNo changes.\n',
    );
  });

  test('json: as the published schema says', () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../../schemas/diff-report.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true }).compile(schema);
    const report = JSON.parse(formatJson({ changes, impact }));
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(report.uses).toEqual(impact);
    expect(JSON.parse(formatJson({ changes }))).not.toHaveProperty('uses');
  });

  test('markdown and html: nothing from a program is markup', () => {
    expect(formatMarkdown({ changes, impact })).toContain(
      "- `src/a.ts:3`: ``Property 'name' <b> is gone (TS2339); getThing: `name` of the 200 response``\n",
    );
    expect(formatHtml({ changes, impact })).toContain(
      '<code>src/a.ts:3</code> Property &#39;name&#39; &lt;b&gt; is gone',
    );
  });
});
