import { resolve } from 'node:path';
import type ts from 'typescript';
import type { OpenApiDocument } from '../../openapi/document.js';
import type { BrokenLine, ImpactReport, ProgramPlace, UnfollowedUse } from '../diff/impact-report.js';
import { type Change, type Json, narrowChanges } from '../diff/index.js';
import type { Operation } from '../diff/pair-operations.js';
import type { GeneratedFiles } from '../generate/generated-folder.js';
import { blame } from './blame.js';
import { findBuiltPackages, findForeignTypes } from './built-types.js';
import { createProgram, errorsOf, newlyBroken } from './compile.js';
import { type FileKinds, findUses } from './find-uses.js';
import {
  type KnownOperations,
  matchUses,
  type PlacedUse,
  readOperations,
  type UsedIds,
} from './match-operations.js';
import {
  createPackages,
  createSourceCaches,
  findGeneratedFolders,
  isGeneratedFile,
  OWN_PACKAGE,
  type Packages,
  type SourceCache,
} from './overlay.js';
import { type Compiler, findPrograms, flat, loadCompiler, type ProgramFiles, shownFile } from './program.js';
import { neededOperations, reduceDocument } from './reduce-document.js';

/** What to look for, and where. */
export interface ImpactRequest {
  readonly before: OpenApiDocument;
  readonly after: OpenApiDocument;
  /** Operations that this package brings along, whichever document is compared. */
  readonly supplement?: Json;
  /** Of these two documents. */
  readonly changes: readonly Change[];
  /** Tsconfigs, folders that have one, or globs and files. */
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

/** What one of the programs says. */
interface ProgramFacts {
  readonly uses: readonly PlacedUse[];
  readonly unfollowed: readonly UnfollowedUse[];
  /** `undefined` where the program has no generated types that could be exchanged. */
  readonly broken: readonly ts.DiagnosticWithLocation[] | undefined;
  /** Files with types of the API that cannot be exchanged, as people name them. */
  readonly foreign: readonly string[];
}

/**
 * Finds what a TypeScript program uses of an API, which changes hit that, and which of its lines stop compiling.
 *
 * @throws {UsesError} When the program cannot be read, or has no files.
 * @throws {Error} When TypeScript 5 is not installed.
 */
export async function findImpact(request: ImpactRequest): Promise<Impact> {
  const compiler = await loadCompiler();
  const programs = findPrograms(compiler, request.uses, resolve(request.cwd));
  const known = readOperations(request.before, request.after, request.supplement);
  const generated = lazyTypes(request, known);
  const packages = createPackages(compiler);
  const context: Context = {
    compiler,
    request,
    known,
    generated,
    cacheOf: createSourceCaches(),
    packages,
    packageOf: packages.nameOf,
    roots: new Set(programs.flatMap(({ rootNames }) => rootNames)),
  };
  const facts = programs.map((files) => readProgram(context, files));
  const used = matchUses(
    facts.flatMap(({ uses }) => uses),
    known,
  );
  const changes = narrowChanges(request.changes, used.ids, used.byId);
  const broken = distinct(
    facts.flatMap((each) => each.broken ?? []).map((error) => describe(context, error, changes, used)),
  );
  const unfollowed = distinct(facts.flatMap((each) => each.unfollowed));
  const foreign = [...new Set(facts.flatMap((each) => each.foreign))];
  const compiled = foreign.length === 0 && facts.some((each) => each.broken !== undefined);
  const report = { operations: used.operations, broken, unfollowed, unknown: used.unknown, compiled };
  return { changes, report: { ...report, unclear: unclearReasons(report, changes, foreign) } };
}

/** What reading a program takes. */
interface Context {
  readonly compiler: Compiler;
  readonly request: ImpactRequest;
  readonly known: KnownOperations;
  readonly generated: TypesOf;
  readonly cacheOf: (options: ts.CompilerOptions) => SourceCache;
  readonly packages: Packages;
  readonly packageOf: Packages['nameOf'];
  readonly roots: ReadonlySet<string>;
}

type Side = 'before' | 'after';
/** Makes the types of a side: of all its operations, or of those that a program needs. */
type TypesOf = (side: Side, isNeeded: ((operation: Operation) => boolean) | undefined) => GeneratedFiles;

/** Several programs share the types of the two whole documents. */
function lazyTypes({ generate, before, after }: ImpactRequest, known: KnownOperations): TypesOf {
  const documents = { before, after };
  const made = new Map<Side, GeneratedFiles>();
  return (side, isNeeded) => {
    if (isNeeded !== undefined) return generate(reduceDocument(documents[side], known[side], isNeeded));
    const files = made.get(side) ?? generate(documents[side]);
    made.set(side, files);
    return files;
  };
}

function readProgram(context: Context, files: ProgramFiles): ProgramFacts {
  const { compiler, known, packageOf, request } = context;
  const cache = context.cacheOf(files.options);
  const asItIs = createProgram(compiler, files, cache);
  const folders = findGeneratedFolders(asItIs, packageOf);
  const kinds = kindsOf(asItIs, files, context);
  const all = asItIs.getSourceFiles();
  const needed = neededOperations(
    compiler,
    all.filter(kinds.isCaller),
    all.filter(kinds.isGenerated),
    known,
    request.changes,
  );
  const compileWith = (side: Side) =>
    createProgram(
      compiler,
      files,
      cache,
      { folders, files: context.generated(side, needed?.isNeeded) },
      asItIs,
    );
  const isSame = needed?.hasChanged === false;
  const [older, newer] =
    folders.length > 0 && !isSame ? [compileWith('before'), compileWith('after')] : [asItIs, undefined];
  const errors = newer && errorsOf(older, kinds.isCaller);
  const { uses, lost } = findUses(compiler, older, kinds, known.names);
  const built = findBuiltPackages(older, kinds, context.packages, context.roots);
  const place = (node: ts.Node) => placeOf(node.getSourceFile(), node.getStart(), request.cwd);
  return {
    uses: uses.map(({ node, wanted }) => ({ wanted, place: place(node) })),
    unfollowed: [...lost, ...built].map(({ node, why }) => ({ ...place(node), why })),
    // Where none of the types that it names changed, nothing that compiles stops to.
    broken:
      newer && errors ? newlyBroken(errors, errorsOf(newer, kinds.isCaller)) : brokenAsItIs(folders, isSame),
    foreign: findForeignTypes(older, folders, kinds, known.names).map((file) => shownFile(file, request.cwd)),
  };
}

function brokenAsItIs(folders: readonly string[], isSame: boolean): [] | undefined {
  return folders.length > 0 && isSame ? [] : undefined;
}

/** What a file is; the caller's are those that it names, and what they import that is in no installed package. */
function kindsOf(program: ts.Program, { rootNames }: ProgramFiles, { packageOf }: Context): FileKinds {
  const roots = new Set(rootNames);
  const isGenerated = (file: ts.SourceFile) => isGeneratedFile(file, packageOf);
  const isInstalled = (file: ts.SourceFile) =>
    file.fileName.includes('/node_modules/') ||
    program.isSourceFileFromExternalLibrary(file) ||
    packageOf(file.fileName) === OWN_PACKAGE;
  return {
    packageOf,
    isGenerated,
    isConnect: ({ fileName }) =>
      /\/(?:src|dist)\/connect\//.test(fileName) && packageOf(fileName) === OWN_PACKAGE,
    isCaller: (file) =>
      !file.isDeclarationFile && !isGenerated(file) && (roots.has(file.fileName) || !isInstalled(file)),
  };
}

/** Why it cannot be told whether the program is hit; nothing where it can. */
function unclearReasons(
  { operations, broken, compiled }: Omit<ImpactReport, 'unclear'>,
  changes: readonly Change[],
  foreign: readonly string[],
): string[] {
  const lines = broken.filter((line) => line.changes.length === 0);
  const hits = changes.filter(({ class: name }) => name === 'wire' || name === 'type').length;
  return [
    ...(operations.length === 0 ? ['no use of an operation was found in the program'] : []),
    ...lines.map(
      ({ file, line }) =>
        `${file}:${line} stops compiling, and no change of an operation that was found is why`,
    ),
    ...foreign.map(
      (file) =>
        `${file} holds types of the API that were built or generated elsewhere: the program could not be compiled against both documents`,
    ),
    ...(foreign.length === 0 && !compiled && hits > 0
      ? [
          'the program imports no types that `vercel-rest generate` writes: the lines that a change breaks could not be found',
        ]
      : []),
  ];
}

function describe(
  { compiler, request }: Context,
  { file, start, length, code, messageText }: ts.DiagnosticWithLocation,
  changes: readonly Change[],
  used: UsedIds,
): BrokenLine {
  const place = placeOf(file, start, request.cwd);
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

/** Each line once: a file may belong to several programs, and a line may be lost for one reason several times. */
function distinct<T extends ProgramPlace>(found: readonly T[]): T[] {
  const keyOf = (one: T) => [one.file, one.line, Reflect.get(one, 'why') ?? ''].join(':');
  return [...new Map(found.map((one) => [keyOf(one), one] as const).reverse()).values()].reverse();
}

function placeOf(file: ts.SourceFile, position: number, cwd: string): ProgramPlace {
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return { file: shownFile(file.fileName, cwd), line: line + 1, column: character + 1 };
}
