import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as functions from '../../src/connect/index.js';
import {
  ConnectError,
  deleteTokenCacheEntry,
  getConnectorMetadata,
  getToken,
  getTokenResponse,
  importTokens,
  NoValidTokenError,
  revokeToken,
} from '../../src/connect/index.js';
import { AuthenticationError, CredentialError, InvalidArgumentError } from '../../src/index.js';
import { APP, CONNECTOR, failureOf, HOUR, oidcToken, thrownBy } from './helpers.js';
import { BODILESS, full, lineOf, ROWS } from './management-rows.js';

const BASE = 'https://api.vercel.com/v1/connect';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly bearer: string | undefined;
}

const seen: Seen[] = [];

const record = (request: Request) =>
  seen.push({
    method: request.method,
    url: request.url,
    bearer: request.headers.get('authorization')?.replace(/^Bearer /, ''),
  });

const issue = ({ request }: { request: Request }) =>
  HttpResponse.json({
    token: `token-${record(request)}`,
    tokenId: 'stk_1',
    expiresAt: Date.now() + HOUR,
    connector: { id: 'scl_1', uid: 'slack/acme-slack', type: 'slack' },
  });

const server = setupServer(
  http.post(`${BASE}/token/:connector`, issue),
  http.delete(`${BASE}/connectors/:connector/tokens`, ({ request }) => {
    record(request);
    return new HttpResponse(null, { status: 204 });
  }),
  http.post(`${BASE}/token/:connector/import`, ({ request }) => {
    record(request);
    return HttpResponse.json({ accepted: 0, imported: 0, tokens: [] });
  }),
  http.get(`${BASE}/connectors/:connector`, ({ request }) => {
    record(request);
    return HttpResponse.json({ id: 'scl_1', data: { team: 'T1' } });
  }),
);

const OIDC = oidcToken('project-one');

/** Makes `@vercel/oidc` fail at once, and without looking at the disk or the network of whoever runs the tests. */
function withoutOidc(): void {
  vi.stubEnv('VERCEL_OIDC_TOKEN', '');
  vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', '/nowhere/oidc-token');
}

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));

beforeEach(() => {
  vi.stubEnv('VERCEL_OIDC_TOKEN', OIDC);
  vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
  vi.stubEnv('VERCEL_REGION', undefined);
});

afterEach(async () => {
  server.resetHandlers();
  // The default client is one for the whole process: a revocation drops what a test left in its cache.
  await revokeToken('slack/acme-slack', APP, { vercelToken: 'cleanup' });
  seen.length = 0;
});

afterAll(() => server.close());

describe('the default credential', () => {
  it('is the OIDC token of the project', async () => {
    await getToken('slack/acme-slack', APP);
    expect(seen).toEqual([{ method: 'POST', url: `${BASE}/token/slack%2Facme-slack`, bearer: OIDC }]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['getTokenResponse', () => getTokenResponse('slack/acme-slack', APP)],
    ['revokeToken', () => revokeToken('slack/acme-slack', APP)],
    ['importTokens', () => importTokens('slack/acme-slack', [])],
    ['getConnectorMetadata', () => getConnectorMetadata('slack/acme-slack')],
  ])('is that of %s too', async (_name, call) => {
    await call();
    expect(seen.map(({ bearer }) => bearer)).toEqual([OIDC]);
  });

  it('is not asked for where the call brings a vercelToken', async () => {
    withoutOidc();
    await getToken('slack/acme-slack', APP, { vercelToken: 'own' });
    await revokeToken('slack/acme-slack', APP, { vercelToken: 'own' });
    await getConnectorMetadata('slack/acme-slack', { vercelToken: 'own' });
    await importTokens('slack/acme-slack', [], { vercelToken: 'own' });
    expect(seen.map(({ bearer }) => bearer)).toEqual(['own', 'own', 'own', 'own']);
  });

  it('that cannot be had is a CredentialError with its cause and the ways out', async () => {
    withoutOidc();
    const error = await failureOf(getToken('slack/acme-slack', APP), CredentialError);
    expect(error.cause).toBeInstanceOf(Error);
    expect(error.message).toMatch(/vercel link.*vercelToken.*bearerToken/);
    expect(error).not.toBeInstanceOf(ConnectError);
    expect(seen).toHaveLength(0);
  });

  it('that no header can carry is refused by the name of its variable, without showing it', async () => {
    vi.stubEnv('VERCEL_OIDC_TOKEN', `${OIDC}\n`);
    const error = await failureOf(getToken('slack/acme-slack', APP), InvalidArgumentError);
    expect(error.argument).toBe('VERCEL_OIDC_TOKEN');
    expect(error.message).not.toContain(OIDC);
    expect(seen).toHaveLength(0);
  });

  it('is asked for anew after a failure', async () => {
    withoutOidc();
    await failureOf(getToken('slack/acme-slack', APP), CredentialError);
    vi.stubEnv('VERCEL_OIDC_TOKEN_FILE', undefined);
    vi.stubEnv('VERCEL_OIDC_TOKEN', OIDC);
    await expect(getToken('slack/acme-slack', APP)).resolves.toBe('token-1');
  });

  it('that rotates after a 401 is asked for once more', async () => {
    const rotated = oidcToken('project-one-later');
    server.use(
      http.post(`${BASE}/token/:connector`, ({ request }) => {
        if (request.headers.get('authorization') !== `Bearer ${OIDC}`) return issue({ request });
        record(request);
        vi.stubEnv('VERCEL_OIDC_TOKEN', rotated);
        return new HttpResponse(null, { status: 401 });
      }),
    );
    await expect(getToken('slack/acme-slack', APP)).resolves.toBe('token-2');
    expect(seen.map(({ bearer }) => bearer)).toEqual([OIDC, rotated]);
  });

  it('that does not rotate after a 401 is not sent again', async () => {
    server.use(
      http.post(`${BASE}/token/:connector`, ({ request }) => {
        record(request);
        return new HttpResponse(null, { status: 401 });
      }),
    );
    await failureOf(getToken('slack/acme-slack', APP), AuthenticationError);
    expect(seen).toHaveLength(1);
  });

  it('of one project is not that of another', async () => {
    expect(await getToken('slack/acme-slack', APP)).toBe('token-1');
    vi.stubEnv('VERCEL_OIDC_TOKEN', oidcToken('project-two'));
    expect(await getToken('slack/acme-slack', APP)).toBe('token-2');
  });
});

describe('the default functions', () => {
  it('share one cache', async () => {
    const token = await getToken('slack/acme-slack', APP);
    expect((await getTokenResponse('slack/acme-slack', APP)).token).toBe(token);
    expect(seen).toHaveLength(1);
  });

  it('deleteTokenCacheEntry drops an entry at once', async () => {
    await getToken('slack/acme-slack', APP);
    deleteTokenCacheEntry('slack/acme-slack', APP);
    expect(await getToken('slack/acme-slack', APP)).toBe('token-2');
    deleteTokenCacheEntry('slack/acme-slack', APP, { vercelToken: 'another-caller' });
    expect(await getToken('slack/acme-slack', APP)).toBe('token-2');
  });

  it('revokeToken drops what it revoked', async () => {
    await getToken('slack/acme-slack', APP);
    await revokeToken('slack/acme-slack', APP);
    await getToken('slack/acme-slack', APP);
    expect(seen.map(({ method }) => method)).toEqual(['POST', 'DELETE', 'POST']);
  });

  it('getConnectorMetadata and importTokens give what the API says', async () => {
    expect(await getConnectorMetadata('slack/acme-slack')).toEqual({ id: 'scl_1', vendor: { team: 'T1' } });
    expect(await importTokens('slack/acme-slack', [])).toEqual({ accepted: 0, imported: 0, tokens: [] });
  });

  it('VERCEL_REGION does not choose where the credential goes', async () => {
    vi.stubEnv('VERCEL_REGION', 'sfo1');
    await getToken('slack/acme-slack', APP);
    expect(new URL(seen[0]?.url ?? '').host).toBe('api.vercel.com');
  });

  it('obey a region of the call', async () => {
    server.use(http.post('https://api-sfo1.vercel.com/v1/connect/token/:connector', issue));
    await getToken('slack/acme-slack', APP, { region: 'sfo1' });
    expect(new URL(seen[0]?.url ?? '').host).toBe('api-sfo1.vercel.com');
  });

  it('throw the class that the code names', async () => {
    server.use(
      http.post(`${BASE}/token/:connector`, () =>
        HttpResponse.json({ error: { code: 'no_token', message: 'Nothing stored.' } }, { status: 422 }),
      ),
    );
    await failureOf(getToken('slack/acme-slack', APP), NoValidTokenError);
  });

  it('refuse bad input by rejecting, deleteTokenCacheEntry by throwing', async () => {
    await failureOf(getToken('', APP), InvalidArgumentError);
    await failureOf(getTokenResponse('', APP), InvalidArgumentError);
    await failureOf(revokeToken('', APP), InvalidArgumentError);
    await failureOf(importTokens('', []), InvalidArgumentError);
    await failureOf(getConnectorMetadata(''), InvalidArgumentError);
    thrownBy(() => deleteTokenCacheEntry('', APP), InvalidArgumentError);
    expect(seen).toHaveLength(0);
  });
});

describe('the default client', () => {
  /** Answers everything with these fields, or with nothing. */
  const answering = (fields?: object) =>
    server.use(
      http.all('https://api.vercel.com/*', ({ request }) => {
        record(request);
        return fields === undefined ? new HttpResponse(null, { status: 204 }) : HttpResponse.json(fields);
      }),
    );
  // What a row calls of a client is exported by the same names.
  const exported = functions as unknown as functions.ConnectClient;

  it.each(full([...ROWS, ...BODILESS]))('has the functions of any client: %s', async (name, call, line) => {
    const isBodiless = BODILESS.some(([bodiless]) => bodiless === name);
    answering(isBodiless ? undefined : { id: 'scl_1' });
    const result = await call(exported);
    if (isBodiless) expect(result).toBeUndefined();
    else expect(result).toEqual({ id: 'scl_1' });
    expect(seen.map(lineOf)).toEqual([line]);
    expect(seen[0]?.bearer).toBe(OIDC);
  });

  it.each<[string, string, () => AsyncIterable<unknown>]>([
    ['connectors', '/v2/connect/connectors', () => functions.connectors.list()],
    [
      'projects',
      '/v2/connect/connectors/slack%2Facme-slack/projects',
      () => functions.projects.list(CONNECTOR),
    ],
    ['connectors', '/v2/connect/projects/prj_1/connectors', () => functions.projects.listConnectors('prj_1')],
  ])('lists %s of %s', async (field, path, list) => {
    answering({ [field]: [{ id: 'one' }], pagination: { next: null } });
    const items: unknown[] = [];
    for await (const item of list()) items.push(item);
    expect(items).toEqual([{ id: 'one' }]);
    expect(seen.map(lineOf)).toEqual([`GET ${path}`]);
  });

  it('gets a token in other ways', async () => {
    expect(await functions.tryGetToken(CONNECTOR, APP)).toMatchObject({ token: 'token-1' });
    expect(await functions.tokenSource(CONNECTOR, APP).getToken()).toBe('token-1');
    expect(seen).toHaveLength(1);
    const { hits } = functions.connectStats();
    await functions.getToken(CONNECTOR, APP);
    expect(functions.connectStats().hits).toBe(hits + 1);
  });

  it('asks for consent, and waits for it', async () => {
    answering({ url: 'https://connect.vercel.com/authorize/r', request: 'r', verifier: 'v' });
    const started = await functions.startAuthorization(CONNECTOR, APP);
    expect(started).toMatchObject({ verifier: 'v' });
    await functions.startInstallation(CONNECTOR, {});
    await functions.experimental_startInstallation(CONNECTOR, {});
    answering({ status: 'success', token: 'granted', expiresAt: Date.now() + HOUR });
    expect(await functions.waitForAuthorization(started)).toMatchObject({ token: 'granted' });
    expect(seen.map(({ url }) => new URL(url).pathname.split('/').slice(3).join('/'))).toEqual([
      ...Array(3).fill(expect.stringContaining('slack%2Facme-slack')),
      expect.stringContaining('result/v'),
      'token/slack%2Facme-slack',
    ]);
  });
});
