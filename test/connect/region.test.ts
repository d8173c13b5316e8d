import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectClient, createConnectClient } from '../../src/connect/index.js';
import { InvalidArgumentError } from '../../src/index.js';
import { APP, CONNECTOR, createBench, failureOf, thrownBy } from './helpers.js';

beforeEach(() => {
  vi.stubEnv('VERCEL_REGION', undefined);
});

/** The host that a call with these regions reaches. */
async function hostFor(clientRegion?: string, callRegion?: string): Promise<string> {
  const { client, requests } = createBench(undefined, { region: clientRegion });
  await client.getToken(CONNECTOR, APP, callRegion === undefined ? {} : { region: callRegion });
  return new URL(requests[0]?.url ?? '').host;
}

describe('a region', () => {
  it.each(['sfo1', 'fra1', 'iad12', 'dev1'])('%s of a call is its host', async (region) => {
    expect(await hostFor(undefined, region)).toBe(`api-${region}.vercel.com`);
  });

  it('of the client is the host of every call', async () => {
    expect(await hostFor('sfo1')).toBe('api-sfo1.vercel.com');
  });

  it('of a call wins over that of the client', async () => {
    expect(await hostFor('sfo1', 'fra1')).toBe('api-fra1.vercel.com');
  });

  it('that nobody names is the global API, over https', async () => {
    const { client, requests } = createBench();
    await client.getToken(CONNECTOR, APP);
    expect(new URL(requests[0]?.url ?? '').origin).toBe('https://api.vercel.com');
  });

  it.each<[string, (client: ConnectClient) => Promise<unknown>]>([
    ['revokeToken', (client) => client.revokeToken(CONNECTOR, APP, { region: 'sfo1' })],
    ['importTokens', (client) => client.importTokens(CONNECTOR, [], { region: 'sfo1' })],
    ['getConnectorMetadata', (client) => client.getConnectorMetadata(CONNECTOR, { region: 'sfo1' })],
  ])('is obeyed by %s', async (_name, call) => {
    const { client, requests } = createBench(() => Response.json({}));
    await call(client);
    expect(new URL(requests[0]?.url ?? '').origin).toBe('https://api-sfo1.vercel.com');
  });
});

describe('VERCEL_REGION', () => {
  it('is not read without auto: a named deviation from @vercel/connect', async () => {
    vi.stubEnv('VERCEL_REGION', 'sfo1');
    expect(await hostFor()).toBe('api.vercel.com');
    expect(await hostFor('fra1')).toBe('api-fra1.vercel.com');
  });

  it('is not even looked at without auto, so that a wrong one does no harm', async () => {
    vi.stubEnv('VERCEL_REGION', 'x@evil.com#');
    expect(await hostFor()).toBe('api.vercel.com');
  });

  it('is the region of auto, on the client and on a call', async () => {
    vi.stubEnv('VERCEL_REGION', 'sfo1');
    expect(await hostFor('auto')).toBe('api-sfo1.vercel.com');
    expect(await hostFor(undefined, 'auto')).toBe('api-sfo1.vercel.com');
    expect(await hostFor('auto', 'fra1')).toBe('api-fra1.vercel.com');
  });

  it.each([undefined, '', '  '])('%j with auto is the global API', async (value) => {
    vi.stubEnv('VERCEL_REGION', value);
    expect(await hostFor('auto')).toBe('api.vercel.com');
  });

  it('that is no region is refused with auto, by its name', async () => {
    vi.stubEnv('VERCEL_REGION', 'x@evil.com#');
    const { client, requests } = createBench();
    const call = client.getToken(CONNECTOR, APP, { region: 'auto' });
    const error = await failureOf(call, InvalidArgumentError);
    expect(error.argument).toBe('VERCEL_REGION');
    expect(requests).toHaveLength(0);
  });

  it('is read at the call, not at creation', async () => {
    const { client, requests } = createBench(undefined, { region: 'auto' });
    vi.stubEnv('VERCEL_REGION', 'sfo1');
    await client.getToken(CONNECTOR, APP);
    expect(new URL(requests[0]?.url ?? '').host).toBe('api-sfo1.vercel.com');
  });
});

describe('what is no region', () => {
  const wrong = [
    'x@evil.com#',
    'sfo1.evil.com/',
    'sfo1/../x',
    'sfo1?',
    'sfo1\n',
    ' sfo1',
    'SFO1',
    'sfo',
    'sf1',
    'sfo123',
    'AUTO',
    '',
    7 as never,
  ];

  it.each(wrong)('%j is refused by a call, before any request', async (region) => {
    const { client, requests } = createBench();
    const error = await failureOf(client.getToken(CONNECTOR, APP, { region }), InvalidArgumentError);
    expect(error.argument).toBe('region');
    expect(error.message).toContain('sfo1');
    expect(error.message).not.toContain('evil');
    expect(requests).toHaveLength(0);
  });

  it.each(wrong)('%j is refused at creation', (region) => {
    const error = thrownBy(() => createConnectClient({ region }), InvalidArgumentError);
    expect(error.argument).toBe('region');
  });
});

describe('a region beside a base URL', () => {
  const baseUrl = 'https://proxy.example';

  it.each(['sfo1', 'auto', ''])('%j is refused at creation', (region) => {
    const error = thrownBy(() => createConnectClient({ baseUrl, region }), InvalidArgumentError);
    expect(error.argument).toBe('region');
    expect(error.message).toContain('baseUrl');
  });

  it.each(['sfo1', 'auto'])('%j is refused by a call, before any request', async (region) => {
    const { client, requests } = createBench(undefined, { baseUrl });
    const error = await failureOf(client.getToken(CONNECTOR, APP, { region }), InvalidArgumentError);
    expect(error.argument).toBe('region');
    expect(requests).toHaveLength(0);
  });

  it('undefined is no region', async () => {
    const { client, requests } = createBench(undefined, { baseUrl, region: undefined });
    await client.getToken(CONNECTOR, APP);
    expect(new URL(requests[0]?.url ?? '').origin).toBe(baseUrl);
  });
});
