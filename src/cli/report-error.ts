import { CommanderError } from 'commander';
import { APIError } from '../errors/index.js';
import { terminalJson, terminalText } from '../util/terminal-text.js';
import type { Outcome } from './commands/commands.js';
import { AdvisedError, type CliContext, UsageError } from './io.js';
import { nextStep } from './next-step.js';
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

/** Reports an error on stderr: as JSON for a program that asked for JSON, else in words. */
export function reportError(
  error: unknown,
  { connector, flags }: Outcome,
  asJson: boolean,
  io: CliContext,
): void {
  const next = nextStep(error, { connector, flags, env: io.env });
  // Status, code and request stand beside it.
  const said = error instanceof APIError ? error.serverMessage : undefined;
  const message = said ?? (error instanceof Error ? error.message : String(error));
  if (asJson) {
    const reported: ReportedError = {
      name: nameOf(error),
      code: codeOf(error),
      // The outcome of a consent has no status of its own.
      status: error instanceof APIError && error.status > 0 ? error.status : null,
      message: message.replace(/^error: /, ''),
      next: next ?? null,
    };
    io.stderr(`${terminalJson({ error: reported }, 2)}\n`);
    return;
  }
  const facts =
    error instanceof APIError ? [error.status, error.code, error.requestId].filter(Boolean).join(', ') : '';
  const show = (text: string) => printNote(io, terminalText(text));
  show(`error: ${message}${facts && ` (${facts})`}`);
  if (next !== undefined) show(`next: ${next}`);
}

function nameOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof CommanderError) return 'UsageError';
  return error instanceof Error ? error.name : 'Error';
}

/** Codes of answers whose body has none, by status. */
const CODES: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  429: 'rate_limited',
};

function codeOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof CommanderError) return 'usage';
  if (error instanceof AdvisedError) return 'not_possible';
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return code;
  if (!(error instanceof APIError)) return 'failed';
  return CODES[error.status] ?? (error.status >= 500 ? 'server_error' : 'bad_request');
}
