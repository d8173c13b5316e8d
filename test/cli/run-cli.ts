import { run } from '../../src/cli/run.js';
import type { PullWorld } from '../../src/codegen/pull/world.js';

/** What a command printed, and how it ended. */
export interface CliOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process. */
export async function runCli(
  args: readonly string[],
  options: {
    env?: Record<string, string>;
    signal?: AbortSignal;
    onStdout?: (text: string) => void;
    onStderr?: (text: string) => void;
    stderrIsTerminal?: boolean;
    pullWorld?: Partial<PullWorld>;
  } = {},
): Promise<CliOutcome> {
  const printed = { stdout: '', stderr: '' };
  const code = await run(args, '9.9.9', {
    stdout: (text) => {
      printed.stdout += text;
      options.onStdout?.(text);
    },
    stderr: (text) => {
      printed.stderr += text;
      options.onStderr?.(text);
    },
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
    ...(options.stderrIsTerminal === undefined ? {} : { stderrIsTerminal: options.stderrIsTerminal }),
    ...(options.pullWorld === undefined ? {} : { pullWorld: options.pullWorld }),
  });
  return { code, ...printed };
}
