/** The outside world of a command, so that one can run in a test as it does in a terminal. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires when the user ends the program. */
  readonly signal: AbortSignal;
  /** Whether stdout is a terminal that shows colours; without it there are none. */
  readonly colors?: boolean;
}

/**
 * What a command ends with: done, failed at the API or on the way to it, or asked for wrongly; and for `diff`, changes that
 * `--fail-on` stops at, without or with one on the wire.
 */
export const EXIT = { ok: 0, failure: 1, usage: 2, changed: 3, wire: 4 } as const;

/** The program was asked for something wrongly; its message says what and how to mend it. */
export class UsageError extends Error {}
