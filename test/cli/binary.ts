import { type ExecFileException, execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { inject } from 'vitest';
import { type CliOutcome, runCli } from './run-cli.js';

const ROOT = resolve(import.meta.dirname, '../..');

/** Runs the program. */
export type Binary = (
  args: readonly string[],
  options?: {
    readonly env?: Readonly<Record<string, string>>;
    readonly stdin?: string;
    /** The working folder. Default: the repository. */
    readonly cwd?: string;
    /** Told of what is written to stdout as it comes. */
    readonly onStdout?: (text: string) => void;
    /** Told of what is written to stderr as it comes. */
    readonly onStderr?: (text: string) => void;
    /** Ends the program as Ctrl-C does. */
    readonly signal?: AbortSignal;
  },
) => Promise<CliOutcome>;

/** Runs the program as it is published, in a process of its own. */
export const runProcess: Binary = (args, { env = {}, stdin, cwd = ROOT, onStdout, onStderr, signal } = {}) =>
  new Promise((done) => {
    // Nothing of whoever runs the tests: no credential, no colours.
    const own = { PATH: process.env.PATH ?? '', ...env };
    const child = execFile(
      process.execPath,
      [inject('program'), ...args],
      { env: own, cwd, timeout: 30_000 },
      (error: ExecFileException | null, stdout, stderr) => {
        done({
          code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 99,
          stdout,
          stderr,
        });
      },
    );
    signal?.addEventListener('abort', () => child.kill('SIGINT'));
    if (onStdout !== undefined) child.stdout?.on('data', onStdout);
    if (onStderr !== undefined) child.stderr?.on('data', onStderr);
    child.stdin?.end(stdin ?? '');
  });

/** What the program reads from the process itself, and not from its context. */
const OF_PROCESS = /^VERCEL_OIDC_TOKEN/;

/** Runs the sources of the program in the process of the tests, which spares the start of one. */
const runSources: Binary = async (args, options = {}) => {
  const { env = {}, cwd = ROOT, stdin = '', onStdout, onStderr, signal } = options;
  const before = process.cwd();
  const lent = Object.entries(env).filter(([name]) => OF_PROCESS.test(name));
  process.chdir(cwd);
  for (const [name, value] of lent) process.env[name] = value;
  try {
    return await runCli(args, {
      env: { PATH: process.env.PATH ?? '', ...env },
      stdin,
      ...(onStdout && { onStdout }),
      ...(onStderr && { onStderr }),
      ...(signal && { signal }),
    });
  } finally {
    process.chdir(before);
    for (const [name] of lent) delete process.env[name];
  }
};

/**
 * Gives the program that `bundle.setup.ts` bundled.
 *
 * A call starts a process where `PROCESSES=all` asks for that, as CI does; otherwise it runs the sources here, which takes a
 * tenth of the time. What is about the process itself calls {@link runProcess}, or starts one with `path`.
 */
export function useBinary(): Binary & { readonly path: () => string } {
  const run = process.env.PROCESSES === 'all' ? runProcess : runSources;
  return Object.assign<Binary, { path: () => string }>((args, options) => run(args, options), {
    path: () => inject('program'),
  });
}
