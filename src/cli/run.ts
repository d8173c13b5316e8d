import { Command, CommanderError } from 'commander';
import { terminalOutput, terminalText } from '../util/terminal-text.js';
import { finishHelp } from './commands/help.js';
import { type CliContext, DEFAULT_COLUMNS, EXIT, EXIT_TABLE } from './io.js';
import type { FailedCommand } from './next-step.js';

/**
 * Runs one command line.
 *
 * @param args - Without the program's own name.
 * @returns The exit code, one of {@link EXIT}.
 */
export async function run(args: readonly string[], version: string, world: CliContext): Promise<number> {
  const { confirm } = world;
  // The last check of everything that a command writes or asks. Names from elsewhere were made safe where they were put into a
  // line; what was forgotten there can forge a line at most, and steer nothing.
  const io: CliContext = {
    ...world,
    stdout: (text) => world.stdout(terminalOutput(text)),
    stderr: (text) => world.stderr(terminalOutput(text)),
    confirm: confirm && ((question) => confirm(terminalText(question))),
  };
  let code: number = EXIT.ok;
  let ran: FailedCommand = { connector: undefined, flags: {}, env: io.env };
  const onExit = (found: number) => {
    code = found;
  };
  const asJson = wantsJson(args);
  const program = createProgram(version, io, asJson);
  // What runs often loads nothing of the other commands: the mock while one writes tests, completion with each new shell.
  if (args[0] === 'mock') (await import('./commands/mock.js')).addMock(program, io);
  else if (args[0] === 'completion') (await import('./commands/completion.js')).addCompletion(program, io);
  else if (args[0] !== '--version') (await import('./commands/commands.js')).addCommands(program, io, onExit);
  finishHelp(program);
  program.hook('preAction', async (_, command) => {
    const isOfConnector = command.registeredArguments[0]?.name() === 'connector';
    ran = { ...ran, connector: isOfConnector ? command.args[0] : undefined, flags: command.opts() };
    const { fillFromEnvironment } = await import('./api-flags.js');
    await fillFromEnvironment(command, io);
    const { useProxyOfEnvironment } = await import('./proxy.js');
    await useProxyOfEnvironment(io.env, io.stderr);
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    if (io.signal.aborted) return EXIT.interrupted;
    // Commander has written its own message.
    if (error instanceof CommanderError && !asJson) return EXIT.usage;
    const { reportError } = await import('./report-error.js');
    return reportError(error, ran, asJson, io);
  }
}

/** Whether a command line asks for JSON: its errors are JSON too, also those of a line that cannot be parsed. */
function wantsJson(args: readonly string[]): boolean {
  const own = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  return own.some(
    (word, index) =>
      /^--(?:json|format=json|fields(?:=.*)?)$/.test(word) ||
      (word === '--format' && own[index + 1] === 'json'),
  );
}

const FIRST_STEPS = `
Without an account: start \`vercel-rest mock\`, and in another terminal run
  vercel-rest connect list --base-url http://127.0.0.1:4010
With one: set VERCEL_TOKEN to an access token of vercel.com/account/settings/tokens.
VERCEL_REST_BASE_URL and VERCEL_TEAM_ID stand in for --base-url and --team.

${EXIT_TABLE}`;

function createProgram(version: string, io: CliContext, asJson: boolean): Command {
  const columns = io.columns ?? DEFAULT_COLUMNS;
  const program = new Command('vercel-rest');
  // Commander breaks the lines of descriptions, and not those of the notes after them.
  const wrap = (text: string) => program.createHelp().boxWrap(text, columns);
  return program
    .description('Call Vercel Connect and the rest of the Vercel API, mock it, and compare its documents.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout(wrap(text)),
      writeErr: (text) => {
        if (!asJson) io.stderr(io.stderrIsTerminal === true ? wrap(text) : text);
      },
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
    .showSuggestionAfterError()
    .addHelpText('after', FIRST_STEPS);
}
