import { lockPathOf } from '../../codegen/pull/lock.js';
import { type PullOutcome, pull } from '../../codegen/pull/pull.js';
import { checkSourceUrl, DEFAULT_SOURCE } from '../../codegen/pull/source-url.js';
import { REAL_WORLD } from '../../codegen/pull/world.js';
import type { SourceDocument } from '../../openapi/read-document.js';
import { terminalText } from '../../util/terminal-text.js';
import { type CliContext, EXIT, UsageError } from '../io.js';
import { DEFAULT_DOCUMENT, type Project, projectOf } from '../project.js';
import { printNote } from '../terminal/print.js';
import { createProgressBar, NO_PROGRESS } from '../terminal/progress.js';
import { createStatusLine } from '../terminal/status-line.js';
import {
  explainSkipped,
  type Generated,
  type Generation,
  generateDocument,
  generationOf,
  readCorrections,
} from './generate-files.js';
import { describeGenerated } from './generate-types.js';
import { describeOutcome, outcomeJson, type PullPlaces } from './pull-report.js';
import { reportChanges } from './report-changes.js';

/** The flags of `vercel-rest pull`, as parsed. What is left out is as the project has settled it. */
export interface PullFlags {
  readonly url?: string;
  readonly out?: string;
  /** `false` for `--no-generate`. */
  readonly generate: boolean;
  readonly force?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Downloads the published document, generates the project's files from it, and reports what changed; with `--check` it only
 * says whether the document is new.
 *
 * @param version - Of this package.
 * @returns The exit code: 0, or with `--check` 3 where there is something new.
 * @throws {UsageError} For a flag or setting that cannot be read.
 * @throws {PullError} When the document cannot be downloaded or is refused; the files that are here stay as they are.
 * @throws {Error} When nothing can be generated from the document; the files that are here stay as they are.
 */
export async function pullDocument(flags: PullFlags, version: string, io: CliContext): Promise<number> {
  const project = await projectOf(io);
  const places = readPlaces(flags, project);
  const settled = flags.generate && !flags.check ? generationOf(project) : undefined;
  // A document that is not the project's own is only downloaded.
  const generation = settled?.document === places.document ? settled : undefined;
  const run: Run = { flags, places, project, generation, version, io };
  const { outcome, generated } = await pullAndGenerate(run);
  let written: readonly string[] = [];
  if (generated !== undefined) {
    const { findStale, writeFiles } = await import('../../codegen/generate/generated-folder.js');
    written = await findStale(generated.folder, generated.files);
    if (written.length > 0) await writeFiles(generated.folder, generated.files);
  }
  await report(run, outcome, generated, written);
  return outcome.status === 'new' ? EXIT.news : EXIT.ok;
}

/** Bundles the parts that one pull works with. */
interface Run {
  readonly flags: PullFlags;
  readonly places: PullPlaces;
  readonly project: Project;
  readonly generation: Generation | undefined;
  readonly version: string;
  readonly io: CliContext;
}

function readPlaces(flags: PullFlags, project: Project): PullPlaces {
  const url = checkSourceUrl(flags.url ?? project.url ?? DEFAULT_SOURCE);
  if (url === undefined) {
    throw new UsageError(
      '--url must be an https URL without user name and password; http is allowed to this machine alone',
    );
  }
  const document = flags.out ?? project.document ?? DEFAULT_DOCUMENT;
  if (!/[^/\\]\.json$/.test(document) || /\.(?:lock|previous)\.json$/.test(document)) {
    throw new UsageError('--out must name a .json file, e.g. openapi/vercel.json; its lock goes beside it');
  }
  return { url, document, lock: lockPathOf(document) };
}

/** Generates before the document is replaced, so that one from which nothing can be generated replaces nothing. */
async function pullAndGenerate(
  run: Run,
): Promise<{ readonly outcome: PullOutcome; readonly generated: Generated | undefined }> {
  const { places, generation } = run;
  if (generation === undefined) return { outcome: await pullWithProgress(run), generated: undefined };
  const { parseDocument, readDocument } = await import('../../openapi/read-document.js');
  let generated: Generated | undefined;
  const outcome = await pullWithProgress(run, async (bytes) => {
    generated = await generateWithStatus(parseDocument(new TextDecoder().decode(bytes)), generation, run);
  });
  // Types may be missing, or made by an older version of this package, though the document has not changed.
  generated ??= await generateWithStatus(readDocument(places.document), generation, run);
  return { outcome, generated };
}

async function generateWithStatus(
  source: SourceDocument,
  generation: Generation,
  run: Run,
): Promise<Generated> {
  const { refuseForeignFiles } = await import('../../codegen/generate/generated-folder.js');
  const { io } = run;
  const status = createStatusLine(isTalking(run) ? io : { ...io, stderrIsTerminal: false });
  status.show(`generating ${generation.out} ...`);
  try {
    const generated = await generateDocument(source, generation);
    await refuseForeignFiles(generated.folder, generated.files);
    return generated;
  } finally {
    status.clear();
  }
}

async function pullWithProgress(
  run: Run,
  onChecked?: (bytes: Uint8Array) => Promise<void>,
): Promise<PullOutcome> {
  const { flags, places, project, version, io } = run;
  const { url, document } = places;
  const talks = isTalking(run);
  const bar = talks && io.stderrIsTerminal ? createProgressBar('pulling', io.stderr) : NO_PROGRESS;
  const { packaged, own } = await readCorrections({
    file: project.corrections,
    skip: project.skipCorrections ?? [],
  });
  try {
    return await pull(
      {
        url,
        documentPath: document,
        force: flags.force ?? false,
        check: flags.check ?? false,
        corrections: [...packaged, ...own],
        generator: `vercel-rest/${version}`,
        signal: io.signal,
        onBytes: bar.update,
        onRetry: (reason, delayMs) => {
          bar.clear();
          if (talks) io.stderr(`${terminalText(reason)}; trying again in ${(delayMs / 1000).toFixed(1)} s\n`);
        },
        onChecked: async (bytes) => {
          bar.clear();
          await onChecked?.(bytes);
        },
      },
      { ...REAL_WORLD, ...io.pullWorld },
    );
  } catch (error) {
    bar.clear();
    if (io.signal.aborted) io.stderr(`stopped; ${document} is as it was. Run the same command again.\n`);
    throw error;
  } finally {
    bar.clear();
  }
}

function isTalking({ flags }: Run): boolean {
  return !flags.json && !flags.quiet;
}

async function report(
  run: Run,
  outcome: PullOutcome,
  generated: Generated | undefined,
  written: readonly string[],
): Promise<void> {
  const { flags, places, project, generation, io } = run;
  const warnings = [
    ...(outcome.status === 'unchanged' ? [] : outcome.warnings),
    ...(generated?.warnings ?? (outcome.status === 'unchanged' ? [] : outcome.misfits.map(explainSkipped))),
  ];
  const isChanged = outcome.status === 'written' && outcome.before !== undefined && generated !== undefined;
  if (flags.json) {
    const changes = isChanged ? await reportChanges(places.document, project, io, 'json') : undefined;
    const made = generation && { out: generation.out, written };
    io.stdout(outcomeJson(outcome, places, { warnings, generated: made, changes }));
    return;
  }
  for (const warning of warnings) await printNote(io, `warning: ${terminalText(warning)}`);
  if (flags.quiet) return;
  io.stdout(describeOutcome(outcome, places, { project, isGenerated: generated !== undefined }));
  if (generated !== undefined && generation !== undefined)
    io.stdout(await describeGenerated(generated, generation, written.length));
  if (!isChanged) return;
  const status = createStatusLine(io);
  status.show('looking for the calls that the changes hit ...');
  const changes = await reportChanges(places.document, project, io, 'text');
  status.clear();
  io.stdout(`\n${changes}`);
}
