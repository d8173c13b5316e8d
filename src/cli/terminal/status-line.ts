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
