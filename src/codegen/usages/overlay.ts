import { basename, dirname, join } from 'node:path';
import type ts from 'typescript';
import { type GeneratedFiles, MARK } from '../generate/generated-folder.js';
import type { Compiler } from './program.js';

/** The name of the package that this module is part of. */
export const OWN_PACKAGE = 'vercel-rest';

/** Generated files that stand in for those in a folder. */
export interface Overlay {
  readonly folders: readonly string[];
  readonly files: GeneratedFiles;
}

/** Source files by name, which several programs of the same options may share. */
export type SourceCache = Map<string, ts.SourceFile | undefined>;

/** A host that shows other generated files than the disk has, and the disk for everything else. */
export function createOverlayHost(
  compiler: Compiler,
  options: ts.CompilerOptions,
  cache: SourceCache,
  overlay?: Overlay | 'in outline',
): ts.CompilerHost {
  const host = compiler.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  const shown = typeof overlay === 'object' ? overlay : undefined;
  const folders = new Set(shown?.folders);
  const textOf = (file: string) => shown?.files[basename(file)];
  /** Whether the overlay alone says what a file is: others of that name and those generated before are not there. */
  const isHidden = (file: string) =>
    folders.has(dirname(file)) &&
    (textOf(file.replace(/(?:\.d)?\.[cm]?[jt]s$/, '.ts')) !== undefined ||
      readFile(file)?.startsWith(MARK) === true);
  const isOverlaid = (file: string) => folders.has(dirname(file)) && textOf(file) !== undefined;
  return {
    ...host,
    // As tsc does: what comments say matters in JavaScript alone.
    jsDocParsingMode: compiler.JSDocParsingMode.ParseForTypeErrors,
    fileExists: (file) => isOverlaid(file) || (!isHidden(file) && fileExists(file)),
    readFile: (file) => (isOverlaid(file) ? textOf(file) : isHidden(file) ? undefined : readFile(file)),
    getSourceFile: (file, languageVersion, ...rest) => {
      if (isOverlaid(file)) return compiler.createSourceFile(file, textOf(file) ?? '', languageVersion);
      if (isHidden(file)) return undefined;
      // To know that generated types are there, their first line is enough.
      const isSource = file.endsWith('.ts') && !file.endsWith('.d.ts') && !file.includes('/node_modules/');
      if (overlay === 'in outline' && isSource && readFile(file)?.startsWith(MARK))
        return compiler.createSourceFile(file, OUTLINE, languageVersion);
      if (!cache.has(file)) cache.set(file, getSourceFile(file, languageVersion, ...rest));
      return cache.get(file);
    },
  };
}

const OUTLINE = `${MARK}, read by its first line alone.\nexport {};\n`;

/** The hash of the document that a folder was generated from, as its files say. */
export function hashOfFolder(compiler: Compiler, folder: string): string | undefined {
  const text = compiler.sys.readFile(join(folder, 'index.ts')) ?? '';
  return text.startsWith(MARK) ? /^\/\/ Document SHA-256: ([0-9a-f]{64})$/m.exec(text)?.[1] : undefined;
}

/** The generated files of folders, by name. */
export function readGenerated(compiler: Compiler, folders: readonly string[]): Map<string, string> {
  const names = folders.flatMap((folder) => compiler.sys.readDirectory(folder, ['.ts'], undefined, ['*'], 1));
  return new Map(names.map((name) => [name, compiler.sys.readFile(name) ?? '']));
}

/**
 * The folders from which a program takes generated types: its own, else the one of this package.
 *
 * Types that a program has generated itself follow its document; those of the package follow the version of the package.
 */
export function findGeneratedFolders(
  program: ts.Program,
  packageOf: (file: string) => string | undefined,
): string[] {
  const files = program.getSourceFiles().filter((file) => isGeneratedFile(file, packageOf));
  const own = files.filter(({ fileName }) => packageOf(fileName) !== OWN_PACKAGE);
  return [...new Set((own.length > 0 ? own : files).map(({ fileName }) => dirname(fileName)))];
}

/** Whether a file holds generated types: a mark says so, which the declarations of this package have lost in the build. */
export function isGeneratedFile(
  { fileName, text }: ts.SourceFile,
  packageOf: (file: string) => string | undefined,
): boolean {
  if (text.startsWith(MARK)) return true;
  return /\/dist\/generated\/[^/]+$/.test(fileName) && packageOf(fileName) === OWN_PACKAGE;
}

/** The packages that files belong to. */
export interface Packages {
  readonly nameOf: (file: string) => string | undefined;
  /** The text of its `package.json`. */
  readonly textOf: (file: string) => string;
}

/** Finds the packages that files belong to; each folder is looked at once. */
export function createPackages(compiler: Compiler): Packages {
  const known = new Map<string, { name: string | undefined; text: string }>();
  const read = (folder: string): { name: string | undefined; text: string } => {
    const present = known.get(folder);
    if (present !== undefined) return present;
    const text = compiler.sys.readFile(join(folder, 'package.json')) ?? '';
    const name = /"name"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    const isTop = dirname(folder) === folder;
    const found = name !== undefined || isTop ? { name, text } : read(dirname(folder));
    known.set(folder, found);
    return found;
  };
  return { nameOf: (file) => read(dirname(file)).name, textOf: (file) => read(dirname(file)).text };
}

/** Source files that programs of the same options share. */
export function createSourceCaches(): (options: ts.CompilerOptions) => SourceCache {
  const caches = new Map<string, SourceCache>();
  return (options) => {
    const key = JSON.stringify(options);
    const cache: SourceCache = caches.get(key) ?? new Map();
    caches.set(key, cache);
    return cache;
  };
}
