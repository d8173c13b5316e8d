import { terminalOutput, terminalText } from '../../util/terminal-text.js';
import type { CliContext } from '../io.js';

/**
 * Puts the last check in front of everything that a command writes or asks.
 *
 * Names from elsewhere were made safe where they were put into a line; what was forgotten there can forge a line at most,
 * and steer nothing.
 */
export function withSafeOutput(io: CliContext): CliContext {
  const { confirm } = io;
  return {
    ...io,
    stdout: (text) => io.stdout(terminalOutput(text)),
    stderr: (text) => io.stderr(terminalOutput(text)),
    confirm: confirm && ((question) => confirm(terminalText(question))),
  };
}
