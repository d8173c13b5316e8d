import { describe, expect, it } from 'vitest';
import { type ConnectClient, ConnectError, ConnectorNotFoundError } from '../../src/connect/index.js';
import { InvalidArgumentError, MalformedResponseError } from '../../src/errors/index.js';
import { createMemoryData, createMemoryStore } from '../fleet/memory-store.js';
import {
  APP,
  CONNECTOR,
  createBench,
  errorAnswer,
  failureOf,
  type SentRequest,
  thrownBy,
  tokenAnswer,
} from './helpers.js';
import { BODILESS, body, full, lineOf, none, ROWS, SLACK } from './management-rows.js';

describe('on the wire', () => {
  it.each(full(ROWS))('%s', async (_, call, line, sent) => {
    const { client, requests } = createBench(body);
    await expect(call(client)).resolves.toMatchObject({ id: 'scl_1' });
    expect(requests.map(lineOf)).toEqual([line]);
    expect(requests[0]?.body).toEqual(sent);
  });

  it.each(full(BODILESS))('%s, which answers nothing', async (_, call, line) => {
    const { client, requests } = createBench(none);
    await expect(call(client)).resolves.toBeUndefined();
    expect(requests.map(lineOf)).toEqual([line]);
    expect(requests[0]?.body).toBeUndefined();
  });

  it('a revocation that tells no counts resolves to undefined', async () => {
    const { client } = createBench(none);
    await expect(client.connectors.revokeTokens(CONNECTOR, 'all')).resolves.toBeUndefined();
  });

  it.each(full([...ROWS, ...BODILESS]))('%s: an error of the API is a ConnectError', async (_, call) => {
    const { client } = createBench(() => errorAnswer(404, 'not_found', 'Nothing here.'));
    expect(await failureOf(call(client), ConnectorNotFoundError)).toMatchObject({ message: 'Nothing here.' });
  });

  it.each(full(ROWS.filter(([name]) => !name.includes('revoke'))))(
    '%s: an answer that is no object is malformed',
    async (_, call) => {
      await failureOf(call(createBench(() => Response.json([])).client), MalformedResponseError);
    },
  );
});

describe('who and for which team', () => {
  it('a vercelToken of the call wins over the bearer of the client', async () => {
    const { client, requests } = createBench(body);
    await client.connectors.get(CONNECTOR);
    await client.connectors.get(CONNECTOR, { vercelToken: 'caller-two' });
    expect(requests.map(({ bearer }) => bearer)).toEqual(['caller-one', 'caller-two']);
  });

  it('the team of the call wins over that of the client', async () => {
    const { client, requests } = createBench(body, { teamId: 'team_1' });
    await client.connectors.get(CONNECTOR);
    await client.connectors.get(CONNECTOR, { teamId: 'team_2' });
    await client.connectors.get(CONNECTOR, { slug: 'acme' });
    const teams = requests.map(({ url }) => new URL(url).search);
    expect(teams).toEqual(['?teamId=team_1', '?teamId=team_2', '?slug=acme']);
  });

  it('a token request has no team, whatever the client has', async () => {
    const { client, requests } = createBench(undefined, { teamId: 'team_1' });
    await client.getToken(CONNECTOR, APP);
    expect(new URL(requests[0]?.url ?? '').search).toBe('');
  });

  it('teamId beside slug is refused', async () => {
    const { client, requests } = createBench(body);
    const call = async () => client.connectors.get(CONNECTOR, { teamId: 'a', slug: 'b' });
    expect((await failureOf(call(), InvalidArgumentError)).argument).toBe('options.teamId');
    expect(requests).toEqual([]);
  });
});

describe('lists', () => {
  const pages = (field: string) =>
    createBench(({ url }) => {
      const at = Number(new URL(url).searchParams.get('cursor') ?? 0);
      const list = [{ id: `${at}a` }, { id: `${at}b` }];
      return Response.json({ [field]: list, pagination: { next: at < 2 ? String(at + 1) : null } });
    });

  it.each([
    [
      'connectors.list',
      'connectors',
      (c: ConnectClient) => c.connectors.list({ limit: 2, type: ['slack', 'oauth'], sort: 'name' }),
      '/v2/connect/connectors?limit=2&sort=name&type=slack%2Coauth',
    ],
    [
      'projects.list',
      'projects',
      (c: ConnectClient) => c.projects.list(CONNECTOR, { limit: 2 }),
      '/v2/connect/connectors/slack%2Facme-slack/projects?limit=2',
    ],
    [
      'projects.listConnectors',
      'connectors',
      (c: ConnectClient) => c.projects.listConnectors('prj_1', { limit: 2 }),
      '/v2/connect/projects/prj_1/connectors?limit=2',
    ],
  ])('%s is iterated without awaiting, page after page', async (_, field, list, first) => {
    const { client, requests } = pages(field);
    const ids: unknown[] = [];
    for await (const item of list(client)) ids.push(Reflect.get(item, 'id'));
    expect(ids).toEqual(['0a', '0b', '1a', '1b', '2a', '2b']);
    expect(requests).toHaveLength(3);
    expect(requests[0]?.url).toBe(`https://api.vercel.com${first}`);
    expect(requests[2]?.url).toContain('cursor=2');
  });

  it('take a type and a service as a text, too', async () => {
    const { client, requests } = pages('connectors');
    await client.connectors.list({ type: 'slack', service: ['linear'], search: undefined });
    expect(new URL(requests[0]?.url ?? '').search).toBe('?type=slack&service=linear');
  });

  it('give pages, and the next page of one', async () => {
    const { client, requests } = pages('connectors');
    const first = await client.connectors.list();
    expect(first.items).toHaveLength(2);
    expect((await first.getNextPage())?.items.map(({ id }) => id)).toEqual(['1a', '1b']);
    expect(requests).toHaveLength(2);
    let count = 0;
    for await (const page of client.connectors.list().pages()) count += page.items.length;
    expect(count).toBe(6);
  });

  it('ask for each page as the same caller', async () => {
    const { client, requests } = pages('connectors');
    for await (const _ of client.connectors.list({}, { vercelToken: 'caller-two', teamId: 'team_2' })) {
      // Only the requests matter.
    }
    expect(requests.map(({ bearer }) => bearer)).toEqual(['caller-two', 'caller-two', 'caller-two']);
    expect(requests.every(({ url }) => url.includes('teamId=team_2'))).toBe(true);
  });

  it('end with a ConnectError', async () => {
    const { client } = createBench(() => errorAnswer(403, 'forbidden'));
    await failureOf(Promise.resolve(client.connectors.list()), ConnectError);
  });
});

describe('what may be left out', () => {
  it.each<[string, (client: ConnectClient) => Promise<unknown>]>([
    [
      'a type, beside a service and how to connect',
      (c) => c.connectors.create({ service: 'slack', connectionMethod: 'oauth', name: 'A' } as never),
    ],
    [
      'a name, beside a project',
      (c) => c.connectors.create({ type: 'slack', projectId: 'prj_1', data: SLACK } as never),
    ],
    [
      'a branch of three destinations',
      (c) =>
        c.triggers.set(CONNECTOR, [
          { projectId: 'a', branch: 'b' },
          { projectId: 'b', customEnvironmentId: 'env_1' },
          { projectId: 'c' },
        ]),
    ],
  ])('%s', async (_, call) => {
    const { client, requests } = createBench(body);
    await call(client);
    expect(requests).toHaveLength(1);
  });

  it('counts of a revocation come as the API gives them', async () => {
    const { client } = createBench(() => Response.json({ revoked: 3 }));
    expect(await client.connectors.revokeTokens(CONNECTOR, 'all')).toEqual({ revoked: 3 });
  });
});

describe('the token cache', () => {
  it.each<[string, (client: ConnectClient) => Promise<unknown>]>([
    ['projects.attach', (c) => c.projects.attach(CONNECTOR, 'prj_1', { environments: ['preview'] })],
    [
      'projects.detach of one environment',
      (c) => c.projects.detach(CONNECTOR, 'prj_1', { environment: 'preview' }),
    ],
    ['revokeTokens of the subject', (c) => c.connectors.revokeTokens(CONNECTOR, APP)],
  ])('%s drops the tokens of the connector, once it has been done', async (_, act) => {
    let isRefused = true;
    const { client, requests } = createBench(({ url }, index) => {
      if (url.includes('/token/')) return tokenAnswer({ token: `token-${index}` });
      return isRefused ? errorAnswer(403, 'forbidden') : body();
    });
    const ask = async () => {
      await client.getToken(CONNECTOR, APP);
      return requests.filter(({ url }) => url.includes('/token/')).length;
    };
    expect(await ask()).toBe(1);
    await failureOf(act(client), ConnectError);
    expect(await ask()).toBe(1);
    isRefused = false;
    await act(client);
    expect(await ask()).toBe(2);
  });

  it.each([
    ['connectors.delete', (c: ConnectClient, name: string) => c.connectors.delete(name)],
    ['projects.detach', (c: ConnectClient, name: string) => c.projects.detach(name, 'prj_1')],
    ['revokeTokens of all', (c: ConnectClient, name: string) => c.connectors.revokeTokens(name, 'all')],
  ])('%s drops the tokens of the connector, by id and by UID, and no others', async (_, act) => {
    for (const name of [CONNECTOR, 'scl_1']) {
      const { client, requests } = createBench(({ method }, index) =>
        method === 'DELETE' ? none() : tokenAnswer({ token: `token-${index}` }),
      );
      await client.getToken(CONNECTOR, APP);
      await client.getToken('oauth/other', APP);
      await act(client, name);
      await client.getToken(CONNECTOR, APP);
      const asked = requests.filter(({ method }) => method === 'POST').length;
      expect(asked).toBe(3);
    }
  });
});

it('revokeTokens of one subject leaves the tokens of others', async () => {
  const { client, requests } = createBench(({ url }, index) =>
    url.includes('/token/') ? tokenAnswer({ token: `token-${index}` }) : none(),
  );
  const other = { subject: { type: 'user', id: 'user_2' } } as const;
  for (const params of [APP, other]) await client.getToken(CONNECTOR, params);
  await client.connectors.revokeTokens(CONNECTOR, APP);
  await client.getToken(CONNECTOR, other);
  expect(requests).toHaveLength(3);
  await client.getToken(CONNECTOR, APP);
  expect(requests).toHaveLength(4);
});

describe('the other name of a connector, which other processes may know it by', () => {
  const REMOVE = 'DELETE /v1/connect/connectors/scl_1';
  const READ = 'GET /v1/connect/connectors/scl_1';

  function createFleetBench(read: () => Response) {
    return createBench(
      ({ url, method }, index) => {
        if (url.includes('/token/')) return tokenAnswer({ token: `token-${index}` });
        return method === 'GET' ? read() : none();
      },
      { cache: { store: createMemoryStore(createMemoryData()), storeTimeoutMs: 5_000 } },
    );
  }

  const lines = (requests: readonly SentRequest[]) =>
    requests.map(lineOf).filter((line) => !line.includes('/token/'));

  it('is read before it is deleted, where no token has told it', async () => {
    const { client, requests } = createFleetBench(() => Response.json({ id: 'scl_1', uid: CONNECTOR }));
    await client.connectors.delete('scl_1');
    expect(lines(requests)).toEqual([READ, REMOVE]);
    await client.close();
  });

  it('is known by a token that was got before', async () => {
    const { client, requests } = createFleetBench(body);
    await client.getToken(CONNECTOR, APP);
    await client.connectors.delete('scl_1');
    expect(lines(requests)).toEqual([REMOVE]);
    await client.close();
  });

  it('is done without where it cannot be read', async () => {
    const { client, requests } = createFleetBench(() => errorAnswer(403, 'forbidden'));
    await client.connectors.delete('scl_1');
    expect(lines(requests)).toEqual([READ, REMOVE]);
    await client.close();
  });

  it('is asked for by no client that shares nothing', async () => {
    const { client, requests } = createBench(none);
    await client.connectors.delete('scl_1');
    expect(lines(requests)).toEqual([REMOVE]);
  });
});

describe('what cannot work is refused before anything is sent', () => {
  const attach = (client: ConnectClient, environments: string[]) =>
    client.projects.attach(CONNECTOR, 'prj_1', { environments });
  const direct = (client: ConnectClient, projects: string[]) =>
    client.triggers.set(
      CONNECTOR,
      projects.map((projectId) => ({ projectId })),
    );
  const calls: readonly (readonly [string, string, (c: ConnectClient) => Promise<unknown>])[] = [
    ['no parameters', 'params', (c) => c.connectors.create(undefined as never)],
    ['no type', 'params.type', (c) => c.connectors.create({ name: 'A', data: {} } as never)],
    ['no name', 'params.name', (c) => c.connectors.create({ type: 'slack', data: SLACK })],
    ['nothing to change', 'params', (c) => c.connectors.update(CONNECTOR, {})],
    ['no connector', 'connector', (c) => c.connectors.delete('..')],
    ['no service', 'service', (c) => c.connectors.getService('')],
    ['no project', 'projectId', (c) => c.projects.get(CONNECTOR, '')],
    ['no environments', 'link.environments', (c) => c.projects.attach(CONNECTOR, 'p', { environments: [] })],
    ['no link', 'link.environments', (c) => c.projects.attach(CONNECTOR, 'p', undefined as never)],
    [
      'an empty environment',
      'options.environment',
      (c) => c.projects.detach(CONNECTOR, 'p', { environment: '' }),
    ],
    ['no list', 'destinations', (c) => c.triggers.set(CONNECTOR, {} as never)],
    [
      'four destinations',
      'destinations',
      (c) => c.triggers.set(CONNECTOR, Array(4).fill({ projectId: 'p' })),
    ],
    ['no project of one', 'destinations[0].projectId', (c) => c.triggers.set(CONNECTOR, [{} as never])],
    [
      'two kinds in one',
      'destinations[0]',
      (c) =>
        c.triggers.set(CONNECTOR, [{ projectId: 'p', branch: 'b', customEnvironmentId: 'env_1' } as never]),
    ],
    ['nobody to revoke', 'whose.subject', (c) => c.connectors.revokeTokens(CONNECTOR, {} as never)],
    ['a service alone', 'params.type', (c) => c.connectors.create({ service: 'slack', name: 'A' } as never)],
    [
      'a method alone',
      'params.type',
      (c) => c.connectors.create({ connectionMethod: 'oauth', name: 'A' } as never),
    ],
    ['a connector to read', 'connector', (c) => c.connectors.get('')],
    ['a connector to change', 'connector', (c) => c.connectors.update('', { name: 'A' })],
    ['a connector to eject', 'connector', (c) => c.connectors.eject('')],
    ['a connector to revoke', 'connector', (c) => c.connectors.revokeTokens('', 'all')],
    ['a connector of triggers', 'connector', (c) => c.triggers.set('', [])],
    ['a connector of a link', 'connector', (c) => c.projects.get('', 'prj_1')],
    ['a service that is no text', 'service', (c) => c.connectors.getService(5 as never)],
    ['an empty environment of several', 'link.environments', (c) => attach(c, ['production', ''])],
    ['an environment that is no text', 'link.environments', (c) => attach(c, ['production', 5 as never])],
    ['environments that are no list', 'link.environments', (c) => attach(c, 'production' as never)],
    ['an empty project of a destination', 'destinations[1].projectId', (c) => direct(c, ['p', ''])],
    ['options that are no object', 'options', (c) => c.connectors.get(CONNECTOR, 'x' as never)],
    [
      'an option of another function',
      'options.schemas',
      (c) => c.connectors.get(CONNECTOR, { schemas: true } as never),
    ],
  ];

  it.each(calls)('%s', async (_, argument, call) => {
    const { client, requests } = createBench(body);
    // Every function refuses by rejecting, as every other failure.
    expect((await failureOf(call(client), InvalidArgumentError)).argument).toBe(argument);
    expect(requests).toEqual([]);
  });

  it.each<[string, (client: ConnectClient) => Promise<unknown>]>([
    ['must be an object', (c) => c.connectors.create([] as never)],
    ['must be an object', (c) => c.connectors.get(CONNECTOR, [] as never)],
    ['give teamId or slug, not both', (c) => c.connectors.get(CONNECTOR, { teamId: 'a', slug: 'b' })],
    [
      'give a type, or service together with connectionMethod',
      (c) => c.connectors.create({ name: 'A' } as never),
    ],
    ['give a name, or a projectId', (c) => c.connectors.create({ type: 'slack' } as never)],
    ['at least one field to change', (c) => c.connectors.update(CONNECTOR, {})],
    ['must be a service such as slack', (c) => c.connectors.getService('')],
    ["e.g. ['production']", (c) => attach(c, [])],
    [
      'must be production, preview, development or env_...',
      (c) => c.projects.detach(CONNECTOR, 'p', { environment: '' }),
    ],
    ['must be a project id (prj_...)', (c) => c.projects.get(CONNECTOR, '')],
    ['must be an array', (c) => c.triggers.set(CONNECTOR, {} as never)],
    ['at most 3 destinations, got 4', (c) => direct(c, ['a', 'b', 'c', 'd'])],
    ['must be a project id (prj_...)', (c) => direct(c, [''])],
    [
      'give branch or customEnvironmentId, not both',
      (c) => c.triggers.set(CONNECTOR, [{ projectId: 'p', branch: 'b', customEnvironmentId: 'e' } as never]),
    ],
  ])('with a word on what would: %s', async (message, call) => {
    const error = await failureOf(call(createBench(body).client), InvalidArgumentError);
    expect(error.message).toContain(message);
  });

  it('a list refuses at once', () => {
    const { client } = createBench(body);
    const refused = (list: () => unknown) => thrownBy(list, InvalidArgumentError).argument;
    expect(refused(() => client.projects.list(''))).toBe('connector');
    expect(refused(() => client.projects.listConnectors(''))).toBe('projectId');
    expect(refused(() => client.connectors.list('slack' as never))).toBe('params');
    expect(refused(() => client.connectors.list({}, { team: 'a' } as never))).toBe('options.team');
  });
});

describe('secrets', () => {
  it.each([
    [{ type: 'slack', name: 'Bot', data: SLACK }, 'the-client-secret-1'],
    [{ type: 'api-key', name: 'Key', data: { values: [{ value: 'the-api-key-1' }] } }, 'the-api-key-1'],
  ] as const)('of the provider data stay out of an error that echoes them', async (params, secret) => {
    const { client } = createBench(() => errorAnswer(400, 'bad_request', `no good: ${secret}`));
    const error = await failureOf(client.connectors.create<string>(params as never), ConnectError);
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toContain(secret);
  });
});
