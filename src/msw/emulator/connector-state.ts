import { InvalidArgumentError } from '../../errors/index.js';
import { describeValue } from '../../util/redact.js';
import { createRandom } from '../respond/random.js';
import { DEFAULT_ENVIRONMENTS, EPOCH_MS } from './defaults.js';
import type { EmulatedConnector, EmulatedConnectorFacts } from './types.js';

/** What joins a connector and a project. */
export interface Link {
  readonly environments: readonly string[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One connector and what hangs on it. */
export interface Connector {
  /** What the API tells of it, but for what changes. */
  facts: EmulatedConnectorFacts;
  data: Readonly<Record<string, unknown>> | undefined;
  readonly tokenPrefix: string | undefined;
  readonly issuesTokens: boolean;
  readonly users: Set<string>;
  /** The default one first. */
  readonly installations: Set<string>;
  /** Whether it was made through the API, and its links with it. */
  isCreated: boolean;
  /** Links by project; `undefined` for one that was ended. */
  readonly links: Map<string, Link | undefined>;
  /** The link of every project that {@link links} does not name. */
  readonly everyProject: Link | undefined;
}

/** Services whose events Connect forwards; behind `oauth` can be an MCP server, which sends events too. */
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

/** Makes a connector of its description. */
export function createConnector(description: EmulatedConnector): Connector {
  const { data, tokenPrefix, issuesTokens = true, users = [], installations = [], links } = description;
  const facts = factsOf(description);
  const linkOf = (environments: readonly string[]): Link => ({
    environments: [...environments],
    createdAt: facts.createdAt,
    updatedAt: facts.updatedAt,
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
      Object.entries(links ?? {}).map(([projectId, environments]) => [projectId, linkOf(environments)]),
    ),
    everyProject: links === undefined ? linkOf(DEFAULT_ENVIRONMENTS) : undefined,
  };
}

function factsOf(description: EmulatedConnector): EmulatedConnectorFacts {
  const { uid } = description;
  if (typeof uid !== 'string' || uid === '') {
    throw new InvalidArgumentError('connector.uid', `must be a non-empty string, got ${describeValue(uid)}`);
  }
  const service = uid.split('/', 1).join('');
  const { name = uid, type = service, createdAt = EPOCH_MS } = description;
  return {
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
    supportsInstallation: description.installations !== undefined,
    supportsRevocation: true,
    supportsTriggers: description.supportsTriggers ?? TRIGGERING.has(service),
  };
}

/** What the API tells of a connector now. */
export function describeConnector({ facts, installations }: Connector): EmulatedConnectorFacts {
  const [defaultInstallationId] = installations;
  return defaultInstallationId === undefined ? facts : { ...facts, defaultInstallationId };
}

/** The link between a connector and a project, its own or the one that every project has. */
export function linkOf(connector: Connector, projectId: string): Link | undefined {
  return connector.links.has(projectId) ? connector.links.get(projectId) : connector.everyProject;
}

/** Sets the environments of a link; they replace those that it had. */
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
