import { existsSync } from 'node:fs';
import { previousPathOf } from '../../codegen/pull/lock.js';
import { messageOf } from '../../util/message-of.js';
import { terminalText } from '../../util/terminal-text.js';
import type { CliContext } from '../io.js';
import type { Project } from '../project.js';
import { printNote } from '../terminal/print.js';
import { printDiff } from './print-diff.js';

const DEFAULT_PROGRAM = 'tsconfig.json';

/**
 * Reports what the last pull of a document changed, and which calls of the project's program it hits.
 *
 * Where the program cannot be read, a warning says so and every change is reported.
 *
 * @returns The report, as `vercel-rest diff` prints it.
 */
export async function reportChanges(
  document: string,
  { uses }: Project,
  io: CliContext,
  format: 'text' | 'json',
): Promise<string> {
  let report = '';
  const collecting: CliContext = {
    ...io,
    stdout: (text) => {
      report += text;
    },
  };
  const program = uses ?? (existsSync(DEFAULT_PROGRAM) ? [DEFAULT_PROGRAM] : undefined);
  const print = (hit: readonly string[] | undefined) =>
    printDiff(previousPathOf(document), document, { format, failOn: 'none', uses: hit }, collecting);
  try {
    await print(program);
  } catch (error) {
    if (program === undefined) throw error;
    const reason = messageOf(error);
    await printNote(
      io,
      `warning: the calls of this program could not be found, so every change is listed: ${terminalText(reason)}`,
    );
    report = '';
    await print(undefined);
  }
  return report;
}
