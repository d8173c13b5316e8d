// One command from the published document to a typed client: what `vercel-rest pull` writes and reports in a project that
// names the folder of its types.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Project } from '../../src/cli/project.js';
import { startServer } from '../helpers/loopback-server.js';
import { serveDocument, temporaryFolder, testWorld } from '../helpers/pull-world.js';
import { runCli } from './run-cli.js';

type Properties = Readonly<Record<string, object>>;
const documentWith = (properties: Properties) => ({
  openapi: '3.0.3',
  info: { title: 'Things', version: '0.0.1' },
  paths: {
    '/v1/things': {
      get: {
        operationId: 'getThings',
        tags: ['things'],
        responses: {
          200: {
            description: 'ok',
            content: {
              'application/json': {
                schema: { type: 'object', required: Object.keys(properties), properties },
              },
            },
          },
        },
      },
    },
  },
});
const BEFORE = documentWith({ id: { type: 'string' }, region: { type: 'string' } });
const AFTER = documentWith({ id: { type: 'string' } });

/** A project of its own with a program that reads `region`, and a server that first has {@link BEFORE}. */
async function setUp(settings: Partial<Project> = {}) {
  const folder = await temporaryFolder();
  const out = join(folder, 'api');
  let served: object = BEFORE;
  let etag = '"one"';
  const server = await startServer((request, response) => serveDocument(served, etag)(request, response));
  await writeFile(
    join(folder, 'program.ts'),
    `import { type ResponseOf } from './api/index.js';\n` +
      `export const read = (things: ResponseOf<'getThings'>): string => things.region;\n`,
  );
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: { strict: true, module: 'nodenext', target: 'es2022', noEmit: true, types: [] },
      files: ['program.ts'],
    }),
  );
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
  const project: Project = {
    document: join(folder, 'vercel.json'),
    out,
    url: server.url,
    uses: [join(folder, 'tsconfig.json')],
    ...settings,
  };
  return {
    folder,
    out,
    pull: (...flags: string[]) =>
      runCli(['pull', ...flags], { project, pullWorld: testWorld().world, env: {} }),
    generate: (...flags: string[]) => runCli(['generate', ...flags], { project }),
    serve: (next: object) => {
      served = next;
      etag = '"two"';
    },
    typesOf: () => readFile(join(out, 'things.ts'), 'utf8'),
    filesOf: async () => (await readdir(folder)).sort(),
  };
}

describe('vercel-rest pull in a project that names its folder', () => {
  test('generates what `generate` generates', async () => {
    const { pull, generate, typesOf } = await setUp();
    const first = await pull();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^pulled /);
    expect(first.stdout).toMatch(/api: 1 operation in \d files, \d+ KB; \d written or removed\n/);
    expect(first.stdout).not.toContain('next:');
    expect(await typesOf()).toContain('region');
    expect(await generate('--check')).toMatchObject({ code: 0 });
  });

  test('reports what changed and the line that it breaks', async () => {
    const { pull, serve, typesOf } = await setUp();
    await pull();
    serve(AFTER);
    const { code, stdout, stderr } = await pull();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('`region` of the 200 response is gone');
    expect(stdout).toMatch(/program\.ts:2: Property 'region' does not exist/);
    expect(await typesOf()).not.toContain('region');
  });

  test('reports every change, with a warning, where the program cannot be read', async () => {
    const { pull, serve } = await setUp({ uses: ['gone/tsconfig.json'] });
    await pull();
    serve(AFTER);
    const { code, stdout, stderr } = await pull();
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: the calls of this program could not be found, so every change is listed: /,
    );
    expect(stdout).toContain('`region` of the 200 response is gone');
  });

  test('prints it all as one JSON object', async () => {
    const { pull, serve, out } = await setUp();
    expect(JSON.parse((await pull('--json')).stdout)).toMatchObject({
      status: 'written',
      generated: { out, written: expect.arrayContaining(['index.ts', 'things.ts']) },
    });
    serve(AFTER);
    const { stdout, stderr } = await pull('--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      generated: { written: expect.arrayContaining(['things.ts']) },
      changes: { changes: [{ class: 'wire' }], uses: { broken: [{ line: 2 }] } },
    });
  });

  test('generates anew where the document is unchanged and the types are not there', async () => {
    const { pull, out, typesOf } = await setUp();
    await pull();
    const before = await typesOf();
    await rm(out, { recursive: true });
    const { code, stdout } = await pull();
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^unchanged[\s\S]*api: 1 operation in/)]);
    expect(await typesOf()).toBe(before);
    expect((await pull()).stdout).toContain('nothing had changed');
  });

  test.each([
    ['--no-generate', ['--no-generate'], ['vercel.json', 'vercel.lock.json']],
    ['--check', ['--check'], []],
  ])('generates nothing with %s', async (_, flags, written) => {
    const { pull, filesOf } = await setUp();
    const { stdout } = await pull(...flags);
    expect(await filesOf()).toEqual(['package.json', 'program.ts', 'tsconfig.json', ...written]);
    expect(stdout).toMatch(/next: run `npx vercel-rest (generate|pull)`/);
  });

  test('generates nothing from a document that is not the project’s own', async () => {
    const { pull, folder, filesOf } = await setUp();
    await pull('--out', join(folder, 'other.json'));
    expect(await filesOf()).toEqual([
      ...['other.json', 'other.lock.json', 'package.json', 'program.ts', 'tsconfig.json'],
    ]);
  });

  test('leaves document and types as they were where a correction of the project does not fit', async () => {
    const corrections = join(await temporaryFolder(), 'own.json');
    const target = '/paths/~1v1~1things/get/responses/200/content/application~1json/schema/properties/region';
    const { folder, pull, serve, filesOf, typesOf } = await setUp({ corrections });
    expect((await pull()).stderr).toContain('cannot read the corrections in');
    expect(await filesOf()).toEqual(['package.json', 'program.ts', 'tsconfig.json']);
    const correction = { id: 'own-region', reason: 'It is a number.', target, action: 'set' };
    const [expect_, value] = [{ value: { type: 'string' } }, { type: 'number' }];
    await writeFile(
      corrections,
      JSON.stringify({ corrections: [{ ...correction, expect: expect_, value }] }),
    );
    expect((await pull()).code).toBe(0);
    const contents = async () => [await readFile(join(folder, 'vercel.json'), 'utf8'), await typesOf()];
    const before = await contents();
    serve(AFTER);
    expect(await pull()).toMatchObject({ code: 1, stderr: expect.stringContaining('own-region') });
    expect(await contents()).toEqual(before);
  });

  test('leaves the document as it was where a file of somebody else is in the folder', async () => {
    const { pull, out, filesOf } = await setUp();
    await mkdir(out);
    await writeFile(join(out, 'things.ts'), 'export const mine = 1;\n');
    const { code, stderr } = await pull();
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('things.ts is in the folder and was not generated'),
    ]);
    expect(await filesOf()).toEqual(['api', 'package.json', 'program.ts', 'tsconfig.json']);
  });
});
