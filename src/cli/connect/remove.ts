import type { Command } from 'commander';
import { type Io, UsageError } from '../io.js';
import { readSubject } from '../token.js';
import { printConnector } from './read.js';
import { addCommand, confirm, openSession, print, type SharedFlags } from './shared.js';

interface RemoveFlags extends SharedFlags {
  readonly disconnectAll?: boolean;
  readonly yes?: boolean;
}

interface RevokeFlags extends SharedFlags {
  readonly subject?: string;
  readonly installationId?: string;
  readonly allTokens?: boolean;
  readonly yes?: boolean;
}

/** Adds `remove`, `eject` and `revoke-tokens`. */
export function addRemoval(connect: Command, io: Io, onConnector: (name: string) => void): void {
  addCommand(connect, 'remove', 'delete a connector')
    .alias('rm')
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-a, --disconnect-all', 'also where projects are linked to it')
    .option('-y, --yes', 'do not ask')
    .action(async (connector: string, flags: RemoveFlags) => {
      onConnector(connector);
      await removeConnector(connector, flags, io);
    });
  addCommand(connect, 'eject', 'detach a managed connector from its manager')
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-y, --yes', 'do not ask')
    .action(async (connector: string, flags: RemoveFlags) => {
      onConnector(connector);
      if (!(await confirm(`Eject ${connector}? It cannot become managed again.`, flags.yes, io))) return;
      const session = openSession(flags, io);
      printConnector(session, await session.client.connectors.eject(connector, session.options));
    });
  addCommand(connect, 'revoke-tokens', "revoke a subject's tokens, or all of a connector")
    .argument('<connector>', 'id (scl_...) or UID')
    .option('--subject <subject>', 'app, user:<id> or jwt-bearer:<sub>')
    .option('--installation-id <id>', 'only this installation')
    .option('--all-tokens', 'every token of the connector')
    .option('-y, --yes', 'do not ask')
    .action(async (connector: string, flags: RevokeFlags) => {
      onConnector(connector);
      await revokeTokens(connector, flags, io);
    });
}

async function removeConnector(connector: string, flags: RemoveFlags, io: Io): Promise<void> {
  const session = openSession(flags, io);
  const { client, options } = session;
  const { items } = await client.projects.list(connector, { limit: 1 }, options);
  if (items.length > 0 && flags.disconnectAll !== true) {
    throw new UsageError(
      `${connector} is linked to projects (vercel-rest connect projects ${connector}); detach them, or give --disconnect-all`,
    );
  }
  if (!(await confirm(`Delete ${connector} with its links and tokens?`, flags.yes, io))) return;
  await client.connectors.delete(connector, options);
  print(session, { connector, removed: true }, `${connector} is deleted.\n`);
}

async function revokeTokens(connector: string, flags: RevokeFlags, io: Io): Promise<void> {
  const { subject, allTokens, installationId } = flags;
  if ((subject === undefined) === (allTokens !== true))
    throw new UsageError('give --subject or --all-tokens, one of the two');
  if (allTokens === true && installationId !== undefined)
    throw new UsageError('--installation-id goes with --subject');
  const whose =
    subject === undefined
      ? 'all'
      : { subject: readSubject(subject), ...(installationId === undefined ? {} : { installationId }) };
  const what = subject === undefined ? 'every token' : `the tokens of ${subject}`;
  if (!(await confirm(`Revoke ${what} of ${connector}?`, flags.yes, io))) return;
  const session = openSession(flags, io);
  const counts = await session.client.connectors.revokeTokens(connector, whose, session.options);
  const told =
    counts?.deleted === undefined ? '' : ` (${counts.deleted} of ${counts.tokensFound ?? counts.deleted})`;
  print(session, { connector, ...counts }, `Revoked ${what} of ${connector}${told}.\n`);
}
