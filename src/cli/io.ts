import type { PullWorld } from '../codegen/pull/world.js';
import type { Project } from './project.js';

/** The outside world of a command, so that one can run in a test as it does in a terminal. */
export interface Io {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires when the user ends the program. */
  readonly signal: AbortSignal;
  /** Whether `stderr` is a terminal, on which a line can be drawn over itself. Default: it is not. */
  readonly stderrIsTerminal?: boolean;
  /** Whether `stdout` is a terminal: somebody reads what is printed, and no program. Default: it is not. */
  readonly stdoutIsTerminal?: boolean;
  /** Shows a web page to the user; absent where there is no browser to ask for. */
  readonly openUrl?: (url: string) => void;
  /** Stands in for parts of the network, clock and disk of `vercel-rest pull`. */
  readonly pullWorld?: Partial<PullWorld>;
  /** What the project has settled. Default: as `vercel-rest.json` or `package.json` of the working folder say. */
  readonly project?: Project;
  /** Reads standard input to its end. Default: there is none. */
  readonly readStdin?: () => Promise<string>;
  /** Asks a question that takes yes or no; absent where there is nobody to ask. */
  readonly confirm?: (question: string) => Promise<boolean>;
  /** Whether stdout is a terminal that shows colours; without it there are none. */
  readonly colors?: boolean;
}

/**
 * What a command ends with: done, failed, or asked for wrongly.
 *
 * `news`: it did its work and found what it was asked to look for: with `pull --check` another document, with
 * `generate --check` stale files, with `diff` changes that `--fail-on` stops at. `wire`: one of those changes is on the wire.
 */
export const EXIT = { ok: 0, failure: 1, usage: 2, news: 3, wire: 4 } as const;

/** The program was asked for something wrongly; its message says what and how to mend it. */
export class UsageError extends Error {}

/** What is asked for cannot be done as things are. */
export class AdvisedError extends Error {
  /** @param next - What has to be done first, or instead. */
  constructor(
    message: string,
    readonly next: string,
  ) {
    super(message);
  }
}
