import { isSecretName } from '../../client/request-secrets.js';
import { contract } from '../../generated/contract.js';
import type { components } from '../../generated/index.js';
import { defined } from '../../util/defined.js';
import { createRandom } from '../respond/random.js';
import { createSchemas } from '../validate/validator.js';
import { type Connector, describeConnector, setLink } from './connector-state.js';
import { startRegistration } from './consent-operations.js';
import { DEFAULT_ENVIRONMENTS } from './defaults.js';
import { checkDestinations } from './destinations.js';
import { change, connectorOf, type EmulatedOperations } from './emulated-call.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';
import { dataSchemaOf } from './services.js';

type CreateRequest = components['schemas']['ConnectCreateConnectorRequest'];
type ManagedRequest = components['schemas']['ConnectCreateManagedConnectorRequest'];

/** Providers whose app a person registers in a browser, and installs before it has tokens of its own. */
const INSTALLED: ReadonlySet<string> = new Set(['discord', 'github', 'microsoft-teams', 'slack']);
/** Fields of a provider's data that hold keys. */
const KEYS: ReadonlySet<string> = new Set(['values', 'toAdd', 'toUpdate', 'toDelete']);
/** Fields of a provider's data that are secret and never returned, unless they only describe a secret. */
const SECRET = /secret|token|privateKey/i;

export const creationOperations = {
  /** POST /v1/connect/connectors. */
  createConnector({ state, body }) {
    if (body.name === undefined && (body.projectId === undefined || body.type === 'api-key'))
      throw new HttpError(400, 'Give a name. A project lends its own, but not to an API key.');
    const service = body.service ?? body.type ?? 'custom';
    const type = body.type ?? service;
    const schema = dataSchemaOf(type);
    // The document's own union takes any data.
    const [wrong] = schema === undefined ? [] : createSchemas(contract).inRequest(schema, body.data);
    if (wrong !== undefined) {
      const field = wrong.params.missingProperty ?? wrong.params.additionalProperty;
      const path = `data${wrong.instancePath.replaceAll('/', '.')}${field === undefined ? '' : `.${field}`}`;
      throw new HttpError(400, `${path} of a connector of type ${type}: ${wrong.keyword} is not met.`);
    }
    const connector = addConnector(state, { ...body, service, type, isManaged: false });
    return { body: describeConnector(connector) };
  },
  /** POST /v1/connect/connectors/managed. */
  createManagedConnector({ state, body, query }) {
    const service = body.service ?? body.type;
    if (service === undefined) throw new HttpError(400, 'Give a service or a type.');
    const type = body.type ?? service;
    const name = nameOf(body, service);
    if (body.icon !== undefined) requireIcon(state, body.icon);
    const create = () => {
      const triggers = body.triggers?.enabled === true;
      const connector = addConnector(state, { ...body, triggers, service, type, isManaged: true });
      if (query.autoinstall === true) connector.installations.add(`inst_${connector.facts.id.slice(4)}`);
      return connector;
    };
    if (!INSTALLED.has(type)) return { body: describeConnector(create()) };
    const registerUrl = startRegistration(state, name, body.request_code, create);
    throw new HttpError(422, `Register ${name} in the browser first.`, 'registration_required', {
      registerUrl,
    });
  },
  /** PATCH /v2/connect/connectors/{connector}: changes the given fields. */
  updateConnector(call) {
    const connector = connectorOf(call);
    const { state, body } = call;
    const { data, triggers, ...changes } = body;
    if (changes.uid !== undefined) requireFree(state, changes.uid, connector);
    if (changes.icon !== undefined) requireIcon(state, changes.icon);
    change(call, connector, {
      ...changes,
      ...(changes.name === undefined ? {} : { displayName: changes.name }),
      ...(triggers === undefined ? {} : { triggers: { enabled: triggers } }),
    });
    if (data !== undefined) {
      connector.data = { ...connector.data, ...publicPart(data) };
      // Connect issues tokens again once a connector has a new credential.
      if (hasNewSecret(data)) connector.issuesTokens = true;
    }
    return { body: { connector: describeConnector(connector) } };
  },
  /** POST /v1/connect/connectors/{connector}/managed/eject. */
  ejectManagedConnector(call) {
    const connector = connectorOf(call);
    if (connector.facts.creationMode !== 'managed')
      throw new HttpError(409, `The connector ${connector.facts.uid} is not managed.`);
    change(call, connector, { creationMode: 'manual', supportsManagedEjection: false });
    return { body: describeConnector(connector) };
  },
} satisfies EmulatedOperations;

interface Wanted extends Omit<CreateRequest, 'data' | 'service' | 'type'> {
  readonly service: string;
  readonly type: string;
  readonly data?: unknown;
  readonly isManaged: boolean;
}

function addConnector(state: State, wanted: Wanted): Connector {
  const { service, type, projectId, environments, triggers, triggerDestination } = wanted;
  const name = nameOf(wanted, service);
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const base = wanted.uid || `${service}/${slug || 'connector'}`;
  let uid = base;
  for (let number = 2; !wanted.uid && state.find(uid) !== undefined; number++) uid = `${base}-${number}`;
  requireFree(state, uid);
  if (wanted.icon !== undefined) requireIcon(state, wanted.icon);
  const now = state.now();
  const id = `scl_${createRandom('created', state.seed, uid, state.created++).text(22)}`;
  const subjectTypes = type === 'oauth' ? ['app', 'user', 'jwt-bearer', 'token'] : undefined;
  const installations = INSTALLED.has(type) ? [] : undefined;
  state.add({
    ...{ id, uid, type, name, createdAt: now, subjectTypes, installations, links: {} },
    data: publicPart(wanted.data),
  });
  const connector = state.get(id);
  connector.isCreated = true;
  const { events, icon, backgroundColor, accentColor, connectionMethod, target } = wanted;
  change({ state }, connector, {
    ...defined({ events, icon, backgroundColor, accentColor, connectionMethod, target }),
    creationMode: wanted.isManaged ? 'managed' : 'manual',
    supportsManagedEjection: wanted.isManaged,
    ...(triggers === true ? { triggers: { enabled: true } } : {}),
  });
  if (projectId !== undefined) setLink(connector, projectId, environments ?? DEFAULT_ENVIRONMENTS, now);
  if (triggerDestination !== undefined) {
    const projectOf = triggerDestination.projectId ?? projectId;
    if (projectOf === undefined) throw new HttpError(400, 'A trigger destination needs a projectId.');
    const triggerDestinations = checkDestinations(
      connector,
      [{ ...triggerDestination, projectId: projectOf }],
      now,
    );
    connector.facts = { ...connector.facts, triggers: { enabled: true }, triggerDestinations };
  }
  return connector;
}

function nameOf({ name, projectId }: CreateRequest | ManagedRequest | Wanted, service: string): string {
  return name?.trim() || projectId || service;
}

function requireFree(state: State, uid: string, self?: Connector): void {
  if (/[\s%#\p{Cc}]|^(?:scl_|sca_|store_|ir_)/u.test(uid))
    throw new HttpError(400, `The UID ${uid} is not allowed.`);
  const holder = state.find(uid);
  if (holder !== undefined && holder !== self) throw new HttpError(409, `The UID ${uid} is taken.`);
}

function requireIcon(state: State, icon: string): void {
  if (state.files.has(icon.toLowerCase())) return;
  throw new HttpError(400, 'The icon does not exist: upload it first with POST /v2/files.');
}

/** Returns whether data sets a secret. A key that is only removed, or whose value is null and so stays, sets none. */
function hasNewSecret(data: object): boolean {
  return Object.entries(data).some(([name, value]) => {
    if (!isSecretField(name)) return false;
    const keys = Array.isArray(value) ? value.map((key) => Object(key).value) : [value];
    return keys.some((key) => typeof key === 'string' && key !== '');
  });
}

/** Leaves out secret fields. */
function publicPart(data: unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(Object(data)).filter(([name]) => !isSecretField(name)));
}

function isSecretField(name: string): boolean {
  return KEYS.has(name) || (SECRET.test(name) && isSecretName(name));
}
