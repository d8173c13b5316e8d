const WIDTH = 24;
/** The number of bytes between two drawings of the line. */
const STEP_BYTES = 128 * 1024;
const CLEAR_LINE = '\r\u001b[2K';

/** A line on a terminal that shows how far a download is. */
export interface ProgressBar {
  readonly update: (received: number, expected: number | undefined) => void;
  /** Takes the line away, so that others can be written. */
  readonly clear: () => void;
}

/** Draws with `write`; a terminal is needed, for the line is drawn over itself. */
export function createProgressBar(label: string, write: (text: string) => void): ProgressBar {
  let drawnAt: number | undefined;
  return {
    update(received, expected) {
      const isLast = received === expected;
      // A new attempt begins at nothing again.
      const isFresh = drawnAt === undefined || received < drawnAt;
      if (!isFresh && !isLast && drawnAt !== undefined && received - drawnAt < STEP_BYTES) return;
      drawnAt = received;
      // A compressed answer does not say how long it will be.
      if (!expected) return write(`${CLEAR_LINE}${label} ${megabytes(received)}`);
      const share = Math.min(1, received / expected);
      const filled = Math.round(share * WIDTH);
      const bar = '#'.repeat(filled) + '.'.repeat(WIDTH - filled);
      write(`${CLEAR_LINE}${label} [${bar}] ${Math.round(share * 100)} % of ${megabytes(expected)}`);
    },
    clear() {
      if (drawnAt !== undefined) write(CLEAR_LINE);
      drawnAt = undefined;
    },
  };
}

/** Draws nothing: without a terminal, or where the user wants no progress. */
export const NO_PROGRESS: ProgressBar = { update: () => undefined, clear: () => undefined };

/** A size for people: `4.0 MB`. */
export function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
