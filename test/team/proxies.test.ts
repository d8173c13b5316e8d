// Proxies, certificates and agents, as docs/proxies.md describes them.
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Agent, ProxyAgent, fetch as undiciFetch } from 'undici';
import { describe, expect, inject, it, type TestContext } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { APIConnectionError, createClient, type Fetch, stream, upload } from '../../src/index.js';
import { runProcess } from '../cli/binary.js';
import { caught } from '../helpers/caught.js';
import { startServer } from '../helpers/loopback-server.js';
import { makeCertificate, startProxy, startSecureServer } from '../helpers/proxy.js';

const LIST = '/v2/connect/connectors';
const APP = { subject: { type: 'app' } } as const;
const bearerToken = 'bearer-1';
/** Node reads `HTTPS_PROXY` itself since 24, where `NODE_USE_ENV_PROXY` is set. */
const NODE_24 = Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : process.env.NODE_24;

/** A server with a certificate of one's own, or a skipped test. */
async function secureServer({ skip }: TestContext) {
  const certificate = makeCertificate();
  if (certificate === undefined) return skip('openssl is not installed');
  return { ...certificate, server: await startSecureServer(certificate) };
}

describe('undici.fetch', () => {
  it('is a fetch like any other: JSON, text, bytes, streams, forms, and errors', async () => {
    const bodies: string[] = [];
    const server = await startServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        bodies.push(text);
        response.setHeader('content-type', 'application/json');
        response.end('{"connectors":[],"urls":[]}');
      });
    });
    // No adapter: undici's own function is one.
    const fetch: Fetch = undiciFetch;
    const client = createClient({ baseUrl: server.url, bearerToken, fetch });
    expect((await client.GET(LIST)).data.connectors).toEqual([]);
    const post = client.POST as unknown as (path: string, init: object) => Promise<unknown>;
    const form = new FormData();
    form.set('note', 'in a form');
    const streamed = new Blob(['in a stream']).stream();
    for (const body of [{ a: 1 }, new Blob(['in a blob']), streamed, form]) await post('/v1/notes', { body });
    await upload(client, 'uploadFile', { file: new TextEncoder().encode('uploaded') });
    for await (const _ of stream(client, 'listConnectors')) break;
    expect(bodies.slice(1, 4)).toEqual(['{"a":1}', 'in a blob', 'in a stream']);
    expect(bodies[4]).toContain('in a form');
    expect(bodies[5]).toBe('uploaded');
    const cut = await startServer((_, response) => response.destroy());
    const failing = createClient({ baseUrl: cut.url, fetch, maxRetries: 0 });
    const error = await caught(failing.GET(LIST), APIConnectionError);
    expect(error.message).toContain('UND_ERR_SOCKET');
  });

  it('goes through a ProxyAgent', async (context) => {
    const { server, ca } = await secureServer(context);
    const proxy = await startProxy();
    const dispatcher = new ProxyAgent({ uri: proxy.url, requestTls: { ca } });
    const fetch: Fetch = (url, init) => undiciFetch(url, { ...init, dispatcher });
    await createClient({ baseUrl: server.url, bearerToken, fetch }).GET(LIST);
    const connect = createConnectClient({ baseUrl: server.url, bearerToken, fetch });
    expect(await connect.getToken('slack/acme-slack', APP)).toBe('t');
    expect(new Set(proxy.tunnels)).toEqual(new Set([server.host]));
    expect(server.requests).toHaveLength(2);
  });
});

describe('fetchOptions', () => {
  it('take a ProxyAgent for the client', async (context) => {
    const { server, ca } = await secureServer(context);
    const proxy = await startProxy();
    const dispatcher = new ProxyAgent({ uri: proxy.url, requestTls: { ca } });
    const options = { baseUrl: server.url, bearerToken, fetchOptions: { dispatcher } };
    await createClient(options).GET(LIST);
    expect(await createConnectClient(options).getToken('slack/acme-slack', APP)).toBe('t');
    expect(proxy.tunnels.length).toBeGreaterThan(0);
  });

  it('take a CA of one’s own, for the client or for a call', async (context) => {
    const { server, ca } = await secureServer(context);
    const dispatcher = new Agent({ connect: { ca } });
    const client = createClient({ baseUrl: server.url, bearerToken, maxRetries: 0 });
    const error = await caught(client.GET(LIST), APIConnectionError);
    expect(error.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    await client.GET(LIST, { fetchOptions: { dispatcher } });
    await createClient({ baseUrl: server.url, bearerToken, fetchOptions: { dispatcher } }).GET(LIST);
    expect(server.requests).toHaveLength(2);
  });

  it('take an agent that keeps connections open', async () => {
    const ports = new Set<number | undefined>();
    const server = await startServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{"connectors":[]}');
    });
    const dispatcher = new Agent({ connections: 1, keepAliveTimeout: 60_000 });
    const client = createClient({ baseUrl: server.url, fetchOptions: { dispatcher } });
    await Promise.all([client.GET(LIST), client.GET(LIST), client.GET(LIST)]);
    expect(ports.size).toBe(1);
    await dispatcher.close();
  });
});

describe('the environment of Node', () => {
  const program = (url: string) =>
    `import { createClient } from ${JSON.stringify(join(dirname(inject('program')), '../index.js'))};
    const { data } = await createClient({ baseUrl: '${url}', bearerToken: 'b', maxRetries: 0 }).GET('${LIST}');
    console.log(JSON.stringify(data.connectors));`;
  const run = (node: string, url: string, env: Record<string, string>) =>
    promisify(execFile)(node, ['--input-type=module', '-e', program(url)], { env });

  it('NODE_EXTRA_CA_CERTS adds a CA', async (context) => {
    const { server, caFile } = await secureServer(context);
    const { stdout } = await run(process.execPath, server.url, { NODE_EXTRA_CA_CERTS: caFile });
    expect(stdout).toBe('[]\n');
  });

  it('NODE_USE_ENV_PROXY goes through HTTPS_PROXY, but for NO_PROXY', async (context) => {
    if (NODE_24 === undefined) return context.skip('needs Node 24: name one in NODE_24');
    const { server, caFile } = await secureServer(context);
    const proxy = await startProxy();
    const env = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: caFile };
    expect((await run(NODE_24, server.url, env)).stdout).toBe('[]\n');
    expect(proxy.tunnels).toEqual([server.host]);
    await run(NODE_24, server.url, { ...env, NO_PROXY: '127.0.0.1' });
    expect(proxy.tunnels).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
  });
});

describe('the command line', () => {
  it('goes through HTTPS_PROXY, but for NO_PROXY, and names itself', async (context) => {
    const { server, caFile } = await secureServer(context);
    const proxy = await startProxy();
    const env = { VERCEL_TOKEN: 'b', HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: caFile };
    const args = ['api', 'listConnectors', '--base-url', server.url];
    expect(await runProcess(args, { env })).toMatchObject({ code: 0 });
    expect(proxy.tunnels).toEqual([server.host]);
    expect(await runProcess(args, { env: { ...env, NO_PROXY: '127.0.0.1' } })).toMatchObject({ code: 0 });
    expect(proxy.tunnels).toHaveLength(1);
    expect(server.requests[0]?.agent).toMatch(/^vercel-rest\//);
  });
});
