import type ts from 'typescript';
import { createOverlayHost, type SourceCache } from './overlay.js';
import type { Compiler, ProgramFiles } from './program.js';

/**
 * Makes a program that sees other generated types than the disk has.
 *
 * @param like - A program of the same files, whose module resolutions hold here too.
 */
export function createProgram(
  compiler: Compiler,
  { rootNames, options }: ProgramFiles,
  cache: SourceCache,
  overlay?: Parameters<typeof createOverlayHost>[3],
  like?: ts.Program,
): ts.Program {
  const host = createOverlayHost(compiler, options, cache, overlay);
  // Generated files that only the disk has do not belong to the program that the overlay describes.
  return compiler.createProgram({
    rootNames: rootNames.filter(host.fileExists),
    options,
    host,
    ...(like === undefined ? {} : { oldProgram: like }),
  });
}

/** Returns the errors in the caller's own files. */
export function errorsOf(
  program: ts.Program,
  isCaller: (file: ts.SourceFile) => boolean,
): ts.DiagnosticWithLocation[] {
  return program
    .getSourceFiles()
    .filter(isCaller)
    .flatMap((file) => program.getSemanticDiagnostics(file))
    .filter(
      (diagnostic): diagnostic is ts.DiagnosticWithLocation =>
        // 1 is DiagnosticCategory.Error, in every version; only the type of the enum is here.
        Number(diagnostic.category) === 1 && diagnostic.file !== undefined && diagnostic.start !== undefined,
    );
}

/** Returns the first error of each line that has an error now which it did not have before. */
export function newlyBroken(
  before: readonly ts.DiagnosticWithLocation[],
  after: readonly ts.DiagnosticWithLocation[],
): ts.DiagnosticWithLocation[] {
  const known = new Set(before.map((error) => `${lineKey(error)} ${textKey(error)}`));
  const broken = new Map<string, ts.DiagnosticWithLocation>();
  for (const error of after) {
    const line = lineKey(error);
    if (!known.has(`${line} ${textKey(error)}`) && !broken.has(line)) broken.set(line, error);
  }
  return [...broken.values()];
}

function lineKey({ file, start }: ts.DiagnosticWithLocation): string {
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line}`;
}

/** Identifies an error in its line by code and position: its words name types, which the other document may name otherwise. */
function textKey({ start, code }: ts.DiagnosticWithLocation): string {
  return `${start} ${code}`;
}
