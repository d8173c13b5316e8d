import { describe, expect, it } from 'vitest';
import { createClient } from '../../src/index.js';
import { json } from '../helpers/answers.js';
import { answeringFetch, onlyRequest } from '../helpers/observed-fetch.js';
import { tableFor } from '../helpers/table-of.js';
import { USER_AGENT } from '../helpers/user-agent.js';

interface NotePaths {
  '/v1/notes/{note}': {
    put: {
      parameters: { path: { note: string } };
      requestBody: { content: { 'application/json': { text: string } } };
      responses: { 200: { content: { 'application/json': { ok: boolean } } } };
    };
  };
}

const NOTES = tableFor(['PUT', '/v1/notes/{note}', { body: ['application/json'] }]);

function observedClient(options: Parameters<typeof createClient>[0] = {}) {
  const network = answeringFetch(() => json({ ok: true }));
  return { network, client: createClient({ fetch: network.fetch, ...options }) };
}

describe('a request', () => {
  it('GET has URL, query and Accept, and no body', async () => {
    const { network, client } = observedClient();
    await client.GET('/v2/connect/connectors', {
      params: { query: { limit: 10, search: 'a&b=c/é', type: 'slack,github' } },
    });
    const request = onlyRequest(network);
    expect(request.method).toBe('GET');
    expect(request.url).toBe(
      'https://api.vercel.com/v2/connect/connectors?limit=10&search=a%26b%3Dc%2F%C3%A9&type=slack%2Cgithub',
    );
    expect(Object.fromEntries(request.headers)).toEqual({
      accept: 'application/json',
      'user-agent': USER_AGENT,
    });
    expect(request.body).toBe('');
  });

  it('POST sends its body as JSON', async () => {
    const { network, client } = observedClient({ bearerToken: 'token-1' });
    const body = { subject: { type: 'user', id: 'user_1' }, scopes: ['é'] } as const;
    await client.POST('/v1/connect/token/{connector}', {
      params: { path: { connector: 'slack/acme-slack' } },
      body: { ...body, scopes: [...body.scopes] },
    });
    const request = onlyRequest(network);
    expect(request.method).toBe('POST');
    expect(request.url).toBe('https://api.vercel.com/v1/connect/token/slack%2Facme-slack');
    expect(JSON.parse(request.body)).toEqual(body);
    expect(Object.fromEntries(request.headers)).toEqual({
      accept: 'application/json',
      authorization: 'Bearer token-1',
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
    });
  });

  it('POST without a body says JSON all the same, as the API asks', async () => {
    const { network, client } = observedClient();
    await client.POST('/v1/connect/token/{connector}', { params: { path: { connector: 'oauth/linear' } } });
    const request = onlyRequest(network);
    expect(request.headers.get('content-type')).toBe('application/json');
    expect(request.body).toBe('');
  });

  it('PATCH sends its body as JSON', async () => {
    const { network, client } = observedClient();
    await client.PATCH('/v2/connect/connectors/{connector}', {
      params: { path: { connector: 'scl_1' } },
      body: { name: 'new name' },
    });
    const request = onlyRequest(network);
    expect([request.method, request.url, request.body]).toEqual([
      'PATCH',
      'https://api.vercel.com/v2/connect/connectors/scl_1',
      '{"name":"new name"}',
    ]);
  });

  it('DELETE sends a body where the operation has one, and no content type where it has none', async () => {
    const { network, client } = observedClient();
    const params = { path: { connector: 'slack/acme-slack' } };
    await client.DELETE('/v1/connect/connectors/{connector}/tokens', {
      params,
      body: { subject: { type: 'app' } },
    });
    await client.DELETE('/v1/connect/connectors/{connector}', { params });
    expect(network.requests.map(({ method, url, body }) => `${method} ${url} ${body}`)).toEqual([
      'DELETE https://api.vercel.com/v1/connect/connectors/slack%2Facme-slack/tokens {"subject":{"type":"app"}}',
      'DELETE https://api.vercel.com/v1/connect/connectors/slack%2Facme-slack ',
    ]);
    const types = network.requests.map(({ headers }) => headers.get('content-type'));
    expect(types).toEqual(['application/json', null]);
  });

  it("PUT of a document of the caller's own", async () => {
    const network = answeringFetch(() => json({ ok: true }));
    const client = createClient<NotePaths>({
      fetch: network.fetch,
      operations: NOTES,
      baseUrl: 'http://127.0.0.1:9/base/',
    });
    const { data } = await client.PUT('/v1/notes/{note}', {
      params: { path: { note: 'a b' } },
      body: { text: 'hi' },
    });
    const request = onlyRequest(network);
    expect([request.method, request.url, request.body]).toEqual([
      'PUT',
      'http://127.0.0.1:9/base/v1/notes/a%20b',
      '{"text":"hi"}',
    ]);
    expect(data.ok).toBe(true);
  });

  it('by operation id takes method and path from the generated table', async () => {
    const { network, client } = observedClient();
    const params = { path: { connector: 'slack/acme-slack', projectId: 'prj_1' } };
    await client.call('upsertConnectorProjectConnection', { params, body: { environments: ['production'] } });
    await client.call('listConnectors');
    await client.call('deleteConnectorProjectConnection', { params });
    expect(network.requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      'POST /v1/connect/connectors/slack%2Facme-slack/projects/prj_1',
      'GET /v2/connect/connectors',
      'DELETE /v1/connect/connectors/slack%2Facme-slack/projects/prj_1',
    ]);
  });

  it('asks for redirects to be left alone', async () => {
    const { network, client } = observedClient();
    await client.GET('/v2/connect/connectors');
    expect(onlyRequest(network).redirect).toBe('manual');
  });

  it('is sent without Authorization where no bearer was given', async () => {
    const { network, client } = observedClient();
    await client.GET('/v2/connect/connectors');
    expect(onlyRequest(network).headers.has('authorization')).toBe(false);
  });

  it('can be serialised by the caller', async () => {
    const { network, client } = observedClient();
    await client.GET('/v2/connect/connectors', {
      params: { query: { limit: 1 } },
      querySerializer: () => 'own=query',
    });
    await client.POST('/v1/connect/token/{connector}', {
      params: { path: { connector: 'a' } },
      body: { scopes: ['one'] },
      bodySerializer: () => 'own body',
    });
    expect(network.requests.map(({ url, body }) => new URL(url).search + body)).toEqual([
      '?own=query',
      'own body',
    ]);
  });
});

describe('headers', () => {
  it('of the client go with every request, and those of a call win over them', async () => {
    const { network, client } = observedClient({ headers: { 'X-One': '1', 'X-Two': '2', 'X-Three': '3' } });
    await client.GET('/v2/connect/connectors');
    await client.GET('/v2/connect/connectors', {
      headers: { 'x-two': 'own', 'x-three': null, 'x-one': undefined, accept: 'application/vnd.x+json' },
    });
    const [first, second] = network.requests.map(({ headers }) => {
      const { 'user-agent': _, ...rest } = Object.fromEntries(headers);
      return rest;
    });
    expect(first).toEqual({ accept: 'application/json', 'x-one': '1', 'x-two': '2', 'x-three': '3' });
    expect(second).toEqual({ accept: 'application/vnd.x+json', 'x-one': '1', 'x-two': 'own' });
  });

  it.each([
    ['Headers', new Headers({ 'x-one': '1' })],
    ['pairs', [['x-one', '1']]],
    ['an object', { 'X-One': 1 }],
  ])('of a call can be given as %s', async (_, headers) => {
    const { network, client } = observedClient();
    await client.GET('/v2/connect/connectors', { headers: headers as Headers });
    expect(onlyRequest(network).headers.get('x-one')).toBe('1');
  });

  it('never replace the bearer of the client', async () => {
    const { network, client } = observedClient({ bearerToken: 'token-1' });
    await client.GET('/v2/connect/connectors', { headers: { authorization: 'Bearer other' } });
    expect(onlyRequest(network).headers.get('authorization')).toBe('Bearer token-1');
  });

  it('change the content type of a body', async () => {
    const { network, client } = observedClient();
    await client.POST('/v1/connect/token/{connector}', {
      params: { path: { connector: 'a' } },
      body: {},
      headers: { 'content-type': 'application/merge-patch+json' },
    });
    expect(onlyRequest(network).headers.get('content-type')).toBe('application/merge-patch+json');
  });
});
