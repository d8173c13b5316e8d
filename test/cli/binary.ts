import { type ExecFileException, execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { inject } from 'vitest';
import type { CliOutcome } from './run-cli.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** Runs the program as it is published. */
export type Binary = (
  args: readonly string[],
  options?: {
    readonly env?: Readonly<Record<string, string>>;
    readonly stdin?: string;
    /** The working folder. Default: the repository. */
    readonly cwd?: string;
    /** Told of what is written to stderr as it comes. */
    readonly onStderr?: (text: string) => void;
  },
) => Promise<CliOutcome>;

/** Gives the program that `bundle.setup.ts` bundled. */
export function useBinary(): Binary & { readonly path: () => string } {
  const path = () => inject('program');
  const run: Binary = (args, { env = {}, stdin, cwd = ROOT, onStderr } = {}) =>
    new Promise((done) => {
      // Nothing of whoever runs the tests: no credential, no colours.
      const own = { PATH: process.env.PATH ?? '', ...env };
      const child = execFile(
        process.execPath,
        [path(), ...args],
        { env: own, cwd, timeout: 30_000 },
        (error: ExecFileException | null, stdout, stderr) => {
          done({
            code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 99,
            stdout,
            stderr,
          });
        },
      );
      if (onStderr !== undefined) child.stderr?.on('data', onStderr);
      child.stdin?.end(stdin ?? '');
    });
  return Object.assign(run, { path });
}
