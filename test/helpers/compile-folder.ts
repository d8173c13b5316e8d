import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type GeneratedFiles, writeFiles } from '../../src/codegen/generate/generated-folder.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Compiles generated folders as strictly as TypeScript can, with their declarations of the DOM alone.
 *
 * @returns The errors, an empty text for none.
 */
export async function compileFolders(folders: Readonly<Record<string, GeneratedFiles>>): Promise<string> {
  await mkdir(join(root, 'node_modules/.cache'), { recursive: true });
  const folder = await mkdtemp(join(root, 'node_modules/.cache/generated-'));
  try {
    for (const [name, files] of Object.entries(folders))
      await writeFiles(pathToFileURL(join(folder, name) + sep), files);
    const compilerOptions = {
      ...{ target: 'es2022', lib: ['es2023', 'dom', 'dom.iterable'], types: [], noEmit: true },
      ...{ module: 'nodenext', moduleResolution: 'nodenext', strict: true, skipLibCheck: false },
      ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true },
      ...{ noUnusedLocals: true, noUnusedParameters: true, isolatedModules: true },
    };
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['**/*.ts'] }));
    const compiler = join(root, 'node_modules/typescript-7/bin/tsc');
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, '-p', folder]).catch(
      (error: { readonly stdout: string }) => error,
    );
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}
