import { terminalText } from '../../util/terminal-text.js';
import type { CliContext } from '../io.js';

const CLEAR_LINE = '\r\u001b[2K';
/** Longer text would break into a second line, which cannot be drawn over. */
const MAX_LENGTH = 78;

/** A line on a terminal that says what is going on. */
export interface StatusLine {
  readonly show: (text: string) => void;
  /** Takes the line away, so that others can be written. */
  readonly clear: () => void;
}

/** Draws over itself on a terminal; elsewhere it prints nothing. */
export function createStatusLine({ stderr, stderrIsTerminal }: CliContext): StatusLine {
  if (stderrIsTerminal !== true) return { show: () => undefined, clear: () => undefined };
  let drawn = '';
  return {
    show(text) {
      const safe = terminalText(text).slice(0, MAX_LENGTH);
      if (safe === drawn) return;
      drawn = safe;
      stderr(`${CLEAR_LINE}${safe}`);
    },
    clear() {
      if (drawn !== '') stderr(CLEAR_LINE);
      drawn = '';
    },
  };
}

const BAR_WIDTH = 24;

/** Describes how far a download is. A compressed response does not say how long it will be. */
export function downloadText(received: number, expected: number | undefined): string {
  if (!expected) return megabytes(received);
  const share = Math.min(1, received / expected);
  const bar = '#'.repeat(Math.round(share * BAR_WIDTH)).padEnd(BAR_WIDTH, '.');
  return `[${bar}] ${Math.round(share * 100)} % of ${megabytes(expected)}`;
}

/** A size for people: `4.0 MB`. */
export function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
