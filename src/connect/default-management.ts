import { client } from './default-client.js';
import type { ConnectClient } from './types.js';

/**
 * Creates, reads, changes and deletes connectors, with the default client.
 *
 * These operations want an access token of a person or team: pass `vercelToken`, or use a client of your own with
 * `createConnectClient({ bearerToken: environmentCredential(), teamId })`.
 *
 * @example
 * for await (const connector of connectors.list({ type: 'slack' }, { vercelToken })) console.log(connector.uid);
 * const slack = await connectors.create({ type: 'slack', name: 'Bot', data: { appId, appName, clientId, clientSecret } });
 * await connectors.update<'slack'>(slack.id, { data: { botScopes: ['chat:write'] } });
 * await connectors.delete(slack.id);
 */
export const connectors: ConnectClient['connectors'] = {
  list: (...call) => client().connectors.list(...call),
  get: async (...call) => client().connectors.get(...call),
  create: async (...call) => client().connectors.create(...call),
  createManaged: async (...call) => client().connectors.createManaged(...call),
  update: async (...call) => client().connectors.update(...call),
  delete: async (...call) => client().connectors.delete(...call),
  eject: async (...call) => client().connectors.eject(...call),
  revokeTokens: async (...call) => client().connectors.revokeTokens(...call),
  getService: async (...call) => client().connectors.getService(...call),
};

/**
 * Links connectors and projects, with the default client; wants an access token like {@link connectors}.
 *
 * @example
 * // The environments replace those that were enabled before.
 * await projects.attach('slack/acme-slack', 'prj_shop', { environments: ['production', 'preview'] }, { vercelToken });
 * await projects.detach('slack/acme-slack', 'prj_shop', { environment: 'preview', vercelToken });
 */
export const projects: ConnectClient['projects'] = {
  list: (...call) => client().projects.list(...call),
  listConnectors: (...call) => client().projects.listConnectors(...call),
  get: async (...call) => client().projects.get(...call),
  attach: async (...call) => client().projects.attach(...call),
  detach: async (...call) => client().projects.detach(...call),
};

/**
 * Says where a connector's events go, with the default client; wants an access token like {@link connectors}.
 *
 * @example
 * await triggers.set('slack/acme-slack', [{ projectId: 'prj_shop', path: '/api/slack/events' }], { vercelToken });
 * await triggers.clear('slack/acme-slack', { vercelToken });
 */
export const triggers: ConnectClient['triggers'] = {
  set: async (...call) => client().triggers.set(...call),
  clear: async (...call) => client().triggers.clear(...call),
};
