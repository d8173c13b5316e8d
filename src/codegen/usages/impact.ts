import { resolve } from 'node:path';
import type ts from 'typescript';
import type { OpenApiDocument } from '../../openapi/document.js';
import type { BrokenLine, ImpactReport, ProgramPlace, UnfollowedUse } from '../diff/impact-report.js';
import { type Change, narrowChanges } from '../diff/index.js';
import type { GeneratedFiles } from '../generate/generated-folder.js';
import { blame } from './blame.js';
import { createProgram, errorsOf, newlyBroken } from './compile.js';
import { type FileKinds, findUses } from './find-uses.js';
import { matchUses, type UsedIds } from './match-operations.js';
import {
  createPackageNames,
  findGeneratedFolders,
  isGeneratedFile,
  OWN_PACKAGE,
  type SourceCache,
} from './overlay.js';
import { type Compiler, findProgram, flat, loadCompiler, type ProgramFiles, shownFile } from './program.js';

/** What to look for, and where. */
export interface ImpactRequest {
  readonly before: OpenApiDocument;
  readonly after: OpenApiDocument;
  /** Of these two documents. */
  readonly changes: readonly Change[];
  /** A tsconfig, a folder that has one, or globs and files. */
  readonly uses: readonly string[];
  readonly cwd: string;
  /** Makes the types of a document as they are in the program's folder. */
  readonly generate: (document: OpenApiDocument) => GeneratedFiles;
}

/** What the changes mean to a program. */
export interface Impact {
  /** Those that hit it. */
  readonly changes: readonly Change[];
  readonly report: ImpactReport;
}

/**
 * Finds what a TypeScript program uses of an API, which changes hit that, and which of its lines stop compiling.
 *
 * @throws {UsesError} When the program cannot be read.
 * @throws {Error} When TypeScript 5 is not installed.
 */
export async function findImpact(request: ImpactRequest): Promise<Impact> {
  const compiler = await loadCompiler();
  const files = findProgram(compiler, request.uses, resolve(request.cwd));
  const cache: SourceCache = new Map();
  const asItIs = createProgram(compiler, files, cache);
  const packageOf = createPackageNames(compiler);
  const folders = findGeneratedFolders(asItIs, packageOf);
  const kinds = kindsOf(asItIs, files, packageOf);
  const compileWith = (document: OpenApiDocument) =>
    createProgram(compiler, files, cache, { folders, files: request.generate(document) });
  const [older, newer] =
    folders.length > 0 ? [compileWith(request.before), compileWith(request.after)] : [asItIs, undefined];
  const { uses, lost } = findUses(compiler, older, kinds);
  const used = matchUses(uses, request, (node) =>
    placeOf(node.getSourceFile(), node.getStart(), request.cwd),
  );
  const changes = narrowChanges(request.changes, used.ids);
  const broken = newer && newlyBroken(errorsOf(older, kinds.isCaller), errorsOf(newer, kinds.isCaller));
  return {
    changes,
    report: {
      operations: used.operations,
      broken: (broken ?? []).map((error) => describe(compiler, error, changes, used, request.cwd)),
      unfollowed: lost.map(
        ({ node, why }): UnfollowedUse => ({
          ...placeOf(node.getSourceFile(), node.getStart(), request.cwd),
          why,
        }),
      ),
      unknown: used.unknown,
      compiled: newer !== undefined,
    },
  };
}

/** What a file is; the caller's are those that it names, and what they import that is in no package. */
function kindsOf(
  program: ts.Program,
  { rootNames }: ProgramFiles,
  packageOf: (file: string) => string | undefined,
): FileKinds {
  const roots = new Set(rootNames);
  const isGenerated = (file: ts.SourceFile) => isGeneratedFile(file, packageOf);
  const own = rootNames[0] === undefined ? undefined : packageOf(rootNames[0]);
  return {
    isGenerated,
    isConnect: ({ fileName }) =>
      /\/(?:src|dist)\/connect\/[^/]+\.ts$/.test(fileName) && packageOf(fileName) === OWN_PACKAGE,
    isCaller: (file) =>
      !file.isDeclarationFile &&
      !isGenerated(file) &&
      !program.isSourceFileFromExternalLibrary(file) &&
      (roots.has(file.fileName) || (packageOf(file.fileName) === own && own !== OWN_PACKAGE)),
  };
}

function describe(
  compiler: Compiler,
  { file, start, length, code, messageText }: ts.DiagnosticWithLocation,
  changes: readonly Change[],
  used: UsedIds,
  cwd: string,
): BrokenLine {
  const place = placeOf(file, start, cwd);
  const line = file.text.split('\n')[place.line - 1] ?? '';
  const message = flat(compiler, messageText);
  const words = `${message}\n${file.text.slice(start, start + length)}\n${line}`;
  return {
    ...place,
    code,
    message,
    changes: blame(words, place.file, changes, used),
  };
}

function placeOf(file: ts.SourceFile, position: number, cwd: string): ProgramPlace {
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return { file: shownFile(file.fileName, cwd), line: line + 1, column: character + 1 };
}
