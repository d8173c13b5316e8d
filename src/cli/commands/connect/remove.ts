import type { Command } from 'commander';
import type { ConnectRevocation } from '../../../connect/index.js';
import { defined } from '../../../util/defined.js';
import type { ApiFlags } from '../../api-flags.js';
import { AdvisedError, type CliContext, EXIT, UsageError } from '../../io.js';
import { confirm } from '../../terminal/confirm.js';
import { print } from '../../terminal/print.js';
import { shellWord } from '../../terminal/shell-word.js';
import { readSubject } from '../subject.js';
import { printConnector } from './read.js';
import { openSession } from './shared.js';

interface RemoveFlags extends ApiFlags {
  readonly disconnectAll?: boolean;
  readonly yes?: boolean;
}

interface RevokeFlags extends ApiFlags {
  readonly subject?: string;
  readonly installationId?: string;
  readonly myTokens?: boolean;
  readonly allTokens?: boolean;
  readonly yes?: boolean;
}

/** Adds `remove`, `eject` and `revoke-tokens`. */
export function addRemoval(connect: Command, io: CliContext, onExit: (code: number) => void): void {
  connect
    .command('remove')
    .description('delete a connector')
    .alias('rm')
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-a, --disconnect-all', 'also where projects are linked to it')
    .option('-y, --yes', 'do not ask')
    .action(async (connector: string, flags: RemoveFlags) => {
      const session = await openSession(flags, io);
      const { client, options } = session;
      const facts = await client.connectors.get(connector, options);
      const { items } = await client.projects.list(connector, { limit: 1 }, options);
      if (items.length > 0 && flags.disconnectAll !== true) {
        throw new AdvisedError(
          `${connector} is linked to projects`,
          `Detach them (\`vercel-rest connect projects ${shellWord(connector)}\` shows them), or give --disconnect-all.`,
        );
      }
      if (!(await confirm(`Delete ${connector} with its links and tokens?`, flags, io))) return;
      await client.connectors.delete(connector, options);
      await print(session, { ...nameOf(facts), removed: true }, `${connector} is deleted.\n`);
    });
  connect
    .command('eject')
    .description('detach a managed connector from its manager')
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-y, --yes', 'do not ask')
    .action(async (connector: string, flags: RemoveFlags) => {
      if (!(await confirm(`Eject ${connector}? It cannot become managed again.`, flags, io))) return;
      const session = await openSession(flags, io);
      await printConnector(session, await session.client.connectors.eject(connector, session.options));
    });
  connect
    .command('revoke-tokens')
    .description("revoke a subject's tokens, or all of a connector")
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-s, --subject <subject>', 'app, user (you), user:<id> or jwt-bearer:<sub>')
    .option('--installation-id <id>', 'only this installation')
    .option('--my-tokens', 'your own, the same as --subject user')
    .option('--all-tokens', 'every token of the connector')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      '\nExit codes: 0, 1 the API failed, or the provider did not revoke them all, 2 usage.',
    )
    .action(async (connector: string, flags: RevokeFlags) => {
      onExit(await revokeTokens(connector, flags, io));
    });
}

/** @returns The exit code: 1 where the provider did not revoke all that it should. */
async function revokeTokens(connector: string, flags: RevokeFlags, io: CliContext): Promise<number> {
  const { subject, installationId, myTokens, allTokens } = flags;
  const given = [subject !== undefined, myTokens === true, allTokens === true].filter(Boolean);
  if (given.length !== 1)
    throw new UsageError('give one of --subject, --my-tokens and --all-tokens: it says whose tokens go');
  if (allTokens === true && installationId !== undefined)
    throw new UsageError('--installation-id goes with --subject or --my-tokens');
  const own = subject ?? 'user';
  const asker = subject === undefined ? '--my-tokens' : undefined;
  const whose =
    allTokens === true
      ? 'all'
      : defined({ subject: await readSubject(own, flags, io, asker), installationId });
  const ofSubject = own === 'user' ? 'your tokens' : `the tokens of ${own}`;
  const what = allTokens === true ? 'every token' : ofSubject;
  const session = await openSession(flags, io);
  const facts = await session.client.connectors.get(connector, session.options);
  const { supportsRevocation } = facts;
  const warning = supportsRevocation ? '' : ` ${UNREVOKED}`;
  if (!(await confirm(`Revoke ${what} of ${connector}?${warning}`, flags, io))) return EXIT.ok;
  const counts = await session.client.connectors.revokeTokens(connector, whose, session.options);
  const scope = allTokens === true ? 'all' : (subject ?? 'mine');
  const receipt = { ...nameOf(facts), scope, supportsRevocation, ...counts };
  await print(session, receipt, `Revoked ${what} of ${connector}${describeRevocation(counts)}\n`);
  return (counts?.providerFailed ?? 0) > 0 ? EXIT.failure : EXIT.ok;
}

/** The connector in a receipt: its id and UID, however it was named. */
function nameOf({ id, uid }: { readonly id: string; readonly uid: string }) {
  return { connector: uid, id, uid };
}

/** Describes what was deleted here, and what the provider did not revoke. */
function describeRevocation(counts: ConnectRevocation | undefined): string {
  const { deleted, tokensFound = deleted, providerFailed = 0, providerSkipped = 0 } = counts ?? {};
  const share = deleted === undefined ? '' : ` (${deleted} of ${tokensFound})`;
  const lines = [`${share}.`];
  if (providerFailed > 0)
    lines.push(
      `The provider did not revoke ${providerFailed}: they work there until they expire. Revoke them there.`,
    );
  if (providerSkipped > 0) lines.push(`Not revoked at the provider: ${providerSkipped}. ${UNREVOKED}`);
  return lines.join('\n');
}

const UNREVOKED =
  'The provider offers no revocation: Vercel forgets the tokens, and at the provider they work until they expire.';
