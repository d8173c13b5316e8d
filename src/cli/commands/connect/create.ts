import { type Command, Option } from 'commander';
import type { ConnectConnector, CreateConnectorParams } from '../../../connect/index.js';
import { defined } from '../../../util/defined.js';
import { messageOf } from '../../../util/message-of.js';
import { collect, repeat } from '../../api-flags.js';
import { AdvisedError, type CliContext, UsageError } from '../../io.js';
import { resolveProject } from '../../resolve-project.js';
import { confirm } from '../../terminal/confirm.js';
import { readParam } from '../../terminal/input.js';
import { shellWord } from '../../terminal/shell-word.js';
import { announce } from '../token-consent.js';
import { BUILT_IN, findLink } from './attach.js';
import { uploadIcon } from './icon.js';
import { addLook, type Look, type LookFlags, readLook } from './look.js';
import { printConnector } from './read.js';
import { isMissing, openSession, type Session } from './shared.js';

interface CreateFlags extends LookFlags {
  readonly connectorType?: string;
  readonly connectionMethod?: string;
  readonly target?: string;
  readonly param?: string[];
  readonly project?: string;
  readonly environment?: string[];
  readonly triggerProject?: string;
  readonly triggerPath?: string;
  readonly triggerBranch?: string;
  readonly triggerEnvironment?: string;
  readonly managed?: boolean;
  readonly autoinstall: boolean;
  readonly yes?: boolean;
  readonly open: boolean;
}

/** Adds `create`. */
export function addCreation(connect: Command, io: CliContext): void {
  addLook(
    connect.command('create').description('create a connector, managed by Connect unless --data is given'),
  )
    .argument('<service>', 'service or type, e.g. slack, oauth, github, mcp.linear.app')
    .option('--connector-type <type>', 'the type; default: looked up by the service')
    .option('--connection-method <method>', 'how to connect; `connect service` shows the methods')
    .option('--target <target>', 'what the connector is for within the service')
    .option('--param <name=value>', 'with --data: setting of the method; repeatable', repeat)
    .option('--managed', 'as without --data: Connect registers the app with the provider')
    .option('--no-autoinstall', 'do not install a managed connector')
    .option('-y, --yes', 'register in the browser without a question, where the provider wants that')
    .option('--no-open', 'open no browser for that')
    .optionsGroup('Project:')
    .option('-p, --project <project>', 'link this project; default: that of the linked folder')
    .option('-e, --environment <names>', 'environments of the link; default the three built-in ones', collect)
    .optionsGroup('Events:')
    .option('--trigger-project <project>', 'forward events to this project; default --project')
    .option('--trigger-path <path>', 'path at the project')
    .addOption(
      new Option('--trigger-branch <branch>', 'a preview branch in place of production').conflicts(
        'triggerEnvironment',
      ),
    )
    .option('--trigger-environment <id>', 'a custom environment (env_...) in place of production')
    .action(async (service: string, flags: CreateFlags) => {
      const session = await openSession(flags, io);
      const look = await readLook(flags, io);
      checkFlags(flags, look);
      const wanted: Wanted = { ...look, ...(await readPlace(flags, io)) };
      if (look.icon !== undefined) await uploadIcon(look.icon, flags, io);
      const create = look.data === undefined ? createManaged : createManual;
      const connector = await create(service, flags, wanted, session);
      // The user does not want to register.
      if (connector === undefined) return;
      await printConnector(session, connector);
    });
}

type Wanted = Look & Awaited<ReturnType<typeof readPlace>>;

async function createManual(service: string, flags: CreateFlags, wanted: Wanted, session: Session) {
  const { client, options } = session;
  const { data = {}, icon, ...rest } = wanted;
  const { connectionMethod, target, connectorType } = flags;
  const kind =
    connectionMethod === undefined
      ? { type: connectorType ?? (await typeOf(service, session)), service }
      : { service, connectionMethod };
  const params =
    flags.param === undefined ? undefined : Object.fromEntries(flags.param.map((text) => readParam(text)));
  // The API decides what the data of a type is; a record passes whatever it is.
  const sent = {
    ...defined({ ...rest, icon: icon?.digest, target, params }),
    ...kind,
    data,
  } as CreateConnectorParams;
  return client.connectors.create(sent, options);
}

/** The type of a service. A service that Connect does not know is a server that is reached by OAuth, e.g. `mcp.linear.app`. */
async function typeOf(service: string, { client, options }: Session): Promise<string> {
  try {
    const { types } = await client.connectors.getService(service, options);
    const own = types.find(({ type }) => type === service);
    return (own ?? types[0])?.type ?? service;
  } catch (error) {
    if (await isMissing(error)) return 'oauth';
    throw error;
  }
}

/** @returns `undefined` when the user does not want to register. */
async function createManaged(service: string, flags: CreateFlags, wanted: Wanted, session: Session) {
  const { client, options, io } = session;
  const { data: _none, uid: _refused, icon, environments, triggers, ...rest } = wanted;
  const { connectionMethod, target, connectorType: type } = flags;
  const params = defined({
    ...{ ...rest, service, type, connectionMethod, target, icon: icon?.digest },
    triggers: triggers === undefined ? undefined : { enabled: triggers },
  });
  // A program that reads the output gets the error, with the page to open, at once.
  const mayAsk = flags.yes === true || (io.confirm !== undefined && flags.json !== true);
  const onRegistration = async ({ url }: { readonly url: string }) => {
    const question = 'Open the browser to register the app with the provider?';
    if (!(await confirm(question, { yes: flags.yes === true }, io))) throw new Declined();
    announce({ url }, flags.open, io);
  };
  try {
    const connector = await client.connectors.createManaged(params, {
      ...options,
      autoinstall: flags.autoinstall,
      onRegistration: mayAsk ? onRegistration : undefined,
    });
    return await finish(connector, flags, wanted, session);
  } catch (error) {
    if (error instanceof Declined) return undefined;
    throw error;
  }
}

/** The user does not want to register. */
class Declined extends Error {}

/** Brings about what the registration in a browser may have left out: the look of the connector, and its link. */
async function finish(
  connector: ConnectConnector,
  flags: CreateFlags,
  { icon, backgroundColor, accentColor, projectId, environments = BUILT_IN }: Wanted,
  session: Session,
): Promise<ConnectConnector> {
  const { client, options } = session;
  let shown = connector;
  let step = `vercel-rest connect update ${shellWord(connector.uid)}${lookFlags(flags)}`;
  try {
    const look = defined({ icon: icon?.digest, backgroundColor, accentColor });
    const isSet = Object.entries(look).every(([name, value]) => Reflect.get(connector, name) === value);
    if (!isSet) shown = (await client.connectors.update(connector.id, look, options)).connector;
    if (projectId === undefined) return shown;
    step = `vercel-rest connect attach ${shellWord(connector.uid)} --project ${shellWord(projectId)}`;
    const link = await findLink(connector.id, projectId, session);
    const isLinked = environments.every((name) => link?.enabledEnvironments.includes(name));
    if (!isLinked) await client.projects.attach(connector.id, projectId, { environments }, options);
    return shown;
  } catch (error) {
    await printConnector(session, shown);
    const reason = messageOf(error);
    throw new AdvisedError(`${connector.uid} is created, but not finished: ${reason}`, `Run \`${step}\`.`);
  }
}

/** The flags that set the look of a connector, as they were given. */
function lookFlags({ icon, backgroundColor, accentColor }: CreateFlags): string {
  const given = { '--icon': icon, '--background-color': backgroundColor, '--accent-color': accentColor };
  return Object.entries(given)
    .map(([flag, value]) => (value === undefined ? '' : ` ${flag} ${shellWord(value)}`))
    .join('');
}

async function readPlace(flags: CreateFlags, io: CliContext) {
  const resolve = async (project: string | undefined) =>
    project === undefined ? undefined : resolveProject(project, flags, io);
  const projectId = await resolve(flags.project);
  const { triggerPath: path, triggerBranch: branch, triggerEnvironment } = flags;
  const isForwarded =
    [flags.triggerProject, path, branch, triggerEnvironment].some((value) => value !== undefined) ||
    (flags.triggers === true && projectId !== undefined);
  const customEnvironmentId = triggerEnvironment === 'production' ? undefined : triggerEnvironment;
  const triggerProject = (await resolve(flags.triggerProject)) ?? projectId;
  const triggerDestination = isForwarded
    ? defined({ projectId: triggerProject, path, branch, customEnvironmentId })
    : undefined;
  return { projectId, environments: flags.environment, triggerDestination };
}

function checkFlags(flags: CreateFlags, { data }: Look): void {
  const rules: readonly (readonly [isBroken: boolean, rule: string])[] = [
    [flags.environment !== undefined && flags.project === undefined, '--environment needs --project'],
    [flags.triggerEvent !== undefined && flags.triggers !== true, '--trigger-event needs --triggers'],
    [
      flags.name === undefined && flags.project === undefined && data !== undefined,
      'give --name, or --project to take its name',
    ],
    [
      flags.managed === true && data !== undefined,
      '--managed takes no --data: Connect makes the credentials',
    ],
    [
      data === undefined && flags.uid !== undefined,
      '--uid goes with --data: Connect names a managed connector; change it with `connect update --uid`',
    ],
    [data === undefined && flags.param !== undefined, '--param goes with --data'],
  ];
  const broken = rules.find(([isBroken]) => isBroken);
  if (broken !== undefined) throw new UsageError(broken[1]);
}
