import { resolve } from 'node:path';
import type ts from 'typescript';
import type { OpenApiDocument } from '../../openapi/document.js';
import {
  type BrokenLine,
  counted,
  type ImpactReport,
  type ProgramPlace,
  type UnfollowedUse,
} from '../diff/impact-report.js';
import { type Change, compareDocuments, narrowChanges } from '../diff/index.js';
import type { OperationPair } from '../diff/pair-operations.js';
import type { GeneratedFiles } from '../generate/generated-folder.js';
import { findBuiltPackages, findForeignTypes } from './built-types.js';
import { causesOf } from './causes.js';
import { createProgram, errorsOf, newlyBroken } from './compile.js';
import { findUsages } from './find-usages.js';
import type { GenerateTypes } from './generate-for-use.js';
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
  hashOfFolder,
  isGeneratedFile,
  OWN_PACKAGE,
  type Packages,
  readGenerated,
  type SourceCache,
} from './overlay.js';
import { type Compiler, findPrograms, flat, loadCompiler, type ProgramFiles, shownFile } from './program.js';
import { namedOperations, nodesOf, reduceDocument } from './reduce-document.js';
import type { FileKinds } from './usage-search.js';

/** The two documents, and the programs to read. */
export interface ImpactRequest {
  readonly before: OpenApiDocument;
  readonly after: OpenApiDocument;
  /** Tsconfigs, folders that have one, or globs and files. */
  readonly uses: readonly string[];
  readonly cwd: string;
  /** Makes the types of a document, or of those of its operations that are named. */
  readonly generate: GenerateTypes;
  /** SHA-256 of the newer document's bytes, by which types that are there already are known. Default: they are made. */
  readonly afterHash?: string | undefined;
}

/** The changes that concern a program, and the report on its code. */
export interface Impact {
  /** Those that hit it. */
  readonly changes: readonly Change[];
  readonly report: ImpactReport;
}

/** The uses and errors of one of the programs. */
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
  const cwd = resolve(request.cwd);
  const compiler = await loadCompiler(cwd);
  const programs = findPrograms(compiler, request.uses, cwd);
  const packages = createPackages(compiler);
  const known = readOperations(request.before, request.after);
  const context: Context = {
    compiler,
    request,
    known,
    changes: createChanges(request, known),
    types: createTypes(request),
    cacheOf: createSourceCaches(),
    packages,
    roots: new Set(programs.flatMap(({ rootNames }) => rootNames)),
  };
  const facts: ProgramFacts[] = [];
  for (const files of programs) facts.push(await readProgram(context, files));
  const used = matchUses(
    facts.flatMap(({ uses }) => uses),
    context.known,
  );
  const changes = context.changes.of(used);
  const broken = distinct(
    facts
      .flatMap((each) => each.broken ?? [])
      .map(({ file, start, length, code, messageText }): BrokenLine => {
        const place = placeOf(file, start, request.cwd);
        const line = file.text.split('\n')[place.line - 1] ?? '';
        const message = flat(compiler, messageText);
        const error = `${message}\n${file.text.slice(start, start + length)}`;
        const causes = causesOf({ error, line, file: place.file }, changes, used);
        return { ...place, code, message, changes: causes };
      }),
  );
  const unfollowed = distinct(facts.flatMap((each) => each.unfollowed));
  const foreign = [...new Set(facts.flatMap((each) => each.foreign))];
  const compiled = foreign.length === 0 && facts.some((each) => each.broken !== undefined);
  const report = { operations: used.operations, broken, unfollowed, unknown: used.unknown, compiled };
  // A use that was not followed may be of an operation that was not found.
  const missed =
    unfollowed.length === 0
      ? 0
      : compareDocuments(request.before, request.after, (pair) => !isUsed(pair, used)).filter(
          ({ class: name }) => name === 'wire',
        ).length;
  return { changes, report: { ...report, unclear: unclearReasons(report, changes, foreign, missed) } };
}

/** The changes of the operations that a program names or uses; each operation is compared once. */
function createChanges({ before, after }: ImpactRequest, { pairs }: KnownOperations) {
  const compared = new Set<OperationPair>();
  const keyOf = ({ before: was, after: is }: OperationPair) => [was?.node, is?.node];
  const found: Change[] = [];
  const add = (wanted: readonly OperationPair[]) => {
    const fresh = wanted.filter((pair) => !compared.has(pair));
    for (const pair of fresh) compared.add(pair);
    const nodes = new Set(fresh.flatMap(keyOf));
    if (fresh.length === 0) return;
    found.push(
      ...compareDocuments(before, after, (pair) => keyOf(pair).some((node) => node && nodes.has(node))),
    );
  };
  return {
    hasMoreThanWords: (named: readonly OperationPair[]): boolean => {
      add(named);
      const ids = new Set(named.flatMap(idsOf));
      return narrowChanges(found, ids).some(({ class: name }) => name !== 'docs');
    },
    of: (used: UsedIds): Change[] => {
      add(pairs.filter((pair) => isUsed(pair, used)));
      return narrowChanges(found, used.ids, used.byId);
    },
  };
}

function isUsed({ before, after }: OperationPair, { ids }: UsedIds): boolean {
  return [before, after].some((operation) => operation !== undefined && ids.has(operation.id));
}

/** The state that all programs of a request share. */
interface Context {
  readonly compiler: Compiler;
  readonly request: ImpactRequest;
  readonly known: KnownOperations;
  readonly types: TypesOf;
  readonly changes: ReturnType<typeof createChanges>;
  readonly cacheOf: (options: ts.CompilerOptions) => SourceCache;
  readonly packages: Packages;
  readonly roots: ReadonlySet<string>;
}

type Side = 'before' | 'after';
/** Makes the types of a side: of all its operations, or of those that are named. */
type TypesOf = (side: Side, named: readonly OperationPair[] | undefined) => Promise<GeneratedFiles>;

/** Several programs share the types of the two whole documents. */
function createTypes({ generate, before, after }: ImpactRequest): TypesOf {
  const documents = { before, after };
  const made = new Map<Side, Promise<GeneratedFiles>>();
  return (side, named) => {
    if (named !== undefined) {
      const ids = new Set(named.flatMap(idsOf));
      return generate(reduceDocument(documents[side], nodesOf(named, side)), (id) => ids.has(id));
    }
    const files = made.get(side) ?? generate(documents[side]);
    made.set(side, files);
    return files;
  };
}

function idsOf({ before, after }: OperationPair): string[] {
  return [before, after].flatMap((operation) => (operation === undefined ? [] : [operation.id]));
}

async function readProgram(context: Context, files: ProgramFiles): Promise<ProgramFacts> {
  const { compiler, known, packages, request } = context;
  const cache = context.cacheOf(files.options);
  const outline = createProgram(compiler, files, cache, 'in outline');
  const folders = findGeneratedFolders(outline, packages.nameOf);
  const kinds = kindsOf(outline, files, context);
  const callers = outline.getSourceFiles().filter(kinds.isCaller);
  const isNamed = namedOperations(compiler, callers, readGenerated(compiler, folders));
  const named = isNamed && known.pairs.filter(isNamed);
  const isSame = named !== undefined && !context.changes.hasMoreThanWords(named);
  const compileWith = async (side: Side) =>
    createProgram(compiler, files, cache, { folders, files: await context.types(side, named) }, outline);
  const asItIs = () => createProgram(compiler, files, cache, undefined, outline);
  // After a pull, the types that are there are the newer ones.
  const { afterHash } = request;
  const isPulled =
    afterHash !== undefined && folders.every((folder) => hashOfFolder(compiler, folder) === afterHash);
  const compiled =
    folders.length > 0 && !isSame
      ? await compareErrors(compileWith, isPulled ? asItIs() : undefined, kinds)
      : undefined;
  // Where none of the types that it names changed, nothing that compiles stops to.
  const broken = compiled?.broken ?? (folders.length > 0 ? [] : undefined);
  const program = compiled?.program ?? asItIs();
  const { uses, lost } = findUsages(compiler, program, kinds, known.names);
  const built = findBuiltPackages(program, kinds, packages, context.roots);
  const place = (node: ts.Node) => placeOf(node.getSourceFile(), node.getStart(), request.cwd);
  return {
    uses: uses.map(({ node, wanted }) => ({ wanted, place: place(node) })),
    unfollowed: [...lost, ...built].map(({ node, why }) => ({ ...place(node), why })),
    broken,
    foreign: findForeignTypes(program, folders, kinds, known.names).map((file) =>
      shownFile(file, request.cwd),
    ),
  };
}

/** The result of compiling a program against both documents. */
interface Compiled {
  /** In which uses are found. */
  readonly program: ts.Program;
  readonly broken: readonly ts.DiagnosticWithLocation[];
}

/**
 * Compiles against the newer types, and against the older ones only where that fails: a program that compiles is not broken,
 * and every use in it leads somewhere.
 *
 * @param pulled - The program as it is, where its types are the newer ones.
 */
async function compareErrors(
  compileWith: (side: Side) => Promise<ts.Program>,
  pulled: ts.Program | undefined,
  { isCaller }: FileKinds,
): Promise<Compiled> {
  if (pulled !== undefined && errorsOf(pulled, isCaller).length === 0) return { program: pulled, broken: [] };
  const newer = await compileWith('after');
  const after = errorsOf(newer, isCaller);
  if (after.length === 0) return { program: newer, broken: [] };
  const failing = new Set(after.map(({ file }) => file.fileName));
  const older = await compileWith('before');
  const before = errorsOf(older, (file) => isCaller(file) && failing.has(file.fileName));
  return { program: older, broken: newlyBroken(before, after) };
}

/** Classifies files. The program's own are those that it names, and those of their imports that no installed package has. */
function kindsOf(program: ts.Program, { rootNames }: ProgramFiles, { packages }: Context): FileKinds {
  const packageOf = packages.nameOf;
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
      /\/(?:src|dist)\/(?:connect|adapters)\//.test(fileName) && packageOf(fileName) === OWN_PACKAGE,
    isCaller: (file) =>
      !file.isDeclarationFile && !isGenerated(file) && (roots.has(file.fileName) || !isInstalled(file)),
  };
}

/** Returns the reasons for which the report may be incomplete; none where it is complete. */
function unclearReasons(
  { operations, broken, compiled }: Omit<ImpactReport, 'unclear'>,
  changes: readonly Change[],
  foreign: readonly string[],
  missed: number,
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
    ...(missed > 0
      ? [
          `uses that could not be followed: ${counted(missed, 'change')} on the wire of operations that were not found may hit them`,
        ]
      : []),
    ...(foreign.length === 0 && !compiled && hits > 0
      ? [
          'the program imports no types that `vercel-rest generate` writes: the lines that a change breaks could not be found',
        ]
      : []),
  ];
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
