import type { components } from '../../generated/index.js';
import { type Connector, type Link, linkOf, setLink } from './connector-state.js';
import { dropDestinations } from './destinations.js';
import { connectorOf, type EmulatedOperations } from './emulated-call.js';
import type { State } from './emulator-state.js';
import { HttpError } from './http-error.js';
import { page } from './list-operations.js';

const DEFAULT_LIMIT = 50;

export const linkOperations = {
  /** GET /v2/connect/connectors/{connector}/projects. */
  listConnectorProjectConnections(call) {
    const connector = connectorOf(call);
    const { state, query } = call;
    const projects = new Set([...connector.links.keys(), ...state.projects]);
    const connections = [...projects].flatMap((projectId) => connectionsOf(call, connector, projectId));
    const { items, next } = page(connections, query.limit ?? DEFAULT_LIMIT, query.cursor);
    return { body: { projects: items, pagination: { next } } };
  },
  /** GET /v2/connect/projects/{projectId}/connectors. */
  listProjectConnectorConnections(call) {
    const { state, params, query } = call;
    const connections = [...state.connectors.values()].flatMap((connector) =>
      connectionsOf(call, connector, params.projectId),
    );
    const { items, next } = page(connections, query.limit ?? DEFAULT_LIMIT, query.cursor);
    return { body: { connectors: items, pagination: { next } } };
  },
  /** GET /v1/connect/connectors/{connector}/projects/{projectId}. */
  getConnectorProjectConnection(call) {
    const connector = connectorOf(call);
    const { projectId } = call.params;
    return { body: describeLink(call, connector, projectId, requireProjectLink(connector, projectId)) };
  },
  /** POST of the same path: replaces the environments. */
  upsertConnectorProjectConnection(call) {
    const connector = connectorOf(call);
    const { projectId } = call.params;
    const link = setLink(connector, projectId, call.body.environments, call.state.now());
    return { body: describeLink(call, connector, projectId, link) };
  },
  /** DELETE of the same path. */
  deleteConnectorProjectConnection(call) {
    const connector = connectorOf(call);
    const { projectId } = call.params;
    requireProjectLink(connector, projectId);
    connector.links.set(projectId, undefined);
    dropDestinations(connector, projectId);
    return { status: 204 };
  },
  /** DELETE of one environment. The last one ends the link. Safe to repeat: a missing link is not an error. */
  deleteConnectorProjectEnvironment(call) {
    const connector = connectorOf(call);
    const { projectId, environment } = call.params;
    const before = linkOf(connector, projectId)?.environments ?? [];
    const left = before.filter((name) => name !== environment);
    if (left.length === 0) connector.links.set(projectId, undefined);
    else if (left.length < before.length) setLink(connector, projectId, left, call.state.now());
    dropDestinations(connector, projectId, environment);
    return { status: 204 };
  },
} satisfies EmulatedOperations;

type InState = { readonly state: State };

function requireProjectLink(connector: Connector, projectId: string): Link {
  const link = linkOf(connector, projectId);
  if (link !== undefined) return link;
  throw new HttpError(
    404,
    `The connector ${connector.facts.uid} has no connection to the project ${projectId}.`,
  );
}

function connectionsOf(call: InState, connector: Connector, projectId: string) {
  const link = linkOf(connector, projectId);
  return link === undefined ? [] : [describeLink(call, connector, projectId, link)];
}

function describeLink(
  { state }: InState,
  { facts }: Connector,
  projectId: string,
  { environments, createdAt, updatedAt }: Link,
): components['schemas']['ConnectProjectConnection'] {
  const custom = environments.filter((name) => name.startsWith('env_'));
  const customEnvironments = custom.map((id) => ({ id, slug: id.slice('env_'.length) }));
  return {
    connectorId: facts.id,
    createdAt,
    updatedAt,
    enabledEnvironments: [...environments],
    project: {
      id: projectId,
      name: state.projectNames.get(projectId) ?? projectId,
      ...(custom.length > 0 ? { customEnvironments } : {}),
    },
  };
}
