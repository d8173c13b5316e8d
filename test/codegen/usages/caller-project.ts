import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
