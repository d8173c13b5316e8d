import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type ts from 'typescript';

/** TypeScript's compiler, handed around so that whoever needs no types need not install it. */
export type Compiler = typeof ts;

/** What `--uses` names cannot be read. */
export class UsesError extends Error {}

/** The files of a program and how it is compiled. */
export interface ProgramFiles {
  readonly rootNames: readonly string[];
  readonly options: ts.CompilerOptions;
}

/**
 * Loads the compiler of TypeScript 5, an optional peer.
 *
 * @throws {Error} That says what to install.
 */
export async function loadCompiler(): Promise<Compiler> {
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
 * Finds the files of a program.
 *
 * @param uses - A tsconfig, a folder that has one, or globs and files, which are compiled as the nearest tsconfig says.
 * @throws {UsesError} When there is no such file, or none at all.
 */
export function findProgram(compiler: Compiler, uses: readonly string[], cwd: string): ProgramFiles {
  const [only = ''] = uses;
  const isFolder = compiler.sys.directoryExists(resolve(cwd, only));
  const config = isFolder ? resolve(cwd, only, 'tsconfig.json') : resolve(cwd, only);
  if (uses.length === 1 && config.endsWith('.json')) return readConfig(compiler, config);
  const names = [...new Set(uses.flatMap((glob) => expand(compiler, glob, cwd)))].sort();
  if (names.length === 0) throw new UsesError(`--uses ${uses.join(' ')}: no TypeScript file has such a name`);
  const nearest = compiler.findConfigFile(dirname(names[0] ?? cwd), compiler.sys.fileExists);
  const { options } = nearest === undefined ? { options: defaults(compiler) } : readConfig(compiler, nearest);
  return { rootNames: names, options };
}

function expand(compiler: Compiler, glob: string, cwd: string): readonly string[] {
  if (compiler.sys.fileExists(resolve(cwd, glob))) return [resolve(cwd, glob)];
  const extensions = ['.ts', '.tsx', '.mts', '.cts'];
  return compiler.sys
    .readDirectory(cwd, extensions, undefined, [glob])
    .filter((name) => !/\.d\.[cm]?ts$/.test(name));
}

function readConfig(compiler: Compiler, file: string): ProgramFiles {
  if (!compiler.sys.fileExists(file)) throw new UsesError(`--uses: there is no ${file}`);
  const { config, error } = compiler.readConfigFile(file, compiler.sys.readFile);
  if (error !== undefined) throw new UsesError(`--uses: ${file}: ${flat(compiler, error.messageText)}`);
  const parsed = compiler.parseJsonConfigFileContent(config, compiler.sys, dirname(file), undefined, file);
  // 18003: it names no files; 18002: its list of files is empty. Globs may name them all the same.
  const fault = parsed.errors.find(({ code }) => code !== 18003 && code !== 18002);
  if (fault !== undefined) throw new UsesError(`--uses: ${file}: ${flat(compiler, fault.messageText)}`);
  return { rootNames: parsed.fileNames, options: { ...parsed.options, noEmit: true } };
}

function defaults(compiler: Compiler): ts.CompilerOptions {
  return {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: compiler.ScriptTarget.ES2022,
    module: compiler.ModuleKind.NodeNext,
    moduleResolution: compiler.ModuleResolutionKind.NodeNext,
  };
}

const LONGEST = 240;

/** The text of a diagnostic, its first line and no page of it: what follows are the details of the comparison of two types. */
export function flat(compiler: Compiler, message: string | ts.DiagnosticMessageChain): string {
  const [first = ''] = compiler.flattenDiagnosticMessageText(message, '\n').split('\n');
  return first.length > LONGEST ? `${first.slice(0, LONGEST - 1)}…` : first;
}

/** A file as people name it: relative to where they are, with forward slashes. */
export function shownFile(file: string, cwd: string): string {
  const near = relative(cwd, file);
  return (near === '' || isAbsolute(near) ? file : near).replaceAll('\\', '/');
}
