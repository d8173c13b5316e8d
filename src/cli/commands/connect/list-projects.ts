import type { Command } from 'commander';
import type { ConnectConnector, ConnectProjectConnection } from '../../../connect/index.js';
import type { Io } from '../../io.js';
import { formatTable, relativeTime } from '../../terminal/table.js';
import { addCommand, openSession, print, type Session, type SharedFlags } from './shared.js';

/** How many projects are told of a connector in a list of connectors: one page. */
const MAX_PROJECTS = 100;

interface ProjectsFlags extends SharedFlags {
  readonly project?: string;
}

/** Adds `projects` and `connectors`, which show links from either end. */
export function addProjects(connect: Command, io: Io, onConnector: (name: string) => void): void {
  addCommand(connect, 'projects', 'list the projects that a connector is linked to')
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-p, --project <id>', 'only this project')
    .action(async (connector: string, flags: ProjectsFlags) => {
      onConnector(connector);
      const session = openSession(flags, io);
      const links = await findLinks(connector, flags.project, session);
      print(session, { projects: links }, projectTable(links, io));
    });
  addCommand(connect, 'connectors', 'list the links of a project to connectors, with their environments')
    .argument('<project>', 'the project (prj_...)')
    .addHelpText('after', '\nvercel-rest connect list --project <id> shows the connectors themselves.')
    .action(async (project: string, flags: SharedFlags) => {
      const session = openSession(flags, io);
      const links = await collectAll(session.client.projects.listConnectors(project, {}, session.options));
      print(session, { connectors: links }, connectorTable(links, io));
    });
}

async function findLinks(connector: string, project: string | undefined, { client, options }: Session) {
  if (project !== undefined) return [await client.projects.get(connector, project, options)];
  return collectAll(client.projects.list(connector, {}, options));
}

async function collectAll<Item>(list: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of list) items.push(item);
  return items;
}

/** A connector, and the projects that it is linked to. */
export interface ConnectorWithProjects extends ConnectConnector {
  readonly projects: { readonly id: string; readonly name: string }[];
  /** Whether there are more projects than those. */
  readonly hasMoreProjects: boolean;
}

/** Looks up the projects of each connector: one request each, one after another. */
export async function withProjects(
  connectors: readonly ConnectConnector[],
  { client, options }: Session,
): Promise<ConnectorWithProjects[]> {
  const found: ConnectorWithProjects[] = [];
  for (const connector of connectors) {
    const list = client.projects.list(connector.id, { limit: MAX_PROJECTS }, options);
    const page = await list;
    const projects = page.items.map(({ project: { id, name } }) => ({ id, name }));
    found.push({ ...connector, projects, hasMoreProjects: page.hasNextPage() });
  }
  return found;
}

function projectTable(links: readonly ConnectProjectConnection[], io: Io): string {
  if (links.length === 0) return 'Linked to no project. Link one with `vercel-rest connect attach`.\n';
  const rows = links.map(({ project, enabledEnvironments, updatedAt }) => [
    ...[project.id, project.name, enabledEnvironments.join(', '), relativeTime(updatedAt, Date.now())],
  ]);
  return formatTable(['project', 'name', 'environments', 'updated'], rows, io);
}

function connectorTable(links: readonly ConnectProjectConnection[], io: Io): string {
  if (links.length === 0) return 'Linked to no connector. Link one with `vercel-rest connect attach`.\n';
  const rows = links.map(({ connectorId, enabledEnvironments, updatedAt }) => [
    ...[connectorId, enabledEnvironments.join(', '), relativeTime(updatedAt, Date.now())],
  ]);
  return formatTable(['connector', 'environments', 'updated'], rows, io);
}
