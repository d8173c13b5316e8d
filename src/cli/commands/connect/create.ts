import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createClient } from '../../../client/create-client.js';
import { upload } from '../../../client/upload/upload.js';
import { isRecord } from '../../../util/is-record.js';
import { chooseBearer } from '../../bearer.js';
import { type Io, UsageError } from '../../io.js';
import { openPage } from '../../terminal/browser.js';
import { confirm } from '../../terminal/confirm.js';
import { readJsonFlag, readParam } from '../../terminal/input.js';
import { printConnector } from './read.js';
import { registrationUrl } from './registration.js';
import { addCommand, collect, openSession, print, type Session, type SharedFlags } from './shared.js';

/** Flags that both `create` and `update` have. */
interface LookFlags extends SharedFlags {
  readonly name?: string;
  readonly uid?: string;
  readonly data?: string;
  readonly icon?: string;
  readonly backgroundColor?: string;
  readonly accentColor?: string;
  readonly triggers?: boolean;
  readonly triggerEvent?: string[];
}

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
  readonly autoinstall?: boolean;
  readonly yes?: boolean;
}

/** Adds `create` and `update`. */
export function addCreation(connect: Command, io: Io, onConnector: (name: string) => void): void {
  addLook(addCommand(connect, 'create', 'create a connector'))
    .argument('<service>', 'service or type, e.g. slack, oauth, github')
    .option('--connector-type <type>', 'the type, where it is not the service')
    .option('--connection-method <method>', 'how to connect to the service')
    .option('--target <target>', 'what the connector is for within the service')
    .option('--param <name=value>', 'setting of the connection method; repeatable', repeat)
    .option('--project <id>', 'link this project')
    .option('-e, --environment <names>', 'environments of the link; default the three built-in ones', collect)
    .option('--trigger-project <id>', 'forward events to this project')
    .option('--trigger-path <path>', 'path at the project')
    .option('--trigger-branch <branch>', 'a preview branch in place of production')
    .option('--trigger-environment <id>', 'a custom environment (env_...) in place of production')
    .option('--managed', 'let Connect register the app with the provider')
    .option('--autoinstall', 'install a managed connector at once')
    .option('-y, --yes', 'open the browser without a question where the provider wants a registration there')
    .addHelpText('after', HELP)
    .action((service: string, flags: CreateFlags) => createConnector(service, flags, openSession(flags, io)));
  addLook(addCommand(connect, 'update', 'change a connector; what is not named stays'))
    .argument('<connector>', 'id (scl_...) or UID')
    .addHelpText('after', HELP)
    .action(async (connector: string, flags: LookFlags) => {
      onConnector(connector);
      await updateConnector(connector, flags, openSession(flags, io));
    });
}

const HELP = '\n--data takes @file.json, @- (standard input), env:NAME, or JSON that holds nothing secret.';

function addLook(command: Command): Command {
  return command
    .option('-n, --name <name>', 'name of the connector')
    .option('--uid <uid>', 'readable id, <service>/<name>')
    .option('--data <json>', 'what the provider needs: @file.json, @-, env:NAME or JSON')
    .option('--icon <file>', 'square PNG or JPEG, or the SHA-1 of one that is there')
    .option('--background-color <hex>', 'e.g. #112233')
    .option('--accent-color <hex>', 'e.g. #112233')
    .option('--triggers', 'turn triggers on')
    .option('--trigger-event <events>', 'provider events; comma-separated, repeatable', collect);
}

async function createConnector(service: string, flags: CreateFlags, session: Session): Promise<void> {
  checkExclusive(flags);
  const shared = { ...(await readLook(flags, session)), ...readPlace(flags) };
  const { client, options } = session;
  const type = flags.connectorType ?? service;
  if (flags.managed === true) {
    const { triggers, events, name, icon, backgroundColor, accentColor } = shared;
    const params = defined({ service, name, triggers, events, icon, backgroundColor, accentColor });
    const own = { ...options, ...(flags.autoinstall === true ? { autoinstall: true } : {}) };
    const made = client.connectors.createManaged(params, own).catch((error: unknown) => {
      return offerRegistration(error, flags, session.io);
    });
    return printConnector(session, await made);
  }
  const { data = {}, ...rest } = shared;
  const method = flags.connectionMethod;
  const kind = method === undefined ? { type, service } : { service, connectionMethod: method };
  // The API decides what the data of a type is; a record passes whatever it is.
  const params = { ...defined(rest), ...kind, data } as Parameters<typeof client.connectors.create>[0];
  printConnector(session, await client.connectors.create(params, options));
}

/** Shows where the registration goes on. The error stands all the same: nothing is created yet. */
async function offerRegistration(error: unknown, { yes }: CreateFlags, io: Io): Promise<never> {
  const url = registrationUrl(error);
  const canAsk = yes === true || io.confirm !== undefined;
  if (
    url !== undefined &&
    canAsk &&
    (await confirm('Open the browser to register?', { yes: yes === true }, io))
  )
    openPage(url, true, io);
  throw error;
}

async function updateConnector(connector: string, flags: LookFlags, session: Session): Promise<void> {
  const params = defined(await readLook(flags, session));
  if (Object.keys(params).length === 0)
    throw new UsageError('name something to change, e.g. --name; see --help');
  const result = await session.client.connectors.update(connector, params, session.options);
  if (session.json) return print(session, result, '');
  printConnector(session, result.connector);
  if (result.reinstallNeeded === true) session.io.stderr('The connector has to be installed again.\n');
  if (result.reconsentNeeded !== undefined) session.io.stderr('Users have to consent again.\n');
}

async function readLook(flags: LookFlags, session: Session) {
  const { name, uid, backgroundColor, accentColor, triggers, triggerEvent: events } = flags;
  const data = flags.data === undefined ? undefined : await readJsonFlag('--data', flags.data, session.io);
  if (data !== undefined && !isRecord(data)) throw new UsageError('--data must be a JSON object');
  const icon = flags.icon === undefined ? undefined : await uploadIcon(flags.icon, flags, session);
  return { name, uid, data, icon, backgroundColor, accentColor, triggers, events };
}

function readPlace(flags: CreateFlags) {
  const { target, project: projectId, environment: environments } = flags;
  const destination = defined({
    projectId: flags.triggerProject,
    path: flags.triggerPath,
    branch: flags.triggerBranch,
    customEnvironmentId: flags.triggerEnvironment,
  });
  const params = Object.fromEntries((flags.param ?? []).map(readParam));
  return {
    target,
    projectId,
    environments,
    ...(Object.keys(params).length === 0 ? {} : { params }),
    ...(Object.keys(destination).length === 0 ? {} : { triggerDestination: destination }),
  };
}

function checkExclusive(flags: CreateFlags): void {
  if (flags.triggerBranch !== undefined && flags.triggerEnvironment !== undefined)
    throw new UsageError('give --trigger-branch or --trigger-environment, not both');
  if (flags.environment !== undefined && flags.project === undefined)
    throw new UsageError('--environment needs --project');
  if (flags.triggerEvent !== undefined && flags.triggers !== true)
    throw new UsageError('--trigger-event needs --triggers');
  if (flags.managed === true && flags.data !== undefined)
    throw new UsageError('--managed takes no --data: Connect makes the credentials');
  if (flags.name === undefined && flags.project === undefined && flags.managed !== true)
    throw new UsageError('give --name, or --project to take its name');
}

/** A digest is taken as it is; a file is uploaded first. */
async function uploadIcon(icon: string, { baseUrl }: SharedFlags, { io }: Session): Promise<string> {
  if (/^[0-9a-f]{40}$/i.test(icon)) return icon;
  const bytes = await readFile(icon).catch(() => {
    throw new UsageError(`--icon: cannot read ${icon}`);
  });
  const digest = createHash('sha1').update(bytes).digest('hex');
  const bearerToken = chooseBearer(baseUrl, io.env);
  const client = createClient({ baseUrl, ...(bearerToken === undefined ? {} : { bearerToken }) });
  await upload(client, '/v2/files', { file: bytes, digest, signal: io.signal });
  return digest;
}

function repeat(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

/** The fields that have a value. */
function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> }; // Of its own fields alone.
}
