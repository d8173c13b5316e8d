import type { Command } from 'commander';
import type { ConnectConnector } from '../../../connect/index.js';
import { type ApiFlags, withApiFlags } from '../../api-flags.js';
import type { CliContext } from '../../io.js';
import { resolveProject } from '../../resolve-project.js';
import { print, printNote } from '../../terminal/print.js';
import { shellWord } from '../../terminal/shell-word.js';
import { formatTable } from '../../terminal/table.js';
import { openSession, type Session } from './shared.js';

/** The number of projects that a list of connectors shows of each: one page. */
const MAX_PROJECTS = 100;

/** When a link was changed, which a narrow terminal leaves out. */
const UPDATED = { title: 'updated', isOptional: true };

interface ProjectsFlags extends ApiFlags {
  readonly project?: string;
}

/** Adds `projects` and `connectors`, which show links from either end. */
export function addProjects(connect: Command, io: CliContext): void {
  connect
    .command('projects')
    .description('list the projects that a connector is linked to')
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-p, --project <project>', 'only this project, by id or name')
    .action(async (connector: string, flags: ProjectsFlags) => {
      const session = await openSession(flags, io);
      const { client, options } = session;
      const links =
        flags.project === undefined
          ? await collectAll(client.projects.list(connector, {}, options))
          : [await client.projects.get(connector, await resolveProject(flags.project, flags, io), options)];
      const rows = links.map(({ project: { id, name }, enabledEnvironments, updatedAt }) => [
        ...[id, name, enabledEnvironments.join(', '), { epochMs: updatedAt }],
      ]);
      const columns = [{ title: 'project' }, { title: 'name' }, { title: 'environments' }, UPDATED];
      await print(session, { projects: links }, await formatTable(columns, rows, io));
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
      const rows = links.map(({ connectorId, enabledEnvironments, updatedAt }) => [
        ...[connectorId, enabledEnvironments.join(', '), { epochMs: updatedAt }],
      ]);
      const columns = [{ title: 'connector' }, { title: 'environments' }, UPDATED];
      await print(session, { connectors: links }, await formatTable(columns, rows, io));
      if (links.length > 0 || flags.json) return;
      const attach = `vercel-rest connect attach <connector> --project ${shellWord(project)}`;
      await printNote(io, withApiFlags(`Linked to no connector. Link one with \`${attach}\`.`, flags));
    });
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
