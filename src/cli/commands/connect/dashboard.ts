import type { Command } from 'commander';
import { type ApiFlags, teamQuery } from '../../api-flags.js';
import { AdvisedError, type CliContext, UsageError } from '../../io.js';
import { openPage } from '../../terminal/browser.js';
import { print } from '../../terminal/print.js';
import { shellWord } from '../../terminal/shell-word.js';
import { openSession } from './shared.js';

interface OpenFlags extends ApiFlags {
  readonly open: boolean;
}

interface ContactFlags extends ApiFlags {
  readonly phoneNumber: string;
}

/** Adds `open` and `contacts`. */
export function addDashboard(connect: Command, io: CliContext): void {
  connect
    .command('open')
    .description("open a connector's page in the Vercel dashboard, and print its URL")
    .argument('<connector>', 'id (scl_...) or UID')
    .option('--no-open', 'print the URL only, as without a terminal or in CI')
    .action(async (connector: string, flags: OpenFlags) => {
      const session = await openSession(flags, io);
      const { id } = await session.client.connectors.get(connector, session.options);
      // By id, since a UID has a slash. Without the team's slug the dashboard asks which team is meant.
      // Sources: the dashboard links of vercel.com/docs/connect, and the route that the Vercel CLI opens.
      const page = `/~/connect/${encodeURIComponent(id)}`;
      const { slug } = teamQuery(flags.team);
      const url =
        slug === undefined
          ? `https://vercel.com/d?to=${encodeURIComponent(`/[team]${page}`)}`
          : `https://vercel.com/${encodeURIComponent(slug)}${page}`;
      if (!session.flags.json === true) openPage(url, flags.open, io);
      await print(session, { url }, `${url}\n`);
    });
  const contacts = connect.command('contacts').description('phone numbers that may use a connector');
  contacts
    .command('add')
    .description('not offered; says how it can be done')
    .argument('<connector>', 'id (scl_...) or UID')
    .requiredOption('--phone-number <number>', 'in international form, e.g. +15550100')
    .action((connector: string, { phoneNumber }: ContactFlags) => {
      if (!/^\+[1-9]\d{1,14}$/.test(phoneNumber))
        throw new UsageError('--phone-number must be in international form (E.164), e.g. +15550100');
      const operation = '/v1/connect/connectors/{connector}/contacts';
      throw new AdvisedError(
        'Vercel publishes no operation that adds a contact, so that this program offers none',
        `Use \`vercel connect contacts add ${shellWord(connector)} --phone-number ${phoneNumber}\`, or call the unpublished operation, which can change: \`vercel-rest api POST '${operation}' --param ${shellWord(`connector=${connector}`)} --data '{"phoneNumber":"${phoneNumber}"}'\`.`,
      );
    });
}
