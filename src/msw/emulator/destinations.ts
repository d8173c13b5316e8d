import type { components } from '../../generated/index.js';
import { type Connector, describeConnector, linkOf, setLink } from './connector-state.js';
import { change, connectorOf, type EmulatedOperations } from './emulated-call.js';
import { HttpError } from './http-error.js';

/** A destination of a connector's events. */
export type Destination = components['schemas']['ConnectTriggerDestination'];

export const destinationOperations = {
  /** PATCH of the destinations: replaces the whole list; an empty one turns forwarding off. */
  replaceConnectorTriggerDestinations(call) {
    const connector = connectorOf(call);
    const destinations = checkDestinations(connector, call.body.destinations, call.state.now());
    change(call, connector, {
      triggers: { enabled: destinations.length > 0 },
      triggerDestinations: destinations,
    });
    return { body: describeConnector(connector) };
  },
} satisfies EmulatedOperations;

/** Returns the environment of a destination: its custom one, `preview` for a branch, else production. */
export function environmentOf({ branch, customEnvironmentId }: Destination): string {
  return customEnvironmentId ?? (branch === undefined ? 'production' : 'preview');
}

/**
 * Enables the environment of each destination on the link to its project.
 *
 * @throws {HttpError} 422 for a connector whose provider sends no events.
 */
export function checkDestinations(
  connector: Connector,
  destinations: readonly Destination[],
  now: number,
): Destination[] {
  if (destinations.length > 0 && !connector.facts.supportsTriggers)
    throw new HttpError(422, `The connector ${connector.facts.uid} does not support triggers.`);
  for (const destination of destinations) {
    const { projectId } = destination;
    const enabled = linkOf(connector, projectId)?.environments ?? [];
    const wanted = environmentOf(destination);
    if (!enabled.includes(wanted)) setLink(connector, projectId, [...enabled, wanted], now);
  }
  return [...destinations];
}

/** Removes the destinations of a project, or of one of its environments, whose link ended. */
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
