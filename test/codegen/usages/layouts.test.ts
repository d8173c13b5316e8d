import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeFiles } from '../../../src/codegen/generate/generated-folder.js';
import { type GenerateTypes, generateForUse } from '../../../src/codegen/usages/generate-for-use.js';
import { findImpact, type Impact } from '../../../src/codegen/usages/impact.js';
import { UsesError } from '../../../src/codegen/usages/program.js';
import type { OpenApiDocument } from '../../../src/openapi/document.js';
import { parseDocument } from '../../../src/openapi/read-document.js';
import { answering, documentOf, object, string } from '../diff/documents.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const documentWith = (...names: string[]): OpenApiDocument =>
  parseDocument(
    JSON.stringify(
      documentOf({
        '/v1/things': {
          get: answering(object(Object.fromEntries(names.map((name) => [`${name}!`, string]))), {
            operationId: 'getThings',
          }),
        },
      }),
    ),
  ).openapi;
const [before, after] = [documentWith('id', 'label'), documentWith('id')];

let base = '';
let generate: GenerateTypes;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'vercel-rest-layouts-'));
  generate = generateForUse();
}, 60_000);
afterAll(() => rm(base, { recursive: true, force: true }));

/** The one file of this package that these programs need: each of them is compiled anew, with all that it imports. */
const ARE_OURS = { 'vercel-rest': [join(root, 'src/client/create-client.ts')] };
const tsconfig = (more: object = {}, options: object = {}) =>
  JSON.stringify({
    compilerOptions: {
      strict: true,
      target: 'es2022',
      lib: ['es2023', 'dom'],
      module: 'nodenext',
      noEmit: true,
      skipLibCheck: true,
      types: [],
      paths: ARE_OURS,
      ...options,
    },
    ...more,
  });

const clientFrom = (api: string) => `import { createClient } from 'vercel-rest';
import { operations, type paths } from '${api}';
export const client = createClient<paths>({ operations });
`;
const caller = (from: string) => `import { client } from '${from}';
const { data } = await client.GET('/v1/things');
console.log(data.label);
`;
const alone = `${clientFrom('./api/index.js')}const { data } = await client.GET('/v1/things');
console.log(data.label);
`;

/** Writes a project; generated types of the older document go into each folder of `api`. */
async function project(
  name: string,
  files: Readonly<Record<string, string>>,
  api: readonly string[] = [],
): Promise<string> {
  const folder = join(base, name);
  const all = { 'package.json': `{ "name": "${name}", "type": "module", "private": true }`, ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  for (const path of api) await writeFiles(pathToFileURL(join(folder, path, '/')), await generate(before));
  return folder;
}

const impactOf = (cwd: string, ...uses: string[]): Promise<Impact> =>
  findImpact({ before, after, uses, cwd, generate });
const found = ({ report }: Impact) =>
  report.operations.flatMap(({ operationId, places }) => places.map(({ file }) => `${operationId} ${file}`));
const broken = ({ report }: Impact) => report.broken.map(({ file, line }) => `${file}:${line}`);

describe('project layouts', { timeout: 60_000 }, () => {
  test('one package', async () => {
    const folder = await project(
      'one',
      { 'tsconfig.json': tsconfig({ include: ['src'] }), 'src/a.ts': alone },
      ['src/api'],
    );
    const impact = await impactOf(folder, '.');
    expect(found(impact)).toEqual(['getThings src/a.ts']);
    expect(broken(impact)).toEqual(['src/a.ts:5']);
    expect(impact.report).toMatchObject({ compiled: true, unclear: [] });
  });

  test("a tsconfig of references alone, as Vite's templates have it", async () => {
    const folder = await project(
      'vite',
      {
        'tsconfig.json':
          '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./tsconfig.node.json" }] }',
        'tsconfig.app.json': tsconfig(
          { include: ['src'] },
          { module: 'esnext', moduleResolution: 'bundler' },
        ),
        'tsconfig.node.json': tsconfig({ include: ['vite.config.ts'] }),
        'vite.config.ts': 'export default {};\n',
        'src/a.ts': alone.replace('./api/index.js', './api'),
      },
      ['src/api'],
    );
    const impact = await impactOf(folder, '.');
    expect(found(impact)).toEqual(['getThings src/a.ts']);
    expect(broken(impact)).toEqual(['src/a.ts:5']);
  });

  test('composite projects that refer to each other', async () => {
    const folder = await project(
      'composite',
      {
        'tsconfig.json': '{ "files": [], "references": [{ "path": "packages/app" }] }',
        'packages/app/package.json': '{ "name": "@acme/app", "type": "module" }',
        'packages/app/tsconfig.json': tsconfig({
          include: ['src'],
          references: [{ path: '../api' }],
        }),
        'packages/app/src/a.ts': "import { list } from '../../api/src/index.js';\nawait list();\n",
        'packages/api/package.json': '{ "name": "@acme/api", "type": "module" }',
        'packages/api/tsconfig.json': tsconfig({ include: ['src'] }, { composite: true, noEmit: false }),
        'packages/api/src/index.ts': `${clientFrom('./api/index.js')}
export async function list() {
  const { data } = await client.GET('/v1/things');
  return data.label;
}
`,
      },
      ['packages/api/src/api'],
    );
    const impact = await impactOf(folder, '.');
    expect(found(impact)).toEqual(['getThings packages/api/src/index.ts']);
    expect(broken(impact)).toEqual(['packages/api/src/index.ts:7']);
  });

  test('a sibling package behind a path alias', async () => {
    const folder = await project(
      'alias',
      {
        'app/package.json': '{ "name": "@acme/app", "type": "module" }',
        'app/tsconfig.json': tsconfig(
          { include: ['src'] },
          { paths: { ...ARE_OURS, '@acme/api': ['../api/src/index.ts'] } },
        ),
        'app/src/a.ts': "import { list } from '@acme/api';\nawait list();\n",
        'api/package.json': '{ "name": "@acme/api", "type": "module" }',
        'api/src/index.ts': `${clientFrom('./api/index.js')}
export const list = async () => (await client.GET('/v1/things')).data.label;
`,
      },
      ['api/src/api'],
    );
    const impact = await impactOf(folder, 'app');
    expect(found(impact)).toEqual(['getThings api/src/index.ts']);
    expect(broken(impact)).toEqual(['api/src/index.ts:5']);
  });

  test('a sibling package in node_modules, with its sources', async () => {
    const folder = await project(
      'workspace',
      {
        'app/package.json': '{ "name": "@acme/app", "type": "module" }',
        'app/tsconfig.json': tsconfig({ include: ['src'] }),
        'app/src/a.ts': caller('@acme/api'),
        'api/package.json': '{ "name": "@acme/api", "type": "module", "exports": "./src/index.ts" }',
        'api/src/index.ts': clientFrom('./api/index.js'),
      },
      ['api/src/api'],
    );
    await mkdir(join(folder, 'app/node_modules/@acme'), { recursive: true });
    await symlink(join(folder, 'api'), join(folder, 'app/node_modules/@acme/api'));
    const impact = await impactOf(folder, 'app');
    expect(found(impact)).toEqual(['getThings app/src/a.ts']);
    expect(broken(impact)).toEqual(['app/src/a.ts:3']);
  });

  test('a sibling package with built types: not compiled, and said', async () => {
    const types = await generate(before);
    const bare = (name: string) => (types[name] ?? '').replace(/^\/\/.*\n/gm, '');
    const folder = await project('built', {
      'app/package.json': '{ "name": "@acme/app", "type": "module" }',
      'app/tsconfig.json': tsconfig(
        { include: ['src'] },
        { paths: { ...ARE_OURS, '@acme/api': ['../api/dist/index.d.ts'] } },
      ),
      'app/src/a.ts': `import { createClient } from 'vercel-rest';
import { list, operations, type paths } from '@acme/api';
const client = createClient<paths>({ operations });
const { data } = await client.GET('/v1/things');
console.log(data.label, await list());
`,
      'api/package.json':
        '{ "name": "@acme/api", "type": "module", "dependencies": { "vercel-rest": "1.0.0" } }',
      ...Object.fromEntries(
        Object.keys(types).map((name) => [`api/dist/api/${name.replace(/\.ts$/, '.d.ts')}`, bare(name)]),
      ),
      'api/dist/index.d.ts':
        "export { operations, type paths } from './api/index.js';\nexport declare function list(): Promise<string>;\n",
    });
    const impact = await impactOf(folder, 'app');
    expect(found(impact)).toEqual(['getThings app/src/a.ts']);
    expect(impact.report).toMatchObject({ compiled: false, broken: [] });
    expect(impact.report.unclear.join()).toMatch(/api\/dist\/api\/index\.d\.ts holds types of the API/);
    expect(impact.report.unfollowed).toMatchObject([
      { file: 'app/src/a.ts', line: 2, why: expect.stringMatching(/@acme\/api is there as built/) },
    ]);
  });

  test('types of another generator: not compiled, and said', async () => {
    const folder = await project('openapi-fetch', {
      'tsconfig.json': tsconfig({ include: ['src'] }),
      'src/schema.d.ts': `export interface paths {
  "/v1/things": { get: { responses: { 200: { content: { "application/json": { id: string; label: string } } } } } };
}
`,
      'src/a.ts': `import createClient from 'openapi-fetch';
import type { paths } from './schema.js';
const { data } = await createClient<paths>().GET('/v1/things');
console.log(data?.label);
`,
    });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    const impact = await impactOf(folder, '.');
    expect(found(impact)).toEqual(['getThings src/a.ts']);
    expect(impact.report.compiled).toBe(false);
    expect(impact.report.unclear.join()).toMatch(/src\/schema\.d\.ts holds types of the API/);
  });

  test('scripts, by a glob', async () => {
    const folder = await project(
      'scripts',
      {
        'a.js': `// @ts-check
import { createClient } from 'vercel-rest';
import { operations } from './api/index.js';
const client = /** @type {typeof createClient<import('./api/index.js').paths>} */ (createClient)({ operations });
const { data } = await client.GET('/v1/things');
console.log(data.label);
`,
        'tsconfig.json': tsconfig({ files: ['a.js'] }, { allowJs: true }),
      },
      ['api'],
    );
    for (const uses of ['*.js', 'tsconfig.json']) {
      const impact = await impactOf(folder, uses);
      expect(found(impact)).toEqual(['getThings a.js']);
      expect(broken(impact)).toEqual(['a.js:6']);
    }
  });

  test('a tsconfig that extends another, and files outside of its folder', async () => {
    const folder = await project(
      'extends',
      {
        'tsconfig.base.json': tsconfig(),
        'app/tsconfig.json': '{ "extends": "../tsconfig.base.json", "include": ["../shared/**/*.ts"] }',
        'shared/a.ts': alone,
      },
      ['shared/api'],
    );
    const impact = await impactOf(folder, 'app/tsconfig.json');
    expect(found(impact)).toEqual(['getThings shared/a.ts']);
    expect(broken(impact)).toEqual(['shared/a.ts:5']);
  });

  test('several programs, of which two have one file', async () => {
    const folder = await project(
      'several',
      {
        'tsconfig.json': tsconfig({ files: ['a.ts'] }),
        'tsconfig.test.json': tsconfig({ files: ['a.test.ts'] }),
        'a.ts': alone,
        'a.test.ts': caller('./a.js'),
      },
      ['api'],
    );
    const impact = await impactOf(folder, 'tsconfig.json', 'tsconfig.test.json');
    expect(found(impact).sort()).toEqual(['getThings a.test.ts', 'getThings a.ts']);
    expect(broken(impact).sort()).toEqual(['a.test.ts:3', 'a.ts:5']);
  });

  test.each([
    ['by name', 'import type { GetThingsResponse }', 'GetThingsResponse'],
    ['in a namespace', 'import type * as api', 'api.GetThingsResponse'],
  ])('types that are imported from the index %s', async (name, imported, type) => {
    const folder = await project(
      `types ${name}`.replaceAll(' ', '-'),
      {
        'tsconfig.json': tsconfig({ files: ['a.ts'] }),
        'a.ts': `${imported} from './api/index.js';\nexport const labelOf = (things: ${type}) => things.label;\n`,
      },
      ['api'],
    );
    expect(broken(await impactOf(folder, '.'))).toEqual(['a.ts:2']);
  });

  test('a program that uses nothing cannot be told about', async () => {
    const folder = await project('nothing', {
      'tsconfig.json': tsconfig({ include: ['*.ts'] }),
      'a.ts': 'export const a = 1;\n',
    });
    const { report } = await impactOf(folder, '.');
    expect(report).toMatchObject({ operations: [], compiled: false });
    expect(report.unclear).toEqual(['no use of an operation was found in the program']);
  });

  test('a program without files is refused', async () => {
    const folder = await project('empty', { 'tsconfig.json': '{ "files": [] }' });
    await expect(impactOf(folder, '.')).rejects.toThrow(UsesError);
    await expect(impactOf(folder, '.')).rejects.toThrow(/it names no file/);
  });
});
