import {
  ConsentRequiredError,
  connectMCPTransport,
  getConsentChallenge,
  toConsentResponse,
} from 'vercel-rest/mcp';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../connect/helpers.js';
import { CONSENTED, createWorld, LINEAR, STRANGER } from './world.js';

const SERVER = { type: 'http', url: 'https://mcp.example.com/mcp' } as const;
const initialize = {
  method: 'POST',
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} }),
};

describe('connectMCPTransport', () => {
  it('keeps the configuration, and puts a fetch with the token in its place', async () => {
    const { client, fetch, providers } = createWorld();
    const headers = { 'x-team': 'acme' };
    const transport = connectMCPTransport({ ...SERVER, headers, fetch }, LINEAR, CONSENTED, { client });
    expect(transport).toEqual({ ...SERVER, headers, fetch: expect.any(Function) });
    expect((await transport.fetch(SERVER.url, initialize)).status).toBe(200);
    expect(providers.requests[0]?.bearer).toBe(await client.getToken(LINEAR, CONSENTED));
  });

  it('throws over http, and answers 401 over sse, where consent is missing', async () => {
    const { client, fetch, providers } = createWorld();
    const http = connectMCPTransport({ ...SERVER, fetch }, LINEAR, STRANGER, { client });
    const error = await failureOf(http.fetch(SERVER.url, initialize), ConsentRequiredError);
    const server = { type: 'sse', url: 'https://mcp.example.com/sse', fetch } as const;
    const sse = connectMCPTransport(server, LINEAR, STRANGER, { client });
    expect((await sse.fetch(server.url)).status).toBe(401);
    expect(getConsentChallenge(sse.fetch)?.url).toBe(error.url);
    expect(await toConsentResponse(sse.fetch)?.json()).toMatchObject({ url: error.url });
    const throwing = connectMCPTransport(server, LINEAR, STRANGER, { client, errors: 'throw' });
    await failureOf(throwing.fetch(server.url), ConsentRequiredError);
    expect(providers.requests).toEqual([]);
  });

  it.each([
    ['https://mcp.example.com/mcp?x=1', 'https://mcp.example.com/mcp'],
    ['https://mcp.example.com', 'https://mcp.example.com'],
  ])("asks for a token of the server alone with resource: 'server': %s", async (url, resource) => {
    const { client, emulator, fetch } = createWorld();
    const config = { type: 'http', url, fetch } as const;
    await connectMCPTransport(config, LINEAR, CONSENTED, { client, resource: 'server' }).fetch(
      url,
      initialize,
    );
    await connectMCPTransport(config, LINEAR, CONSENTED, { client }).fetch(url, initialize);
    const bodies = emulator.requests.map(({ body }) => body);
    expect(bodies).toEqual([
      { ...CONSENTED, scopes: ['*'], resources: [resource] },
      { ...CONSENTED, scopes: ['*'] },
    ]);
  });

  it('refuses a wrong option and a wrong URL at once', () => {
    const make = (config: typeof SERVER, options: object) => () =>
      connectMCPTransport(config, LINEAR, CONSENTED, options);
    expect(make(SERVER, { isRefuse: () => true })).toThrow('did you mean isRefused');
    expect(make({ ...SERVER, url: 'http://mcp.example.com' as never }, {})).toThrow('must be https');
  });

  it("tells the AI SDK to follow redirects with redirect: 'follow'", () => {
    const { client } = createWorld();
    const of = (redirect?: 'follow' | 'error') =>
      Object.keys(connectMCPTransport(SERVER, LINEAR, CONSENTED, { client, redirect }));
    expect([of(), of('error'), of('follow')]).toEqual([
      ['type', 'url', 'fetch'],
      ['type', 'url', 'fetch'],
      ['type', 'url', 'fetch', 'redirect'],
    ]);
  });
});
