import type { Command } from 'commander';
import type { ConnectClient, ManageOptions } from '../../../connect/index.js';
import { type ApiFlags, clientSettings, collect } from '../../api-flags.js';
import type { CliContext } from '../../io.js';

/** The client, flags and output of a command of `vercel-rest connect`. */
export interface Session {
  readonly client: ConnectClient;
  readonly options: ManageOptions;
  readonly io: CliContext;
  readonly flags: ApiFlags;
}

/** Reaches Connect as the flags and the environment say. */
export async function openSession(flags: ApiFlags, io: CliContext): Promise<Session> {
  const { createConnectClient } = await import('../../../connect/client.js');
  return {
    client: createConnectClient(await clientSettings(flags, io)),
    options: { signal: io.signal },
    io,
    flags,
  };
}

/** Returns whether a request failed because the connector, link or service does not exist. */
export async function isMissing(error: unknown): Promise<boolean> {
  const { ConnectorNotFoundError } = await import('../../../connect/errors.js');
  return error instanceof ConnectorNotFoundError;
}

/** Adds what says which token is meant, beside whose it is; `readTokenParams` reads it. */
export function addTokenParams(command: Command): Command {
  return command
    .optionsGroup('Which token:')
    .option('--installation-id <id>', 'an installation other than the default one')
    .option(
      '--scopes <list>',
      'by commas or spaces, repeatable; default all',
      // Providers write them with spaces.
      (value: string, previous?: string[]) => collect(value.replaceAll(/\s+/g, ','), previous),
    )
    .option('--no-default-scopes', 'ask for no scopes where --scopes names none')
    .option('--resources <list>', 'comma-separated, repeatable', collect)
    .option('--audience <list>', 'comma-separated, repeatable', collect)
    .option('--authorization-details <json>', 'a JSON array of details (RFC 9396)')
    .optionsGroup('Options:');
}
