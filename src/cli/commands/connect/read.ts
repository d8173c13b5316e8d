import { type Command, Option } from 'commander';
import type { ConnectConnector } from '../../../connect/index.js';
import { terminalText } from '../../../util/terminal-text.js';
import { type ApiFlags, collect, countOf, refuseFurther, withApiFlags } from '../../api-flags.js';
import type { CliContext } from '../../io.js';
import { resolveProject } from '../../resolve-project.js';
import type { Column } from '../../terminal/align.js';
import { print, printNote } from '../../terminal/print.js';
import { shellWord } from '../../terminal/shell-word.js';
import { formatFacts, formatTable } from '../../terminal/table.js';
import { type ConnectorWithProjects, withProjects } from './list-projects.js';
import { openSession, type Session } from './shared.js';

const SORTS = ['name', 'createdAt', 'updatedAt'] as const;

interface ListFlags extends ApiFlags {
  readonly project?: string;
  readonly search?: string;
  readonly type?: string[];
  readonly service?: string[];
  readonly sort?: (typeof SORTS)[number];
  readonly limit: number;
  readonly next?: string;
  readonly all?: boolean;
  readonly allProjects?: boolean;
}

/** Adds `list` and `get`. */
export function addReading(connect: Command, io: CliContext): void {
  refuseFurther(connect.command('list'), 'give what to look for as --search <text>, --type or --service')
    .description('list the connectors of the team')
    .alias('ls')
    .option(
      '--project <project>',
      'only those linked to it, by id or name; default: that of the linked folder',
    )
    .addOption(
      new Option(
        '--all-projects',
        'of every project, and tell those of each: one more request a connector',
      ).conflicts('project'),
    )
    .option('--search <text>', 'match names, UIDs and services')
    .option('--type <types>', 'only these types; comma-separated, repeatable', collect)
    .option('--service <services>', 'only these services; comma-separated, repeatable', collect)
    .addOption(new Option('--sort <by>', 'names ascend, dates descend').choices([...SORTS]))
    .option('--limit <count>', 'how many to print', countOf('--limit'), 20)
    .option('--next <cursor>', 'go on where an earlier list said')
    .option('--all', 'print all of them, page after page')
    .action(async (flags: ListFlags) => {
      await listConnectors(flags, io);
    });
  connect
    .command('get')
    .description('show one connector')
    .argument('<connector>', 'id (scl_...) or UID')
    .action(async (connector: string, flags: ApiFlags) => {
      const session = await openSession(flags, io);
      await printConnector(session, await session.client.connectors.get(connector, session.options));
    });
}

async function listConnectors(flags: ListFlags, io: CliContext): Promise<void> {
  const session = await openSession(flags, io);
  const { allProjects, project, search, type, service, sort, next: cursor } = flags;
  const projectId = project === undefined ? undefined : await resolveProject(project, flags, io);
  const query = { limit: Math.min(flags.limit, 100), projectId, search, type, service, sort, cursor };
  const found: ConnectConnector[] = [];
  let next: string | null = null;
  for await (const page of session.client.connectors.list(query, session.options).pages()) {
    found.push(...page.items);
    const cursor: unknown = Object(Reflect.get(Object(page.data), 'pagination')).next;
    next = typeof cursor === 'string' ? cursor : null;
    // A page is printed whole: a cursor in its middle does not exist.
    if (flags.all !== true && found.length >= flags.limit) break;
  }
  const shown = allProjects === true ? await withProjects(found, session) : found;
  await print(session, { connectors: shown, cursor: next }, await connectorTable(shown, io));
  // Notes for people below the rows, which a program that reads the rows does not get.
  if (flags.json) return;
  if (shown.length === 0 && project !== undefined)
    await printNote(
      io,
      `No connectors of ${terminalText(project)}; --all-projects shows those of every project.`,
    );
  else if (shown.length === 0)
    await printNote(
      io,
      withApiFlags('No connectors. Make one with `vercel-rest connect create <service>`.', flags),
    );
  else if (next !== null) await printNote(io, `More: --next ${shellWord(terminalText(next))}, or --all`);
}

function connectorTable(
  connectors: readonly (ConnectConnector | ConnectorWithProjects)[],
  io: CliContext,
): Promise<string> {
  const rows = connectors.map((connector) => {
    const { uid, name, type, id, createdAt } = connector;
    const cells = [uid, name, type, id, { epochMs: createdAt }];
    if (!('projects' in connector)) return cells;
    const names = connector.projects.map((project) => project.name);
    if (connector.hasMoreProjects) names.push('...');
    return [...cells, names.join(', ') || 'none'];
  });
  const heading: Column[] = [
    { title: 'uid' },
    { title: 'name' },
    { title: 'type' },
    { title: 'id', isOptional: true },
    { title: 'created' },
  ];
  const isLong = connectors.some((connector) => 'projects' in connector);
  return formatTable(isLong ? [...heading, { title: 'projects' }] : heading, rows, io);
}

/** Prints one connector. */
export async function printConnector(session: Session, connector: ConnectConnector): Promise<void> {
  const { createdAt, updatedAt, triggers, triggerDestinations } = connector;
  const places = (triggerDestinations ?? []).map(
    ({ projectId, branch, customEnvironmentId, path }) =>
      `${projectId} ${customEnvironmentId ?? (branch === undefined ? 'production' : `preview ${branch}`)} ${path ?? '/'}`,
  );
  const text = await formatFacts(
    {
      uid: connector.uid,
      id: connector.id,
      name: connector.name,
      type: connector.type,
      service: connector.service,
      subjects: connector.supportedSubjectTypes.join(', '),
      installation: connector.defaultInstallationId,
      managed: connector.creationMode,
      triggers: triggers?.enabled === true ? places.join('; ') || 'on, to nowhere' : 'off',
      created: { epochMs: createdAt },
      updated: { epochMs: updatedAt },
    },
    session.io,
  );
  await print(session, connector, text);
}
