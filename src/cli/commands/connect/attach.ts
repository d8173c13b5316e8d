import type { Command } from 'commander';
import type { ConnectProjectConnection, ConnectTriggerDestination } from '../../../connect/index.js';
import { ConnectorNotFoundError } from '../../../connect/index.js';
import { terminalText } from '../../../util/terminal-text.js';
import { AdvisedError, type Io, UsageError } from '../../io.js';
import { confirm } from '../../terminal/confirm.js';
import { addCommand, collect, openSession, print, type Session, type SharedFlags } from './shared.js';

const BUILT_IN = ['production', 'preview', 'development'];

interface AttachFlags extends SharedFlags {
  readonly project: string;
  readonly environment?: string[];
  readonly triggers?: boolean;
  readonly triggerBranch?: string;
  readonly triggerEnvironment?: string;
  readonly triggerPath?: string;
  readonly yes?: boolean;
}

/** Adds `attach`. */
export function addAttach(connect: Command, io: Io, onConnector: (name: string) => void): void {
  addCommand(connect, 'attach', 'link a connector to a project; the environments replace those of the link')
    .argument('<connector>', 'id (scl_...) or UID')
    .requiredOption('-p, --project <id>', 'the project (prj_...)')
    .option(
      '-e, --environment <names>',
      `default ${BUILT_IN.join(', ')}; comma-separated, repeatable`,
      collect,
    )
    .option('--triggers', "also forward the connector's events to the project, in production")
    .option('--trigger-branch <branch>', 'with --triggers: to a preview branch in place of production')
    .option('--trigger-environment <id>', 'with --triggers: to a custom environment (env_...)')
    .option('--trigger-path <path>', 'with --triggers: the path at the project')
    .option('-y, --yes', 'do not ask before environments are taken away')
    .action(async (connector: string, flags: AttachFlags) => {
      onConnector(connector);
      await attach(connector, flags, io);
    });
}

async function attach(connector: string, flags: AttachFlags, io: Io): Promise<void> {
  checkTriggerFlags(flags);
  const session = openSession(flags, io);
  const { client, options } = session;
  const before = await findLink(connector, flags.project, session);
  const custom = before?.project.customEnvironments ?? [];
  const environments = (flags.environment ?? BUILT_IN).map((name) => readEnvironment(name, custom));
  const destination = flags.triggers === true ? readDestination(flags, custom) : undefined;
  // Before anything is changed, since there may be no room for another.
  const destinations = destination && (await withDestination(connector, destination, session));

  const enabled = before?.enabledEnvironments ?? [];
  const lost = enabled.filter((name) => !environments.includes(name));
  const question = `The environments replace those of the link: ${connector} loses ${lost.join(', ')} of ${flags.project}. Go on?`;
  if (lost.length > 0 && !(await confirm(question, flags, io))) return;
  const isSame = lost.length === 0 && environments.every((name) => enabled.includes(name));
  const link =
    before !== undefined && isSame
      ? before
      : await client.projects.attach(connector, flags.project, { environments }, options);
  if (destinations !== undefined) await client.triggers.set(connector, destinations, options);
  const told = {
    ...link,
    ...(destination === undefined ? {} : { triggerDestination: destination }),
    ...(isSame && destination === undefined ? { unchanged: true } : {}),
  };
  print(session, told, describe(connector, link, destination));
}

function describe(
  connector: string,
  { project, enabledEnvironments }: ConnectProjectConnection,
  destination: ConnectTriggerDestination | undefined,
): string {
  const link = `${terminalText(`${connector} is linked to ${project.id} in ${enabledEnvironments.join(', ')}.`)}\n`;
  return destination === undefined
    ? link
    : `${link}Its events go there too; see vercel-rest connect triggers ${connector}\n`;
}

/** Finds the link to a project, if there is one. Of a connector that does not exist, another request tells. */
export async function findLink(connector: string, project: string, { client, options }: Session) {
  try {
    return await client.projects.get(connector, project, options);
  } catch (error) {
    if (error instanceof ConnectorNotFoundError) return undefined;
    throw error;
  }
}

type CustomEnvironments = readonly { readonly id: string; readonly slug: string }[];

/** An environment as the API names it. A custom one has a slug besides, which the link tells. @throws {UsageError} */
function readEnvironment(name: string, custom: CustomEnvironments): string {
  if (BUILT_IN.includes(name) || name.startsWith('env_')) return name;
  const found = custom.find(({ slug }) => slug === name);
  if (found !== undefined) return found.id;
  throw new UsageError(
    `no environment is known as ${JSON.stringify(name)}: give ${BUILT_IN.join(', ')}, or the id (env_...) of a custom one`,
  );
}

function checkTriggerFlags(flags: AttachFlags): void {
  const { triggers, triggerBranch, triggerEnvironment, triggerPath } = flags;
  const isNarrowed = [triggerBranch, triggerEnvironment, triggerPath].some((value) => value !== undefined);
  if (isNarrowed && triggers !== true)
    throw new UsageError(
      '--trigger-branch, --trigger-environment and --trigger-path need --triggers beside them',
    );
  if (triggerBranch !== undefined && triggerEnvironment !== undefined)
    throw new UsageError('give --trigger-branch or --trigger-environment, not both');
}

function readDestination(flags: AttachFlags, custom: CustomEnvironments): ConnectTriggerDestination {
  const { project: projectId, triggerBranch: branch, triggerEnvironment, triggerPath: path } = flags;
  const place = { projectId, ...(path === undefined ? {} : { path }) };
  if (branch !== undefined) return { ...place, branch };
  if (triggerEnvironment === undefined || triggerEnvironment === 'production') return place;
  const customEnvironmentId = readEnvironment(triggerEnvironment, custom);
  if (BUILT_IN.includes(customEnvironmentId))
    throw new UsageError(
      '--trigger-environment takes production or a custom environment; for preview give --trigger-branch',
    );
  return { ...place, customEnvironmentId };
}

/** The API replaces the whole list, so that the others are sent along. */
async function withDestination(
  connector: string,
  destination: ConnectTriggerDestination,
  { client, options }: Session,
): Promise<ConnectTriggerDestination[]> {
  const { triggerDestinations = [] } = await client.connectors.get(connector, options);
  const others = triggerDestinations.filter((one) => placeOf(one) !== placeOf(destination));
  // What the API gave it also takes.
  const all = [...(others as ConnectTriggerDestination[]), destination];
  if (all.length > 3)
    throw new AdvisedError(
      `${connector} has its three destinations already`,
      `\`vercel-rest connect triggers ${connector}\` shows them; with --to it sets those that are to stay.`,
    );
  return all;
}

/** Two destinations of one place differ in their path at most, and the later one stands. */
function placeOf(one: {
  readonly projectId: string;
  readonly branch?: string;
  readonly customEnvironmentId?: string;
}): string {
  return JSON.stringify([one.projectId, one.branch, one.customEnvironmentId]);
}
