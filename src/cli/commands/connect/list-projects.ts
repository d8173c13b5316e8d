import type { Command } from 'commander';
import type { ConnectConnector, ConnectProjectConnection } from '../../../connect/index.js';
import { type ApiFlags, withApiFlags } from '../../api-flags.js';
import type { CliContext } from '../../io.js';
import { resolveProject } from '../../resolve-project.js';
import { print, printNote } from '../../terminal/print.js';
import { shellWord } from '../../terminal/shell-word.js';
import { formatTable } from '../../terminal/table.js';
import { openSession, type Session } from './shared.js';

/** The number of projects that a list of connectors shows of each: one page. */
const MAX_PROJECTS = 100;

interface ProjectsFlags extends ApiFlags {
  readonly project?: string;
}

/** Adds `projects` and `connectors`, which show links from either end. */
export function addProjects(connect: Command, io: CliContext, onConnector: (name: string) => void): void {
  connect
    .command('projects')
    .description('list the projects that a connector is linked to')
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-p, --project <project>', 'only this project, by id or name')
    .action(async (connector: string, flags: ProjectsFlags) => {
      onConnector(connector);
      const session = await openSession(flags, io);
      const links = await findLinks(connector, flags.project, session);
      await print(session, { projects: links }, await projectTable(links, io));
      if (links.length > 0 || flags.json) return;
      const attach = `vercel-rest connect attach ${shellWord(connector)} --project <id>`;
      await printNote(io, withApiFlags(`Linked to no project. Link one with \`${attach}\`.`, flags));
    });
  connect
    .command('connectors')
    .description('list the links of a project to connectors, with their environments')
    .argument('<project>', 'id (prj_...) or name')
    .addHelpText('after', '\n`vercel-rest connect list --project <id>` shows the connectors themselves.')
    .action(async (project: string, flags: ApiFlags) => {
      const session = await openSession(flags, io);
      const projectId = await resolveProject(project, flags, io);
      const links = await collectAll(session.client.projects.listConnectors(projectId, {}, session.options));
      await print(session, { connectors: links }, await connectorTable(links, io));
      if (links.length > 0 || flags.json) return;
      const attach = `vercel-rest connect attach <connector> --project ${shellWord(project)}`;
      await printNote(io, withApiFlags(`Linked to no connector. Link one with \`${attach}\`.`, flags));
    });
}

async function findLinks(
  connector: string,
  project: string | undefined,
  { client, options, io, flags }: Session,
) {
  if (project !== undefined) {
    const projectId = await resolveProject(project, flags, io);
    return [await client.projects.get(connector, projectId, options)];
  }
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

function projectTable(links: readonly ConnectProjectConnection[], io: CliContext): Promise<string> {
  const rows = links.map(({ project, enabledEnvironments, updatedAt }) => [
    ...[project.id, project.name, enabledEnvironments.join(', '), { epochMs: updatedAt }],
  ]);
  return formatTable(
    [
      { title: 'project' },
      { title: 'name' },
      { title: 'environments' },
      { title: 'updated', isOptional: true },
    ],
    rows,
    io,
  );
}

function connectorTable(links: readonly ConnectProjectConnection[], io: CliContext): Promise<string> {
  const rows = links.map(({ connectorId, enabledEnvironments, updatedAt }) => [
    ...[connectorId, enabledEnvironments.join(', '), { epochMs: updatedAt }],
  ]);
  return formatTable(
    [{ title: 'connector' }, { title: 'environments' }, { title: 'updated', isOptional: true }],
    rows,
    io,
  );
}
