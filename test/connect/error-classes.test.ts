import { describe, expect, it } from 'vitest';
import {
  ClientNotEnabledForEnvironmentError,
  ClientNotLinkedToProjectError,
  ConnectError,
  ConnectorInstallationRequiredError,
  ConnectorNotFoundError,
  NoValidTokenError,
  UserAuthorizationRequiredError,
} from '../../src/connect/index.js';
import {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
  VercelError,
} from '../../src/index.js';
import { type Answer, APP, CONNECTOR, createBench, errorAnswer, failureOf, rawAnswer } from './helpers.js';

const CHILDREN = [
  NoValidTokenError,
  UserAuthorizationRequiredError,
  ConnectorInstallationRequiredError,
  ConnectorNotFoundError,
  ClientNotLinkedToProjectError,
  ClientNotEnabledForEnvironmentError,
];
const FAMILIES = [
  BadRequestError,
  AuthenticationError,
  PermissionDeniedError,
  NotFoundError,
  ConflictError,
  UnprocessableEntityError,
  RateLimitError,
  InternalServerError,
];

type ErrorClass = abstract new (...args: never[]) => Error;

/** Those of the classes that the error is an instance of. */
function kindsOf(error: Error, classes: readonly ErrorClass[]): ErrorClass[] {
  return classes.filter((candidate) => error instanceof candidate);
}

async function errorFor(answer: Answer): Promise<ConnectError> {
  return failureOf(createBench(answer).client.getToken(CONNECTOR, APP), ConnectError);
}

const BY_CODE = [
  ['no_token', NoValidTokenError],
  ['no_valid_token', NoValidTokenError],
  ['user_authorization_required', UserAuthorizationRequiredError],
  ['client_installation_required', ConnectorInstallationRequiredError],
  ['connector_installation_required', ConnectorInstallationRequiredError],
  ['connector_not_found', ConnectorNotFoundError],
  ['client_not_linked_to_project', ClientNotLinkedToProjectError],
  ['client_not_enabled_for_environment', ClientNotEnabledForEnvironmentError],
] as const;

describe('the code decides the class', () => {
  const table = BY_CODE.flatMap(([code, errorClass]) =>
    [400, 401, 403, 404, 409, 422, 429, 500].map((status) => ({ code, status, errorClass })),
  );

  it.each(table)('$code with $status', async ({ code, status, errorClass }) => {
    const error = await errorFor(() => errorAnswer(status, code));
    expect(kindsOf(error, CHILDREN)).toEqual([errorClass]);
    expect(error).toMatchObject({ code, status, name: errorClass.name });
    expect(error.constructor).toBe(errorClass);
  });

  it('even where status and message say something else', async () => {
    const error = await errorFor(() =>
      errorAnswer(403, 'no_token', 'Connector is not linked to this project'),
    );
    expect(kindsOf(error, CHILDREN)).toEqual([NoValidTokenError]);
  });

  it.each(['forbidden', 'bad_request', 'rate_limited', 'unresolved_token', 'toString', '__proto__'])(
    '%s has no class of its own',
    async (code) => {
      const error = await errorFor(() => errorAnswer(422, code));
      expect(kindsOf(error, CHILDREN)).toEqual([]);
      expect(error).toMatchObject({ name: 'ConnectError', code });
    },
  );
});

describe('without a code of its own, status and message decide', () => {
  it.each([
    [403, 'Connector is not linked to this project', ClientNotLinkedToProjectError],
    [403, 'The client is not linked to the project "shop".', ClientNotLinkedToProjectError],
    [403, 'slack/acme-slack is not connected to your project', ClientNotLinkedToProjectError],
    [403, 'Not attached to project prj_1', ClientNotLinkedToProjectError],
    [403, 'Connector is not enabled for the preview environment', ClientNotEnabledForEnvironmentError],
    [403, 'The client is not available in this environment', ClientNotEnabledForEnvironmentError],
    [403, 'NOT ALLOWED FOR ENVIRONMENT production', ClientNotEnabledForEnvironmentError],
    [404, 'Connector not found', ConnectorNotFoundError],
    [404, 'anything', ConnectorNotFoundError],
  ] as const)('%i %j', async (status, message, errorClass) => {
    for (const code of [undefined, status === 403 ? 'forbidden' : 'not_found']) {
      const error = await errorFor(() => errorAnswer(status, code, message));
      expect(kindsOf(error, CHILDREN)).toEqual([errorClass]);
    }
  });

  it.each([
    [403, 'You do not have permission to do this'],
    [403, 'Environment variables are not linked'],
    [400, 'Connector is not linked to this project'],
    [422, 'Connector is not enabled for the preview environment'],
    [410, 'Connector not found'],
  ])('%i %j is a plain ConnectError', async (status, message) => {
    const error = await errorFor(() => errorAnswer(status, 'forbidden', message));
    expect(kindsOf(error, CHILDREN)).toEqual([]);
    expect(error.constructor).toBe(ConnectError);
  });

  it.each(['', 'Not Found', '<html>404</html>'])('a 404 with the body %j', async (body) => {
    const error = await errorFor(() => rawAnswer(404, body));
    expect(error).toBeInstanceOf(ConnectorNotFoundError);
  });

  // A specific code of the API's own should not be overruled by its status; only the generic ones should.
  it('a 404 with a code that is not generic is no ConnectorNotFoundError', async () => {
    const error = await errorFor(() => errorAnswer(404, 'unresolved_token'));
    expect(kindsOf(error, CHILDREN)).toEqual([]);
  });
});

describe('the status family', () => {
  it.each([
    [400, BadRequestError],
    [401, AuthenticationError],
    [403, PermissionDeniedError],
    [404, NotFoundError],
    [409, ConflictError],
    [422, UnprocessableEntityError],
    [429, RateLimitError],
    [500, InternalServerError],
    [502, InternalServerError],
    [599, InternalServerError],
  ] as const)('%i is a ConnectError and of its family alone', async (status, family) => {
    const error = await errorFor(() => errorAnswer(status));
    expect(kindsOf(error, FAMILIES)).toEqual([family]);
    expect(error).toBeInstanceOf(APIError);
    expect(error).toBeInstanceOf(VercelError);
  });

  it.each([402, 410, 418])('%i has no family', async (status) => {
    expect(kindsOf(await errorFor(() => errorAnswer(status)), FAMILIES)).toEqual([]);
  });

  it('of a coded child follows its status too', async () => {
    const error = await errorFor(() => errorAnswer(401, 'user_authorization_required'));
    expect(error).toBeInstanceOf(UserAuthorizationRequiredError);
    expect(kindsOf(error, FAMILIES)).toEqual([AuthenticationError]);
  });

  it('a redirect is a ConnectError, and is not followed', async () => {
    const { client, requests } = createBench(
      () => new Response(null, { status: 307, headers: { location: 'https://evil.example/' } }),
    );
    const error = await failureOf(client.getToken(CONNECTOR, APP), ConnectError);
    expect(error.status).toBe(307);
    expect(requests).toHaveLength(1);
  });
});

describe('every function throws ConnectError', () => {
  it.each([
    ['getTokenResponse', '/v1/connect/token/{connector}', 'POST'],
    ['revokeToken', '/v1/connect/connectors/{connector}/tokens', 'DELETE'],
    ['importTokens', '/v1/connect/token/{connector}/import', 'POST'],
    ['getConnectorMetadata', '/v1/connect/connectors/{connector}', 'GET'],
  ] as const)('%s', async (name, path, method) => {
    const { client } = createBench(() => errorAnswer(404, 'not_found'));
    const calls = {
      getTokenResponse: () => client.getTokenResponse(CONNECTOR, APP),
      revokeToken: () => client.revokeToken(CONNECTOR, APP),
      importTokens: () => client.importTokens(CONNECTOR, []),
      getConnectorMetadata: () => client.getConnectorMetadata(CONNECTOR),
    };
    const error = await failureOf(calls[name](), ConnectorNotFoundError);
    expect(error).toMatchObject({ status: 404, code: 'not_found', path, method });
  });

  it('but a network failure is an APIConnectionError with its cause', async () => {
    const cause = new TypeError('fetch failed');
    const { client } = createBench(() => {
      throw cause;
    });
    const error = await failureOf(client.getToken(CONNECTOR, APP), APIConnectionError);
    expect(error).not.toBeInstanceOf(ConnectError);
    expect(error.cause).toBe(cause);
  });
});
