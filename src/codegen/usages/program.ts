import { createRequire } from 'node:module';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type ts from 'typescript';

/** TypeScript's compiler. It is a parameter, so that a program that needs no types does not have to install it. */
export type Compiler = typeof ts;

/** The files that `--uses` names cannot be read. */
export class UsesError extends Error {}

/** The files of a program and how it is compiled. */
export interface ProgramFiles {
  readonly rootNames: readonly string[];
  readonly options: ts.CompilerOptions;
}

/**
 * Loads the compiler of TypeScript 5, an optional peer: that of the project in a folder, else that beside this package.
 *
 * @throws {Error} That says what to install.
 */
export async function loadCompiler(cwd: string): Promise<Compiler> {
  // Required and not imported: to import it, Node reads its nine megabytes twice. In a monorepo the project can have another
  // version than the root, where npm keeps this package.
  for (const from of [resolve(cwd, 'package.json'), import.meta.url]) {
    try {
      const required: Compiler = createRequire(from)('typescript');
      if (typeof required.createProgram === 'function') return required;
    } catch {
      // Imported below, for a loader that cannot require.
    }
  }
  const loaded = await import('typescript').catch((cause: unknown) => {
    throw new Error('--uses needs TypeScript 5: run `npm install --save-dev typescript@5`', { cause });
  });
  // TypeScript 7 has no API to compile with, and says so by having none.
  if (typeof loaded.default?.createProgram !== 'function')
    throw new Error(
      `--uses needs the compiler API of TypeScript 5, and ${String(loaded.version)} has none: run \`npm install --save-dev typescript@5\``,
    );
  return loaded.default;
}

/**
 * Finds the programs that `--uses` names: one for each tsconfig, those that it refers to included.
 *
 * @param uses - Tsconfigs, folders that have one, or globs and files, which are compiled as the nearest tsconfig says.
 * @throws {UsesError} When a file does not exist, or a program has no files.
 */
export function findPrograms(compiler: Compiler, uses: readonly string[], cwd: string): ProgramFiles[] {
  const { sys } = compiler;
  const queue = uses.flatMap((name) => {
    const path = resolve(cwd, name);
    if (sys.directoryExists(path)) return [resolve(path, 'tsconfig.json')];
    return path.endsWith('.json') ? [path] : [];
  });
  const globs = uses.filter((name) => !name.endsWith('.json') && !sys.directoryExists(resolve(cwd, name)));
  const programs: ProgramFiles[] = [];
  // The loop visits the tsconfigs that it adds, and each once.
  const configs = new Set(queue);
  for (const file of configs) {
    const { rootNames, options, references } = readConfig(compiler, file);
    programs.push({ rootNames, options });
    for (const reference of references) configs.add(reference);
  }
  if (globs.length > 0) programs.push(readGlobs(compiler, globs, cwd));
  if (programs.every(({ rootNames }) => rootNames.length === 0))
    throw new UsesError(
      `--uses ${uses.join(' ')}: it names no file, and refers to no project that does; name the tsconfig that has the files`,
    );
  return programs.filter(({ rootNames }) => rootNames.length > 0);
}

const SOURCES = ['.ts', '.tsx', '.mts', '.cts'];
const SCRIPTS = ['.js', '.jsx', '.mjs', '.cjs'];

function readGlobs(compiler: Compiler, globs: readonly string[], cwd: string): ProgramFiles {
  const { sys } = compiler;
  const found = globs.flatMap((glob) => {
    if (sys.fileExists(resolve(cwd, glob))) return [resolve(cwd, glob)];
    // A glob that says `.js` means scripts; `src/**/*` means sources, beside which a build may lie.
    const extensions = /\.[cm]?jsx?$|\{[^}]*js[^}]*\}$/.test(glob) ? [...SOURCES, ...SCRIPTS] : SOURCES;
    const read = sys.readDirectory(cwd, extensions, ['**/node_modules/**'], [glob]);
    return read.filter((name) => !/\.d\.[cm]?ts$/.test(name));
  });
  const names = [...new Set(found)].sort();
  if (names.length === 0)
    throw new UsesError(`--uses ${globs.join(' ')}: no TypeScript or JavaScript file has such a name`);
  const nearest = compiler.findConfigFile(dirname(names[0] ?? cwd), sys.fileExists);
  const defaults: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: compiler.ScriptTarget.ES2022,
    module: compiler.ModuleKind.NodeNext,
    moduleResolution: compiler.ModuleResolutionKind.NodeNext,
  };
  const options = nearest === undefined ? defaults : readConfig(compiler, nearest).options;
  const hasScripts = names.some((name) => /\.[cm]?jsx?$/.test(name));
  return { rootNames: names, options: hasScripts ? { ...options, allowJs: true } : options };
}

function readConfig(compiler: Compiler, file: string): ProgramFiles & { references: string[] } {
  if (!compiler.sys.fileExists(file)) throw new UsesError(`--uses: ${file} does not exist`);
  const { config, error } = compiler.readConfigFile(file, compiler.sys.readFile);
  if (error !== undefined) throw new UsesError(`--uses: ${file}: ${flat(compiler, error.messageText)}`);
  const parsed = compiler.parseJsonConfigFileContent(config, compiler.sys, dirname(file), undefined, file);
  // 18003: it names no files; 18002: its list of files is empty. Globs and references may name them all the same.
  const fault = parsed.errors.find(({ code }) => code !== 18003 && code !== 18002);
  if (fault !== undefined) throw new UsesError(`--uses: ${file}: ${flat(compiler, fault.messageText)}`);
  const references = (parsed.projectReferences ?? []).map((reference) =>
    compiler.resolveProjectReferencePath(reference),
  );
  // What only a build writes is left out: it may say that a program cannot be compiled without its output.
  const { composite: _, incremental: __, tsBuildInfoFile: ___, ...options } = parsed.options;
  return { rootNames: parsed.fileNames, options: { ...options, noEmit: true }, references };
}

const LONGEST = 240;

/** Returns the first line of a diagnostic: the others are details of the comparison of two types. */
export function flat(compiler: Compiler, message: string | ts.DiagnosticMessageChain): string {
  const [first = ''] = compiler.flattenDiagnosticMessageText(message, '\n').split('\n');
  return first.length > LONGEST ? `${first.slice(0, LONGEST - 1)}…` : first;
}

/** Returns the name of a file relative to `cwd` where it is below, with forward slashes. */
export function shownFile(file: string, cwd: string): string {
  const near = relative(cwd, file);
  return (near === '' || isAbsolute(near) ? file : near).replaceAll('\\', '/');
}
