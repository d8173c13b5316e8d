import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type ConnectClient, createConnectClient } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/index.js';
import { APP, CONNECTOR, createBench, failureOf, thrownBy } from './helpers.js';

const SECRET = 'canary-0123456789';

/** What `createConnectClient` says to these options. */
function refusalOf(options: Record<string, unknown>): InvalidArgumentError {
  const error = thrownBy(() => createConnectClient(options as never), InvalidArgumentError);
  expect(error.message.startsWith(`Invalid ${error.argument}: `)).toBe(true);
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
  return error;
}

const WRONG_BEARERS: [string, unknown][] = [
  ['empty', ''],
  ['with CR and LF', `${SECRET}\r\nx-injected: 1`],
  ['with a line end, as read from a file', `${SECRET}\n`],
  ['with a space', `Bearer ${SECRET}`],
  ['with a tab', `${SECRET}\t`],
  ['outside ASCII', `${SECRET}é`],
  ['with NUL', `${SECRET}\u0000`],
  ['with DEL', `${SECRET}\u007f`],
  ['null', null],
  ['an object', { token: SECRET }],
];

describe('createConnectClient refuses', () => {
  it.each(WRONG_BEARERS)('a bearerToken that is %s', (_case, bearerToken) => {
    expect(refusalOf({ bearerToken }).argument).toBe('bearerToken');
  });

  it('a bearer with its prefix, and says what may have happened', () => {
    expect(refusalOf({ bearerToken: `Bearer ${SECRET}` }).message).toContain('"Bearer " prefix');
  });

  it.each([
    'http://api.vercel.com',
    'http://evil.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'ftp://127.0.0.1',
    'file:///etc/hosts',
  ])('the base URL %s: no TLS and not this machine', (baseUrl) => {
    const error = refusalOf({ baseUrl });
    expect(error.argument).toBe('baseUrl');
    expect(error.message).toContain('https');
  });

  it.each(['', 'api.vercel.com', '/v1', 7])('the base URL %j', (baseUrl) => {
    expect(refusalOf({ baseUrl }).argument).toBe('baseUrl');
  });

  it.each([
    `https://user:${SECRET}@proxy.example`,
    `https://${SECRET}@proxy.example`,
    `https://proxy.example/?key=${SECRET}`,
    `https://proxy.example/#${SECRET}`,
  ])('a base URL with a secret in it, without showing it', (baseUrl) => {
    expect(refusalOf({ baseUrl }).argument).toBe('baseUrl');
  });

  it.each([0, -1, 1.5, 10_000_001, Number.NaN, Number.POSITIVE_INFINITY, '100', 5n, {}])(
    'a cache.max of %s',
    (max) => {
      const error = refusalOf({ cache: { max } });
      expect(error.argument).toBe('cache.max');
      expect(error.message).toContain('whole number');
    },
  );

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '30000', null])(
    'a validityBufferMs of %s',
    (validityBufferMs) => {
      const error = refusalOf({ validityBufferMs });
      expect(error.argument).toBe('validityBufferMs');
      expect(error.message).toContain('milliseconds');
    },
  );

  it.each([
    ['timeout', 0],
    ['timeout', Number.NaN],
    ['maxRetries', -1],
    ['maxRetries', 1.5],
    ['fetch', 'fetch'],
    ['logger', {}],
  ])('a %s of %s', (option, value) => {
    expect(refusalOf({ [option]: value }).argument).toBe(option);
  });

  it('a header that is none, without showing its value', () => {
    expect(refusalOf({ headers: { 'x-key': `${SECRET}\r\nx: y` } }).argument).toBe('headers.x-key');
  });

  // A token of digits alone can arrive as a number, from a YAML file for example.
  it('a bearerToken that is a number, without showing it', () => {
    expect(refusalOf({ bearerToken: 1234567890 }).message).not.toContain('1234567890');
  });
});

describe('createConnectClient accepts', () => {
  it.each([
    'http://localhost:4010',
    'http://connect.localhost',
    'http://127.0.0.1:1',
    'http://127.8.9.10',
    'http://[::1]:4010',
    'https://proxy.example/connect',
  ])('the base URL %s', async (baseUrl) => {
    const { client, requests } = createBench(undefined, { baseUrl });
    await client.getToken(CONNECTOR, APP);
    expect(requests[0]?.url.startsWith(`${baseUrl}/v1/`)).toBe(true);
  });

  it('no options at all, without asking for a credential', () => {
    expect(Object.keys(createConnectClient()).sort()).toEqual([
      'close',
      'connectors',
      'deleteTokenCacheEntry',
      'getConnectorMetadata',
      'getToken',
      'getTokenResponse',
      'importTokens',
      'projects',
      'revokeToken',
      'startAuthorization',
      'startInstallation',
      'stats',
      'tokenSource',
      'triggers',
      'tryGetToken',
      'waitForAuthorization',
    ]);
  });
});

type Call = (client: ConnectClient, options: never) => Promise<unknown>;

const CALLS: [string, Call][] = [
  ['getToken', (client, options) => client.getToken(CONNECTOR, APP, options)],
  ['getTokenResponse', (client, options) => client.getTokenResponse(CONNECTOR, APP, options)],
  ['revokeToken', (client, options) => client.revokeToken(CONNECTOR, APP, options)],
  ['importTokens', (client, options) => client.importTokens(CONNECTOR, [], options)],
  ['getConnectorMetadata', (client, options) => client.getConnectorMetadata(CONNECTOR, options)],
  ['startAuthorization', (client, options) => client.startAuthorization(CONNECTOR, APP, options)],
  ['startInstallation', (client, options) => client.startInstallation(CONNECTOR, {}, options)],
  ['connectors.get', (client, options) => client.connectors.get(CONNECTOR, options)],
  ['triggers.clear', (client, options) => client.triggers.clear(CONNECTOR, options)],
];

describe.each(CALLS)('%s refuses, before any request,', (_name, call) => {
  async function callRefusalOf(options: unknown): Promise<InvalidArgumentError> {
    const { client, requests } = createBench();
    const error = await failureOf(call(client, options as never), InvalidArgumentError);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
    expect(requests).toHaveLength(0);
    return error;
  }

  it.each(WRONG_BEARERS)('a vercelToken that is %s', async (_case, vercelToken) => {
    expect((await callRefusalOf({ vercelToken })).argument).toBe('vercelToken');
  });

  it.each([[SECRET], [null], [[]], [7]])('options of %j', async (options) => {
    expect((await callRefusalOf(options)).argument).toBe('options');
  });

  it.each([{}, 'abort', null, { aborted: false, addEventListener: () => {} }])(
    'a signal of %j',
    async (signal) => {
      expect((await callRefusalOf({ signal })).argument).toBe('options.signal');
    },
  );
});

describe('deleteTokenCacheEntry refuses', () => {
  it.each(WRONG_BEARERS)('a vercelToken that is %s, and deletes nothing', async (_case, vercelToken) => {
    const { client } = createBench();
    await client.getToken(CONNECTOR, APP);
    const call = () => client.deleteTokenCacheEntry(CONNECTOR, APP, { vercelToken: vercelToken as never });
    const error = thrownBy(call, InvalidArgumentError);
    expect(error.argument).toBe('vercelToken');
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
  });
});
