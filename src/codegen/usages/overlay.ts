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
  overlay?: Overlay,
): ts.CompilerHost {
  const host = compiler.createCompilerHost(options, true);
  const { fileExists, readFile, getSourceFile } = host;
  const folders = new Set(overlay?.folders);
  const textOf = (file: string) => overlay?.files[basename(file)];
  /** Whether the overlay alone says what a file is: others of that name and those generated before are not there. */
  const isHidden = (file: string) =>
    folders.has(dirname(file)) &&
    (textOf(file.replace(/(?:\.d)?\.[cm]?[jt]s$/, '.ts')) !== undefined ||
      readFile(file)?.startsWith(MARK) === true);
  const isOverlaid = (file: string) => folders.has(dirname(file)) && textOf(file) !== undefined;
  return {
    ...host,
    fileExists: (file) => isOverlaid(file) || (!isHidden(file) && fileExists(file)),
    readFile: (file) => (isOverlaid(file) ? textOf(file) : isHidden(file) ? undefined : readFile(file)),
    getSourceFile: (file, languageVersion, ...rest) => {
      if (isOverlaid(file)) return compiler.createSourceFile(file, textOf(file) ?? '', languageVersion, true);
      if (isHidden(file)) return undefined;
      if (!cache.has(file)) cache.set(file, getSourceFile(file, languageVersion, ...rest));
      return cache.get(file);
    },
  };
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
  const files = program
    .getSourceFiles()
    .filter(
      (file) => /^index\.(?:d\.)?[cm]?ts$/.test(basename(file.fileName)) && isGeneratedFile(file, packageOf),
    );
  const own = files.filter(({ fileName }) => packageOf(fileName) !== OWN_PACKAGE);
  return (own.length > 0 ? own : files).map(({ fileName }) => dirname(fileName));
}

/** Whether a file holds generated types: a mark says so, which the declarations of this package have lost in the build. */
export function isGeneratedFile(
  { fileName, text }: ts.SourceFile,
  packageOf: (file: string) => string | undefined,
): boolean {
  if (text.startsWith(MARK)) return true;
  return /\/dist\/generated\/[^/]+$/.test(fileName) && packageOf(fileName) === OWN_PACKAGE;
}

/** Finds the names of the packages that files belong to; each folder is looked at once. */
export function createPackageNames(compiler: Compiler): (file: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const nameOf = (folder: string): string | undefined => {
    if (known.has(folder)) return known.get(folder);
    const text = compiler.sys.readFile(join(folder, 'package.json'));
    const own = text === undefined ? undefined : /"name"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    const name = own ?? (dirname(folder) === folder ? undefined : nameOf(dirname(folder)));
    known.set(folder, name);
    return name;
  };
  return (file) => nameOf(dirname(file));
}
