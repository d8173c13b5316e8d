import type { PullWorld } from '../codegen/pull/world.js';
import { brand } from '../errors/brand.js';
import type { Project } from './project.js';

/** The outside world of a command, so that one can run in a test as it does in a terminal. */
export interface CliContext {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Fires when the user ends the program. */
  readonly signal: AbortSignal;
  /** Whether `stderr` is a terminal, on which a line can be drawn over itself. Default: it is not. */
  readonly stderrIsTerminal?: boolean;
  /** Whether `stdout` is a terminal: somebody reads what is printed, and no program. Default: it is not. */
  readonly stdoutIsTerminal?: boolean;
  /** Shows a web page to the user; absent without a browser. */
  readonly openUrl?: (url: string) => void;
  /** Stands in for parts of the network, clock and disk of `vercel-rest pull`. */
  readonly pullWorld?: Partial<PullWorld>;
  /** The settings of the project. Default: as `vercel-rest.json` or `package.json` of the working folder say. */
  readonly project?: Project;
  /** Reads standard input to its end. Default: nothing to read. */
  readonly readStdin?: () => Promise<string>;
  /** Asks a question that takes yes or no; absent where there is nobody to ask. */
  readonly confirm?: ((question: string) => Promise<boolean>) | undefined;
  /** The working folder. Default: that of the process. */
  readonly folder?: string;
  /** The width of the terminal in columns. Default: 80. */
  readonly columns?: number | undefined;
  /** Whether stdout is a terminal that shows colours; without it colours are left out. */
  readonly colors?: boolean;
}

/** The width of a terminal that does not say its own. */
export const DEFAULT_COLUMNS = 80;

/**
 * Exit codes: done, failed, or called wrongly.
 *
 * `news`: it did its work and found what it looks for: with `pull --check` another document, with `generate --check` stale
 * files, with `diff` changes that `--fail-on` selects or lines that stop compiling. `wire`: one of those changes is on the
 * wire. `unclear`: `diff --uses` could not tell whether the program is hit. `interrupted`: the user ended it, as shells write
 * SIGINT.
 */
export const EXIT = { ok: 0, failure: 1, usage: 2, news: 3, wire: 4, unclear: 5, interrupted: 130 } as const;

/** The same in words, for `--help` and the docs. */
export const EXIT_TABLE = `Exit codes of every command:
  0    done; nothing was found that a command stops at
  1    the API, the network or a file failed
  2    called wrongly; the message says what to change
  3    found: another document (pull --check), stale files (generate --check),
       changes that --fail-on selects or lines that stop compiling (diff)
  4    found: a change on the wire (diff)
  5    could not tell: diff --uses found no call, or lines and types that no
       call explains
  130  interrupted`;

/** The program was asked for something wrongly; its message says what, and how to fix it. */
export class UsageError extends Error {}
// The mock of a document is a bundle of its own.
brand(UsageError, 'UsageError');

/** The command cannot be carried out as things are. */
export class AdvisedError extends Error {
  /** @param next - What has to be done first, or instead. */
  constructor(
    message: string,
    readonly next: string,
  ) {
    super(message);
  }
}
