import { type Command, Option } from 'commander';
import type { ConnectConnector } from '../../../connect/index.js';
import { terminalText } from '../../../util/terminal-text.js';
import { type Io, UsageError } from '../../io.js';
import { shellWord } from '../../terminal/shell-word.js';
import { formatFacts, formatTable, relativeTime } from '../../terminal/table.js';
import { type ConnectorWithProjects, withProjects } from './list-projects.js';
import {
  addCommand,
  collect,
  openSession,
  print,
  readCount,
  type Session,
  type SharedFlags,
} from './shared.js';

const SORTS = ['name', 'createdAt', 'updatedAt'] as const;

interface ListFlags extends SharedFlags {
  readonly project?: string;
  readonly search?: string;
  readonly type?: string[];
  readonly service?: string[];
  readonly sort?: (typeof SORTS)[number];
  readonly limit?: string;
  readonly next?: string;
  readonly all?: boolean;
  readonly allProjects?: boolean;
}

/** Adds `list`, `get` and `service`. */
export function addReading(connect: Command, io: Io, onConnector: (name: string) => void): void {
  addCommand(connect, 'list', 'list the connectors of the team')
    .alias('ls')
    .option('--project <id>', 'only those that are linked to this project')
    .option('--all-projects', 'also tell the projects of each: one more request a connector')
    .option('--search <text>', 'match names, UIDs and services')
    .option('--type <types>', 'only these types; comma-separated, repeatable', collect)
    .option('--service <services>', 'only these services; comma-separated, repeatable', collect)
    .addOption(new Option('--sort <by>', 'names ascend, dates descend').choices([...SORTS]))
    .option('--limit <count>', 'how many to print', '20')
    .option('--next <cursor>', 'go on where an earlier list said')
    .option('--all', 'print all of them, page after page')
    .action((flags: ListFlags) => listConnectors(flags, openSession(flags, io)));
  addCommand(connect, 'get', 'show one connector')
    .argument('<connector>', 'id (scl_...) or UID')
    .action(async (connector: string, flags: SharedFlags) => {
      onConnector(connector);
      const session = openSession(flags, io);
      printConnector(session, await session.client.connectors.get(connector, session.options));
    });
  addCommand(connect, 'service', 'show what a service can be connected with')
    .argument('<service>', 'e.g. slack')
    .action(async (service: string, flags: SharedFlags) => {
      const session = openSession(flags, io);
      const found = await session.client.connectors.getService(service, {
        ...session.options,
        schemas: true,
      });
      print(session, found, `${found.types.map(({ type }) => terminalText(type)).join('\n')}\n`);
    });
}

async function listConnectors(flags: ListFlags, session: Session): Promise<void> {
  if (flags.allProjects === true && flags.project !== undefined)
    throw new UsageError('give --project or --all-projects, not both');
  const limit = readCount('--limit', flags.limit ?? '20');
  const query = {
    limit: Math.min(limit, 100),
    ...(flags.project === undefined ? {} : { projectId: flags.project }),
    ...(flags.search === undefined ? {} : { search: flags.search }),
    ...(flags.type === undefined ? {} : { type: flags.type }),
    ...(flags.service === undefined ? {} : { service: flags.service }),
    ...(flags.sort === undefined ? {} : { sort: flags.sort }),
    ...(flags.next === undefined ? {} : { cursor: flags.next }),
  };
  const found: ConnectConnector[] = [];
  let cursor: string | null = null;
  for await (const page of session.client.connectors.list(query, session.options).pages()) {
    found.push(...page.items);
    cursor = nextOf(page.data);
    // A page is printed whole: a cursor in its middle does not exist.
    if (flags.all !== true && found.length >= limit) break;
  }
  const shown = flags.allProjects === true ? await withProjects(found, session) : found;
  print(session, { connectors: shown, cursor }, connectorTable(shown, cursor, session.io));
}

function nextOf(data: unknown): string | null {
  const next: unknown = Object(Reflect.get(Object(data), 'pagination')).next;
  return typeof next === 'string' ? next : null;
}

function connectorTable(
  connectors: readonly (ConnectConnector | ConnectorWithProjects)[],
  cursor: string | null,
  io: Io,
): string {
  if (connectors.length === 0)
    return 'No connectors. Make one with `vercel-rest connect create <service>`.\n';
  const now = Date.now();
  const rows = connectors.map((connector) => {
    const { uid, name, type, id, createdAt } = connector;
    const projects = 'projects' in connector ? [namesOf(connector)] : [];
    return [uid, name, type, id, relativeTime(createdAt, now), ...projects];
  });
  const heading = ['uid', 'name', 'type', 'id', 'created'];
  const isLong = connectors.some((connector) => 'projects' in connector);
  const more = cursor === null ? '' : `\nMore: --next ${shellWord(terminalText(cursor))}, or --all\n`;
  return formatTable(isLong ? [...heading, 'projects'] : heading, rows, io) + more;
}

function namesOf({ projects, hasMoreProjects }: ConnectorWithProjects): string {
  const names = projects.map(({ name }) => name);
  return [...names, ...(hasMoreProjects ? ['...'] : [])].join(', ') || 'none';
}

/** Prints one connector. */
export function printConnector(session: Session, connector: ConnectConnector): void {
  const { createdAt, updatedAt, triggers, triggerDestinations } = connector;
  const now = Date.now();
  const places = (triggerDestinations ?? []).map(
    ({ projectId, branch, customEnvironmentId, path }) =>
      `${projectId} ${customEnvironmentId ?? (branch === undefined ? 'production' : `preview ${branch}`)} ${path ?? '/'}`,
  );
  const text = formatFacts(
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
      created: relativeTime(createdAt, now),
      updated: relativeTime(updatedAt, now),
    },
    session.io,
  );
  print(session, connector, text);
}
