import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type ConnectClient, createConnectClient, createConnectFetch } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/errors/index.js';
import { instance } from '../helpers/instance.js';
import { APP, CONNECTOR, createBench, createUpstream, failureOf, thrownBy, tokenAnswer } from './helpers.js';

type Options = never;
const CALLS: Readonly<Record<string, (client: ConnectClient, options: Options) => Promise<unknown>>> = {
  'connectors.get': ({ connectors }, options) => connectors.get(CONNECTOR, options),
  'connectors.list': async ({ connectors }, options) => void (await connectors.list({}, options)),
  'connectors.delete': ({ connectors }, options) => connectors.delete(CONNECTOR, options),
  'connectors.getService': ({ connectors }, options) => connectors.getService('slack', options),
  'connectors.revokeTokens': ({ connectors }, options) => connectors.revokeTokens(CONNECTOR, APP, options),
  'connectors.createManaged': ({ connectors }, options) =>
    connectors.createManaged({ service: 'slack', name: 'Bot' }, options),
  'projects.detach': ({ projects }, options) => projects.detach(CONNECTOR, 'prj_1', options),
  'triggers.clear': ({ triggers }, options) => triggers.clear(CONNECTOR, options),
};

const answer = () => Response.json({ id: 'scl_1', connectors: [], pagination: { next: null } });

describe.each(Object.entries(CALLS))('%s', (_, call) => {
  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'preview'],
    ['an array', []],
    ['an option that does not exist', { enviroment: 'preview' }],
    ['a misspelt credential', { vercelTokn: 'caller-two' }],
  ])('refuses %s and sends nothing', async (_name, options) => {
    const { client, requests } = createBench(answer);
    await failureOf(call(client, options as Options), InvalidArgumentError);
    expect(requests).toEqual([]);
  });

  it('acts for the caller that the options inherit', async () => {
    const { client, requests } = createBench(answer);
    await call(client, instance({ vercelToken: 'caller-two' }) as Options);
    expect(requests.map(({ bearer }) => bearer)).toEqual(['caller-two']);
  });
});

const USER_TOKEN = { subject: { type: 'user', id: 'alice' } } as const;
const CONSENT = {
  ...{ verifier: 'verifier-1', request: 'request-1', url: 'https://vercel.com/consent' },
  ...{ expiresAt: 1, connector: CONNECTOR, subject: USER_TOKEN.subject },
};
const TOKEN_CALLS: typeof CALLS = {
  getToken: (client, options) => client.getToken(CONNECTOR, APP, options),
  getTokenResponse: (client, options) => client.getTokenResponse(CONNECTOR, APP, options),
  tryGetToken: (client, options) => client.tryGetToken(CONNECTOR, APP, options),
  tokenSource: async (client, options) => client.tokenSource(CONNECTOR, APP, options),
  revokeToken: (client, options) => client.revokeToken(CONNECTOR, APP, options),
  deleteTokenCacheEntry: async (client, options) => client.deleteTokenCacheEntry(CONNECTOR, APP, options),
  getConnectorMetadata: (client, options) => client.getConnectorMetadata(CONNECTOR, options),
  startAuthorization: (client, options) => client.startAuthorization(CONNECTOR, USER_TOKEN, options),
  startInstallation: (client, options) => client.startInstallation(CONNECTOR, {}, options),
  waitForAuthorization: (client, options) =>
    client.waitForAuthorization(CONSENT, { params: USER_TOKEN, ...(options as object) }),
  importTokens: (client, options) => client.importTokens(CONNECTOR, [], options),
};

describe.each(Object.entries(TOKEN_CALLS))('the options of %s', (_, call) => {
  it.each<[string, string]>([
    ['vercelTokn', 'did you mean vercelToken?'],
    ['VercelToken', 'did you mean vercelToken?'],
    ['forcerefresh', 'did you mean forceRefresh?'],
    ['bearerToken', 'give vercelToken on a call'],
    ['environment', 'is not an option'],
  ])('refuse %s and send nothing, cold and warm', async (name, hint) => {
    const { client, requests } = createBench(() => tokenAnswer());
    const wrong = () => call(client, { [name]: 'caller-two' } as Options);
    const cold = await failureOf(wrong(), InvalidArgumentError);
    expect([cold.argument, cold.message]).toEqual([`options.${name}`, expect.stringContaining(hint)]);
    await client.getToken(CONNECTOR, APP);
    expect((await failureOf(wrong(), InvalidArgumentError)).message).toBe(cold.message);
    expect(requests).toHaveLength(1);
  });

  it('take those that calls share, and one that is undefined', async () => {
    const { client } = createBench(() => tokenAnswer());
    const { signal } = new AbortController();
    const shared = {
      vercelToken: 'caller-two',
      forceRefresh: true,
      signal,
      region: undefined,
      vercelTokn: undefined,
    };
    const error = await call(client, shared as Options).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).not.toBeInstanceOf(InvalidArgumentError);
  });
});

describe('a client', () => {
  it('reads the options that it inherits', async () => {
    const { fetch, requests } = createUpstream(answer);
    const options = { fetch, bearerToken: 'caller-one', teamId: 'team_1' };
    await createConnectClient(instance(options)).connectors.get(CONNECTOR);
    expect(requests.map(({ bearer, url }) => [bearer, new URL(url).search])).toEqual([
      ['caller-one', '?teamId=team_1'],
    ]);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'caller-one'],
    ['a cache that is a text', { cache: 'off' }],
    ['an option of the cache that does not exist', { cache: { maximum: 5 } }],
    ['an option that only createClient has', { responseCache: { max: 1, ttlMs: 1 } }],
    ['credentials of other schemes', { credentials: {} }],
    ['a table of operations', { operations: {} }],
  ])('refuses %s', (_name, options) => {
    thrownBy(() => createConnectClient(options as object), InvalidArgumentError);
  });
});

describe('parameters', () => {
  it('a list reads the filters that it inherits', async () => {
    const { client, requests } = createBench(answer);
    await client.connectors.list(instance({ projectId: 'prj_1', type: ['slack', 'oauth'] }));
    expect(requests.map(({ url }) => new URL(url).search)).toEqual(['?projectId=prj_1&type=slack%2Coauth']);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'prj_1'],
  ])('a list refuses %s', (_name, params) => {
    const { client } = createBench(answer);
    thrownBy(() => client.connectors.list(params as object), InvalidArgumentError);
    thrownBy(() => client.projects.list(CONNECTOR, params as object), InvalidArgumentError);
  });

  it.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['a promise', Promise.resolve(1)],
    ['a Map of another realm', runInNewContext('new Map([[1, 2]])')],
  ])('%s, which JSON would lose, is refused before it is sent', async (_name, value) => {
    const { client, requests } = createBench(answer);
    const details = [{ type: 'x', value }];
    await failureOf(
      client.getToken(CONNECTOR, { ...APP, authorizationDetails: details }),
      InvalidArgumentError,
    );
    await failureOf(client.connectors.update(CONNECTOR, { data: { value } }), InvalidArgumentError);
    expect(requests).toEqual([]);
  });

  it.each<[string, (client: ConnectClient, hidden: never) => Promise<unknown>, string]>([
    ['getToken', (client, hidden) => client.getToken(CONNECTOR, hidden), 'params'],
    ['a subject', (client, hidden) => client.getToken(CONNECTOR, { subject: hidden }), 'params.subject'],
    [
      'a detail',
      (client, hidden) => client.getToken(CONNECTOR, { ...APP, authorizationDetails: [hidden] }),
      'params.authorizationDetails[0]',
    ],
    [
      'what toJSON returns',
      (client, hidden) => client.getToken(CONNECTOR, { subject: { toJSON: () => hidden } as never }),
      'params.subject',
    ],
    ['revokeToken', (client, hidden) => client.revokeToken(CONNECTOR, hidden), 'params'],
    ['startInstallation', (client, hidden) => client.startInstallation(CONNECTOR, hidden), 'params'],
    [
      'additionalParams',
      (client, hidden) => client.startAuthorization(CONNECTOR, APP, { additionalParams: hidden }),
      'options.additionalParams',
    ],
    ['update', ({ connectors }, hidden) => connectors.update(CONNECTOR, { data: hidden }), 'params.data'],
    ['triggers.set', ({ triggers }, hidden) => triggers.set(CONNECTOR, [hidden]), 'destinations[0]'],
  ])(
    '%s refuses an instance that inherits its fields, which would not be sent',
    async (_name, call, argument) => {
      const { client, requests } = createBench(answer);
      const hidden = instance({ type: 'app', projectId: 'prj_1', subject: { type: 'app' }, scopes: ['a'] });
      const error = await failureOf(call(client, hidden as never), InvalidArgumentError);
      expect([error.argument, error.message]).toEqual([argument, expect.stringContaining('got Fields')]);
      expect(requests).toEqual([]);
    },
  );

  it.each<[string, (client: ConnectClient, params: never) => Promise<unknown>, string]>([
    ['getToken', (client, params) => client.getToken(CONNECTOR, params), 'params'],
    ['revokeToken', (client, params) => client.revokeToken(CONNECTOR, params), 'params'],
    ['revokeTokens', ({ connectors }, params) => connectors.revokeTokens(CONNECTOR, params), 'whose'],
    ['startInstallation', (client, params) => client.startInstallation(CONNECTOR, params), 'params'],
    [
      'deleteTokenCacheEntry',
      async (client, params) => client.deleteTokenCacheEntry(CONNECTOR, params),
      'params',
    ],
  ])('%s refuses a misspelt field, and takes one that it does not know', async (name, call, argument) => {
    const { client, requests } = createBench(() => tokenAnswer());
    for (const [field, meant] of [
      ['instalationId', 'installationId'],
      ['installationID', 'installationId'],
      ['installation_id', 'installationId'],
      ['scope', 'scopes'],
      ['scoeps', 'scopes'],
    ]) {
      const params = { ...APP, [String(field)]: 'x' };
      const error = await failureOf(call(client, params as never), InvalidArgumentError);
      expect([error.argument, error.message]).toEqual([
        `${argument}.${field}`,
        expect.stringContaining(`did you mean ${meant}?`),
      ]);
    }
    // A user without the issuer is another user. An installation has no subject.
    const ofSubject = [
      ['isuer', 'issuer'],
      ['issuers', 'issuer'],
      ['experimentalIdp', 'experimental_idp'],
    ];
    for (const [field, meant] of name === 'startInstallation' ? [] : ofSubject) {
      const subject = { type: 'user', id: 'u1', [String(field)]: 'x' };
      const error = await failureOf(call(client, { subject } as never), InvalidArgumentError);
      expect([error.argument, error.message]).toEqual([
        `${argument}.subject.${field}`,
        expect.stringContaining(`did you mean ${meant}?`),
      ]);
    }
    expect(requests).toEqual([]);
    await call(client, { ...APP, tenantId: 'tenant-1', installation: 'b' } as never);
    for (const { body } of requests) expect(body).toMatchObject({ tenantId: 'tenant-1', installation: 'b' });
  });

  it('an import refuses a misspelt field of an item', async () => {
    const { client, requests } = createBench(() => tokenAnswer());
    const item = { accessToken: 'a', expiresAt: 1, environment: 'production', ...APP, instalationId: 'x' };
    const { failed, tokens } = await client.importTokens(CONNECTOR, [item as never]);
    expect([failed.length, tokens[0]?.outcome]).toEqual([1, 'invalid']);
    expect(String(tokens[0]?.error)).toContain('tokens[0].instalationId');
    expect(requests).toEqual([]);
  });

  it('deleteTokenCacheEntry refuses options that are not an object', () => {
    const { client } = createBench(answer);
    for (const options of [null, 'token-1', []])
      thrownBy(() => client.deleteTokenCacheEntry(CONNECTOR, APP, options as object), InvalidArgumentError);
  });

  it('createConnectFetch takes a proxy, as getToken does', async () => {
    const { client, requests } = createBench(() => tokenAnswer());
    const fetch = async () => new Response('done');
    const github = createConnectFetch(CONNECTOR, new Proxy(APP, {}), {
      origin: 'https://api.github.com',
      client,
      fetch,
    });
    expect(await (await github('https://api.github.com/user')).text()).toBe('done');
    expect(requests.length).toBe(1);
  });
});
