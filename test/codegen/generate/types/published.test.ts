import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateFrom } from '../../../../src/codegen/generate/generate.js';
import { writeFiles } from '../../../../src/codegen/generate/generated-folder.js';
import { prepareDocument } from '../../../../src/codegen/generate/prepare.js';
import type { OpenApiDocument } from '../../../../src/openapi/document.js';
import { walkOperations } from '../../../../src/openapi/walk-operations.js';
import { readPublished, someNames } from '../../../openapi/normalize/documents.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
/** A program that calls every operation of a document twice, by its id and by its path, with all that it takes. */
function callAll(document: OpenApiDocument): string {
  const calls = walkOperations(document).flatMap(({ operationId, method, path, parameters, operation }) => {
    const id = JSON.stringify(operationId);
    const places = ['path', 'query', 'header', 'cookie'].filter((place) =>
      parameters.some((parameter) => parameter.in === place),
    );
    const given = places.map((place) => {
      const own = parameters.filter((parameter) => parameter.in === place);
      if (place === 'query') return `query: some<QueryOf<${id}>>()`;
      return `${place}: { ${own.map(({ name }) => `${JSON.stringify(name)}: some<never>()`).join(', ')} }`;
    });
    const init = [
      ...(given.length > 0 ? [`params: { ${given.join(', ')} }`] : []),
      ...(operation.requestBody === undefined ? [] : [`body: some<BodyOf<${id}>>()`]),
    ];
    const media = Object.keys(Object(Object(Object(operation.responses)[200]).content));
    if (media.some((type) => type.includes('stream'))) {
      // What comes bit by bit is given as it comes.
      const stream = `, { ${[...init, "parseAs: 'stream'"].join(', ')} }`;
      return [`  same<ReadableStream | null>((await client.call(${id}${stream})).data);`];
    }
    const argument = init.length > 0 ? `, { ${init.join(', ')} }` : '';
    return [
      `  same<ResponseOf<${id}>>((await client.call(${id}${argument})).data);`,
      `  same<ResponseOf<${id}>>((await client.${method}(${JSON.stringify(path)}${argument})).data);`,
    ];
  });
  return `import { createClient } from 'vercel-rest';
import { operations, type BodyOf, type paths, type QueryOf, type ResponseOf } from './index.js';

declare function some<T>(): T;
declare function same<T>(value: T): void;
const client = createClient<paths>({ operations });
export async function callAll(): Promise<void> {
${calls.join('\n')}
}
`;
}

const COMPILER_OPTIONS = {
  target: 'es2022',
  lib: ['es2023'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  skipLibCheck: false,
  noEmit: true,
};

describe.runIf(someNames.length > 0)('the types of published documents', () => {
  let folder = '';
  const inside = (name: string) => join(folder, name.replace('.json', ''));

  beforeAll(async () => {
    // Below the repository, where its packages are found.
    await mkdir(join(root, 'node_modules/.cache'), { recursive: true });
    folder = await mkdtemp(join(root, 'node_modules/.cache/published-types-'));
    const paths = { 'vercel-rest': [join(root, 'src/index.ts')] };
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...COMPILER_OPTIONS, paths }, include: ['*/*.ts'] }),
    );
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    for (const name of someNames) {
      const { document } = prepareDocument({ hash: '', openapi: readPublished(name) });
      await writeFiles(
        pathToFileURL(`${inside(name)}/`),
        generateFrom({ document, hash: '' }, { source: 'a.json' }),
      );
      await writeFile(join(inside(name), 'call-all.ts'), callAll(document));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['5.9', 'typescript/bin/tsc'],
    ['7', 'typescript-7/bin/tsc'],
  ])(
    'compile in a strict program that calls every operation, under TypeScript %s',
    async (version, compiler) => {
      const run = promisify(execFile);
      const tsc = join(root, 'node_modules', compiler);
      expect((await run(process.execPath, [tsc, '--version'])).stdout).toContain(`Version ${version}`);
      const outcome = await run(process.execPath, [tsc, '-p', folder], { maxBuffer: 1e8 }).catch(
        (error: { stdout: string }) => error,
      );
      expect(outcome.stdout.split('\n').slice(0, 20)).toEqual(['']);
    },
  );

  it.each(someNames)('of %s hold no any, however deep, and no name that a compiler made', async (name) => {
    const file = join(inside(name), 'index.ts');
    const program = ts.createProgram([file], {
      ...ts.convertCompilerOptionsFromJson(COMPILER_OPTIONS, folder).options,
      types: [],
    });
    const seen = walkTypes(program, file);
    expect(seen.anys).toEqual([]);
    expect(seen.count).toBeGreaterThan(2_000);
    const own = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(inside(name)));
    for (const { text } of own) expect(text).not.toContain('__@');
  });
});

/** Walks every type that the operations of a module lead to, each once, and names the places of those that are `any`. */
function walkTypes(program: ts.Program, file: string): { count: number; anys: string[] } {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const exported = (module && checker.getExportsOfModule(module)) ?? [];
  const operations = exported.find(({ name }) => name === 'operations');
  const seen = new Set<ts.Type>();
  const anys: string[] = [];
  const queue: [ts.Type, string][] = operations ? [[checker.getDeclaredTypeOfSymbol(operations), '']] : [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const [type, place] = next;
    if ((type.flags & ts.TypeFlags.Any) !== 0) anys.push(place);
    if (seen.has(type)) continue;
    seen.add(type);
    // The members of a text, such as its length, are the library's.
    if ((type.flags & (ts.TypeFlags.Object | ts.TypeFlags.UnionOrIntersection)) === 0) continue;
    if (type.isUnionOrIntersection()) for (const part of type.types) queue.push([part, place]);
    if (checker.isArrayType(type) || checker.isTupleType(type)) {
      for (const item of checker.getTypeArguments(type as ts.TypeReference)) queue.push([item, `${place}[]`]);
      continue;
    }
    for (const index of checker.getIndexInfosOfType(type)) queue.push([index.type, `${place}.*`]);
    for (const property of checker.getPropertiesOfType(type))
      queue.push([checker.getTypeOfSymbol(property), `${place}.${property.name}`]);
  }
  return { count: seen.size, anys };
}
