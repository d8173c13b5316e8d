import { type CliContext, UsageError } from '../io.js';

/** The flags that decide whether anybody is asked. */
export interface ConfirmFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Asks before something that cannot be undone.
 *
 * @returns `false` when the user says no.
 * @throws {UsageError} Where there is nobody to ask: without a terminal, or with `--json`, which a program reads.
 */
export async function confirm(
  question: string,
  { yes, json }: ConfirmFlags,
  io: CliContext,
): Promise<boolean> {
  if (yes === true) return true;
  if (json === true) throw new UsageError(`${question} Say yes with --yes: with --json nobody is asked`);
  if (io.confirm === undefined)
    throw new UsageError(`${question} Say yes with --yes: nobody can be asked without a terminal`);
  const isSure = await io.confirm(question);
  if (!isSure) io.stderr('Nothing was done.\n');
  return isSure;
}
