import type ts from 'typescript';
import { createOverlayHost, type Overlay, type SourceCache } from './overlay.js';
import type { Compiler, ProgramFiles } from './program.js';

/** Makes a program that sees other generated types than the disk has. */
export function createProgram(
  compiler: Compiler,
  { rootNames, options }: ProgramFiles,
  cache: SourceCache,
  overlay?: Overlay,
): ts.Program {
  const host = createOverlayHost(compiler, options, cache, overlay);
  // Generated files that only the disk has are no part of the program that the overlay describes.
  return compiler.createProgram({ rootNames: rootNames.filter(host.fileExists), options, host });
}

/** The errors of the caller's own files. */
export function errorsOf(
  program: ts.Program,
  isCaller: (file: ts.SourceFile) => boolean,
): ts.DiagnosticWithLocation[] {
  return program
    .getSourceFiles()
    .filter(isCaller)
    .flatMap((file) => program.getSemanticDiagnostics(file))
    .filter(isLocated);
}

function isLocated(diagnostic: ts.Diagnostic): diagnostic is ts.DiagnosticWithLocation {
  // 1 is DiagnosticCategory.Error, in every version; only the type of the enum is here.
  return Number(diagnostic.category) === 1 && diagnostic.file !== undefined && diagnostic.start !== undefined;
}

/** The first error of each line that has one now and had none before. */
export function newlyBroken(
  before: readonly ts.DiagnosticWithLocation[],
  after: readonly ts.DiagnosticWithLocation[],
): ts.DiagnosticWithLocation[] {
  const known = new Set(before.map(lineKey));
  return after.filter((error) => {
    const key = lineKey(error);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

function lineKey({ file, start }: ts.DiagnosticWithLocation): string {
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line}`;
}
