import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { run } from '../../src/cli/run.js';
import type { Change } from '../../src/codegen/diff/index.js';
import { answering, documentOf, object, response, string } from '../codegen/diff/documents.js';
import { runCli } from './run-cli.js';

const project = (more = {}) =>
  object({ 'id!': string, color: { type: 'string', enum: ['red', 'green'] }, ...more });
const named = (operationId: string, schema: unknown, error: unknown = project()) => ({
  ...answering(schema, { summary: 'x' }),
  operationId,
  responses: { 200: response(schema), 404: response(error) },
});
const paths = (schema: unknown, error?: unknown) =>
  documentOf({
    '/a': { get: named('getA', schema, error) },
    '/b/{id}': { post: named('postB', schema, error) },
  });

const colors = { color: { type: 'string', enum: ['red', 'green', '<b>&"\u001b[31m'] } };
const noticed = (() => {
  const document = structuredClone(paths(project({ plan: string })));
  Object.assign(Object(document.paths)['/a'].get, { deprecated: true, 'x-sunset': '2026-12-31' });
  return document;
})();
const DOCUMENTS = {
  base: paths(project({ plan: string })),
  same: paths(project({ plan: string })),
  wire: paths(project(), object({ 'id!': string, more: string })),
  type: paths(project({ plan: string, ...colors })),
  error: paths(project({ plan: string }), object({ 'id!': string, color: string })),
  added: paths(project({ plan: string, extra: string })),
  swagger: { swagger: '2.0', paths: {} },
  other: { hello: 'world' },
};

let folder = '';
const file = (name: string) => join(folder, name);
const diff = (before: string, after: string, ...flags: string[]) =>
  runCli(['diff', file(before), file(after), ...flags]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-diff-'));
  for (const [name, document] of Object.entries(DOCUMENTS)) {
    await writeFile(file(`${name}.json`), JSON.stringify(document));
    await writeFile(file(`${name}.yaml`), stringify(document));
  }
  await writeFile(file('page.json'), '<!doctype html><p>Not found');
  await writeFile(file('cut.json'), JSON.stringify(DOCUMENTS.base).slice(0, 200));
  await writeFile(file('empty.json'), '');
  await writeFile(file('bad.yaml'), 'a: [1');
  await writeFile(file('mark.json'), `\uFEFF${JSON.stringify(DOCUMENTS.base)}`);
  await mkdir(file('folder.json'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('vercel-rest diff', () => {
  test.each([
    ['same', 'wire', 0],
    ['same', 'any', 0],
    ['wire', 'wire', 4],
    ['wire', 'type', 4],
    ['wire', 'any', 4],
    ['wire', 'none', 0],
    ['type', 'wire', 0],
    ['type', 'type', 3],
    ['type', 'any', 3],
    ['type', 'none', 0],
    ['error', 'wire', 0],
    ['error', 'type', 0],
    ['error', 'any', 3],
    ['added', 'any', 0],
  ])('to %s with --fail-on %s ends with %i', async (after, failOn, code) => {
    const outcome = await diff('base.json', `${after}.json`, '--fail-on', failOn);
    expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code, stderr: '' });
  });

  test('without documents compares what the last pull changed, and says what is missing', async () => {
    const root = await mkdtemp(join(tmpdir(), 'vercel-rest-diff-'));
    onTestFinished(() => rm(root, { recursive: true }));
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    const inRoot = (...args: string[]) =>
      spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), main, 'diff', ...args], {
        cwd: root,
        encoding: 'utf8',
      });
    expect(inRoot()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/vercel\.json does not exist: run `npx vercel-rest pull`/),
    });
    await mkdir(join(root, 'openapi'));
    await copyFile(file('wire.json'), join(root, 'openapi/vercel.json'));
    expect(inRoot()).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/vercel\.previous\.json does not exist: the document has not changed/),
    });
    await copyFile(file('base.json'), join(root, 'openapi/vercel.previous.json'));
    expect(inRoot()).toMatchObject({ status: 4, stdout: (await diff('base.json', 'wire.json')).stdout });
  });

  test('--uses reports what hits a program alone', async () => {
    const program = file('program.ts');
    await writeFile(program, "declare const client: any;\nawait client.POST('/b/{id}');\nexport {};\n");
    const outcome = await diff('base.json', 'wire.json', '--format', 'json', '--uses', program);
    const { uses, changes } = JSON.parse(outcome.stdout);
    expect(outcome.code).toBe(4);
    expect(uses).toMatchObject({
      operations: [{ operationId: 'postB', places: [{ line: 2 }] }],
      compiled: false,
    });
    expect(
      new Set(changes.flatMap((change: Change) => change.operations.map((one) => one.operationId))),
    ).toEqual(new Set(['postB']));
    await writeFile(program, "declare const client: any;\nawait client.GET('/c');\nexport {};\n");
    const other = await diff('base.json', 'wire.json', '--uses', program);
    // Nothing that it calls was found: that is not a pass.
    expect(other.code).toBe(5);
    expect(other.stdout).toContain('program.ts:2: GET /c');
    expect(other.stdout).toContain('Could not tell, 1: ');
    expect((await diff('base.json', 'wire.json', '--uses', program, '--fail-on', 'none')).code).toBe(0);
  });

  test('stops at a notice of a called operation with --fail-on sunset', async () => {
    await writeFile(file('notice.json'), JSON.stringify(noticed));
    expect((await diff('base.json', 'notice.json')).code).toBe(0);
    const outcome = await diff('base.json', 'notice.json', '--fail-on', 'sunset');
    expect(outcome.code).toBe(3);
    expect(outcome.stdout).toContain('SUNSET 1: ');
    expect(outcome.stdout).toContain(
      'getA (GET /a): the operation has a date on which it ends: deprecated, sunset 2026-12-31.',
    );
    expect((await diff('base.json', 'notice.json', '--fail-on', 'type')).code).toBe(0);
    expect((await diff('base.json', 'notice.json', '--fail-on', 'any')).code).toBe(3);
    const program = file('noticed.ts');
    await writeFile(program, "declare const client: any;\nawait client.GET('/a');\nexport {};\n");
    expect((await diff('base.json', 'notice.json', '--fail-on', 'sunset', '--uses', program)).code).toBe(3);
    await writeFile(program, "declare const client: any;\nawait client.POST('/b/{id}');\nexport {};\n");
    expect((await diff('base.json', 'notice.json', '--fail-on', 'sunset', '--uses', program)).code).toBe(0);
  });

  test('a line that stops compiling decides without a flag; what could not be compiled is not a pass', async () => {
    const root = await mkdtemp(join(tmpdir(), 'vercel-rest-diff-'));
    onTestFinished(() => rm(root, { recursive: true }));
    await writeFile(
      file('text.json'),
      JSON.stringify(paths(project({ kind: { type: 'string', enum: ['a'] } }))),
    );
    await writeFile(
      file('more.json'),
      JSON.stringify(paths(project({ kind: { type: 'string', enum: ['a', 'b'] } }))),
    );
    const { code } = await runCli(['generate', '--document', file('text.json'), '--out', join(root, 'api')]);
    expect(code).toBe(0);
    await writeFile(join(root, 'package.json'), '{ "name": "program", "type": "module" }');
    const program = join(root, 'program.ts');
    const source = `import type { ResponseOf } from './api/index.js';
const names = { a: 'A' } as const;
export const nameOf = ({ kind = 'a' }: ResponseOf<'getA'>): string => names[kind];
`;
    await writeFile(program, source);
    const outcome = await diff('text.json', 'more.json', '--uses', program);
    expect(outcome.stdout).toContain('Lines that stop compiling, 1: ');
    expect(outcome.code).toBe(3);
    expect((await diff('text.json', 'text.json', '--uses', program)).code).toBe(0);
    expect((await diff('text.json', 'more.json', '--uses', program, '--fail-on', 'none')).code).toBe(0);
    // With a correction of the project's own the kind is any text, before and after.
    const target = '/paths/~1a/get/responses/200/content/application~1json/schema/properties/kind/enum';
    const corrections = [['a'], ['a', 'b']].map((value, index) => ({
      ...{
        id: `own-${index}`,
        reason: 'The API sends any kind.',
        target,
        action: 'remove',
        expect: { value },
      },
    }));
    await writeFile(file('own.yaml'), JSON.stringify({ corrections }));
    const corrected = { project: { corrections: file('own.yaml') } };
    const both = await runCli(['diff', file('text.json'), file('more.json'), '--uses', program], corrected);
    expect(both.stdout).not.toContain('Lines that stop compiling');
    await writeFile(program, "declare const client: any;\nawait client.GET('/a');\nexport {};\n");
    const untyped = await diff('text.json', 'more.json', '--uses', program);
    expect(untyped.stdout).toContain('the lines that a change breaks could not be found');
    expect(untyped.code).toBe(5);
  }, 60_000);

  test('a use that was not followed is not a pass where an operation that was not found breaks', async () => {
    const program = file('unfollowed.ts');
    await writeFile(
      program,
      "declare const client: any;\ndeclare const path: string;\nawait client.GET(path);\nawait client.POST('/b/{id}');\nexport {};\n",
    );
    const broken = { ...DOCUMENTS.base, paths: { ...Object(DOCUMENTS.base.paths), '/a': {} } };
    await writeFile(file('gone.json'), JSON.stringify(broken));
    const outcome = await diff('base.json', 'gone.json', '--uses', program);
    expect(outcome.stdout).toMatch(
      /Could not tell, 1: .*\n.*1 change on the wire of operations that were not found/,
    );
    expect(outcome.code).toBe(5);
    expect((await diff('base.json', 'same.json', '--uses', program)).code).toBe(0);
  });

  test('writes a summary for a step of a GitHub workflow', async () => {
    const summary = file('summary.md');
    const flags = ['diff', file('base.json'), file('wire.json'), '--summary'];
    const outcome = await runCli(flags, { env: { GITHUB_STEP_SUMMARY: summary } });
    expect(outcome).toMatchObject({ code: 4, stdout: expect.stringContaining('WIRE 1') });
    expect(await readFile(summary, 'utf8')).toMatch(/^## API changes\n\nFrom [\s\S]*### wire: 1\n/);
    expect(await readFile(summary, 'utf8')).not.toContain('error-body: 2');
    const none = await runCli(flags);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/GITHUB_STEP_SUMMARY is not set/) });
  });

  test('compares documents of several files, and refuses one that leaves its folder', async () => {
    const split = paths({ $ref: './schemas.yaml#/Project' });
    await writeFile(file('split.json'), JSON.stringify(split));
    await writeFile(file('schemas.yaml'), `Project: ${JSON.stringify(project())}`);
    await writeFile(file('whole.json'), JSON.stringify(paths(project())));
    expect((await diff('split.json', 'whole.json')).code).toBe(0);
    await writeFile(file('schemas.yaml'), 'Project: { type: object }');
    expect((await diff('whole.json', 'split.json')).code).toBe(4);
    await writeFile(file('out.json'), JSON.stringify(paths({ $ref: '../schemas.yaml#/Project' })));
    const outcome = await diff('out.json', 'split.json');
    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expect(outcome.stderr).toMatch(
      /out\.json: the reference "\.\.\/schemas\.yaml#\/Project" leads out of .*redocly/,
    );
    const shown = paths({ ...project(), example: { $ref: 'a value that looks like one' } });
    await writeFile(file('shown.json'), JSON.stringify(shown));
    expect((await diff('shown.json', 'shown.json')).code).toBe(0);
  });

  test('prints no line of text twice', async () => {
    const twice = (name: string) =>
      documentOf({
        '/a': {
          get: named('getA', {
            oneOf: [
              object({ 'a!': { const: 1 }, [name]: string }),
              object({ 'b!': { const: 2 }, [name]: string }),
            ],
          }),
        },
        '/b': { get: named('getB', project({ [name]: string })) },
      });
    await writeFile(file('one.json'), JSON.stringify(twice('one')));
    await writeFile(file('two.json'), JSON.stringify(twice('two')));
    for (const [from, to] of [
      ['one.json', 'two.json'],
      ['base.json', 'wire.json'],
      ['wire.json', 'error.json'],
    ] as const) {
      const lines = (await diff(from, to)).stdout.split('\n').filter((line) => line !== '');
      expect(new Set(lines).size).toBe(lines.length);
    }
  });

  test('--uses of what is not there is a usage error', async () => {
    const { code, stderr } = await diff('base.json', 'wire.json', '--uses', file('none.json'));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/--uses: .*none\.json does not exist/),
    });
  });

  test('stops at wire changes unless told otherwise', async () => {
    expect((await diff('base.json', 'wire.json')).code).toBe(4);
    expect((await diff('base.json', 'type.json')).code).toBe(0);
  });

  test.each([['base.yaml'], ['mark.json']])('reads %s', async (name) => {
    const outcome = await diff('base.json', name);
    expect(outcome).toEqual({ code: 0, stdout: 'No changes.\n', stderr: '' });
  });

  test.each(['same', 'wire', 'type', 'error', 'added'])(
    'prints JSON for %s as its schema says',
    async (after) => {
      const schema: unknown = JSON.parse(await readFile('schemas/diff-report.schema.json', 'utf8'));
      const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(
        Object(schema),
      );
      for (const [from, to] of [
        ['base', after],
        [after, 'base'],
      ]) {
        const { stdout } = await diff(`${from}.json`, `${to}.json`, '--format', 'json');
        const report: unknown = JSON.parse(stdout);
        expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
      }
      expect(validate({ summary: {}, changes: [] })).toBe(false);
    },
  );

  test('prints JSON with counts, places and advice', async () => {
    const { stdout } = await diff('base.json', 'wire.json', '--json', '--format', 'text');
    const report = JSON.parse(stdout);
    expect(report.summary).toEqual({ wire: 1, type: 0, sunset: 0, 'error-body': 2, added: 0, docs: 0 });
    expect(report.documents).toMatchObject({
      before: { path: file('base.json'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      after: { path: file('wire.json') },
    });
    expect(report.suggestion.bump).toBe('major');
    const at = '/responses/200/content/application~1json/schema/properties/plan';
    expect(report.changes[0]).toMatchObject({
      class: 'wire',
      kind: 'response-property-removed',
      at,
      operations: [
        { operationId: 'getA', method: 'GET', path: '/a', at },
        { operationId: 'postB', method: 'POST', path: '/b/{id}', at },
      ],
      before: 'string',
      after: null,
    });
  });

  test('prints text with the severe first, and without colours or control characters', async () => {
    const { stdout } = await diff('base.json', 'wire.json');
    expect(stdout).toMatch(
      /^1 wire, 0 type, 0 sunset, 2 error-body, 0 added, 0 docs\n\nWIRE 1[\s\S]*ERROR-BODY 2/,
    );
    expect(stdout).toMatch(
      / {2}getA, postB: `plan` of the 200 response is gone \(was string\)\. Stop reading it\./,
    );
    expect(stdout).toContain('Suggested version: major');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
    expect((await diff('base.json', 'type.json')).stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test('colours the headings on a terminal', async () => {
    let stdout = '';
    await run(['diff', file('base.json'), file('wire.json')], '1', {
      stdout: (text) => {
        stdout += text;
      },
      stderr: () => {},
      env: {},
      signal: new AbortController().signal,
      colors: true,
    });
    expect(stdout).toContain('\u001b[1;31mWIRE\u001b[0m 1: ');
  });

  test('prints Markdown in which nothing from a document is markup', async () => {
    const { stdout } = await diff('base.json', 'type.json', '--format', 'markdown');
    expect(stdout).toMatch(
      /^## API changes\n\nFrom `[^`]*base\.json \([0-9a-f]{12}\)` to `[^`]*type\.json \([0-9a-f]{12}\)`\.\n\n\| wire \| type \|/,
    );
    expect(stdout).toContain('### type: 1');
    expect(stdout).toContain('`getA`, `postB`: `color` of the 200 response has further values');
    expect(stdout).toContain('has further values: `"<b>&\\"\\u001b[31m"`. Handle');
  });

  test('prints one page that loads nothing, in which nothing from a document is markup', async () => {
    const { stdout } = await diff('base.json', 'type.json', '--format', 'html');
    expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
    expect(stdout).toContain('&lt;b&gt;&amp;');
    expect(stdout).not.toMatch(/<b>&|src=|href="[^#]|https?:/);
    expect(stdout).toContain('data-filter="postB"');
    expect(stdout).toContain('<code>color</code> of the 200 response');
  });

  test.each([
    ['none.json', /cannot read .*none\.json: the file does not exist; check the path/],
    ['folder.json', /folder\.json: it is a folder/],
    ['page.json', /page\.json is a web page or XML; download the document again/],
    ['cut.json', /cut\.json is not JSON: /],
    ['empty.json', /empty\.json is empty/],
    ['bad.yaml', /bad\.yaml is not YAML/],
    ['swagger.json', /swagger\.json is a Swagger 2 document: convert it/],
    ['other.json', /other\.json is not an OpenAPI 3 document: it needs `openapi: 3\.x`, `info` and `paths`/],
  ])('says what is wrong with %s', async (name, message) => {
    for (const [before, after] of [
      [name, 'base.json'],
      ['base.json', name],
    ] as const) {
      const { code, stdout, stderr } = await diff(before, after);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  test.each([
    ['one document', ['diff', 'a.json'], /name two documents/],
    [
      'an unknown format',
      ['diff', 'a', 'b', '--format', 'xml'],
      /Allowed choices are text, json, markdown, html/,
    ],
    [
      'an unknown class',
      ['diff', 'a', 'b', '--fail-on', 'docs'],
      /Allowed choices are wire, sunset, type, any, none/,
    ],
    ['an unknown flag', ['diff', 'a', 'b', '--fail'], /unknown option '--fail'/],
  ])('refuses %s as a usage error', async (_, args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test('documents its exit codes', async () => {
    const { code, stdout } = await runCli(['diff', '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Not compared: .*links of responses/);
    const root = await runCli(['--help']);
    // One table for every command, here and above all of them.
    for (const number of [0, 1, 2, 3, 4, 5, 130]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${number} +\\w`, 'm'));
      expect(root.stdout).toMatch(new RegExp(`^ {2}${number} +\\w`, 'm'));
    }
  });
});
