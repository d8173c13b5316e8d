import * as theirs from '@vercel/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as ours from '../../src/connect/index.js';
import { contract } from '../../src/generated/contract.js';
import { setupMock } from '../../src/msw/index.js';
import { failureOf } from '../connect/helpers.js';

const CONNECTOR = 'slack/acme-slack';
const OPTIONS = { vercelToken: 'project-token' };
const app = () => ({ subject: { type: 'app' as const } });

const mock = setupMock({ runner: { beforeAll, afterEach, afterAll } });

const PLAIN = [theirs.ConnectError, ours.ConnectError] as const;
/** The codes that both have a class for, theirs and ours; all others are plain. */
const CLASSES: Readonly<Record<string, readonly [typeof theirs.ConnectError, typeof ours.ConnectError]>> = {
  user_authorization_required: [theirs.UserAuthorizationRequiredError, ours.UserAuthorizationRequiredError],
  client_installation_required: [
    theirs.ConnectorInstallationRequiredError,
    ours.ConnectorInstallationRequiredError,
  ],
  no_token: [theirs.NoValidTokenError, ours.NoValidTokenError],
};

/** Every documented error of the token operation: each example of each status. */
const rows = Object.entries(contract.operations.getConnectorToken?.responses ?? {})
  .filter(([status]) => Number(status) >= 400)
  .flatMap(([status, { body }]) =>
    Object.entries(body?.examples ?? {}).map(([code, example]) => [Number(status), code, example] as const),
  );

it('all documented errors are among the rows', () => {
  expect(rows.map(([status, code]) => `${status} ${code}`)).toEqual([
    '400 bad_request',
    '401 unauthorized',
    '403 forbidden',
    '404 not_found',
    '410 gone',
    '422 user_authorization_required',
    '422 client_installation_required',
    '422 no_token',
    '429 rate_limited',
  ]);
});

describe.each(rows)('a documented %i %s of the token operation', (status, code, example) => {
  const [their, own] = CLASSES[code] ?? PLAIN;
  const written = { status, code, message: Object(example).error.message };

  it('is of the right class of @vercel/connect', async () => {
    mock.respond('getConnectorToken', status, example);
    const error = await failureOf(theirs.getToken(CONNECTOR, app(), OPTIONS), theirs.ConnectError);
    expect(error.constructor).toBe(their);
    expect(error).toMatchObject({ status, message: expect.stringContaining(written.message) });
  });

  it('is of the right class of ours, with code and message', async () => {
    mock.respond('getConnectorToken', status, example);
    const client = ours.createConnectClient({ maxRetries: 0 });
    const error = await failureOf(client.getToken(CONNECTOR, app(), OPTIONS), ours.ConnectError);
    expect(error).toBeInstanceOf(own);
    expect(error).toMatchObject(written);
  });
});

// What a test gets that names the status alone.
const statuses = [...new Set(rows.map(([status]) => status))];
it.each(statuses)('%i alone carries a body that both read', async (status) => {
  mock.respond('getConnectorToken', status);
  const client = ours.createConnectClient({ maxRetries: 0 });
  const own = await failureOf(client.getToken(CONNECTOR, app(), OPTIONS), ours.ConnectError);
  const other = await failureOf(theirs.getToken(CONNECTOR, app(), OPTIONS), theirs.ConnectError);
  expect({ status: own.status, code: own.code }).toEqual({ status, code: other.code });
  expect(own.code).toBeTypeOf('string');
  expect(other.status).toBe(status);
});
