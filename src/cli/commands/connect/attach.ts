import { type Command, Option } from 'commander';
import type {
  ConnectConnector,
  ConnectProjectConnection,
  ConnectTriggerDestination,
} from '../../../connect/index.js';
import { defined } from '../../../util/defined.js';
import { terminalText } from '../../../util/terminal-text.js';
import { type ApiFlags, collect, withApiFlags } from '../../api-flags.js';
import { AdvisedError, type CliContext, UsageError } from '../../io.js';
import { requireProject } from '../../resolve-project.js';
import { confirm } from '../../terminal/confirm.js';
import { print } from '../../terminal/print.js';
import { shellWord } from '../../terminal/shell-word.js';
import { isMissing, openSession, type Session } from './shared.js';

/** The environments that every project has. */
export const BUILT_IN = ['production', 'preview', 'development'];

interface AttachFlags extends ApiFlags {
  readonly project?: string;
  readonly environment?: string[];
  readonly triggers?: boolean;
  readonly triggerBranch?: string;
  readonly triggerEnvironment?: string;
  readonly triggerPath?: string;
  readonly yes?: boolean;
}

/** Adds `attach`. */
export function addAttach(connect: Command, io: CliContext): void {
  connect
    .command('attach')
    .description('link a connector to a project; the environments replace those of the link')
    .argument('<connector>', 'id (scl_...) or UID')
    .option('-p, --project <project>', 'id or name; default: that of the linked folder')
    .option(
      '-e, --environment <names>',
      `default ${BUILT_IN.join(', ')}; comma-separated, repeatable`,
      collect,
    )
    .option('-y, --yes', 'do not ask before environments are taken away')
    .optionsGroup('Events:')
    .option('--triggers', "also forward the connector's events to the project, in production")
    .addOption(
      new Option(
        '--trigger-branch <branch>',
        'with --triggers: to a preview branch in place of production',
      ).conflicts('triggerEnvironment'),
    )
    .option('--trigger-environment <id>', 'with --triggers: to a custom environment (env_...)')
    .option('--trigger-path <path>', 'with --triggers: the path at the project')
    .action(async (connector: string, flags: AttachFlags) => {
      const { triggerBranch, triggerEnvironment, triggerPath } = flags;
      const isNarrowed = [triggerBranch, triggerEnvironment, triggerPath].some(
        (value) => value !== undefined,
      );
      if (isNarrowed && flags.triggers !== true)
        throw new UsageError(
          '--trigger-branch, --trigger-environment and --trigger-path need --triggers beside them',
        );
      await attach(connector, flags, io);
    });
}

async function attach(connector: string, flags: AttachFlags, io: CliContext): Promise<void> {
  const project = await requireProject(flags, io);
  const session = await openSession(flags, io);
  const { client, options } = session;
  const facts = await client.connectors.get(connector, options);
  const before = await findLink(connector, project, session);
  const custom = before?.project.customEnvironments ?? [];
  const named = (flags.environment ?? BUILT_IN).map((name) => readEnvironment(name, custom));
  const destination = flags.triggers === true ? readDestination(project, flags, custom) : undefined;
  // Before anything is changed, since there may be no room for another.
  const destinations = destination && withDestination(facts, destination);
  const needed = environmentsOfEvents(destinations ?? facts.triggerDestinations ?? [], project);
  const kept = needed.filter((name) => !named.includes(name));
  const environments = [...named, ...kept];

  const enabled = before?.enabledEnvironments ?? [];
  const lost = enabled.filter((name) => !environments.includes(name));
  const question = `The environments replace those of the link: ${connector} loses ${lost.join(', ')} of ${project}. Go on?`;
  if (lost.length > 0 && !(await confirm(question, flags, io))) return;
  const isSame = lost.length === 0 && environments.every((name) => enabled.includes(name));
  const link =
    (isSame ? before : undefined) ??
    (await client.projects.attach(connector, project, { environments }, options));
  if (destinations !== undefined) await client.triggers.set(connector, destinations, options);

  const receipt = {
    ...{ id: facts.id, uid: facts.uid, ...link, triggerDestination: destination },
    keptForTriggers: kept.length > 0 ? kept : undefined,
    unchanged: (isSame && destination === undefined) || undefined,
  };
  await print({ io, flags }, receipt, withApiFlags(describeLink(connector, link, destination, kept), flags));
}

function describeLink(
  connector: string,
  link: ConnectProjectConnection,
  destination: ConnectTriggerDestination | undefined,
  kept: readonly string[],
): string {
  const lines = [`${connector} is linked to ${link.project.id} in ${link.enabledEnvironments.join(', ')}.`];
  if (kept.length > 0) lines.push(`Kept, because events go there: ${kept.join(', ')}.`);
  if (destination !== undefined)
    lines.push(
      `Its events go there too: \`vercel-rest connect triggers ${shellWord(connector)}\` shows where.`,
    );
  return `${lines.map(terminalText).join('\n')}\n`;
}

/** The environments that events of a project go to, which have to be enabled for it, named or not. */
function environmentsOfEvents(destinations: readonly Destination[], project: string): string[] {
  const names = destinations
    .filter(({ projectId }) => projectId === project)
    .map(
      ({ branch, customEnvironmentId }) =>
        customEnvironmentId ?? (branch === undefined ? 'production' : 'preview'),
    );
  return [...new Set(names)];
}

/** Finds the link to a project, if there is one. Of a connector that does not exist, another request tells. */
export async function findLink(connector: string, project: string, { client, options }: Session) {
  try {
    return await client.projects.get(connector, project, options);
  } catch (error) {
    if (await isMissing(error)) return undefined;
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

function readDestination(
  projectId: string,
  { triggerBranch: branch, triggerEnvironment, triggerPath: path }: AttachFlags,
  custom: CustomEnvironments,
): ConnectTriggerDestination {
  const place = defined({ projectId, path });
  if (branch !== undefined) return { ...place, branch };
  if (triggerEnvironment === undefined || triggerEnvironment === 'production') return place;
  const customEnvironmentId = readEnvironment(triggerEnvironment, custom);
  if (BUILT_IN.includes(customEnvironmentId))
    throw new UsageError(
      '--trigger-environment takes production or a custom environment; for preview give --trigger-branch',
    );
  return { ...place, customEnvironmentId };
}

/** The API replaces the whole list, so that the others are sent along. @throws {AdvisedError} Where it takes no more. */
function withDestination(
  { uid, supportsTriggers, triggerDestinations = [] }: ConnectConnector,
  destination: ConnectTriggerDestination,
): ConnectTriggerDestination[] {
  if (!supportsTriggers)
    throw new AdvisedError(`${uid} does not support triggers`, 'Run the command again without --triggers.');
  const others = triggerDestinations.filter((one) => placeOf(one) !== placeOf(destination));
  // What the API gave it also takes.
  const all = [...(others as ConnectTriggerDestination[]), destination];
  if (all.length > 3)
    throw new AdvisedError(
      `${uid} has its three destinations already`,
      `\`vercel-rest connect triggers ${shellWord(uid)}\` shows them; with --to it sets those that are to stay.`,
    );
  return all;
}

/** A destination of events, as the API gives it. */
interface Destination {
  readonly projectId: string;
  readonly branch?: string;
  readonly customEnvironmentId?: string;
}

/** Two destinations of one place differ in their path at most, and the later one stands. */
function placeOf(one: Destination): string {
  return JSON.stringify([one.projectId, one.branch, one.customEnvironmentId]);
}
