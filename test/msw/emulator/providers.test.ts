import { describe, expect, it } from 'vitest';
import { createConnectClient } from '../../../src/connect/index.js';
import { createConnectEmulator } from '../../../src/msw/index.js';
import { fetchOf, globalFetchOf } from '../../helpers/fetch-of.js';

const APP = { subject: { type: 'app' } } as const;
const USER = { subject: { type: 'user', id: 'user_123' } } as const;

function createWorld() {
  const emulator = createConnectEmulator({
    connectors: [
      { uid: 'slack/acme-slack' },
      { uid: 'github/acme' },
      { uid: 'oauth/linear', users: ['user_123'] },
      { uid: 'oauth/notion', users: ['user_123'] },
      { uid: 'oauth/crm', users: ['user_123'] },
    ],
  });
  const client = createConnectClient({ bearerToken: 'project-token', fetch: fetchOf(emulator.handlers) });
  const answer = globalFetchOf(emulator.providers.handlers);
  async function send(token: string, url: string, { method = 'GET', body, headers }: Sent = {}) {
    const response = await answer(url, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
  return { emulator, providers: emulator.providers, client, send };
}

interface RpcAnswer {
  readonly result: {
    readonly content: readonly [{ readonly text: string }];
    readonly tools: readonly unknown[];
    readonly isError?: boolean;
  };
  readonly error: { readonly code: number };
}

interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const NOTION = { 'notion-version': '2022-06-28' };
const SLACK = 'https://slack.com/api';
const GITHUB = 'https://api.github.com';
const GRAPHQL = 'https://api.linear.app/graphql';
const query = (text: string) => ({ method: 'POST', body: { query: text } });

describe('the providers of an emulator', () => {
  it.each<[string, typeof APP | typeof USER, string, Sent, number, object]>([
    ['slack/acme-slack', APP, `${SLACK}/auth.test`, { method: 'POST' }, 200, { ok: true, user: 'app' }],
    ['slack/acme-slack', APP, `${SLACK}/conversations.list`, {}, 200, { ok: true }],
    [
      'slack/acme-slack',
      APP,
      `${SLACK}/chat.postMessage`,
      { method: 'POST', body: 'channel=C1&text=hello' },
      200,
      { ok: true, channel: 'C1', message: { text: 'hello' } },
    ],
    ['slack/acme-slack', APP, `${SLACK}/chat.postMessage`, { method: 'POST', body: {} }, 200, { ok: false }],
    ['slack/acme-slack', APP, `${SLACK}/nothing`, {}, 200, { error: 'unknown_method' }],
    ['github/acme', APP, `${GITHUB}/user`, {}, 200, { login: 'app' }],
    ['github/acme', APP, `${GITHUB}/installation/repositories?page=1`, {}, 200, { total_count: 1 }],
    ['github/acme', APP, `${GITHUB}/repos/acme/shop/issues`, {}, 200, [{ number: 1 }]],
    [
      'github/acme',
      APP,
      `${GITHUB}/repos/acme/shop/issues`,
      { method: 'POST', body: { title: 'x' } },
      201,
      { title: 'x' },
    ],
    ['github/acme', APP, `${GITHUB}/repos/acme/shop/issues`, { method: 'POST', body: {} }, 422, {}],
    ['github/acme', APP, `${GITHUB}/nothing`, {}, 404, { message: 'Not Found' }],
    [
      'oauth/linear',
      USER,
      GRAPHQL,
      query('{ viewer { name } }'),
      200,
      { data: { viewer: { name: 'user_123' } } },
    ],
    ['oauth/linear', USER, GRAPHQL, query('{ issues { nodes { id } } }'), 200, { data: { issues: {} } }],
    ['oauth/linear', USER, GRAPHQL, query('mutation { issueCreate }'), 200, { data: { issueCreate: {} } }],
    ['oauth/linear', USER, GRAPHQL, query('{ teams }'), 400, { errors: [{}] }],
    [
      'oauth/notion',
      USER,
      'https://api.notion.com/v1/users/me',
      { headers: NOTION },
      200,
      { name: 'user_123' },
    ],
    ['oauth/notion', USER, 'https://api.notion.com/v1/search', { method: 'POST', headers: NOTION }, 200, {}],
    ['oauth/notion', USER, 'https://api.notion.com/v1/users/me', {}, 400, { code: 'missing_version' }],
    ['oauth/notion', USER, 'https://api.notion.com/v1/x', { headers: NOTION }, 404, {}],
    ['oauth/crm', USER, 'https://oauth.example.com/userinfo', {}, 200, { sub: 'user_123' }],
    ['oauth/crm', USER, 'https://oauth.example.com/x', {}, 404, {}],
  ])('answer a token of %s at %s %s', async (connector, params, url, sent, status, body) => {
    const { client, send, providers } = createWorld();
    const token = await client.getToken(connector, params);
    expect(await send(token, url, sent)).toMatchObject({ status, body });
    expect(providers.requests).toMatchObject([{ url, bearer: token, status }]);
  });

  it.each<[string, string, Sent, number, object]>([
    ['slack', `${SLACK}/auth.test`, {}, 200, { ok: false, error: 'invalid_auth' }],
    ['github', `${GITHUB}/user`, {}, 401, { message: 'Bad credentials' }],
    ['linear', GRAPHQL, query('{ viewer { name } }'), 401, { errors: [{}] }],
    ['notion', 'https://api.notion.com/v1/users/me', { headers: NOTION }, 401, { code: 'unauthorized' }],
    ['oauth', 'https://oauth.example.com/userinfo', {}, 401, { error: 'invalid_token' }],
    ['mcp', 'https://mcp.example.com/mcp', { method: 'POST', body: {} }, 401, { error: 'invalid_token' }],
  ])('refuse in their own way: %s', async (name, url, sent, status, body) => {
    const { send, providers } = createWorld();
    expect(await send('unknown-token', url, sent)).toMatchObject({ status, body });
    expect(providers.requests).toMatchObject([{ operationId: name, status }]);
  });

  it('refuse the token of another provider, one that has expired, and one that was refused', async () => {
    const { client, send, providers, emulator } = createWorld();
    const linear = await client.getToken('oauth/linear', USER);
    const atSlack = () => send(linear, `${SLACK}/auth.test`);
    const atLinear = async (token: string) => (await send(token, GRAPHQL, query('{ viewer }'))).status;
    expect((await atSlack()).body).toMatchObject({ ok: false });
    expect(await atLinear(linear)).toBe(200);
    providers.refuse(linear);
    expect(await atLinear(linear)).toBe(401);
    const next = await client.getToken('oauth/linear', USER, { forceRefresh: true });
    expect(next).not.toBe(linear);
    expect(await atLinear(next)).toBe(200);
    emulator.withdrawUser('oauth/linear', 'user_123');
    expect(await atLinear(next)).toBe(401);
  });

  it('play planned responses, and forget all with the emulator', async () => {
    const { client, send, providers, emulator } = createWorld();
    const token = await client.getToken('github/acme', APP);
    providers.answerNext({ status: 503, body: { message: 'busy' }, times: 2 });
    const statuses = [];
    for (let index = 0; index < 3; index++) statuses.push((await send(token, `${GITHUB}/user`)).status);
    expect(statuses).toEqual([503, 503, 200]);
    providers.answerNext({ status: 503 });
    emulator.reset();
    expect(providers.requests).toEqual([]);
    expect((await send(token, `${GITHUB}/user`)).status).toBe(401);
  });

  it('speak MCP as JSON, name their metadata, and refuse what is no MCP', async () => {
    const { client, send } = createWorld();
    const token = await client.getToken('oauth/crm', USER);
    const url = 'https://mcp.example.com/mcp';
    const rpc = async (method: string, params: object = {}) => {
      const message = { jsonrpc: '2.0', id: 1, method, params };
      return (await send(token, url, { method: 'POST', body: message })).body as RpcAnswer; // What the server is tested for.
    };
    const list = async () =>
      (await rpc('tools/call', { name: 'list_issues', arguments: {} })).result.content[0].text;
    expect((await rpc('initialize', { protocolVersion: '2025-03-26' })).result).toMatchObject({
      ...{ protocolVersion: '2025-03-26', capabilities: { tools: {} } },
    });
    expect((await rpc('ping')).result).toEqual({});
    expect((await rpc('tools/list')).result.tools).toHaveLength(3);
    expect(await list()).toBe('No issues.');
    await rpc('tools/call', { name: 'create_issue', arguments: { title: 'First' } });
    expect(await list()).toBe('1. First');
    expect((await rpc('tools/call', { name: 'nothing' })).result.isError).toBe(true);
    expect((await rpc('nothing')).error.code).toBe(-32_601);
    expect((await send(token, url, { method: 'POST', body: '{' })).body).toMatchObject({
      error: { code: -32_700 },
    });
    const batch = [
      { jsonrpc: '2.0', id: 1, method: 'ping' },
      { jsonrpc: '2.0', method: 'notifications/x' },
    ];
    expect((await send(token, url, { method: 'POST', body: batch })).body).toHaveLength(1);
    expect((await send(token, 'https://mcp.example.com/nothing')).status).toBe(404);
    expect(
      (await send(token, 'https://mcp.example.com/messages?sessionId=x', { method: 'POST', body: {} }))
        .status,
    ).toBe(404);
    const metadata = 'https://mcp.example.com/.well-known/oauth-protected-resource';
    expect((await send('', metadata)).body).toMatchObject({ resource: url });
  });

  it('are served over HTTP, each under its name', async () => {
    const { client, providers } = createWorld();
    const server = await providers.listen();
    const token = await client.getToken('github/acme', APP);
    const response = await fetch(`${server.url}/github/user?x=1`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(await response.json()).toMatchObject({ login: 'app' });
    expect(providers.requests).toMatchObject([{ url: `${GITHUB}/user?x=1` }]);
    await server.close();
  });
});
