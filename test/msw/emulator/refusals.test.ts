import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ClientNotEnabledForEnvironmentError,
  ClientNotLinkedToProjectError,
  ConnectorInstallationRequiredError,
  ConnectorNotFoundError,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from '../../../src/connect/errors.js';
import { type ConnectTokenSubject, createConnectClient } from '../../../src/connect/index.js';
import { AuthenticationError, BadRequestError } from '../../../src/errors/index.js';
import { createConnectEmulator } from '../../../src/msw/index.js';
import { caught } from '../../helpers/caught.js';
import { emulate } from './emulate.js';

describe('the client sees each refusal as its own class', () => {
  const emulator = createConnectEmulator({
    credentials: {
      shop: { projectId: 'prj_shop' },
      preview: { projectId: 'prj_shop', environment: 'preview' },
      person: { projectId: 'prj_shop', kind: 'access' },
      blog: { projectId: 'prj_blog' },
    },
  });
  emulator.addConnector({
    uid: 'slack/shop-only',
    subjectTypes: ['app'],
    links: { prj_shop: ['production'] },
  });
  const server = setupServer(...emulator.handlers);
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  afterAll(() => server.close());

  const connect = createConnectClient({ maxRetries: 0 });
  const app: ConnectTokenSubject = { type: 'app' };
  const getToken = (connector: string, subject: ConnectTokenSubject, vercelToken = 'shop') =>
    connect.getToken(connector, { subject }, { vercelToken });

  test.each([
    [
      'no consent',
      'oauth/linear',
      { type: 'user', id: 'user_456' },
      'shop',
      UserAuthorizationRequiredError,
      422,
      'user_authorization_required',
    ],
    [
      'no installation',
      'github/acme',
      app,
      'shop',
      ConnectorInstallationRequiredError,
      422,
      'client_installation_required',
    ],
    ['no token', 'api-key/revoked', app, 'shop', NoValidTokenError, 422, 'no_token'],
    ['no connector', 'slack/nobody', app, 'shop', ConnectorNotFoundError, 404, 'not_found'],
    ['no link', 'slack/shop-only', app, 'blog', ClientNotLinkedToProjectError, 403, 'forbidden'],
    [
      'no such environment',
      'slack/shop-only',
      app,
      'preview',
      ClientNotEnabledForEnvironmentError,
      403,
      'forbidden',
    ],
    [
      'a bearer that nobody knows',
      'slack/acme-slack',
      app,
      'stranger',
      AuthenticationError,
      401,
      'unauthorized',
    ],
    [
      'a subject without tokens',
      'slack/acme-slack',
      { type: 'user', id: 'u' },
      'shop',
      BadRequestError,
      400,
      'bad_request',
    ],
  ] as const)('%s', async (_, connector, subject, bearer, errorClass, status, code) => {
    const error = await caught(getToken(connector, subject, bearer), errorClass);
    expect(error).toMatchObject({ status, code, requestId: expect.stringMatching(/^mock1::/) });
  });

  test('messages name connector, project, environment and subject type', async () => {
    const message = async (...args: Parameters<typeof getToken>) =>
      (await caught(getToken(...args), Error)).message;
    expect(await message('slack/shop-only', app, 'blog')).toBe(
      'The connector slack/shop-only is not linked to this project (prj_blog).',
    );
    expect(await message('slack/shop-only', app, 'preview')).toBe(
      'The connector slack/shop-only is not enabled for the preview environment of this project.',
    );
    expect(await message('slack/acme-slack', { type: 'user', id: 'u' })).toContain('type "user"; it has app');
  });

  test('what is allowed is given: production of the shop, and a person, who has no environment', async () => {
    expect(await getToken('slack/shop-only', app, 'shop')).toMatch(/^xoxb-/);
    expect(await getToken('slack/shop-only', app, 'person')).toMatch(/^xoxb-/);
  });

  test('metadata is held to the link for a project, not for a person', async () => {
    const metadata = (vercelToken: string) =>
      connect.getConnectorMetadata('slack/shop-only', { vercelToken });
    await caught(metadata('blog'), ClientNotLinkedToProjectError);
    await caught(metadata('preview'), ClientNotEnabledForEnvironmentError);
    emulator.unlink('slack/shop-only', 'prj_shop');
    await caught(metadata('shop'), ClientNotLinkedToProjectError);
    expect(await metadata('person')).toMatchObject({ uid: 'slack/shop-only', vendor: {} });
  });
});

describe('consent', () => {
  const linear = (id?: string) => ({ subject: { type: 'user', ...(id === undefined ? {} : { id }) } });

  test('can be given and taken back', async () => {
    const { token, issued, emulator } = emulate();
    const refused = { status: 422, error: { code: 'user_authorization_required' } };
    expect(await token('oauth/linear', linear('user_456'))).toMatchObject(refused);
    emulator.grantUser('oauth/linear', 'user_456');
    const { token: first } = await issued('oauth/linear', linear('user_456'));
    emulator.withdrawUser('oauth/linear', 'user_456');
    expect(await token('oauth/linear', linear('user_456'))).toMatchObject(refused);
    expect((await issued('oauth/linear', linear('user_123'))).token).toEqual(expect.any(String));
    emulator.grantUser('oauth/linear', 'user_456');
    expect((await issued('oauth/linear', linear('user_456'))).token).not.toBe(first);
  });

  test("is nobody's where no user is named", async () => {
    const { token } = emulate();
    expect(await token('oauth/linear', linear())).toMatchObject({
      status: 422,
      error: { code: 'user_authorization_required' },
    });
  });

  test('of one connector is none of another', async () => {
    const { token, emulator } = emulate();
    emulator.addConnector({ uid: 'oauth/other', subjectTypes: ['user'], users: ['user_9'] });
    expect((await token('oauth/other', linear('user_9'))).status).toBe(200);
    expect((await token('oauth/linear', linear('user_9'))).status).toBe(422);
  });
});

describe('installation', () => {
  const refused = { status: 422, error: { code: 'client_installation_required' } };

  test('can be made and undone, which ends the tokens that hang on it', async () => {
    const { token, issued, emulator } = emulate();
    expect(await token('github/acme')).toMatchObject(refused);
    emulator.install('github/acme', '1001');
    const { token: first } = await issued('github/acme');
    const { token: across } = await issued('github/acme', { installationId: '*' });
    expect(emulator.connectors.find(({ uid }) => uid === 'github/acme')?.defaultInstallationId).toBe('1001');
    emulator.uninstall('github/acme', '1001');
    expect(await token('github/acme')).toMatchObject(refused);
    expect(await token('github/acme', { installationId: '*' })).toMatchObject(refused);
    emulator.install('github/acme', '1001');
    expect((await issued('github/acme')).token).not.toBe(first);
    expect((await issued('github/acme', { installationId: '*' })).token).not.toBe(across);
  });

  test('of another id than those there are is required', async () => {
    const { token } = emulate();
    const { status, error } = await token('slack/acme-slack', { installationId: 'inst_9' });
    expect({ status, error }).toMatchObject(refused);
    expect(error.message).toContain('inst_9');
  });
});

test('credentials may be a function, and are asked at each request', async () => {
  let projectId: string | undefined = 'prj_a';
  const { token } = emulate({
    credentials: (bearer) => (projectId === undefined ? undefined : { projectId, environment: bearer }),
    connectors: [{ uid: 'slack/a', links: { prj_a: ['preview'] } }],
  });
  expect((await token('slack/a', {}, { bearer: 'preview' })).status).toBe(200);
  expect((await token('slack/a', {}, { bearer: 'production' })).status).toBe(403);
  projectId = undefined;
  expect(await token('slack/a', {}, { bearer: 'preview' })).toMatchObject({
    status: 401,
    error: { code: 'unauthorized' },
  });
});

test('credentials of an inherited name are none', async () => {
  const { token } = emulate({ credentials: {} });
  expect((await token('slack/acme-slack', {}, { bearer: 'toString' })).status).toBe(401);
});
