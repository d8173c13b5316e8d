import type { ConnectClient } from '../../src/connect/index.js';
import { CONNECTOR } from './helpers.js';

export const SLACK = { appId: 'A1', appName: 'Bot', clientId: 'c', clientSecret: 'the-client-secret-1' };
const LINK = '/v1/connect/connectors/slack%2Facme-slack/projects/prj_1';
export const none = () => new Response(null, { status: 204 });
export const body = () => Response.json({ id: 'scl_1', connector: { id: 'scl_1' } });

export type Row = readonly [
  name: string,
  call: (client: ConnectClient) => Promise<unknown>,
  line: string,
  body?: unknown,
];

/** Every management operation of the document: who calls it, and what goes over the wire. */
export const ROWS: readonly Row[] = [
  ['connectors.get', (c) => c.connectors.get(CONNECTOR), 'GET /v1/connect/connectors/slack%2Facme-slack'],
  [
    'connectors.create',
    (c) => c.connectors.create({ type: 'slack', name: 'Bot', data: SLACK }),
    'POST /v1/connect/connectors',
    { type: 'slack', name: 'Bot', data: SLACK },
  ],
  [
    'connectors.createManaged',
    (c) => c.connectors.createManaged({ service: 'slack', name: 'Bot' }, { autoinstall: true }),
    'POST /v1/connect/connectors/managed?autoinstall=true',
    { service: 'slack', name: 'Bot' },
  ],
  [
    'connectors.update',
    (c) => c.connectors.update<'slack'>(CONNECTOR, { name: 'New', data: { botScopes: ['chat:write'] } }),
    'PATCH /v2/connect/connectors/slack%2Facme-slack',
    { name: 'New', data: { botScopes: ['chat:write'] } },
  ],
  [
    'connectors.eject',
    (c) => c.connectors.eject(CONNECTOR),
    'POST /v1/connect/connectors/slack%2Facme-slack/managed/eject',
  ],
  [
    'connectors.getService',
    (c) => c.connectors.getService('slack', { schemas: true }),
    'GET /v1/connect/services/slack?schemas=true',
  ],
  [
    'connectors.revokeTokens of one',
    (c) => c.connectors.revokeTokens(CONNECTOR, { subject: { type: 'user', id: 'u' } }),
    'DELETE /v1/connect/connectors/slack%2Facme-slack/tokens',
    { subject: { type: 'user', id: 'u' } },
  ],
  [
    'connectors.revokeTokens of all',
    (c) => c.connectors.revokeTokens(CONNECTOR, 'all'),
    'DELETE /v1/connect/connectors/slack%2Facme-slack/tokens',
    {},
  ],
  ['projects.get', (c) => c.projects.get(CONNECTOR, 'prj_1'), `GET ${LINK}`],
  [
    'projects.attach',
    (c) => c.projects.attach(CONNECTOR, 'prj_1', { environments: ['production', 'env_1'] }),
    `POST ${LINK}`,
    { environments: ['production', 'env_1'] },
  ],
  [
    'triggers.set',
    (c) => c.triggers.set(CONNECTOR, [{ projectId: 'prj_1', path: '/hook' }]),
    'PATCH /v1/connect/connectors/slack%2Facme-slack/trigger-destinations',
    { destinations: [{ projectId: 'prj_1', path: '/hook' }] },
  ],
  [
    'triggers.clear',
    (c) => c.triggers.clear(CONNECTOR),
    'PATCH /v1/connect/connectors/slack%2Facme-slack/trigger-destinations',
    { destinations: [] },
  ],
];

export const BODILESS: readonly Row[] = [
  [
    'connectors.delete',
    (c) => c.connectors.delete(CONNECTOR),
    'DELETE /v1/connect/connectors/slack%2Facme-slack',
  ],
  ['projects.detach', (c) => c.projects.detach(CONNECTOR, 'prj_1'), `DELETE ${LINK}`],
  [
    'projects.detach of one environment',
    (c) => c.projects.detach(CONNECTOR, 'prj_1', { environment: 'preview' }),
    `DELETE ${LINK}/environments/preview`,
  ],
];

/** With every row of the same length, which is what the table of a test takes. */
export const full = (rows: readonly Row[]) =>
  rows.map(([name, call, line, sent]) => [name, call, line, sent] as const);

export const lineOf = ({ method, url }: { readonly method: string; readonly url: string }) =>
  `${method} ${url.replace('https://api.vercel.com', '')}`;
