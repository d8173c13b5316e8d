import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as mcp from '../../../src/adapters/mcp/index.js';
import { CONNECT_OPERATIONS } from '../../../src/codegen/usages/connect-usages.js';
import { findUsages } from '../../../src/codegen/usages/find-usages.js';
import { findPrograms, UsesError } from '../../../src/codegen/usages/program.js';
import * as connect from '../../../src/connect/index.js';
import { operations as table } from '../../../src/generated/index.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vercel-rest-program-'));
  await mkdir(join(folder, 'src/deep'), { recursive: true });
  for (const name of ['src/a.ts', 'src/deep/b.tsx', 'src/c.d.ts', 'src/d.js', 'other.ts'])
    await writeFile(join(folder, name), 'export {};\n');
  await writeFile(
    join(folder, 'tsconfig.json'),
    '{ "compilerOptions": { "strict": true }, "include": ["src/a.ts"] }',
  );
  await writeFile(
    join(folder, 'scripts.json'),
    '{ "compilerOptions": { "strict": true, "allowJs": true }, "files": ["src/d.js"] }',
  );
  await writeFile(
    join(folder, 'solution.json'),
    '{ "files": [], "references": [{ "path": "tsconfig.json" }, { "path": "./scripts.json" }] }',
  );
  await writeFile(join(folder, 'empty.json'), '{ "files": [] }');
  await writeFile(join(folder, 'broken.json'), '{ "compilerOptions": { "target": "es1" } }');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const find = (...uses: string[]) => findPrograms(ts, uses, folder);
const names = (...uses: string[]) =>
  find(...uses).flatMap(({ rootNames }) => rootNames.map((name) => name.slice(folder.length + 1)));

describe('findPrograms', () => {
  test.each([
    ['a tsconfig', ['tsconfig.json'], ['src/a.ts']],
    ['the folder that has one', ['.'], ['src/a.ts']],
    ['a glob, without declarations', ['src/**/*'], ['src/a.ts', 'src/deep/b.tsx']],
    ['a glob of scripts', ['src/*.js'], ['src/d.js']],
    ['several tsconfigs', ['tsconfig.json', 'scripts.json'], ['src/a.ts', 'src/d.js']],
    ['a tsconfig of references alone', ['solution.json'], ['src/a.ts', 'src/d.js']],
    ['files, each once', ['other.ts', 'src/a.ts', 'src/*.ts'], ['other.ts', 'src/a.ts']],
  ])('reads %s', (_, uses, expected) => {
    expect(names(...uses)).toEqual(expected);
    for (const { options } of find(...uses)) expect(options.strict).toBe(true);
  });

  test.each([
    ['a tsconfig that is not there', 'none.json', /none\.json does not exist/],
    ['a tsconfig that is wrong', 'broken.json', /broken\.json: .*--target/],
    ['a folder without one', 'src', /tsconfig\.json does not exist/],
    ['a glob that nothing fits', 'lib/*.ts', /lib\/\*\.ts: no TypeScript or JavaScript file/],
    ['a program without files', 'empty.json', /empty\.json: it names no file, and refers to no project/],
  ])('refuses %s', (_, uses, message) => {
    expect(() => find(uses)).toThrow(UsesError);
    expect(() => find(uses)).toThrow(message);
  });
});

describe('the functions of vercel-rest/connect', () => {
  test('those of its parts are known too', () => {
    const client = connect.createConnectClient({ bearerToken: 'a' });
    const parts = {
      ConnectConnectors: client.connectors,
      ConnectProjects: client.projects,
      ConnectTriggers: client.triggers,
    };
    const names = Object.entries(parts).flatMap(([part, methods]) =>
      Object.keys(methods).map((method) => `${part}.${method}`),
    );
    const known = Object.keys(CONNECT_OPERATIONS).filter((name) => name.includes('.'));
    expect(names.sort()).toEqual(known.sort());
  });

  test('a call of a part is followed to its operation', () => {
    const file = join(root, 'test/codegen/usages/caller.ts');
    const text = `
      import { connectors, createConnectClient } from 'vercel-rest/connect';
      for await (const { uid } of connectors.list()) console.log(uid);
      await createConnectClient().projects.detach('a/b', 'prj_1');
      export {};
    `;
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
      ts.sys,
      root,
    );
    const host = ts.createCompilerHost(options);
    const { getSourceFile } = host;
    host.getSourceFile = (name, ...rest) =>
      name === file
        ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
        : getSourceFile(name, ...rest);
    const { uses } = findUsages(
      ts,
      ts.createProgram([file], options, host),
      {
        isCaller: ({ fileName }) => fileName === file,
        isGenerated: () => false,
        isConnect: ({ fileName }) => fileName.includes('/src/connect/'),
        packageOf: () => 'vercel-rest',
      },
      { paths: new Set(), ids: new Map(), hosts: new Set() },
    );
    expect(uses.map(({ wanted }) => Reflect.get(wanted, 'operationId'))).toEqual([
      'listConnectors',
      'deleteConnectorProjectConnection',
      'deleteConnectorProjectEnvironment',
    ]);
  });

  test('each is known to call an operation that there is, or none', () => {
    const functions = Object.entries({ ...connect, ...mcp }).flatMap(([name, value]) =>
      typeof value === 'function' && !/^[A-Z]/.test(name) ? [name] : [],
    );
    expect(functions.filter((name) => !Object.hasOwn(CONNECT_OPERATIONS, name))).toEqual([]);
    for (const id of Object.values(CONNECT_OPERATIONS).flat()) expect(table.operations).toHaveProperty(id);
  });
});
