import { checkArgument, InvalidArgumentError } from '../../errors/index.js';
import { toPlainJson } from '../../http/json-copy.js';
import { isRecord } from '../../util/is-record.js';
import { checkConnector } from '../check-arguments.js';
import type { State } from '../state.js';
import { manageObject, readManageOptions } from './manage.js';
import type { ConnectConnector, ConnectTriggers } from './types.js';

/** The most destinations of a connector. Source: connect-api.md 3.2, the document's `maxItems`. */
const MAX_DESTINATIONS = 3;

/** Makes the functions that say where events go. */
export function createTriggers(state: State): ConnectTriggers {
  const replace: ConnectTriggers['set'] = async (connector, destinations, options) => {
    checkConnector(connector);
    checkArgument(Array.isArray(destinations), 'destinations', 'must be an array', destinations);
    if (destinations.length > MAX_DESTINATIONS) {
      throw new InvalidArgumentError(
        'destinations',
        `a connector has at most ${MAX_DESTINATIONS} destinations, got ${destinations.length}`,
      );
    }
    for (const [index, one] of destinations.entries()) {
      const field = `destinations[${index}]`;
      if (!isRecord(one) || typeof one.projectId !== 'string' || one.projectId === '')
        throw new InvalidArgumentError(`${field}.projectId`, 'must be a project id (prj_...)');
      if (one.branch !== undefined && one.customEnvironmentId !== undefined)
        throw new InvalidArgumentError(
          field,
          'give branch or customEnvironmentId, not both: a destination is one of them',
        );
    }
    const body = { destinations: toPlainJson('destinations', destinations) };
    const sent = { path: { connector }, body };
    const { caller } = readManageOptions(options);
    return manageObject<ConnectConnector>(state, 'replaceConnectorTriggerDestinations', sent, caller);
  };
  return { set: replace, clear: async (connector, options) => replace(connector, [], options) };
}
