// The client sends credentials and the mock checks them, both by the security schemes of a document.
import { getResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { type ClientOptions, createClient, InvalidArgumentError } from '../../src/index.js';
import { createHandlers } from '../../src/msw/index.js';
import { TABLE_FORMAT } from '../../src/openapi/operation-info.js';
import { buildOperationTable } from '../../src/openapi/operation-table.js';
import { parseDocument } from '../../src/openapi/read-document.js';
import { securitySchemesOf } from '../../src/openapi/security-schemes.js';
import { caught, thrownBy } from '../helpers/caught.js';

const SCHEMES = {
  header: { type: 'apiKey', in: 'header', name: 'X-Key' },
  query: { type: 'apiKey', in: 'query', name: 'api key' },
  cookie: { type: 'apiKey', in: 'cookie', name: 'sid' },
  basic: { type: 'http', scheme: 'Basic' },
  bearer: { type: 'http', scheme: 'bearer' },
  oauth: { type: 'oauth2', flows: {} },
  oidc: { type: 'openIdConnect', openIdConnectUrl: 'https://example.com' },
  digest: { type: 'http', scheme: 'digest' },
  mutual: { type: 'mutualTLS' },
};
type Name = keyof typeof SCHEMES;

const BASE_URL = 'https://things.example.com';

function documentOf(security: readonly (readonly Name[])[]) {
  const requirements = security.map((names) => Object.fromEntries(names.map((name) => [name, []])));
  return parseDocument(
    JSON.stringify({
      openapi: '3.1.0',
      info: { title: 'T', version: '1' },
      servers: [{ url: BASE_URL }],
      paths: {
        '/a': {
          get: { operationId: 'get', security: requirements, responses: { 204: { description: 'OK' } } },
        },
      },
      components: { securitySchemes: SCHEMES },
    }),
  ).openapi;
}

type UncheckedCall = (path: string, init?: unknown) => Promise<{ response: Response }>;

function connected(security: readonly (readonly Name[])[], options: ClientOptions) {
  const document = documentOf(security);
  const handlers = createHandlers({ document });
  const sent: Request[] = [];
  const client = createClient({
    ...options,
    baseUrl: BASE_URL,
    operations: {
      format: TABLE_FORMAT,
      operations: buildOperationTable(document),
      securitySchemes: securitySchemesOf(document),
    },
    maxRetries: 0,
    fetch: async (...args) => {
      const request = new Request(...args);
      sent.push(request.clone());
      return (await getResponse(handlers, request)) ?? Response.error();
    },
  });
  const get = client.GET as unknown as UncheckedCall;
  return { sent, get: (init?: object) => get('/a', init) };
}

const KEY = 'canary-key';
const CREDENTIALS: Record<string, ClientOptions> = {
  header: { credentials: { header: KEY } },
  query: { credentials: { query: async () => 'canary/key+' } },
  cookie: { credentials: { cookie: KEY } },
  basic: { credentials: { basic: { username: 'ü', password: 'canary:key' } } },
  bearer: { bearerToken: KEY },
  oauth: { credentials: { oauth: KEY } },
  oidc: { bearerToken: () => KEY },
};
const NAMES = Object.keys(CREDENTIALS) as Name[];

describe('a security scheme', () => {
  it.each(NAMES)('%s is sent by the client, and taken by the mock', async (name) => {
    const { response } = await connected([[name]], CREDENTIALS[name] ?? {}).get();
    expect(response.status).toBe(204);
  });

  it.each(NAMES)('%s is asked for, where another credential is sent', async (name) => {
    const other = name === 'basic' ? 'header' : 'basic';
    // As the document of the server has it, and not that of the client.
    const { get } = connected([[other]], CREDENTIALS[other] ?? {});
    expect((await get()).response.status).toBe(204);
    const handlers = createHandlers({ document: documentOf([[name]]) });
    const { sent } = connected([[other]], CREDENTIALS[other] ?? {});
    for (const request of [new Request(`${BASE_URL}/a`), ...sent]) {
      const response = await getResponse(handlers, request);
      expect(response?.status).toBe(401);
    }
  });

  it('is written as its standard has it', async () => {
    const { sent, get } = connected([['header', 'query', 'cookie', 'basic']], {
      credentials: {
        header: KEY,
        query: 'a/b',
        cookie: 'c',
        basic: { username: 'Aladdin', password: 'open sesame' },
      },
    });
    await get({ headers: { cookie: 'own=1' } });
    // The example of RFC 7617, section 2.
    expect(sent[0]?.headers.get('authorization')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==');
    expect(sent[0]?.headers.get('x-key')).toBe(KEY);
    expect(sent[0]?.headers.get('cookie')).toBe('own=1; sid=c');
    expect(sent[0]?.url).toBe(`${BASE_URL}/a?api%20key=a%2Fb`);
  });
});

describe('alternatives', () => {
  it('are chosen by the credentials that there are', async () => {
    const ways: readonly Name[][] = [['header', 'basic'], ['query'], ['bearer']];
    const { sent, get } = connected(ways, { credentials: { header: KEY, query: KEY }, bearerToken: 'token' });
    await get();
    expect([...(sent[0]?.headers.keys() ?? [])]).not.toContain('authorization');
    expect(sent[0]?.url).toContain(KEY);
  });

  const unmet: readonly Name[][] = [['header', 'basic'], ['query']];

  it('are named by the mock where none is met', async () => {
    const { get } = connected(unmet, {});
    const error = await caught(get(), Error);
    expect(error.message).toContain(
      'an API key in the header X-Key and a user name and password (HTTP basic), or an API key in the query parameter api key',
    );
  });

  it('are named by the client before it sends, where its credentials meet none', async () => {
    const { sent, get } = connected(unmet, { credentials: { header: KEY }, bearerToken: KEY });
    const error = await caught(get(), InvalidArgumentError);
    expect([error.argument, error.message, sent.length]).toEqual([
      'credentials',
      expect.stringContaining(
        'lack what get takes: header (an API key in the header X-Key) and basic (a user name and password (HTTP basic)), ' +
          'or query (an API key in the query parameter api key)',
      ),
      0,
    ]);
    expect(error.message).not.toContain('canary');
  });

  it.each<[string, readonly (readonly Name[])[], object]>([
    ['a header', [['header']], { headers: { 'x-key': 'own' } }],
    ['a header of the client', [['header']], {}],
    ['a query', [['query']], { params: { query: { 'api key': 'own' } } }],
    ['a cookie', [['cookie']], { headers: { cookie: 'a=1; sid=own' } }],
    ['basic', [['basic', 'cookie'], ['basic']], { headers: { authorization: 'Basic dTpw' } }],
  ])('are met by what a caller sets without credentials: %s', async (_, security, init) => {
    const { get } = connected(security, {
      credentials: { oidc: KEY },
      ...('headers' in init || 'params' in init ? {} : { headers: { 'x-key': 'own' } }),
    });
    expect((await get(init)).response.status).toBe(204);
  });

  it('leave a client certificate to the fetch of the client', async () => {
    const document = documentOf([['mutual']]);
    const client = createClient({
      baseUrl: BASE_URL,
      operations: {
        format: TABLE_FORMAT,
        operations: buildOperationTable(document),
        securitySchemes: securitySchemesOf(document),
      },
      credentials: { header: KEY },
      fetch: async () => new Response(null, { status: 204 }),
    });
    const get = client.GET as unknown as UncheckedCall;
    expect((await get('/a')).response.status).toBe(204);
  });

  it('let anybody in where one asks for nothing, and send what there is all the same', async () => {
    expect((await connected([['header'], []], {}).get()).response.status).toBe(204);
    const { sent, get } = connected([[], ['header']], { credentials: { header: KEY } });
    await get();
    expect(sent[0]?.headers.get('x-key')).toBe(KEY);
  });

  it.each([['digest'], ['mutual']] as const)('that ask for %s are refused by name', (name) => {
    const type = name === 'digest' ? 'http digest' : 'mutualTLS';
    const { message } = thrownBy(
      () => createHandlers({ document: documentOf([[name]]) }),
      InvalidArgumentError,
    );
    expect(message).toContain(`asks for ${type} at GET /a, which the mock cannot check`);
    expect(() =>
      createHandlers({ document: documentOf([[name]]), validate: { credentials: false } }),
    ).not.toThrow();
    expect(() => createHandlers({ document: documentOf([[name], ['basic']]) })).not.toThrow();
    const error = thrownBy(
      () => connected([['basic']], { credentials: { [name]: KEY } }),
      InvalidArgumentError,
    );
    expect([error.argument, error.message]).toEqual([
      `credentials.${name}`,
      expect.stringContaining(`is ${type}, which is not supported`),
    ]);
  });
});

describe('credentials', () => {
  it.each<[string, unknown, string, string]>([
    ['a name that the document does not have', { other: KEY }, 'credentials.other', 'it has header, query'],
    ['a key that is no text', { header: 1 }, 'credentials.header', 'must be a text or a function'],
    [
      'basic without a password',
      { basic: { username: KEY } },
      'credentials.basic',
      'must have a username and a password',
    ],
    [
      'a user name with a colon',
      { basic: { username: 'canary:', password: '' } },
      'credentials.basic.username',
      'no colon',
    ],
    ['a list', ['canary'], 'credentials', 'must be an object'],
  ])('refuse %s', (_, credentials, argument, message) => {
    const error = thrownBy(
      () => connected([['header']], { credentials } as ClientOptions),
      InvalidArgumentError,
    );
    expect([error.argument, error.message]).toEqual([argument, expect.stringContaining(message)]);
    expect(error.message).not.toContain('canary');
  });

  it('are asked for once more after a 401, and stay out of errors', async () => {
    let asked = 0;
    const { sent, get } = connected([['header', 'basic']], {
      credentials: { header: () => `canary-${++asked}` },
    });
    const error = await caught(get(), Error);
    expect(error.message).not.toContain('canary');
    // Without the other credential of the alternative nothing is sent.
    expect([asked, sent.length]).toEqual([0, 0]);
    const renewing = connected([['header']], { credentials: { header: () => `canary-${++asked}` } });
    expect((await renewing.get()).response.status).toBe(204);
  });

  it.each(['header', 'basic'] as const)(
    'pass on what a framework throws in a function for %s',
    async (name) => {
      const steering = Object.assign(new Error('Dynamic server usage'), { digest: 'DYNAMIC_SERVER_USAGE' });
      const { get } = connected([[name]], {
        credentials: { [name]: (): Promise<never> => Promise.reject(steering) },
      });
      expect(await caught(get(), Error)).toBe(steering);
    },
  );

  // As the documents of PagerDuty and Discord have them.
  it.each(['Bot canary-key', 'Token token=canary-key'])(
    'are an API key with a scheme of its own: %s',
    async (key) => {
      for (const header of [key, () => key]) {
        const { sent, get } = connected([['header']], { credentials: { header } });
        expect((await get()).response.status).toBe(204);
        expect(sent[0]?.headers.get('x-key')).toBe(key);
      }
      const client = createClient({
        baseUrl: BASE_URL,
        operations: {
          format: TABLE_FORMAT,
          operations: buildOperationTable(documentOf([['header']])),
          securitySchemes: securitySchemesOf(documentOf([])),
        },
        credentials: { header: key },
        fetch: async () =>
          Response.json(
            { error: { code: 'forbidden', message: 'no such key: canary-key' } },
            { status: 403 },
          ),
      });
      const get = client.GET as unknown as UncheckedCall;
      expect((await caught(get('/a'), Error)).message).not.toContain('canary');
    },
  );

  it.each(['Bot canary\n', ' canary', 'Bot canary ', 'Bot canäry', 'Bot\tcanary', ' '])(
    'are no API key that a header cannot hold: %j',
    (header) => {
      const error = thrownBy(
        () => connected([['header']], { credentials: { header } }),
        InvalidArgumentError,
      );
      expect(error.argument).toBe('credentials.header');
      expect(error.message).not.toContain('canary');
    },
  );

  it('are sent to operations that the table does not have', async () => {
    const client = createClient({
      baseUrl: BASE_URL,
      operations: {
        format: TABLE_FORMAT,
        operations: {},
        securitySchemes: securitySchemesOf(documentOf([])),
      },
      credentials: { header: KEY },
      fetch: async (...args) => Response.json(new Request(...args).headers.get('x-key')),
    });
    const get = client.GET as unknown as UncheckedCall;
    expect(await get('/unknown')).toMatchObject({ data: KEY });
  });
});
