import type { components } from '../../generated/index.js';
import { type Connector, describeConnector, linkOf, setLink } from './connector-state.js';
import { change, connectorOf, type EmulatedOperation } from './emulated-call.js';
import { HttpError } from './http-error.js';

/** Where events of a connector go, as it is kept. */
export type Destination = components['schemas']['ConnectTriggerDestination'];

/** PATCH of the destinations: the whole list is replaced, and an empty one turns forwarding off. */
export const replaceConnectorTriggerDestinations: EmulatedOperation<'replaceConnectorTriggerDestinations'> = (
  call,
) => {
  const connector = connectorOf(call);
  const destinations = checkDestinations(connector, call.body.destinations, call.state.now());
  change(call, connector, {
    triggers: { enabled: destinations.length > 0 },
    triggerDestinations: destinations,
  });
  return { body: describeConnector(connector) };
};

/** The environment that a destination is in: its custom one, `preview` for a branch, else production. */
export function environmentOf({ branch, customEnvironmentId }: Destination): string {
  return customEnvironmentId ?? (branch === undefined ? 'production' : 'preview');
}

/** @throws {HttpError} 422 for a connector whose provider sends no events. */
export function requireTriggers({ facts }: Connector): void {
  if (!facts.supportsTriggers)
    throw new HttpError(422, `The connector ${facts.uid} does not support triggers.`);
}

/** Takes destinations in; each of them enables its environment on the link to its project. */
export function checkDestinations(
  connector: Connector,
  destinations: readonly Destination[],
  now: number,
): Destination[] {
  if (destinations.length > 0) requireTriggers(connector);
  for (const destination of destinations) {
    const { projectId } = destination;
    const enabled = linkOf(connector, projectId)?.environments ?? [];
    const wanted = environmentOf(destination);
    if (!enabled.includes(wanted)) setLink(connector, projectId, [...enabled, wanted], now);
  }
  return [...destinations];
}

/** Forgets the destinations of a project, or of one of its environments, which lost its link. */
export function dropDestinations(connector: Connector, projectId: string, environment?: string): void {
  const { triggerDestinations } = connector.facts;
  if (triggerDestinations === undefined) return;
  const isLost = (one: Destination) =>
    one.projectId === projectId && (environment === undefined || environmentOf(one) === environment);
  connector.facts = {
    ...connector.facts,
    triggerDestinations: triggerDestinations.filter((one) => !isLost(one)),
  };
}
