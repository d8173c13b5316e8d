import { checkArgument, InvalidArgumentError } from '../../errors/index.js';
import { isRecord, recordOf } from '../../util/is-record.js';
import { checkConnector } from '../check-arguments.js';
import type { State } from '../state.js';
import { readRevocation, withoutSubjectToken } from '../token-operations.js';
import {
  bodyOf,
  type ManageCaller,
  manage,
  manageList,
  manageObject,
  readListParams,
  readManageOptions,
} from './manage.js';
import { createManagedConnector } from './managed.js';
import type {
  ConnectConnector,
  ConnectConnectors,
  ConnectRevocation,
  ConnectService,
  ConnectUpdateResult,
} from './types.js';

/** Makes the functions that manage connectors. */
export function createConnectors(state: State): ConnectConnectors {
  return {
    list(params, options) {
      const { type, service, ...rest } = readListParams(params, LIST_PARAMS);
      const query = { ...rest, type: joined(type), service: joined(service) };
      const { caller } = readManageOptions(options);
      return manageList<ConnectConnector>(state, 'listConnectors', { query }, caller);
    },
    async get(connector, options) {
      checkConnector(connector);
      const { caller } = readManageOptions(options);
      return manageObject<ConnectConnector>(state, 'getConnector', { path: { connector } }, caller);
    },
    async create(params, options) {
      const body = bodyOf(params);
      const isByService = body.service !== undefined && body.connectionMethod !== undefined;
      if (body.type === undefined && !isByService)
        throw new InvalidArgumentError(
          'params.type',
          'give a type, or service together with connectionMethod',
        );
      if (body.name === undefined && body.projectId === undefined)
        throw new InvalidArgumentError('params.name', 'give a name, or a projectId to take its name');
      const { caller } = readManageOptions(options);
      return manageObject<ConnectConnector>(state, 'createConnector', { body }, caller);
    },
    createManaged: (params, options) => createManagedConnector(state, params, options),
    async update(connector, params, options) {
      checkConnector(connector);
      const body = bodyOf(params);
      checkArgument(Object.keys(body).length !== 0, 'params', 'must have at least one field to change');
      const { caller } = readManageOptions(options);
      return manageObject<ConnectUpdateResult>(
        state,
        'updateConnector',
        { path: { connector }, body },
        caller,
      );
    },
    async delete(connector, options) {
      checkConnector(connector);
      const { caller } = readManageOptions(options);
      const end = await prepareEnd(state, connector, caller);
      await manage(state, 'deleteConnector', { path: { connector } }, caller);
      await end();
    },
    async eject(connector, options) {
      checkConnector(connector);
      const { caller } = readManageOptions(options);
      return manageObject<ConnectConnector>(state, 'ejectManagedConnector', { path: { connector } }, caller);
    },
    async revokeTokens(connector, whose, options) {
      checkConnector(connector);
      const revoked = whose === 'all' ? undefined : readRevocation(recordOf(whose), 'whose');
      const { caller } = readManageOptions(options);
      const end =
        revoked === undefined
          ? await prepareEnd(state, connector, caller)
          : () =>
              state.grants.end({
                type: 'subject',
                connector,
                revoked: withoutSubjectToken(revoked, state.identify),
              });
      const sent = { path: { connector }, body: revoked ?? {} };
      const { data } = await manage(state, 'revokeConnectorTokens', sent, caller);
      await end();
      // A 204 has no counts; a body with counts passes through.
      return isRecord(data) ? (data as ConnectRevocation) : undefined;
    },
    async getService(service, given) {
      const { schemas, caller } = readManageOptions(given, ['schemas']);
      const isText = typeof service === 'string' && service !== '';
      checkArgument(isText, 'service', 'must be a service such as slack', service);
      const sent = { path: { service }, query: { schemas } };
      return manageObject<ConnectService>(state, 'getConnectService', sent, caller);
    },
  };
}

/**
 * Returns what ends everything of a connector, in this process and in the others.
 *
 * A connector has two names, and with a shared store both have to be known: when no cached token has the other one, the
 * connector is read first. If that fails, everything that was asked for by the other kind of name ends.
 */
export async function prepareEnd(
  state: State,
  connector: string,
  caller: ManageCaller,
): Promise<() => Promise<void>> {
  let otherName = state.grants.otherNameOf(connector);
  if (otherName === undefined && state.shared !== undefined) {
    try {
      const { id, uid } = await manageObject<Partial<ConnectConnector>>(
        state,
        'getConnector',
        { path: { connector } },
        caller,
      );
      otherName = id === connector ? uid : id;
    } catch {
      // It is not needed: a request too many costs less than a token that no longer works.
    }
  }
  return () => state.grants.end({ type: 'connector', connector, otherName });
}

const LIST_PARAMS = ['limit', 'cursor', 'projectId', 'search', 'type', 'service', 'sort'] as const;

/** The API takes a list as one text with commas. */
function joined(value: string | readonly string[] | undefined): string | undefined {
  return value === undefined || typeof value === 'string' ? value : value.join(',');
}
