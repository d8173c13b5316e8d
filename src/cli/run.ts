import { Command, CommanderError } from 'commander';
import { APIError, InvalidArgumentError } from '../errors/index.js';
import { terminalText } from '../util/terminal-text.js';
import type { Outcome } from './commands/commands.js';
import { addMock } from './commands/mock.js';
import { EXIT, EXIT_TABLE, type Io, UsageError } from './io.js';
import { withSafeOutput } from './terminal/safe-io.js';

/**
 * Runs one command line.
 *
 * @param args - Without the program's own name.
 * @returns The exit code, one of {@link EXIT}.
 */
export async function run(args: readonly string[], version: string, world: Io): Promise<number> {
  const io = withSafeOutput(world);
  const outcome: Outcome = { connector: undefined, flags: {}, code: EXIT.ok };
  const program = createProgram(version, io);
  // The mock is started again and again while one writes tests, and needs nothing of what the other commands load.
  if (args[0] === 'mock') addMock(program, io);
  else (await import('./commands/commands.js')).addCommands(program, version, io, outcome);
  pointToHelp(program, program.name());
  program.hook('preAction', (_, command) => {
    outcome.flags = command.opts();
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (io.signal.aborted) return EXIT.interrupted;
    return await report(error, outcome, io);
  }
}

const FIRST_STEPS = `
Without an account: start \`vercel-rest mock\`, and in another terminal run
  vercel-rest connect list --base-url http://127.0.0.1:4010
With one: set VERCEL_TOKEN to an access token (vercel.com/account/settings/tokens), and leave --base-url out.

${EXIT_TABLE}`;

/** An error of a command line ends with where its own help is. */
function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(
    `next: \`${path} --help\` shows ${command.commands.length > 0 ? 'the commands' : 'arguments and options'}.`,
  );
  for (const child of command.commands) pointToHelp(child, `${path} ${child.name()}`);
}

function createProgram(version: string, io: Io): Command {
  return new Command('vercel-rest')
    .description(
      'Vercel Connect and the rest of the Vercel API, a mock of it, and a comparison of two API documents.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .showSuggestionAfterError()
    .addHelpText('after', FIRST_STEPS);
}

async function report(error: unknown, { connector, flags }: Outcome, io: Io): Promise<number> {
  const said = error instanceof APIError ? error.serverMessage : undefined;
  const message = said ?? (error instanceof Error ? error.message : String(error));
  const facts =
    error instanceof APIError ? [error.status, error.code, error.requestId].filter(Boolean).join(', ') : '';
  io.stderr(`error: ${terminalText(`${message}${facts && ` (${facts})`}`)}\n`);
  const { nextStep } = await import('./next-step.js');
  const advice = nextStep(error, { connector, flags, env: io.env });
  if (advice !== undefined) io.stderr(`next: ${terminalText(advice)}\n`);
  return error instanceof UsageError || error instanceof InvalidArgumentError ? EXIT.usage : EXIT.failure;
}
