import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeFiles } from '../../../src/codegen/generate/generated-folder.js';
import { generateForUse } from '../../../src/codegen/usages/generate-for-use.js';
import { findImpact, type Impact } from '../../../src/codegen/usages/impact.js';
import type { OpenApiDocument } from '../../../src/openapi/document.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** What a program that calls this package is compiled with. */
export const COMPILER_OPTIONS = {
  strict: true,
  target: 'es2022',
  lib: ['es2023'],
  module: 'nodenext',
  noEmit: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
  paths: {
    'vercel-rest': [join(root, 'src/index.ts')],
    'vercel-rest/connect': [join(root, 'src/connect/index.ts')],
  },
};

/** Writes the package.json and tsconfig.json of a program that calls this package. */
export async function writeCaller(folder: string, include: readonly string[]): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{ "name": "caller", "type": "module" }');
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include }),
  );
}

/** Finds what a change of a document does to a program: `src/<name>.ts` for each source, beside types of the older document. */
export async function findImpactOn(
  sources: Readonly<Record<string, string>>,
  { before, after }: { readonly before: OpenApiDocument; readonly after: OpenApiDocument },
): Promise<Impact> {
  const folder = await mkdtemp(join(tmpdir(), 'vercel-rest-caller-'));
  try {
    await mkdir(join(folder, 'src'));
    for (const [name, source] of Object.entries(sources))
      await writeFile(join(folder, 'src', `${name}.ts`), source);
    await writeCaller(folder, ['src']);
    const generate = generateForUse();
    await writeFiles(pathToFileURL(join(folder, 'src/api/')), await generate(before));
    return await findImpact({ before, after, uses: ['tsconfig.json'], cwd: folder, generate });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
