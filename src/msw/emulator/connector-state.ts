import { checkArgument } from '../../errors/index.js';
import { createRandom } from '../respond/random.js';
import { DEFAULT_ENVIRONMENTS, EPOCH_MS } from './defaults.js';
import type { EmulatedConnector, EmulatedConnectorFacts } from './types.js';

/** The link between a connector and a project. */
export interface Link {
  readonly environments: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One connector with its users, installations and links. */
export interface Connector {
  /** The connector as the API shows it, without its default installation. */
  facts: EmulatedConnectorFacts;
  data: Readonly<Record<string, unknown>> | undefined;
  readonly tokenPrefix: string | undefined;
  /** Whether a valid credential is stored; tokens are refused without one. */
  issuesTokens: boolean;
  readonly users: Set<string>;
  /** The default one first. */
  readonly installations: Set<string>;
  /** Whether it was created through the API, and its links with it. */
  isCreated: boolean;
  /** Links by project; `undefined` for an ended one. */
  readonly links: Map<string, Link | undefined>;
  /** The link of every project without an entry in {@link links}. */
  readonly everyProject: Link | undefined;
}

/** Services whose events Connect forwards. An MCP server, which sends events too, can be behind `oauth`. */
const TRIGGERING: ReadonlySet<string> = new Set([
  ...[
    'discord',
    'github',
    'linear',
    'linq',
    'microsoft-teams',
    'notion',
    'oauth',
    'photon',
    'sendblue',
    'slack',
  ],
]);

/** Makes a connector from its description. */
export function createConnector(description: EmulatedConnector): Connector {
  const { uid, data, tokenPrefix, issuesTokens = true, users = [], installations, links } = description;
  checkArgument(typeof uid === 'string' && uid !== '', 'connector.uid', 'must be a non-empty string', uid);
  const service = uid.split('/', 1).join('');
  const { name = uid, type = service, createdAt = EPOCH_MS } = description;
  const facts: EmulatedConnectorFacts = {
    id: description.id ?? `scl_${createRandom('connector', uid).text(22)}`,
    uid,
    name,
    displayName: name,
    service,
    type,
    typeName: type,
    createdAt,
    updatedAt: createdAt,
    supportedSubjectTypes: [...(description.subjectTypes ?? ['app', 'user'])],
    supportsIcon: false,
    supportsInstallation: installations !== undefined,
    supportsRevocation: true,
    supportsTriggers: description.supportsTriggers ?? TRIGGERING.has(service),
  };
  const linkTo = (environments: readonly string[]): Link => ({
    environments: [...environments],
    createdAt,
    updatedAt: createdAt,
  });
  return {
    facts,
    data,
    tokenPrefix,
    issuesTokens,
    isCreated: false,
    users: new Set(users),
    installations: new Set(installations),
    links: new Map(
      Object.entries(links ?? {}).map(([projectId, environments]) => [projectId, linkTo(environments)]),
    ),
    everyProject: links === undefined ? linkTo(DEFAULT_ENVIRONMENTS) : undefined,
  };
}

/** Returns a connector as the API shows it now. */
export function describeConnector({ facts, installations }: Connector): EmulatedConnectorFacts {
  const [defaultInstallationId] = installations;
  return defaultInstallationId === undefined ? facts : { ...facts, defaultInstallationId };
}

/** Returns the link between a connector and a project: the project's own, or the one that every project has. */
export function linkOf(connector: Connector, projectId: string): Link | undefined {
  return connector.links.has(projectId) ? connector.links.get(projectId) : connector.everyProject;
}

/** Replaces the environments of a link. */
export function setLink(
  connector: Connector,
  projectId: string,
  environments: readonly string[],
  now: number,
): Link {
  const createdAt = linkOf(connector, projectId)?.createdAt ?? now;
  const link: Link = { environments: [...new Set(environments)], createdAt, updatedAt: now };
  connector.links.set(projectId, link);
  return link;
}
