import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Change, FailOn, ImpactReport } from '../../codegen/diff/index.js';
import { previousPathOf } from '../../codegen/pull/previous.js';
import { EXIT, type Io, UsageError } from '../io.js';
import { commandOf, DEFAULT_DOCUMENT, type Project, projectOf } from '../project.js';
import { type ReadDocument, readDocument } from './document-file.js';

const FAIL_ON: readonly FailOn[] = ['wire', 'type', 'any', 'none'];
const FORMATS = ['text', 'json', 'markdown', 'html'] as const;

/** The flags of `vercel-rest diff`, as parsed. */
export interface DiffFlags {
  readonly format: (typeof FORMATS)[number];
  readonly failOn: FailOn;
  readonly uses?: readonly string[];
}

/** Adds `vercel-rest diff` to the program. */
export function addDiff(program: Command, io: Io, onExit: (code: number) => void): void {
  program
    .command('diff')
    .description('compare two OpenAPI documents and say what each change breaks')
    .argument('[old]', 'the older document, JSON or YAML (default: the one that the last pull replaced)')
    .argument('[new]', `the newer one (default: ${DEFAULT_DOCUMENT})`)
    .addOption(new Option('--format <format>', 'how to print it').choices(FORMATS).default('text'))
    .addOption(
      new Option('--fail-on <class>', 'what to stop at: type means type or wire, any adds error bodies')
        .choices(FAIL_ON)
        .default('wire'),
    )
    .option(
      '--uses <tsconfig or globs...>',
      'report only what hits this TypeScript program, and which of its lines stop compiling',
    )
    .addHelpText(
      'after',
      `
Classes: wire, a call that was valid or a value that was promised goes away; type, only compilation or an exhaustive
switch is hit; error-body, answers other than 2xx; added; docs.
Without documents, what the last \`vercel-rest pull\` changed is compared.
Exit codes: 0 nothing that --fail-on selects, 4 it selects a wire change, 3 it selects others, 2 usage, 1 a document that
cannot be read.`,
    )
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
      ? `there is no ${previous}: the document has not changed since the first ${pull}, which keeps the one before each change there`
      : `there is no ${current}: run ${pull}, or name two documents`,
  );
}

/**
 * Compares two documents and prints the report, alone, on stdout.
 *
 * @returns The exit code: 0, 3 or 4.
 * @throws {Error} For a document that cannot be read.
 */
export async function printDiff(before: string, after: string, flags: DiffFlags, io: Io): Promise<number> {
  const [older, newer] = [await readDocument(before), await readDocument(after)];
  // Loaded here: the other commands have no use for it.
  const { compareDocuments, selectChanges } = await import('../../codegen/diff/index.js');
  const all = compareDocuments(older, newer);
  const { changes, report } =
    flags.uses === undefined
      ? { changes: all, report: undefined }
      : await findImpactOn(flags.uses, older, newer, all);
  io.stdout(await format(changes, report, flags.format, io));
  const selected = selectChanges(changes, flags.failOn);
  // A line that stops compiling is a change of type, whatever it comes from.
  const isBroken = report !== undefined && report.broken.length > 0 && ['type', 'any'].includes(flags.failOn);
  if (selected.length === 0) return isBroken ? EXIT.news : EXIT.ok;
  return selected.some((change) => change.class === 'wire') ? EXIT.wire : EXIT.news;
}

async function findImpactOn(
  uses: readonly string[],
  before: ReadDocument,
  after: ReadDocument,
  changes: readonly Change[],
) {
  const { findImpact } = await import('../../codegen/usages/impact.js');
  const { UsesError } = await import('../../codegen/usages/program.js');
  const { generateForUse } = await import('../../codegen/usages/generate-for-use.js');
  const { isOpenApi } = await import('../../openapi/parse-document.js');
  if (!isOpenApi(before) || !isOpenApi(after))
    throw new Error('one of the documents has no `info`, and types cannot be generated from it');
  const generate = await generateForUse();
  try {
    return await findImpact({ before, after, changes, uses, cwd: process.cwd(), generate });
  } catch (error) {
    if (error instanceof UsesError) throw new UsageError(error.message);
    throw error;
  }
}

async function format(
  changes: readonly Change[],
  impact: ImpactReport | undefined,
  name: DiffFlags['format'],
  io: Io,
): Promise<string> {
  const diff = await import('../../codegen/diff/index.js');
  switch (name) {
    case 'json':
      return diff.formatJson(changes, impact);
    case 'markdown':
      return diff.formatMarkdown(changes, impact);
    case 'html':
      return diff.formatHtml(changes, impact);
    case 'text':
      return diff.formatText(changes, {
        colors: io.colors === true,
        ...(impact === undefined ? {} : { impact }),
      });
  }
}
