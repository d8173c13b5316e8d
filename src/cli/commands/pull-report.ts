import { existsSync } from 'node:fs';
import type { DocumentFacts } from '../../codegen/pull/check-document.js';
import { previousPathOf } from '../../codegen/pull/lock.js';
import type { Changed, PullOutcome, Unchanged } from '../../codegen/pull/pull.js';
import { quote } from '../../codegen/pull/pull-error.js';
import { messageOf } from '../../util/message-of.js';
import { terminalJson, terminalText } from '../../util/terminal-text.js';
import type { CliContext } from '../io.js';
import { commandOf, type Project } from '../project.js';
import { printNote } from '../terminal/print.js';
import { megabytes, type StatusLine } from '../terminal/status-line.js';
import { explainSkipped, type Generated, type Generation } from './generate-files.js';
import { describeGenerated } from './generate-types.js';
import { printDiff } from './print-diff.js';
import type { PullFlags } from './pull-document.js';

const MAX_LISTED = 10;
const DEFAULT_PROGRAM = 'tsconfig.json';

/** The files that a pull generated, and those of them that were written or removed. */
interface Made {
  readonly generated: Generated;
  readonly generation: Generation;
  readonly written: readonly string[];
}

/** The places that a report names. */
export interface PullPlaces {
  readonly url: string;
  readonly document: string;
  readonly lock: string;
}

/** The command that reports a pull. */
interface PullContext {
  readonly flags: PullFlags;
  readonly places: PullPlaces;
  readonly project: Project;
  readonly status: StatusLine;
  readonly io: CliContext;
}

/** Reports a pull: in words, with `--json` as JSON, with `--quiet` its warnings alone. */
export async function reportPull(
  outcome: PullOutcome,
  made: Made | undefined,
  context: PullContext,
): Promise<void> {
  const { flags, places, status, io } = context;
  const { warnings: own, misfits } = { warnings: [], misfits: [], ...outcome };
  const warnings = [...own, ...(made?.generated.warnings ?? misfits.map(explainSkipped))];
  const isChanged = outcome.status === 'written' && outcome.before !== undefined && made !== undefined;
  if (flags.json) {
    const { before, after, facts } = { before: undefined, after: undefined, facts: undefined, ...outcome };
    const shown = {
      ...outcome,
      ...(facts && { facts: pickFacts(facts) }),
      ...(before && { before: pickFacts(before) }),
      ...(after && { after: pickFacts(after) }),
      ...places,
      ...(outcome.status === 'unchanged' && warnings.length === 0 ? {} : { warnings }),
      ...(made && { generated: { out: made.generation.out, written: made.written } }),
      ...(isChanged && { changes: JSON.parse(await readChanges('json', context)) }),
    };
    io.stdout(`${terminalJson(shown, 2)}\n`);
    return;
  }
  for (const warning of warnings) await printNote(io, `warning: ${terminalText(warning)}`);
  if (flags.quiet) return;
  io.stdout(describeOutcome(outcome, context, made !== undefined));
  if (made !== undefined) io.stdout(describeGenerated(made.generated, made.generation, made.written.length));
  if (!isChanged) return;
  status.show('looking for the calls that the changes hit ...');
  const changes = await readChanges('text', context);
  status.clear();
  io.stdout(`\n${changes}`);
}

/**
 * Compares the document with the one before it, as `vercel-rest diff` does, and finds the calls of the project's program that
 * the changes hit. Where the program cannot be read, a warning says so and every change is reported.
 */
async function readChanges(format: 'text' | 'json', { places, project, io }: PullContext): Promise<string> {
  const { document } = places;
  const program = project.uses ?? (existsSync(DEFAULT_PROGRAM) ? [DEFAULT_PROGRAM] : undefined);
  const compare = async (uses: readonly string[] | undefined): Promise<string> => {
    let report = '';
    const stdout = (text: string) => {
      report += text;
    };
    await printDiff(previousPathOf(document), document, { format, failOn: 'none', uses }, { ...io, stdout });
    return report;
  };
  return compare(program).catch(async (error: unknown) => {
    if (program === undefined) throw error;
    const reason = messageOf(error);
    await printNote(
      io,
      `warning: the calls of this program could not be found, so every change is listed: ${terminalText(reason)}`,
    );
    return compare(undefined);
  });
}

function describeOutcome(
  outcome: PullOutcome,
  { places, project }: PullContext,
  isGenerated: boolean,
): string {
  if (outcome.status === 'unchanged') {
    const { because, facts, lockWritten } = outcome;
    const lock = lockWritten ? `${places.lock} was brought up to date.\n` : '';
    return `unchanged: ${places.document} (${shortHash(facts)}): ${REASONS[because]}.\n${lock}`;
  }
  const heading =
    outcome.status === 'written'
      ? `pulled ${places.document} from ${places.url}`
      : `new: ${places.url} has another document than ${places.document}; nothing was written`;
  const { before, after, removed } = outcome;
  const lines = [heading, ...countTable(before, after)];
  if (removed.length > 0) lines.push(`operations that are gone: ${removed.length}`);
  for (const operation of removed.slice(0, MAX_LISTED)) lines.push(`  - ${quote(operation).slice(1, -1)}`);
  if (removed.length > MAX_LISTED) lines.push(`  ... and ${removed.length - MAX_LISTED} more`);
  if (outcome.status === 'new') lines.push(`next: run \`${commandOf(project, 'pull')}\`.`);
  else if (!isGenerated) lines.push(nextStepOf(outcome, project));
  return `${lines.join('\n')}\n`;
}

/** Facts may be a whole lock. */
function pickFacts({ bytes, sha256, normalizedSha256, openapi, counts }: DocumentFacts): DocumentFacts {
  return { bytes, sha256, normalizedSha256, openapi, counts };
}

const REASONS: Readonly<Record<Unchanged['because'], string>> = {
  'not-modified': 'the server answered 304 Not Modified',
  'same-bytes': 'the published document has the same bytes',
  'same-content':
    'the published document says the same in another order or layout; the file was not rewritten',
};

/** Says what to do with a document from which nothing was generated. */
function nextStepOf({ before }: Changed, project: Project): string {
  const compare =
    before === undefined ? '' : `run \`${commandOf(project, 'diff')}\` to see what changed, then `;
  const generate =
    project.out === undefined
      ? `run \`${commandOf(project, 'generate --out src/vercel')}\` for the types; "vercel-rest": { "out": "src/vercel" } in package.json lets pull do it.`
      : `run \`${commandOf(project, 'generate')}\` for the types.`;
  return `next: ${compare}${generate}`;
}

function countTable(before: DocumentFacts | undefined, after: DocumentFacts): string[] {
  const kinds = ['paths', 'operations', 'schemas'] as const;
  const rows: [string, string | undefined, string, string][] = [
    ...kinds.map((kind): [string, string | undefined, string, string] => {
      const delta = after.counts[kind] - (before?.counts[kind] ?? after.counts[kind]);
      const sign = delta > 0 ? '+' : '';
      const change = delta === 0 ? '' : `  (${sign}${delta})`;
      return [kind, before && String(before.counts[kind]), String(after.counts[kind]), change];
    }),
    ['size', before && megabytes(before.bytes), megabytes(after.bytes), ''],
    ['hash', before && shortHash(before), shortHash(after), ''],
  ];
  return rows.map(([name, old, now, change]) => {
    const from = old === undefined ? '' : `${old.padStart(12)} ->`;
    return `  ${name.padEnd(10)}${from}${now.padStart(13)}${change}`;
  });
}

function shortHash({ normalizedSha256 }: DocumentFacts): string {
  return normalizedSha256.slice(0, 12);
}
