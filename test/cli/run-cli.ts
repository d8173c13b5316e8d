import type { CliContext } from '../../src/cli/io.js';
import { run } from '../../src/cli/run.js';

/** What a command printed, and how it ended. */
export interface CliOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The parts of the outside world that a test stands in for; without them there is no terminal and no input. */
export interface CliWorld extends Partial<Omit<CliContext, 'stdout' | 'stderr' | 'readStdin'>> {
  readonly onStdout?: (text: string) => void;
  readonly onStderr?: (text: string) => void;
  readonly stdin?: string;
}

/** Runs one command line in this process. */
export async function runCli(args: readonly string[], world: CliWorld = {}): Promise<CliOutcome> {
  const { onStdout, onStderr, stdin, ...rest } = world;
  const printed = { stdout: '', stderr: '' };
  const code = await run(args, '9.9.9', {
    env: {},
    signal: new AbortController().signal,
    ...rest,
    stdout: (text) => {
      printed.stdout += text;
      onStdout?.(text);
    },
    stderr: (text) => {
      printed.stderr += text;
      onStderr?.(text);
    },
    ...(stdin === undefined ? {} : { readStdin: async () => stdin }),
  });
  return { code, ...printed };
}
