import { type Command, Option } from 'commander';
import type { ConnectTriggerDestination } from '../../../connect/index.js';
import { defined } from '../../../util/defined.js';
import { type ApiFlags, repeat } from '../../api-flags.js';
import { type CliContext, UsageError } from '../../io.js';
import { requireProject } from '../../resolve-project.js';
import { confirm } from '../../terminal/confirm.js';
import { print } from '../../terminal/print.js';
import { findLink } from './attach.js';
import { printConnector } from './read.js';
import { openSession } from './shared.js';

interface DetachFlags extends ApiFlags {
  readonly project?: string;
  readonly environment?: string;
  readonly yes?: boolean;
}

interface TriggerFlags extends ApiFlags {
  readonly to?: string[];
  readonly clear?: boolean;
  readonly yes?: boolean;
}

/** Adds `detach` and `triggers`. */
export function addLinks(connect: Command, io: CliContext): void {
  connect
    .command('detach')
    .description('end the link to a project, or one environment of it')
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-p, --project <project>', 'id or name; default: that of the linked folder')
    .option('-e, --environment <name>', 'only this environment')
    .option('-y, --yes', 'do not ask')
    .action(async (connector: string, flags: DetachFlags) => {
      const { environment } = flags;
      const project = await requireProject(flags, io);
      const what = environment === undefined ? project : `${environment} of ${project}`;
      if (!(await confirm(`Detach ${connector} from ${what}?`, flags, io))) return;
      const session = await openSession(flags, io);
      const { id, uid } = await session.client.connectors.get(connector, session.options);
      const link = await findLink(connector, project, session);
      // The receipt names what there is, however it was named.
      const receipt = { connector: uid, id, uid, project: link?.project.id ?? project, environment };
      if (link === undefined)
        return print(session, { ...receipt, unchanged: true }, `${connector} is not linked to ${project}.\n`);
      await session.client.projects.detach(connector, project, defined({ ...session.options, environment }));
      await print(session, { ...receipt, detached: true }, `${connector} is detached from ${what}.\n`);
    });
  connect
    .command('triggers')
    .description("show where a connector's events go, set it, or clear it")
    .argument('<connector>', 'id (scl_...) or UID')
    .option('--to <destination>', 'project[,path=/hook][,branch=main|environment=env_...]; up to 3', repeat)
    .addOption(new Option('--clear', 'forward events nowhere').conflicts('to'))
    .option('-y, --yes', 'do not ask')
    .action(async (connector: string, flags: TriggerFlags) => {
      const destinations = flags.to?.map(readDestination);
      const question = `Stop forwarding the events of ${connector}?`;
      if (flags.clear === true && !(await confirm(question, flags, io))) return;
      const session = await openSession(flags, io);
      const { triggers, connectors } = session.client;
      if (flags.clear === true)
        return printConnector(session, await triggers.clear(connector, session.options));
      const found =
        destinations === undefined
          ? await connectors.get(connector, session.options)
          : await triggers.set(connector, destinations, session.options);
      await printConnector(session, found);
    });
}

/** Reads `prj_1,path=/hook,branch=main`. */
function readDestination(text: string): ConnectTriggerDestination {
  const [projectId = '', ...rest] = text.split(',');
  const fields = new Map(
    rest.map((part) => [part.split('=', 1).join(''), part.slice(part.indexOf('=') + 1)]),
  );
  const unknown = [...fields.keys()].find((name) => !['path', 'branch', 'environment'].includes(name));
  if (projectId === '' || projectId.includes('=') || unknown !== undefined) {
    throw new UsageError('--to must be a project id, then path=..., and branch=... or environment=env_...');
  }
  const [path, branch, customEnvironmentId] = ['path', 'branch', 'environment'].map((name) =>
    fields.get(name),
  );
  // At most one of branch and environment: the client refuses both.
  return defined({ projectId, path, branch, customEnvironmentId }) as ConnectTriggerDestination;
}
