import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFiles } from '../../../src/codegen/generate/generated-folder.js';
import { generateForUse } from '../../../src/codegen/usages/generate-for-use.js';
import { findImpact, type Impact } from '../../../src/codegen/usages/impact.js';
import { parseDocument } from '../../../src/openapi/read-document.js';
import { answering, documentOf, object, string, taking } from '../diff/documents.js';
import { STYLES, type WritingStyle } from './writing-styles.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const styles = Object.entries(STYLES).map(([name, style], index) => ({ name, style, index }));
const pathOf = (index: number) => `/v1/style-${index}`;
const idOf = (kind: string, index: number) =>
  /^(?:get|post|item)$/.test(kind) ? `${kind}Style${index}` : kind;
const fileOf = (style: WritingStyle, index: number) => `src/style-${index}.${style.extension ?? 'ts'}`;
const sourceOf = ({ source }: WritingStyle, index: number) =>
  source
    .replaceAll('$path', pathOf(index))
    .replaceAll('$item', `${pathOf(index)}/{id}`)
    .replaceAll(/#(get|post|item)/g, (_, kind: string) => idOf(kind, index));

const page = object({ 'items!': { type: 'array', items: string }, 'pagination!': object({ next: string }) });
const id = { name: 'id', in: 'path', required: true, schema: string };
const document = parseDocument(
  JSON.stringify(
    documentOf({
      ...Object.fromEntries(
        styles.flatMap(({ index }) => [
          [
            pathOf(index),
            {
              get: answering(page, { operationId: idOf('get', index) }),
              post: { ...taking({}, { operationId: idOf('post', index) }), requestBody: undefined },
            },
          ],
          [
            `${pathOf(index)}/{id}`,
            { get: answering(page, { operationId: idOf('item', index), parameters: [id] }) },
          ],
        ]),
      ),
      '/v10/projects': { get: answering(page, { operationId: 'getProjects' }) },
      '/v9/projects/{idOrName}': {
        get: answering(page, { operationId: 'getProject', parameters: [{ ...id, name: 'idOrName' }] }),
      },
    }),
  ),
).openapi;

let folder = '';
let impact: Impact;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-styles-'));
  await mkdir(join(folder, 'src'));
  for (const { style, index } of styles)
    await writeFile(join(folder, fileOf(style, index)), sourceOf(style, index));
  await writeFile(join(folder, 'package.json'), '{ "name": "caller", "type": "module" }');
  await writeFile(join(folder, 'src/vercel.ts'), "export * from 'vercel-rest';\n");
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const compilerOptions = {
    strict: true,
    target: 'es2022',
    lib: ['es2023', 'dom', 'dom.iterable'],
    module: 'nodenext',
    noEmit: true,
    skipLibCheck: true,
    allowJs: true,
    jsx: 'preserve',
    types: ['node'],
    paths: { 'vercel-rest': [join(root, 'src/index.ts')] },
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  const generate = generateForUse();
  await writeFiles(pathToFileURL(join(folder, 'src/api/')), await generate(document));
  impact = await findImpact({
    before: document,
    after: document,
    uses: ['tsconfig.json'],
    cwd: folder,
    generate,
  });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('ways to write a call', () => {
  test('there are sixty and more', () => {
    expect(styles.length).toBeGreaterThanOrEqual(60);
  });

  test.each(styles)('$name', ({ style, index }) => {
    const file = fileOf(style, index);
    const found = impact.report.operations
      .filter(({ places }) => places.some((place) => place.file === file))
      .map(({ operationId }) => operationId);
    expect(found.sort()).toEqual((style.finds ?? []).map((kind) => idOf(kind, index)).sort());
    const lines = sourceOf(style, index).split('\n');
    const listed = impact.report.unfollowed
      .filter((place) => place.file === file)
      .map(({ line }) => lines[line - 1] ?? '');
    if (style.lists === undefined) expect(listed).toEqual([]);
    else expect(listed.filter((line) => line.includes(style.lists ?? ''))).toHaveLength(1);
  });

  test('none is taken for an operation that there is not', () => {
    expect(impact.report.unknown).toEqual([]);
  });
});
