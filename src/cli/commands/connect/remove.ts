import type { Command } from 'commander';
import type { ConnectTokenSubject } from '../../../connect/index.js';
import { AdvisedError, type Io, UsageError } from '../../io.js';
import { confirm } from '../../terminal/confirm.js';
import { readOwnUserId } from '../own-user.js';
import { readSubject } from '../subject.js';
import { printConnector } from './read.js';
import { addCommand, openSession, print, type SharedFlags } from './shared.js';

interface RemoveFlags extends SharedFlags {
  readonly disconnectAll?: boolean;
  readonly yes?: boolean;
}

interface RevokeFlags extends SharedFlags {
  readonly subject?: string;
  readonly installationId?: string;
  readonly myTokens?: boolean;
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
      if (!(await confirm(`Eject ${connector}? It cannot become managed again.`, flags, io))) return;
      const session = openSession(flags, io);
      printConnector(session, await session.client.connectors.eject(connector, session.options));
    });
  addCommand(connect, 'revoke-tokens', "revoke a subject's tokens, or all of a connector")
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-s, --subject <subject>', 'app, user (you), user:<id> or jwt-bearer:<sub>')
    .option('--installation-id <id>', 'only this installation')
    .option('--my-tokens', 'your own, the same as --subject user')
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
    throw new AdvisedError(
      `${connector} is linked to projects`,
      `Detach them (\`vercel-rest connect projects ${connector}\` shows them), or give --disconnect-all.`,
    );
  }
  if (!(await confirm(`Delete ${connector} with its links and tokens?`, flags, io))) return;
  await client.connectors.delete(connector, options);
  print(session, { connector, removed: true }, `${connector} is deleted.\n`);
}

async function revokeTokens(connector: string, flags: RevokeFlags, io: Io): Promise<void> {
  const { installationId } = flags;
  const subject = await readWhose(flags, io);
  const whose =
    subject === 'all' ? subject : { subject, ...(installationId === undefined ? {} : { installationId }) };
  const name =
    flags.subject === undefined || flags.subject === 'user'
      ? 'your tokens'
      : `the tokens of ${flags.subject}`;
  const what = subject === 'all' ? 'every token' : name;
  if (!(await confirm(`Revoke ${what} of ${connector}?`, flags, io))) return;
  const session = openSession(flags, io);
  const counts = await session.client.connectors.revokeTokens(connector, whose, session.options);
  const told =
    counts?.deleted === undefined ? '' : ` (${counts.deleted} of ${counts.tokensFound ?? counts.deleted})`;
  const scope = flags.allTokens === true ? 'all' : flags.myTokens === true ? 'mine' : flags.subject;
  print(session, { connector, scope, ...counts }, `Revoked ${what} of ${connector}${told}.\n`);
}

/** Whose tokens are meant, which exactly one flag says. @throws {UsageError} */
async function readWhose(flags: RevokeFlags, io: Io): Promise<'all' | ConnectTokenSubject> {
  const { subject, myTokens, allTokens, installationId, baseUrl } = flags;
  const given = [subject !== undefined, myTokens === true, allTokens === true].filter(Boolean);
  if (given.length !== 1)
    throw new UsageError('give one of --subject, --my-tokens and --all-tokens: it says whose tokens go');
  if (subject !== undefined) return readSubject(subject, baseUrl, io);
  if (myTokens === true) return { type: 'user', id: await readOwnUserId('--my-tokens', baseUrl, io) };
  if (installationId !== undefined)
    throw new UsageError('--installation-id goes with --subject or --my-tokens');
  return 'all';
}
