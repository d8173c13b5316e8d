import { Command, CommanderError } from 'commander';
import { DEFAULT_SOURCE } from '../codegen/pull/source-url.js';
import { APIError, InvalidArgumentError } from '../errors/index.js';
import { addApi } from './api.js';
import { addCompletion } from './completion.js';
import { addConnect } from './connect/index.js';
import { collect, collectScopes, formatOption } from './connect/shared.js';
import { addDiff } from './diff.js';
import { addGenerate } from './generate.js';
import { EXIT, type Io, UsageError } from './io.js';
import { type MockFlags, serveMock } from './mock.js';
import { nextStep } from './next-step.js';
import { type PullFlags, pullDocument } from './pull.js';
import { printToken, type TokenFlags } from './token.js';

/**
 * Runs one command line.
 *
 * @param args - Without the program's own name.
 * @returns The exit code: 0, 1 for a failure of the API or the network, 2 for a usage error; 3 where `pull --check`,
 *   `generate --check` or `diff` finds something, 4 where `diff` finds a change on the wire.
 */
export async function run(args: readonly string[], version: string, io: Io): Promise<number> {
  let connector = '<connector>';
  let code: number = EXIT.ok;
  const program = createProgram(version, io);
  const onConnector = (name: string) => {
    connector = name;
  };
  const onExit = (found: number) => {
    code = found;
  };
  addConnect(program, io, onConnector, onExit, (parent) => addToken(parent, io, onConnector));
  addToken(program, io, onConnector);
  addApi(program, io);
  addMock(program, io);
  addPull(program, async (flags) => {
    code = await pullDocument(flags, version, io);
  });
  addDiff(program, io, onExit);
  addGenerate(program, io, onExit);
  addCompletion(program, io);
  pointToHelp(program, program.name());
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (io.signal.aborted) return EXIT.failure;
    return report(error, connector, io);
  }
}

const FIRST_STEPS = `
Without an account: start \`vercel-rest mock\`, and in another terminal run
  vercel-rest connect list --base-url http://127.0.0.1:4010
With one: set VERCEL_TOKEN to an access token (vercel.com/account/settings/tokens), and leave --base-url out.
Exit codes: 0, 1 API or network failure, 2 asked for wrongly; each command's --help tells of others.`;

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

function addToken(program: Command, io: Io, onConnector: (name: string) => void): void {
  program
    .command('token')
    .description('print a short-lived provider token')
    .argument('<connector>', 'id (scl_...) or UID, e.g. slack/acme-slack')
    .option('-s, --subject <subject>', 'app, user (you), user:<id> or jwt-bearer:<sub>', 'app')
    .option('--base-url <url>', 'where the API is, e.g. the URL that `vercel-rest mock` prints')
    .option('--installation-id <id>', 'an installation other than the default one')
    .option('--scopes <list>', 'by commas or spaces, repeatable; default all', collectScopes)
    .option('--no-default-scopes', 'ask for no scopes where --scopes names none')
    .option('--resources <list>', 'comma-separated, repeatable', collect)
    .option('--audience <list>', 'comma-separated, repeatable', collect)
    .option('--authorization-details <json>', 'a JSON array of details (RFC 9396)')
    .option('-y, --yes', 'where consent or installation is missing, ask for it and wait, without a question')
    .option('--no-open', 'open no browser for that')
    .option('--json', 'print the whole answer as JSON')
    .addOption(formatOption())
    .addHelpText(
      'after',
      '\nExample: vercel-rest token oauth/linear --subject user:user_123 --scopes read,write\nThe credential is VERCEL_TOKEN, else the project OIDC token (`vercel env pull`).\nExit codes: 0, 1 API or network failure, 2 usage.',
    )
    .action((connector: string, flags: TokenFlags) => {
      onConnector(connector);
      return printToken(connector, flags, io);
    });
}

function addMock(program: Command, io: Io): void {
  program
    .command('mock')
    .description('serve a mock of an API on loopback; prints its URL first, then a line a request')
    .argument('[document]', 'an OpenAPI document, JSON or YAML; default: Vercel Connect, with state')
    .option('--port <port>', '0 picks a free one', '4010')
    .option('--seed <seed>', 'the same seed gives the same answers')
    .option('--watch', 'take up the document again when it changes')
    .option('--fault <status:share>', 'fail by chance, e.g. 503:10% or network:5%; repeatable', collectOne)
    .addHelpText('after', '\nA request picks its answer with `Prefer: code=404`.')
    .action(async (document: string | undefined, flags: MockFlags) => {
      await serveMock(document, flags, io);
    });
}

function addPull(program: Command, action: (flags: PullFlags) => Promise<void>): void {
  program
    .command('pull')
    .description("download Vercel's OpenAPI document, if it is new and whole")
    .option('--url <url>', 'where it is published', DEFAULT_SOURCE)
    .option('--out <file>', 'where it goes; its lock goes beside it', 'openapi/vercel.json')
    .option('--check', 'only say whether there is something new; write nothing')
    .option('--force', 'take it although its size or its number of paths is far from the last')
    .option('--json', 'print the outcome as JSON')
    .option('--quiet', 'print errors and warnings only')
    .addHelpText(
      'after',
      '\nExit codes: 0 pulled or unchanged, 1 failure (the files are as they were), 2 usage, 3 with --check: there is something new.',
    )
    .action(action);
}

function collectOne(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

function report(error: unknown, connector: string, io: Io): number {
  const message = error instanceof Error ? error.message : String(error);
  const facts =
    error instanceof APIError ? [error.status, error.code, error.requestId].filter(Boolean).join(', ') : '';
  io.stderr(`error: ${message}${facts && ` (${facts})`}\n`);
  const advice = nextStep(error, connector);
  if (advice !== undefined) io.stderr(`next: ${advice}\n`);
  return error instanceof UsageError || error instanceof InvalidArgumentError ? EXIT.usage : EXIT.failure;
}
