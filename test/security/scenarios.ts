import { type ConnectClientOptions, createConnectClient } from '../../src/connect/index.js';
import { type ClientOptions, createClient, type Logger } from '../../src/index.js';
import { asFetch } from '../helpers/as-fetch.js';

/** One planted secret of every kind; each has a shape of its own, so that no mask for a known shape helps. */
export const SECRETS = {
  clientBearer: 'zq1-client-bearer-8842',
  callBearer: 'zq2-call-bearer-8842',
  headerValue: 'zq3-header-value-8842',
  queryValue: 'zq4-query-value-8842',
  subjectToken: 'zq5-subject-token-8842',
  assertionClaim: 'zq6-assertion-claim-8842',
  importedAccess: 'zq7-imported-access-8842',
  importedRefresh: 'zq8-imported-refresh-8842',
  clientSecret: 'zq9-client-secret-8842',
  providerToken: 'zq10-provider-token-8842',
  refreshToken: 'zq11-refresh-token-8842',
  setCookie: 'zq12-set-cookie-8842',
  location: 'zq13-location-8842',
  idempotencyKey: 'zq14-idempotency-key-8842',
} as const;

type Reply = (request: Request) => Response | Promise<Response>;

function bearerOf({ headers }: Request): string {
  return (headers.get('authorization') ?? '').replace('Bearer ', '');
}

/** The request as a careless server, proxy or gateway echoes it, with secrets of its own added. */
async function echo(request: Request): Promise<string> {
  const bearer = request.headers.get('authorization') ?? '';
  const body = request.body === null ? '' : await request.text();
  const secrets = `${request.headers.get('x-api-key')} ${request.headers.get('x-secret')} ${request.url} ${body}`;
  return JSON.stringify({
    error: {
      code: 'refused',
      message: `refused ${bearer}, which is ${bearerOf(request)}, with ${secrets}`,
      vendor: { headers: Object.fromEntries(request.headers) },
    },
    url: request.url,
    body,
    refresh_token: SECRETS.refreshToken,
    token: SECRETS.providerToken,
  });
}

const HEADERS = {
  'content-type': 'application/json',
  'set-cookie': `session=${SECRETS.setCookie}`,
  location: `https://elsewhere.example/?code=${SECRETS.location}`,
};

function failure(request: Request, text: string): never {
  const { url, headers } = request;
  const cause = Object.assign(new Error(`connect ECONNREFUSED ${text}`), {
    code: 'ECONNREFUSED',
    request: { url, headers: Object.fromEntries(headers) },
  });
  throw new TypeError(`fetch failed: ${headers.get('authorization')}`, { cause });
}

const status = (code: number): Reply => {
  return async (request) => {
    const headers = { ...HEADERS, 'x-vercel-id': `iad1::${bearerOf(request)}` };
    return new Response(await echo(request), { status: code, statusText: bearerOf(request), headers });
  };
};

/** What can go wrong, each time with every secret in it that a real one could hold. */
export const FAILURES: Readonly<Record<string, Reply>> = {
  ...Object.fromEntries(
    [302, 400, 401, 403, 404, 409, 413, 422, 429, 500, 503].map((code) => [String(code), status(code)]),
  ),
  'JSON cut off': async (request) => new Response((await echo(request)).slice(0, -5), { headers: HEADERS }),
  HTML: async (request) => new Response(`<html>${await echo(request)}`, { headers: HEADERS }),
  empty: () => new Response('', { headers: HEADERS }),
  'no message': (request) => new Response('', { status: 500, statusText: bearerOf(request) }),
  'a body that breaks off': (request) =>
    new Response(
      new ReadableStream({ start: (controller) => controller.error(new Error(`lost ${bearerOf(request)}`)) }),
      { headers: HEADERS },
    ),
  'a code that is none': (request) => {
    throw Object.assign(new Error('fetch failed'), { code: bearerOf(request) });
  },
  'another shape': async (request) =>
    new Response(JSON.stringify([await echo(request)]), { headers: HEADERS }),
  'no number': () => Response.json({ token: SECRETS.providerToken, expiresAt: SECRETS.refreshToken }),
  'control characters': () => Response.json({ token: `${SECRETS.providerToken}\n`, expiresAt: Date.now() }),
  'too long': async (request) => new Response((await echo(request)).repeat(50), { headers: HEADERS }),
  network: (request) => failure(request, request.url),
};

const connector = 'slack/acme-slack';
const path = { connector };

/** Clients over one upstream, with a secret wherever a caller can put one. */
export function createSubjects(
  reply: Reply,
  told: { readonly logger?: Logger; readonly onEvent?: (event: unknown) => void },
) {
  const shared: ConnectClientOptions & ClientOptions = {
    ...told,
    headers: { 'x-api-key': SECRETS.headerValue },
    maxRetries: 0,
    maxBodyBytes: 4_000,
    fetch: asFetch(reply),
  };
  return {
    rest: createClient({ ...shared, bearerToken: SECRETS.clientBearer }),
    connect: createConnectClient({ ...shared, bearerToken: async () => SECRETS.clientBearer }),
  };
}

type Subjects = ReturnType<typeof createSubjects>;

/** What a caller can ask for, each with the secrets that it takes. */
export const CALLS: Readonly<Record<string, (subjects: Subjects) => Promise<unknown>>> = {
  getToken: ({ connect }) =>
    connect.getToken(connector, { subject: { type: 'token', token: SECRETS.subjectToken } }),
  getTokenResponse: ({ connect }) =>
    connect.getTokenResponse(
      connector,
      {
        subject: {
          type: 'jwt-bearer',
          sub: 's',
          additionalClaims: { secret: SECRETS.assertionClaim },
        },
      },
      { vercelToken: SECRETS.callBearer },
    ),
  tryGetToken: ({ connect }) =>
    connect.tryGetToken(connector, { subject: { type: 'app' } }, { vercelToken: SECRETS.callBearer }),
  tokenSource: ({ connect }) => connect.tokenSource(connector, { subject: { type: 'app' } }).getToken(),
  revokeToken: ({ connect }) =>
    connect.revokeToken(connector, { subject: { type: 'token', token: SECRETS.subjectToken } }),
  importTokens: ({ connect }) =>
    connect.importTokens(connector, [
      {
        accessToken: SECRETS.importedAccess,
        refreshToken: SECRETS.importedRefresh,
        expiresAt: 1,
        environment: 'production',
        subject: { type: 'app' },
      },
    ]),
  getConnectorMetadata: ({ connect }) => connect.getConnectorMetadata(connector),
  createConnector: ({ rest }) =>
    rest.call('createConnector', {
      body: {
        type: 'slack',
        name: 'n',
        data: { appId: 'a', appName: 'b', clientId: 'c', clientSecret: SECRETS.clientSecret },
      } as never, // The shape does not matter: what is looked for is the secret in it.
      idempotencyKey: SECRETS.idempotencyKey,
      bearerToken: SECRETS.callBearer,
    }),
  getConnector: ({ rest }) =>
    rest.GET('/v1/connect/connectors/{connector}', {
      params: { path, query: { secret: SECRETS.queryValue } as object },
      headers: { 'x-secret': SECRETS.headerValue },
    }),
};
