// Every operation that openapi/connect.yaml has: which exported function reaches it, and which command. Held against the
// requests that an emulator got.
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as connect from '../../src/connect/index.js';
import { operations as table } from '../../src/generated/index.js';
import * as root from '../../src/index.js';
import { EMULATED } from '../../src/msw/emulator/emulated-operations.js';
import { createConnectEmulator } from '../../src/msw/index.js';
import { runCli } from '../cli/run-cli.js';
import { ownOperationIds } from '../helpers/own-operations.js';
import { pngOf } from '../helpers/png.js';
import { documentationOf } from './documentation.js';

const emulator = createConnectEmulator({ credentials: () => ({ kind: 'access' }) });
const server = setupServer(...emulator.handlers);
const AS = { vercelToken: 'an-access-token' };
const USER = { subject: { type: 'user', id: 'user_123' } } as const;
const ICON = join(tmpdir(), `vercel-rest-icon-${process.pid}.png`);

const item = () => ({
  ...{ accessToken: 'imported', expiresAt: Date.now() + 3_600_000, environment: 'production' },
  subject: USER.subject,
});
const approve = () => {
  for (const { request, outcome } of emulator.consents)
    if (outcome === 'pending') emulator.approve({ request });
};

beforeAll(async () => {
  server.listen({ onUnhandledRequest: 'error' });
  await writeFile(ICON, pngOf(640));
});
beforeEach(async () => {
  emulator.reset();
  emulator.addConnector({ uid: 'oauth/crm', links: { prj_1: ['production', 'preview'] } });
  await connect.connectors.createManaged({ service: 'linear', name: 'Bot' }, AS);
});
afterAll(async () => {
  server.close();
  await rm(ICON);
});

interface Row {
  /** Number in the index of the reference; none for what is no operation of Connect. */
  readonly row: number | undefined;
  readonly route: string;
  /** The function, as it is exported. */
  readonly name: string;
  readonly call: () => PromiseLike<unknown>;
  /** The command, and what it reads from standard input. */
  readonly argv: string;
  readonly stdin?: () => string;
}

const { connectors, projects, triggers } = connect;
const CONNECTORS = '/v1/connect/connectors';
const LINK = `${CONNECTORS}/{connector}/projects/{projectId}`;
const destination = { projectId: 'prj_1', path: '/hook' };

const TABLE: Readonly<Record<keyof typeof EMULATED, Row>> = {
  listConnectors: {
    ...{ row: 1, route: 'GET /v2/connect/connectors', name: 'connectors.list' },
    call: () => connectors.list({}, AS),
    argv: 'connect list',
  },
  createConnector: {
    ...{ row: 2, route: `POST ${CONNECTORS}`, name: 'connectors.create' },
    call: () => connectors.create({ type: 'oauth', name: 'New', data: { clientId: 'c' } }, AS),
    argv: 'connect create oauth --name New --data {"clientId":"c"}',
  },
  getConnector: {
    ...{ row: 3, route: `GET ${CONNECTORS}/{connector}`, name: 'connectors.get' },
    call: () => connectors.get('oauth/crm', AS),
    argv: 'connect get oauth/crm',
  },
  updateConnector: {
    ...{ row: 4, route: 'PATCH /v2/connect/connectors/{connector}', name: 'connectors.update' },
    call: () => connectors.update('oauth/crm', { name: 'Other' }, AS),
    argv: 'connect update oauth/crm --name Other',
  },
  deleteConnector: {
    ...{ row: 5, route: `DELETE ${CONNECTORS}/{connector}`, name: 'connectors.delete' },
    call: () => connectors.delete('oauth/crm', AS),
    argv: 'connect remove oauth/crm --disconnect-all --yes',
  },
  replaceConnectorTriggerDestinations: {
    ...{ row: 6, route: `PATCH ${CONNECTORS}/{connector}/trigger-destinations`, name: 'triggers.set' },
    call: () => triggers.set('oauth/crm', [destination], AS),
    argv: 'connect triggers oauth/crm --to prj_1,path=/hook',
  },
  listConnectorProjectConnections: {
    ...{ row: 7, route: 'GET /v2/connect/connectors/{connector}/projects', name: 'projects.list' },
    call: () => projects.list('oauth/crm', {}, AS),
    argv: 'connect projects oauth/crm',
  },
  getConnectorProjectConnection: {
    ...{ row: 8, route: `GET ${LINK}`, name: 'projects.get' },
    call: () => projects.get('oauth/crm', 'prj_1', AS),
    argv: 'connect projects oauth/crm --project prj_1',
  },
  upsertConnectorProjectConnection: {
    ...{ row: 9, route: `POST ${LINK}`, name: 'projects.attach' },
    call: () => projects.attach('oauth/crm', 'prj_2', { environments: ['production'] }, AS),
    argv: 'connect attach oauth/crm --project prj_2 -e production',
  },
  deleteConnectorProjectConnection: {
    ...{ row: 10, route: `DELETE ${LINK}`, name: 'projects.detach' },
    call: () => projects.detach('oauth/crm', 'prj_1', AS),
    argv: 'connect detach oauth/crm --project prj_1 --yes',
  },
  listProjectConnectorConnections: {
    ...{ row: 11, route: 'GET /v2/connect/projects/{projectId}/connectors', name: 'projects.listConnectors' },
    call: () => projects.listConnectors('prj_1', {}, AS),
    argv: 'connect connectors prj_1',
  },
  getConnectorToken: {
    ...{ row: 12, route: 'POST /v1/connect/token/{connector}', name: 'getToken' },
    call: () => connect.getToken('oauth/linear', USER, { ...AS, forceRefresh: true }),
    argv: 'connect token oauth/linear --subject user:user_123',
  },
  createConnectorAuthorizationRequest: {
    ...{ row: 13, route: 'POST /v1/connect/authorize/{connector}', name: 'startAuthorization' },
    call: () => connect.startAuthorization('oauth/linear', USER, AS),
    argv: 'connect authorize oauth/linear --subject user:user_9 --no-wait',
  },
  importConnectorTokens: {
    ...{ row: 14, route: 'POST /v1/connect/token/{connector}/import', name: 'importTokens' },
    call: () => connect.importTokens('oauth/linear', [item()], AS),
    argv: 'connect import-tokens oauth/linear -',
    stdin: () => JSON.stringify([item()]),
  },
  createConnectorInstallationRequest: {
    ...{ row: 15, route: 'POST /v1/connect/install/{connector}', name: 'startInstallation' },
    call: () => connect.startInstallation('github/acme', {}, AS),
    argv: 'connect authorize github/acme --install --no-wait',
  },
  ejectManagedConnector: {
    ...{ row: 16, route: `POST ${CONNECTORS}/{connector}/managed/eject`, name: 'connectors.eject' },
    call: () => connectors.eject('linear/bot', AS),
    argv: 'connect eject linear/bot --yes',
  },
  deleteConnectorProjectEnvironment: {
    ...{ row: 17, route: `DELETE ${LINK}/environments/{environment}`, name: 'projects.detach' },
    call: () => projects.detach('oauth/crm', 'prj_1', { environment: 'preview', ...AS }),
    argv: 'connect detach oauth/crm --project prj_1 --environment preview --yes',
  },
  revokeConnectorTokens: {
    ...{ row: 18, route: `DELETE ${CONNECTORS}/{connector}/tokens`, name: 'revokeToken' },
    call: () => connect.revokeToken('oauth/linear', USER, AS),
    argv: 'connect revoke-tokens oauth/linear --subject user:user_123 --yes',
  },
  createManagedConnector: {
    ...{ row: 19, route: `POST ${CONNECTORS}/managed`, name: 'connectors.createManaged' },
    call: () => connectors.createManaged({ service: 'linear', name: 'Second' }, AS),
    argv: 'connect create linear --name Second',
  },
  getConnectService: {
    ...{ row: 21, route: 'GET /v1/connect/services/{service}', name: 'connectors.getService' },
    call: () => connectors.getService('slack', AS),
    argv: 'connect service slack',
  },
  getConnectResult: {
    ...{ row: 22, route: 'GET /v1/connect/result/{verifier}', name: 'waitForAuthorization' },
    call: async () => {
      const authorization = await connect.startAuthorization('oauth/linear', USER, AS);
      approve();
      await connect.waitForAuthorization(authorization);
    },
    argv: 'connect authorize oauth/linear --subject user:user_9',
  },
  uploadFile: {
    ...{ row: undefined, route: 'POST /v2/files', name: 'upload' },
    call: () =>
      root.upload(root.createClient({ bearerToken: 'a' }), '/v2/files', { file: new Uint8Array(3) }),
    argv: `connect update oauth/crm --icon ${ICON}`,
  },
};

test('the table has rows 1 to 18 of the reference, and every operation of the document', () => {
  const rows = Object.values(TABLE).map(({ row }) => row);
  expect(rows.slice(0, 18)).toEqual(Array.from({ length: 18 }, (_, index) => index + 1));
  expect(new Set(Object.keys(TABLE))).toEqual(ownOperationIds);
  expect(new Set(Object.keys(EMULATED))).toEqual(ownOperationIds);
});

describe.each(Object.entries(TABLE))('%s', (operationId, { route, name, call, argv, stdin }) => {
  /** The requests of this operation that succeeded. */
  const reached = () =>
    emulator.requests.filter((one) => one.operationId === operationId && Number(one.status) < 300);

  test('stands where the reference has it', () => {
    const { method, path } = table.operations[operationId] ?? {};
    expect(`${method} ${path}`).toBe(route);
  });

  test(`from code: ${name}`, async () => {
    const before = reached().length;
    await call();
    expect(reached()).toHaveLength(before + 1);
    expect(typeof exported(name)).toBe('function');
  });

  test(`from the terminal: vercel-rest ${argv}`, async () => {
    const before = reached().length;
    const outcome = await runCli(argv.split(' '), {
      env: { VERCEL_TOKEN: 'an-access-token' },
      ...(stdin === undefined ? {} : { stdin: stdin() }),
      onStderr: () => approve(),
    });
    expect(outcome).toMatchObject({ code: 0 });
    expect(reached()).toHaveLength(before + 1);
  });

  test(`${name} has a description and an example`, () => {
    const { description, examples } = documentationOf(name);
    expect(description.length).toBeGreaterThan(20);
    expect(examples.join('\n')).toMatch(new RegExp(`\\b${name.replace('.', '\\.')}\\(`));
  });
});

function exported(name: string): unknown {
  const [first = '', second] = name.split('.');
  const value: unknown = Reflect.get(first in connect ? connect : root, first);
  return second === undefined ? value : Reflect.get(Object(value), second);
}
