import { type Command, Option } from 'commander';
import { type ConnectClient, createConnectClient, type ManageOptions } from '../../../connect/index.js';
import { terminalJson } from '../../../util/terminal-text.js';
import { chooseBearer } from '../../bearer.js';
import { type Io, UsageError } from '../../io.js';
import { EXAMPLES } from './examples.js';

/** Flags that every command of `vercel-rest connect` has. */
export interface SharedFlags {
  readonly baseUrl?: string;
  readonly team?: string;
  readonly json?: boolean;
}

/** What a command of `vercel-rest connect` works with. */
export interface Session {
  readonly client: ConnectClient;
  readonly options: ManageOptions;
  readonly io: Io;
  readonly json: boolean;
}

/** Makes a command of `vercel-rest connect`, with the flags that all of them have. */
export function addCommand(parent: Command, name: string, description: string): Command {
  const example = EXAMPLES[name];
  const command = parent
    .command(name)
    .description(description)
    .option('--base-url <url>', 'where the API is, e.g. the URL that `vercel-rest mock` prints')
    .option('--team <team>', 'the team, by id (team_...) or slug')
    .option('--json', 'print JSON')
    .addOption(formatOption());
  if (example === undefined) return command;
  return command.addHelpText('after', `\nExample: vercel-rest connect ${example}`);
}

/** `--format json`, which `vercel` has beside `--json`. */
export function formatOption(): Option {
  return new Option('--format <format>', 'the same as --json').choices(['json']).implies({ json: true });
}

/** Reaches the API as the flags and the environment say. */
export function openSession(flags: SharedFlags, io: Io): Session {
  const { baseUrl, team } = flags;
  const isId = team?.startsWith('team_') === true;
  return {
    client: createConnectClient({
      baseUrl,
      bearerToken: chooseBearer(baseUrl, io.env),
      ...(team === undefined ? {} : isId ? { teamId: team } : { slug: team }),
    }),
    options: { signal: io.signal },
    io,
    json: flags.json === true,
  };
}

/** Prints a value as JSON, or as the text that people are shown, whose names went through `terminalText`. */
export function print({ io, json }: Session, value: unknown, text: string): void {
  io.stdout(json ? `${terminalJson(value, 2)}\n` : text);
}

/** Collects a flag that may be given several times, or once with commas. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, ...value.split(',').filter((item) => item !== '')];
}

/** {@link collect} for scopes, which providers write with spaces. */
function collectScopes(value: string, previous: string[] = []): string[] {
  return collect(value.replaceAll(/\s+/g, ','), previous);
}

/** Reads a whole number. @throws {UsageError} */
export function readCount(flag: string, text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new UsageError(`${flag} must be a whole number above 0`);
}

/** Adds what says which token is meant, beside whose it is; `readTokenParams` reads it. */
export function addTokenParams(command: Command): Command {
  return command
    .option('--installation-id <id>', 'an installation other than the default one')
    .option('--scopes <list>', 'by commas or spaces, repeatable; default all', collectScopes)
    .option('--no-default-scopes', 'ask for no scopes where --scopes names none')
    .option('--resources <list>', 'comma-separated, repeatable', collect)
    .option('--audience <list>', 'comma-separated, repeatable', collect)
    .option('--authorization-details <json>', 'a JSON array of details (RFC 9396)');
}
