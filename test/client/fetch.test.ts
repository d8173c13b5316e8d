import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createClient, InvalidArgumentError, type LogFields, NotFoundError } from '../../src/index.js';
import { apiError, json, networkFailure } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { startServer } from '../helpers/loopback-server.js';
import { type Answer, observedFetch } from '../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';

describe('without a fetch option', () => {
  it('the global fetch is looked up at each call', async () => {
    const client = createClient();
    const original = globalThis.fetch;
    onTestFinished(() => {
      globalThis.fetch = original;
    });
    for (const uid of ['first', 'second']) {
      const patched = observedFetch(json({ connectors: [{ uid }] }));
      // The package calls fetch with a Request alone, which is all that the patched one takes.
      globalThis.fetch = patched.fetch as typeof globalThis.fetch;
      const { data } = await client.GET(LIST);
      expect(data.connectors.map((connector) => connector.uid)).toEqual([uid]);
      expect(patched.requests).toHaveLength(1);
    }
  });

  it('msw, started after the client was made, answers', async () => {
    const client = createClient({ bearerToken: 'token-1' });
    const server = setupServer(
      http.get('https://api.vercel.com/v1/connect/connectors/:connector', ({ params, request }) =>
        HttpResponse.json({ uid: params.connector, name: request.headers.get('authorization') }),
      ),
    );
    server.listen({ onUnhandledRequest: 'error' });
    onTestFinished(() => server.close());
    const { data } = await client.call('getConnector', {
      params: { path: { connector: 'slack/acme-slack' } },
    });
    expect(data).toEqual({ uid: 'slack/acme-slack', name: 'Bearer token-1' });
  });
});

describe('over real HTTP', () => {
  it('sends what the server sees', async () => {
    const server = await startServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.setHeader('x-vercel-id', 'dev1::1');
        response.end(JSON.stringify({ token: 't', echo: [request.method, request.url, body] }));
      });
    });
    const client = createClient({ baseUrl: server.url, bearerToken: 'token-1' });
    const { data, response } = await client.POST('/v1/connect/token/{connector}', {
      params: { path: { connector: 'slack/acme-slack' } },
      body: { scopes: ['one'] },
    });
    expect(data).toMatchObject({
      echo: ['POST', '/v1/connect/token/slack%2Facme-slack', '{"scopes":["one"]}'],
    });
    expect(response.headers.get('x-vercel-id')).toBe('dev1::1');
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      accept: 'application/json',
      'content-type': 'application/json',
    });
  });

  it('tells the server the length of an empty POST', async () => {
    const server = await startServer((_, response) => response.end('{}'));
    const client = createClient({ baseUrl: server.url });
    await client.POST('/v1/connect/token/{connector}', { params: { path: { connector: 'a' } } });
    expect(server.requests[0]?.headers).toMatchObject({
      'content-length': '0',
      'content-type': 'application/json',
    });
  });
});

describe('logger', () => {
  function logged(...answers: Answer[]) {
    const lines: [string, LogFields][] = [];
    const client = createClient({
      fetch: observedFetch(...answers).fetch,
      bearerToken: 'bearer-canary',
      headers: { 'x-key': 'header-canary' },
      teamId: 'team-canary',
      logger: { debug: (message, fields) => lines.push([message, fields]) },
    });
    return { client, lines };
  }

  it('is told of each attempt: template, status, number, time and request id', async () => {
    const { client, lines } = logged(
      apiError(503, {}, { 'retry-after-ms': '0' }),
      networkFailure('ECONNRESET'),
      json({}, { headers: { 'x-vercel-id': 'fra1::a' } }),
    );
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const call = client.call('getConnector', { params: { path: { connector: 'path-canary' } } });
    await vi.runAllTimersAsync();
    await call;
    const path = '/v1/connect/connectors/{connector}';
    const facts = { method: 'GET', path, operationId: 'getConnector', durationMs: expect.any(Number) };
    expect(lines).toEqual([
      [`GET ${path} 503`, { ...facts, attempt: 1, status: 503 }],
      [`GET ${path} ECONNRESET`, { ...facts, attempt: 2, error: 'ECONNRESET' }],
      [`GET ${path} 200`, { ...facts, attempt: 3, status: 200, requestId: 'fra1::a' }],
    ]);
  });

  it('is never told a bearer, header, query, path value or body', async () => {
    const { client, lines } = logged(apiError(404, { message: 'body-canary' }), json({ canary: 1 }));
    const path = { connector: 'path-canary' };
    await caught(client.GET('/v1/connect/connectors/{connector}', { params: { path } }), NotFoundError);
    await client.GET(LIST, { params: { query: { search: 'query-canary' } } });
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain('canary');
  });

  it('that throws does not change what the call comes to', async () => {
    const logger = {
      debug: () => {
        throw new Error('disk full');
      },
    };
    const client = createClient({ fetch: observedFetch(json({ connectors: [] })).fetch, logger });
    expect((await client.GET(LIST)).data.connectors).toEqual([]);
  });
});

describe('a fetch that a test plays with plain objects', () => {
  const playing = (headers: object) =>
    createClient({ fetch: async () => ({ ok: false, status: 404, headers, body: null }) as Response });

  it('an error without a status text is an APIError', async () => {
    const error = await caught(playing(new Headers()).GET(LIST), NotFoundError);
    expect(error).toMatchObject({ status: 404, statusText: '' });
  });

  it('one whose headers are not Headers is refused by name', async () => {
    const error = await caught(playing({ get: () => null }).GET(LIST), InvalidArgumentError);
    expect(error.argument).toBe('fetch');
  });

  it('one that gives its text alone is read, whatever its status and the form that is asked for', async () => {
    const headers = new Headers({ 'content-type': 'application/json' });
    const answering = (status: number, text: string) => {
      const response = { ok: status < 400, status, headers, text: async () => text };
      return createClient({ fetch: async () => response as Response, maxRetries: 0 });
    };
    const list = '{"connectors":[{"uid":"a"}]}';
    expect((await answering(200, list).GET(LIST)).data.connectors).toMatchObject([{ uid: 'a' }]);
    const { data } = await answering(200, list).GET(LIST, { parseAs: 'stream' });
    expect(await new Response(data).text()).toBe(list);
    const failed = answering(404, '{"error":{"code":"not_found","message":"No such list."}}');
    expect((await caught(failed.GET(LIST), NotFoundError)).serverMessage).toBe('No such list.');
  });

  it('one that has json() alone is refused by name, and not called empty', async () => {
    const response = {
      ok: true,
      status: 200,
      headers: new Headers(),
      json: async () => ({ connectors: [] }),
    };
    const client = createClient({ fetch: async () => response as unknown as Response });
    const error = await caught(client.GET(LIST), InvalidArgumentError);
    expect([error.argument, error.message]).toEqual([
      'fetch',
      expect.stringContaining('Response.json(data)'),
    ]);
  });
});
