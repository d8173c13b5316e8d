import { parseCorrections } from '../../codegen/corrections/corrections.js';
import { readPackaged } from '../../codegen/corrections/packaged.js';
import { lockPathOf } from '../../codegen/pull/lock.js';
import { type PullOutcome, pull } from '../../codegen/pull/pull.js';
import { checkSourceUrl } from '../../codegen/pull/source-url.js';
import { REAL_WORLD } from '../../codegen/pull/world.js';
import { terminalText } from '../../util/terminal-text.js';
import { EXIT, type Io, UsageError } from '../io.js';
import { createProgressBar, NO_PROGRESS } from '../terminal/progress.js';
import { describeOutcome, outcomeJson, type PullPlaces } from './pull-report.js';

/** The flags of `vercel-rest pull`, as parsed. */
export interface PullFlags {
  readonly url: string;
  readonly out: string;
  readonly force?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/**
 * Brings the published document here, or with `--check` says whether it is new.
 *
 * @param version - Of this package.
 * @returns The exit code: 0, or with `--check` 3 where there is something new.
 * @throws {UsageError} For a flag that cannot be read.
 * @throws {PullError} When there was nothing to be had; the files that are here stay as they are.
 */
export async function pullDocument(flags: PullFlags, version: string, io: Io): Promise<number> {
  const places = readPlaces(flags);
  const outcome = await pullWithProgress(flags, places, version, io);
  if (flags.json) io.stdout(outcomeJson(outcome, places));
  else if (!flags.quiet) io.stdout(describeOutcome(outcome, places));
  if (outcome.status === 'unchanged') return EXIT.ok;
  if (!flags.json) for (const warning of outcome.warnings) io.stderr(`warning: ${terminalText(warning)}\n`);
  return outcome.status === 'new' ? EXIT.news : EXIT.ok;
}

function readPlaces(flags: PullFlags): PullPlaces {
  const url = checkSourceUrl(flags.url);
  if (url === undefined) {
    throw new UsageError(
      '--url must be an https URL without user name and password; http is allowed to this machine alone',
    );
  }
  if (!/[^/\\]\.json$/.test(flags.out) || /\.(?:lock|previous)\.json$/.test(flags.out)) {
    throw new UsageError('--out must name a .json file, e.g. openapi/vercel.json; its lock goes beside it');
  }
  return { url, document: flags.out, lock: lockPathOf(flags.out) };
}

async function pullWithProgress(
  flags: PullFlags,
  { url, document }: PullPlaces,
  version: string,
  io: Io,
): Promise<PullOutcome> {
  const isTalking = !flags.json && !flags.quiet;
  const bar = isTalking && io.stderrIsTerminal ? createProgressBar('pulling', io.stderr) : NO_PROGRESS;
  try {
    return await pull(
      {
        url,
        documentPath: document,
        force: flags.force ?? false,
        check: flags.check ?? false,
        corrections: parseCorrections(readPackaged('corrections')),
        generator: `vercel-rest/${version}`,
        signal: io.signal,
        onBytes: bar.update,
        onRetry: (reason, delayMs) => {
          bar.clear();
          if (isTalking)
            io.stderr(`${terminalText(reason)}; trying again in ${(delayMs / 1000).toFixed(1)} s\n`);
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
