import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { Change, ComparedDocument, FailOn, ImpactReport, Report } from '../../codegen/diff/index.js';
import { NOT_COMPARED } from '../../codegen/diff/not-compared.js';
import { lockPathOf, previousPathOf, readLock } from '../../codegen/pull/lock.js';
import type { OpenApiDocument } from '../../openapi/document.js';
import { readDocument, type SourceDocument } from '../../openapi/read-document.js';
import { type CliContext, EXIT, EXIT_TABLE, UsageError } from '../io.js';
import { commandOf, DEFAULT_DOCUMENT, type Project, projectOf } from '../project.js';

const FAIL_ON: readonly FailOn[] = ['wire', 'sunset', 'type', 'any', 'none'];
const FORMATS = ['text', 'json', 'markdown', 'html'] as const;

/** The flags of `vercel-rest diff`, as parsed. */
export interface DiffFlags {
  readonly format: (typeof FORMATS)[number];
  readonly failOn: FailOn;
  readonly uses?: readonly string[];
  /** A file to add a summary in Markdown to; `true` for the one of a GitHub workflow's step. */
  readonly summary?: string | boolean;
}

const HELP = `
Classes: wire, a call that was valid or a value that was promised goes away; type, only compilation or an exhaustive \
switch is hit; sunset, an operation is deprecated or has a date on which it ends; error-body, answers other than 2xx; \
added; docs.
Without documents, what the last \`vercel-rest pull\` changed is compared.
Not compared: ${NOT_COMPARED.join(', ')}.
With --uses, lines that stop compiling end with 3 and what could not be decided ends with 5, except with --fail-on none.

${EXIT_TABLE}`;

/** Adds `vercel-rest diff` to the program. */
export function addDiff(program: Command, io: CliContext, onExit: (code: number) => void): void {
  program
    .command('diff')
    .description('compare two OpenAPI documents and say what each change breaks')
    .argument('[old]', 'the older document, JSON or YAML (default: the one that the last pull replaced)')
    .argument('[new]', `the newer one (default: ${DEFAULT_DOCUMENT})`)
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('text'))
    .addOption(new Option('--json', 'the same as --format json').implies({ format: 'json' }))
    .addOption(
      new Option(
        '--fail-on <class>',
        'what to stop at: type and sunset mean these or wire, any all of them and error bodies',
      )
        .choices(FAIL_ON)
        .default('wire'),
    )
    .option(
      '--uses <tsconfig or globs...>',
      'report only what hits this TypeScript or JavaScript program, and stop at lines that stop compiling',
    )
    .option('--summary [file]', 'also add a summary in Markdown to a file (default: $GITHUB_STEP_SUMMARY)')
    .addHelpText('after', HELP)
    .action(async (before: string | undefined, after: string | undefined, flags: DiffFlags) => {
      const project = await projectOf(io);
      const uses = flags.uses ?? project.uses;
      const [older, newer] = documentsOf(before, after, project);
      onExit(await printDiff(older, newer, { ...flags, ...(uses === undefined ? {} : { uses }) }, io));
    });
}

/** The two documents that are named, or else what the last pull leaves: the document as it was before, and as it is. */
function documentsOf(
  before: string | undefined,
  after: string | undefined,
  project: Project,
): readonly [older: string, newer: string] {
  if (before !== undefined && after !== undefined) return [before, after];
  if (before !== undefined) throw new UsageError('name two documents, the older first, or none');
  const current = project.document ?? DEFAULT_DOCUMENT;
  const previous = previousPathOf(current);
  if (existsSync(previous)) return [previous, current];
  const pull = `\`${commandOf(project, 'pull')}\``;
  throw new Error(
    existsSync(current)
      ? `${previous} does not exist: the document has not changed since the first ${pull}, which keeps the one before each change there`
      : `${current} does not exist: run ${pull}, or name two documents`,
  );
}

/**
 * Compares two documents and prints the report, alone, on stdout.
 *
 * @returns The exit code: 0, 3, 4 or 5.
 * @throws {Error} For a document that cannot be read, or refers to files outside its folder.
 */
export async function printDiff(
  before: string,
  after: string,
  flags: DiffFlags,
  io: CliContext,
): Promise<number> {
  const sources = { before: readDocument(before), after: readDocument(after) };
  const [older, newer] = [sources.before.openapi, sources.after.openapi];
  const summaryFile = flags.summary === undefined ? undefined : summaryFileOf(flags.summary, io);
  // Loaded here: the other commands have no use for it.
  const diff = await import('../../codegen/diff/index.js');
  const documents = {
    before: await describeDocument(before, sources.before),
    after: await describeDocument(after, sources.after),
  };
  const { changes, report } =
    flags.uses === undefined
      ? { changes: diff.compareDocuments(older, newer), report: undefined }
      : await findImpactOn(flags.uses, older, newer, documents.after.sha256, io);
  io.stdout(format(diff, { changes, impact: report, documents }, flags.format, io));
  if (summaryFile !== undefined)
    await appendFile(summaryFile, diff.formatSummary({ changes, impact: report, documents }));
  return exitCodeOf(diff.selectChanges(changes, flags.failOn), report, flags.failOn);
}

function exitCodeOf(selected: readonly Change[], report: ImpactReport | undefined, failOn: FailOn): number {
  if (failOn === 'none') return EXIT.ok;
  if (selected.some((change) => change.class === 'wire')) return EXIT.wire;
  // A line that stops compiling is found, whatever it comes from; one that no change explains is a call that was missed.
  const isBroken = report?.broken.some((line) => line.changes.length > 0) === true;
  if (selected.length > 0 || isBroken) return EXIT.news;
  return report !== undefined && report.unclear.length > 0 ? EXIT.unclear : EXIT.ok;
}

function summaryFileOf(summary: string | boolean, { env }: CliContext): string {
  const file = typeof summary === 'string' ? summary : env.GITHUB_STEP_SUMMARY;
  if (file) return file;
  throw new UsageError('--summary needs the name of a file: $GITHUB_STEP_SUMMARY is not set here');
}

/** The identity of a document: its hash, and when it came where a lock beside it says so. */
async function describeDocument(path: string, { hash: sha256 }: SourceDocument): Promise<ComparedDocument> {
  const text = await readFile(lockPathOf(path), 'utf8').catch(() => '');
  const lock = readLock(text);
  return { path, sha256, ...(lock?.sha256 === sha256 ? { retrievedAt: lock.retrievedAt } : {}) };
}

async function findImpactOn(
  uses: readonly string[],
  before: OpenApiDocument,
  after: OpenApiDocument,
  afterHash: string,
  io: CliContext,
) {
  const { findImpact } = await import('../../codegen/usages/impact.js');
  const { UsesError } = await import('../../codegen/usages/program.js');
  const { generateForUse } = await import('../../codegen/usages/generate-for-use.js');
  const { readCorrections } = await import('./generate-files.js');
  const { corrections: file, skipCorrections: skip = [] } = await projectOf(io);
  const { packaged, own } = await readCorrections({ file, skip });
  try {
    return await findImpact({
      before,
      after,
      uses,
      cwd: process.cwd(),
      generate: generateForUse([...packaged, ...own]),
      afterHash,
    });
  } catch (error) {
    if (error instanceof UsesError) throw new UsageError(error.message);
    throw error;
  }
}

function format(
  diff: typeof import('../../codegen/diff/index.js'),
  report: Report,
  name: DiffFlags['format'],
  io: CliContext,
): string {
  switch (name) {
    case 'json':
      return diff.formatJson(report);
    case 'markdown':
      return diff.formatMarkdown(report);
    case 'html':
      return diff.formatHtml(report);
    case 'text':
      return diff.formatText(report, { colors: io.colors === true });
  }
}
