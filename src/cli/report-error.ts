import { CommanderError } from 'commander';
import { APIError, InvalidArgumentError } from '../errors/index.js';
import { fileReason } from '../util/file-reason.js';
import { messageOf } from '../util/message-of.js';
import { terminalJson, terminalText } from '../util/terminal-text.js';
import { AdvisedError, type CliContext, EXIT, UsageError } from './io.js';
import { type FailedCommand, nextStep } from './next-step.js';
import { printNote } from './terminal/print.js';

/** An error of a command for programs: `{ "error": ... }` on stderr. */
interface ReportedError {
  readonly name: string;
  /** A word that does not change: that of the API, or one of this program. */
  readonly code: string;
  /** HTTP status of the answer; `null` without an answer. */
  readonly status: number | null;
  readonly message: string;
  /** The next step; `null` where the message says it all. */
  readonly next: string | null;
}

/**
 * Reports an error on stderr: as JSON for a program that asked for JSON, else in words.
 *
 * @returns The exit code.
 */
export async function reportError(
  error: unknown,
  command: FailedCommand,
  asJson: boolean,
  io: CliContext,
): Promise<number> {
  const { name, code, exit } = classify(error);
  const next = nextStep(error, command);
  const answer = error instanceof APIError ? error : undefined;
  // Status, code and request stand beside it.
  const message = answer?.serverMessage ?? fileMessage(error) ?? messageOf(error);
  if (asJson) {
    // The outcome of a consent has no status of its own.
    const status = answer?.status || null;
    const reported: ReportedError = {
      ...{ name, code, status },
      message: message.replace(/^error: /, ''),
      next: next ?? null,
    };
    io.stderr(`${terminalJson({ error: reported }, 2)}\n`);
    return exit;
  }
  const facts = [answer?.status, answer?.code, answer?.requestId].filter(Boolean).join(', ');
  const show = (text: string) => printNote(io, terminalText(text));
  await show(`error: ${message}${facts && ` (${facts})`}`);
  if (next !== undefined) await show(`next: ${next}`);
  return exit;
}

/** Says which file the system refused, and why; `undefined` for an error of any other kind. */
function fileMessage(error: unknown): string | undefined {
  const reason = fileReason(error);
  if (reason === undefined || !(error instanceof Error) || !('path' in error)) return undefined;
  return `cannot open ${String(error.path)}: ${reason}`;
}

/** Codes of answers whose body has none, by status. */
const CODES: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  429: 'rate_limited',
};

/** The class of an error and a word for it that do not change, and the exit code. */
function classify(error: unknown): Pick<ReportedError, 'name' | 'code'> & { readonly exit: number } {
  if (error instanceof UsageError || error instanceof CommanderError)
    return { name: 'UsageError', code: 'usage', exit: EXIT.usage };
  const name = error instanceof Error ? error.name : 'Error';
  const exit = error instanceof InvalidArgumentError ? EXIT.usage : EXIT.failure;
  if (error instanceof AdvisedError) return { name, code: 'not_possible', exit };
  const own = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof own === 'string') return { name, code: own, exit };
  if (!(error instanceof APIError)) return { name, code: 'failed', exit };
  const code = CODES[error.status] ?? (error.status >= 500 ? 'server_error' : 'bad_request');
  return { name, code, exit };
}
