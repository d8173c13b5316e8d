import { createServer, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { HttpResponse, http } from 'msw';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../../src/client/create-client.js';
import { InvalidArgumentError, VercelError } from '../../../src/errors/index.js';
import {
  createConnectEmulator,
  createHandlers,
  createMock,
  type RunningServer,
} from '../../../src/msw/index.js';
import { caught } from '../../helpers/caught.js';
import { serve } from './serve.js';

const API = 'https://api.vercel.com';

/** A request by node:http, which sends what `fetch` would not. */
function raw(
  server: RunningServer,
  options: RequestOptions,
  body?: string,
): Promise<IncomingMessage & { text: string }> {
  return new Promise((resolve, reject) => {
    const sending = httpRequest({ host: '127.0.0.1', port: server.port, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => resolve(Object.assign(answer, { text })));
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

describe('serveHandlers', () => {
  test('serves on loopback, as if at the base URL', async () => {
    const server = await serve(createHandlers());
    expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
    const client = createClient({ baseUrl: server.url, bearerToken: 'any', maxRetries: 0 });
    const connector = 'slack/acme-slack';
    const { data, response } = await client.call('getConnector', { params: { path: { connector } } });
    expect(data.id).toMatch(/^scl_/);
    expect(response.headers.get('x-vercel-id')).toMatch(/^mock1::/);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('maps paths below another base URL', async () => {
    const baseUrl = 'https://example.com/deep';
    const seen: string[] = [];
    const echo = http.all(/.*/, ({ request }) => {
      seen.push(request.url);
      return new Response();
    });
    const server = await serve([echo], { baseUrl });
    await fetch(`${server.url}/v1/a%2Fb?c=%20`);
    expect(seen).toEqual(['https://example.com/deep/v1/a%2Fb?c=%20']);
  });

  test('passes method, headers and body on, and status, headers and body back', async () => {
    const echo = http.post(`${API}/echo`, async ({ request }) => {
      const answer = new HttpResponse(`${request.headers.get('x-a')} ${await request.text()}`, {
        status: 201,
      });
      answer.headers.append('set-cookie', 'a=1');
      answer.headers.append('set-cookie', 'b=2');
      return answer;
    });
    const server = await serve([echo]);
    const headers = { 'x-a': 'some', 'content-type': 'text/plain' };
    const answer = await raw(server, { method: 'POST', path: '/echo', headers }, 'some body');
    expect([answer.statusCode, answer.text]).toEqual([201, 'some some body']);
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
  });

  test('takes the port that it is given, and refuses one that is taken', async () => {
    const first = await serve([]);
    const error = await caught(serve([], { port: first.port }), VercelError);
    expect(error.message).toContain(`Port ${first.port} on 127.0.0.1 is in use already`);
    expect(error.cause).toMatchObject({ code: 'EADDRINUSE' });
    const { port } = first;
    await first.close();
    expect((await serve([], { port })).url).toBe(`http://127.0.0.1:${port}`);
  });

  test.each([-1, 1.5, 65_536, Number.NaN, 'http' as unknown as number])('refuses port %s', async (port) => {
    expect((await caught(serve([], { port }), InvalidArgumentError)).argument).toBe('port');
  });

  test('answers 404 where no handler does', async () => {
    const server = await serve([http.get(`${API}/a`, () => new Response())]);
    const answer = await fetch(`${server.url}/b`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: { code: 'not_found', message: 'No handler answers POST /b.' } },
    ]);
  });

  test('answers a HEAD without body', async () => {
    const server = await serve([http.head(`${API}/a`, () => new Response(null, { status: 200 }))]);
    const known = await fetch(`${server.url}/a`, { method: 'HEAD' });
    const unknown = await fetch(`${server.url}/b`, { method: 'HEAD' });
    expect([known.status, await known.text(), unknown.status, await unknown.text()]).toEqual([
      200,
      '',
      404,
      '',
    ]);
  });

  test('answers 413 to more than 10 MB, and takes 10 MB', async () => {
    const size = http.post(`${API}/size`, async ({ request }) =>
      HttpResponse.text(String((await request.text()).length)),
    );
    const server = await serve([size]);
    const post = (length: number) =>
      fetch(`${server.url}/size`, { method: 'POST', body: 'x'.repeat(length) });
    const limit = 10 * 1024 * 1024;
    expect(await (await post(limit)).text()).toBe(String(limit));
    const refused = await post(limit + 1);
    expect([refused.status, await refused.json()]).toEqual([
      413,
      { error: { code: 'payload_too_large', message: `The body is longer than ${limit} bytes.` } },
    ]);
  });

  test('answers 500 for a handler that throws, and tells nothing of it', async () => {
    const server = await serve([
      http.get(`${API}/a`, () => {
        throw new Error('secret inside');
      }),
    ]);
    const answer = await fetch(`${server.url}/a`);
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(text).not.toMatch(/secret| at |\.ts/);
    expect(JSON.parse(text).error.code).toBe('internal_server_error');
  });

  test('ends the connection for Response.error()', async () => {
    const server = await serve([http.get(`${API}/a`, () => HttpResponse.error())]);
    await expect(fetch(`${server.url}/a`)).rejects.toThrow('fetch failed');
  });

  test.each<[string, RequestOptions, string | undefined]>([
    ['a GET with a body', { path: '/a', headers: { 'content-length': '1' } }, 'x'],
    ['a TRACE', { path: '/a', method: 'TRACE' }, undefined],
    ['OPTIONS *', { path: '*', method: 'OPTIONS' }, undefined],
  ])('answers 400 to %s', async (_, options, body) => {
    const server = await serve([http.all(/.*/, () => new Response())]);
    const answer = await raw(server, options, body);
    expect([answer.statusCode, JSON.parse(answer.text).error.code]).toEqual([400, 'bad_request']);
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '192.0.2.1', '%zz', '[::2]'])(
    'answers 421 to the Host %j, which a page elsewhere could have resolve to this machine',
    async (host) => {
      const seen: string[] = [];
      const servers = [
        await serve([http.all(/.*/, ({ request }) => void seen.push(request.url))]),
        await createConnectEmulator().listen(),
        await createMock().listen(),
      ];
      onTestFinished(async () => void (await Promise.all(servers.map((server) => server.close()))));
      for (const server of servers) {
        const answer = await raw(server, { path: '/.well-known/jwks', headers: { host } });
        expect([answer.statusCode, answer.headers['access-control-allow-origin']]).toEqual([421, undefined]);
        const form = await raw(server, { method: 'POST', path: '/v2/files', headers: { host } }, 'a=b');
        expect(form.statusCode).toBe(421);
      }
      expect(seen).toEqual([]);
    },
  );

  test.each(['127.0.0.1', 'localhost:4010', 'LOCALHOST', 'app.localhost', '[::1]:1', '127.9.9.9'])(
    'answers the Host %j, which is this machine',
    async (host) => {
      const server = await createConnectEmulator().listen();
      onTestFinished(() => server.close());
      expect((await raw(server, { path: '/.well-known/jwks', headers: { host } })).statusCode).toBe(200);
    },
  );

  test('outlives a client that hangs up in the middle of its body', async () => {
    const server = await serve(createHandlers());
    const socket = connect(server.port, '127.0.0.1');
    socket.write('POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
    await new Promise<void>((resolve) => {
      socket.once('connect', () => {
        socket.once('close', () => resolve());
        socket.destroy();
      });
    });
    expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
  });
});

describe('close', () => {
  test('ends connections that are kept alive, and those in the middle of a request', async () => {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const server = await serve([
      http.get(`${API}/idle`, () => new Response()),
      http.get(`${API}/never`, () => {
        begin();
        return new Promise<Response>(() => {});
      }),
    ]);
    await fetch(`${server.url}/idle`);
    const hanging = fetch(`${server.url}/never`);
    await begun;
    await server.close();
    await expect(hanging).rejects.toThrow('fetch failed');
    await expect(fetch(`${server.url}/idle`)).rejects.toThrow('fetch failed');
  });

  test('may be called again', async () => {
    const server = await serve([]);
    await server.close();
    await expect(server.close()).resolves.toBeUndefined();
  });

  test('lets the process end: the port is free at once', async () => {
    const { port, close } = await serve([]);
    await close();
    const other = createServer();
    await new Promise<void>((resolve, reject) =>
      other.once('error', reject).listen(port, '127.0.0.1', resolve),
    );
    await new Promise((resolve) => other.close(resolve));
  });
});
