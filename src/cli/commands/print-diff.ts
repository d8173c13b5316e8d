import { existsSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import {
  type ComparedDocument,
  compareDocuments,
  formatHtml,
  formatJson,
  formatMarkdown,
  formatSummary,
  formatText,
  type Report,
  selectChanges,
} from '../../codegen/diff/index.js';
import { lockPathOf, previousPathOf, readLock } from '../../codegen/pull/lock.js';
import { readDocument, type SourceDocument } from '../../openapi/read-document.js';
import { type CliContext, EXIT, UsageError } from '../io.js';
import { commandOf, DEFAULT_DOCUMENT, projectOf } from '../project.js';
import type { DiffFlags } from './diff.js';

/**
 * Compares two documents and prints the report, alone, on stdout. Documents that are not named are those that the last pull
 * leaves: the document as it was before, and as it is.
 *
 * @returns The exit code: 0, 3, 4 or 5.
 * @throws {UsageError} For one document without another.
 * @throws {Error} For a document that cannot be read, or refers to files outside its folder.
 */
export async function diffDocuments(
  before: string | undefined,
  after: string | undefined,
  flags: DiffFlags,
  io: CliContext,
): Promise<number> {
  const project = await projectOf(io);
  const own = { ...flags, uses: flags.uses ?? project.uses };
  if (before !== undefined && after !== undefined) return printDiff(before, after, own, io);
  if (before !== undefined) throw new UsageError('name two documents, the older first, or none');
  const current = project.document ?? DEFAULT_DOCUMENT;
  const previous = previousPathOf(current);
  if (existsSync(previous)) return printDiff(previous, current, own, io);
  const pull = `\`${commandOf(project, 'pull')}\``;
  throw new Error(
    existsSync(current)
      ? `${previous} does not exist: the document has not changed since the first ${pull}, which keeps the one before each change there`
      : `${current} does not exist: run ${pull}, or name two documents`,
  );
}

/**
 * Compares two documents, see {@link diffDocuments}.
 *
 * @returns The exit code: 0, 3, 4 or 5.
 * @throws {Error} For a document that cannot be read, or refers to files outside its folder.
 */
export async function printDiff(
  before: string,
  after: string,
  { format, failOn, uses, summary }: DiffFlags,
  io: CliContext,
): Promise<number> {
  const sources = { before: readDocument(before), after: readDocument(after) };
  const summaryFile = typeof summary === 'string' ? summary : summary && io.env.GITHUB_STEP_SUMMARY;
  if (summary !== undefined && !summaryFile)
    throw new UsageError('--summary needs the name of a file: $GITHUB_STEP_SUMMARY is not set here');
  const documents = {
    before: await describeDocument(before, sources.before),
    after: await describeDocument(after, sources.after),
  };
  const { changes, impact } =
    uses === undefined
      ? { changes: compareDocuments(sources.before.openapi, sources.after.openapi), impact: undefined }
      : await findImpactOn(uses, sources, io);
  const report: Report = { changes, impact, documents };
  io.stdout(FORMATS[format](report, io));
  if (summaryFile) await appendFile(summaryFile, formatSummary(report));
  if (failOn === 'none') return EXIT.ok;
  const selected = selectChanges(changes, failOn);
  if (selected.some((change) => change.class === 'wire')) return EXIT.wire;
  // A line that stops compiling is found, whatever it comes from; one that no change explains is a call that was missed.
  const isBroken = impact?.broken.some((line) => line.changes.length > 0) === true;
  if (selected.length > 0 || isBroken) return EXIT.news;
  return impact !== undefined && impact.unclear.length > 0 ? EXIT.unclear : EXIT.ok;
}

const FORMATS: Readonly<Record<DiffFlags['format'], (report: Report, io: CliContext) => string>> = {
  json: formatJson,
  markdown: formatMarkdown,
  html: formatHtml,
  text: (report, io) => formatText(report, { colors: io.colors === true }),
};

/** The identity of a document: its hash, and when it came where a lock beside it says so. */
async function describeDocument(path: string, { hash: sha256 }: SourceDocument): Promise<ComparedDocument> {
  const text = await readFile(lockPathOf(path), 'utf8').catch(() => '');
  const lock = readLock(text);
  return { path, sha256, ...(lock?.sha256 === sha256 ? { retrievedAt: lock.retrievedAt } : {}) };
}

async function findImpactOn(
  uses: readonly string[],
  { before, after }: { readonly before: SourceDocument; readonly after: SourceDocument },
  io: CliContext,
) {
  const { findImpact } = await import('../../codegen/usages/impact.js');
  const { UsesError } = await import('../../codegen/usages/program.js');
  const { generateForUse } = await import('../../codegen/usages/generate-for-use.js');
  const { readCorrections } = await import('./generate-files.js');
  const { corrections: file, skipCorrections: skip = [] } = await projectOf(io);
  const { packaged, own } = await readCorrections({ file, skip });
  try {
    const { changes, report } = await findImpact({
      before: before.openapi,
      after: after.openapi,
      uses,
      cwd: process.cwd(),
      generate: generateForUse([...packaged, ...own]),
      afterHash: after.hash,
    });
    return { changes, impact: report };
  } catch (error) {
    if (error instanceof UsesError) throw new UsageError(error.message);
    throw error;
  }
}
