import { checkArgument } from '../../errors/index.js';
import { isRecord } from '../../util/is-record.js';
import { checkConnector } from '../check-arguments.js';
import type { State } from '../state.js';
import { prepareEnd } from './connectors.js';
import { manage, manageList, manageObject, readListParams, readManageOptions } from './manage.js';
import type { ConnectProjectConnection, ConnectProjects } from './types.js';

const LINK_PARAMS = ['limit', 'cursor'] as const;

/** Makes the functions that link connectors and projects. */
export function createProjects(state: State): ConnectProjects {
  return {
    list(connector, params, options) {
      checkConnector(connector);
      const sent = { path: { connector }, query: readListParams(params, LINK_PARAMS) };
      const { caller } = readManageOptions(options);
      return manageList<ConnectProjectConnection>(state, 'listConnectorProjectConnections', sent, caller);
    },
    listConnectors(projectId, params, options) {
      checkProject(projectId);
      const sent = { path: { projectId }, query: readListParams(params, LINK_PARAMS) };
      const { caller } = readManageOptions(options);
      return manageList<ConnectProjectConnection>(state, 'listProjectConnectorConnections', sent, caller);
    },
    async get(connector, projectId, options) {
      const path = linkPath(connector, projectId);
      const { caller } = readManageOptions(options);
      return manageObject<ConnectProjectConnection>(state, 'getConnectorProjectConnection', { path }, caller);
    },
    async attach(connector, projectId, link, options) {
      const path = linkPath(connector, projectId);
      const environments: unknown = isRecord(link) ? link.environments : undefined;
      const isList = Array.isArray(environments) && environments.length > 0;
      const isGood = isList && environments.every((name) => typeof name === 'string' && name !== '');
      const rule = "must name every environment that the link is to have, e.g. ['production']";
      checkArgument(isGood, 'link.environments', rule, environments);
      const sent = { path, body: { environments: [...environments] } };
      const { caller } = readManageOptions(options);
      const end = await prepareEnd(state, connector, caller);
      const connection = await manageObject<ConnectProjectConnection>(
        state,
        'upsertConnectorProjectConnection',
        sent,
        caller,
      );
      // The environments replace those that were enabled, and one that is not among them has lost its right.
      await end();
      return connection;
    },
    async detach(connector, projectId, given) {
      const { environment, caller } = readManageOptions(given, ['environment']);
      const path = linkPath(connector, projectId);
      if (environment !== undefined)
        checkSegment('options.environment', environment, 'production, preview, development or env_...');
      const end = await prepareEnd(state, connector, caller);
      if (environment === undefined) {
        await manage(state, 'deleteConnectorProjectConnection', { path }, caller);
      } else {
        const sent = { path: { ...path, environment } };
        await manage(state, 'deleteConnectorProjectEnvironment', sent, caller);
      }
      // Whose tokens they were is not known here; a request too many costs less than a right that is gone.
      await end();
    },
  };
}

function linkPath(connector: unknown, projectId: unknown) {
  checkConnector(connector);
  checkProject(projectId);
  return { connector, projectId };
}

function checkProject(projectId: unknown): asserts projectId is string {
  checkSegment('projectId', projectId, 'a project id (prj_...)');
}

function checkSegment(field: string, value: unknown, example: string): asserts value is string {
  checkArgument(typeof value === 'string' && value !== '', field, `must be ${example}`, value);
}
