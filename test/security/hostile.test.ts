import { describe, expect, it, vi } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { createClient } from '../../src/index.js';
import { asFetch } from '../helpers/as-fetch.js';

const BEARER = 'canary-bearer-0123456789';
const ORIGIN = 'https://api.vercel.com';
const APP = { subject: { type: 'app' } } as const;

/** Requests as they would have left, each with whether a bearer was in it. */
function observe(answer: (url: string) => Response = () => Response.json({ connectors: [] })) {
  const sent: { url: string; bearer: boolean }[] = [];
  const fetch = asFetch(async (request) => {
    const seen = [...request.headers.values(), request.url].some((text) => text.includes(BEARER));
    sent.push({ url: request.url, bearer: seen });
    return answer(request.url);
  });
  /** Bearers that left for anywhere but the API and its regions. */
  const strayed = () =>
    sent.filter(({ url, bearer }) => bearer && !/^https:\/\/api(-[a-z]{3}\d{1,2})?\.vercel\.com\//.test(url));
  return { fetch, sent, strayed };
}

const BASE_URLS = [
  'http://api.vercel.com',
  'http://evil.example',
  'http://127.0.0.1.evil.example',
  'http://localhost.evil.example',
  'http://0x7f000001.evil.example',
  'http://[::ffff:1.2.3.4]',
  'http://10.0.0.1',
  'ftp://api.vercel.com',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/plain,x',
  'https://user:pass@api.vercel.com',
  'https://user@api.vercel.com',
  'https://api.vercel.com?x=1',
  'https://api.vercel.com#x',
  'https://',
  '//api.vercel.com',
  'api.vercel.com',
  '/relative',
  '',
  ' ',
  'https://api vercel com',
  'https://[::1',
  'https://api.vercel.com:99999',
  'ws://api.vercel.com',
];

const REGIONS = [
  'x@evil.com#',
  'sfo1.evil.com',
  'sfo1.evil.com/',
  'sfo1@evil.com',
  'sfo1#',
  'sfo1?',
  'sfo1/',
  'sfo1\\',
  'sfo1:443',
  'sfo1%2eevil.com',
  '.evil.com',
  '-evil.com',
  'SFO1',
  'sfo',
  '1sfo',
  'sfo123',
  'sfo1\n',
  'sfo1 ',
  ' sfo1',
  'sfo1\u0000',
  'ｓｆｏ1',
  'sfo１',
  '..',
  '../..',
  '',
];

const LOCATIONS = [
  'https://evil.example/',
  'https://evil.example/v2/connect/connectors',
  'http://api.vercel.com/v2/connect/connectors',
  'https://api.vercel.com:8443/',
  'https://api.vercel.com.evil.example/',
  'https://api.vercel.com@evil.example/',
  'https://evil.example@api.vercel.com/',
  'https://user:pass@api.vercel.com/',
  '//evil.example/',
  '\\\\evil.example\\',
  '/\\evil.example/',
  'https:evil.example',
  'https:/\\evil.example',
  'ftp://api.vercel.com/',
  'data:application/json,{}',
  'javascript:alert(1)',
  'https://аpi.vercel.com/',
  'https://API-sfo1.vercel.com/',
  'https://vercel.com/',
  'http://127.0.0.1/',
];

const SEGMENTS = [
  '..',
  '.',
  '',
  '../..',
  '../../v1/user',
  'a/../../b',
  '%2e%2e',
  '%2E%2E/%2e%2e',
  '..%2f..',
  '%252e%252e',
  '.%2e',
  '..\\..',
  '\\..\\',
  'a\\b',
  '/',
  '//',
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  '@evil.example',
  '?x=1',
  '#x',
  'a?b#c',
  ';a=b',
  '\u0000',
  'a\nb',
  'a\r\nHost: evil.example',
  '\ud800',
  '\udc00a',
  '．．',
  '‥',
  '…',
  '\u202e..',
  '\ufeff..',
  'a'.repeat(5_000),
  ' ',
  '\t',
  '. .',
  '{connector}',
];

const TEMPLATES = [
  '//evil.example/v1',
  'https://evil.example/',
  '@evil.example/',
  '.evil.example/',
  ':99/',
  '\\\\evil.example',
  '/\\evil.example/../..',
  '/../../x',
];

it('the suite has at least a hundred of them', () => {
  const all = [BASE_URLS, REGIONS, LOCATIONS, SEGMENTS, TEMPLATES];
  expect(all.flat().length).toBeGreaterThanOrEqual(100);
});

describe('a base URL', () => {
  it.each(BASE_URLS)('%j is refused before any request', (baseUrl) => {
    const { fetch, sent } = observe();
    expect(() => createClient({ baseUrl, bearerToken: BEARER, fetch })).toThrow(/baseUrl/);
    expect(() => createConnectClient({ baseUrl, bearerToken: BEARER, fetch })).toThrow(/baseUrl/);
    expect(sent).toEqual([]);
  });
});

describe('a region', () => {
  it.each(REGIONS)('%j is refused, as an option and in the environment', async (region) => {
    const { fetch, sent } = observe();
    const shared = { bearerToken: BEARER, fetch };
    expect(() => createConnectClient({ ...shared, region })).toThrow(/region/);
    const call = createConnectClient(shared).getToken('slack/a', APP, { region });
    await expect(call).rejects.toThrow(/region/);
    expect(sent).toEqual([]);
    // The variable is read without the space around it, and an empty one is none: shells add the one, platforms the other.
    if (/^([a-z]{3}\d{1,2})?$/.test(region.trim()) || region.includes('\u0000')) return;
    vi.stubEnv('VERCEL_REGION', region);
    expect(() => createConnectClient({ ...shared, region: 'auto' })).toThrow(/VERCEL_REGION/);
  });
});

describe.each([301, 302, 303, 307, 308])('a %i', (status) => {
  it.each(LOCATIONS)('to %j takes no bearer anywhere', async (location) => {
    const { fetch, sent, strayed } = observe(() => {
      const headers = new Headers({ 'content-type': 'application/json' });
      // As bytes: a server may write what a `Headers` made here would refuse.
      headers.set('location', Buffer.from(location).toString('latin1'));
      return new Response('{}', { status, headers });
    });
    const client = createClient({ bearerToken: BEARER, fetch, maxRetries: 0 });
    await expect(client.GET('/v2/connect/connectors')).rejects.toThrow();
    await expect(client.call('createConnector', { body: {} as never })).rejects.toThrow();
    expect(strayed()).toEqual([]);
    for (const { url } of sent) expect(new URL(url).origin).toBe(ORIGIN);
  });
});

describe('a path parameter', () => {
  it.each(SEGMENTS)('%j stays one segment, or is refused', async (value) => {
    const { fetch, sent, strayed } = observe(() => Response.json({ token: 't', expiresAt: 9e15 }));
    const client = createClient({ bearerToken: BEARER, fetch, maxRetries: 0 });
    const connect = createConnectClient({ bearerToken: BEARER, fetch, maxRetries: 0 });
    const path = { connector: value, projectId: value };
    const expected = [
      [/^\/v1\/connect\/connectors\/[^/]+$/, client.call('getConnector', { params: { path } })],
      [
        /^\/v1\/connect\/connectors\/[^/]+\/projects\/[^/]+$/,
        client.DELETE('/v1/connect/connectors/{connector}/projects/{projectId}', { params: { path } }),
      ],
      [/^\/v1\/connect\/token\/[^/]+$/, connect.getToken(value, APP)],
      [/^\/v1\/connect\/connectors\/[^/]+\/tokens$/, connect.revokeToken(value, APP)],
      [/^\/v1\/connect\/token\/[^/]+\/import$/, connect.importTokens(value, [])],
    ] as const;
    await Promise.allSettled(expected.map(([, call]) => call));
    expect(strayed()).toEqual([]);
    for (const { url } of sent) {
      const { origin, pathname, search, hash } = new URL(url);
      expect({ origin, search, hash }).toEqual({ origin: ORIGIN, search: '', hash: '' });
      expect(expected.filter(([shape]) => shape.test(pathname)).length, pathname).toBe(1);
    }
  });
});

describe('a path of no document', () => {
  it.each(TEMPLATES)('%j takes no bearer anywhere', async (template) => {
    const { fetch, strayed } = observe();
    const { GET } = createClient({ bearerToken: BEARER, fetch, maxRetries: 0 });
    // Somebody without TypeScript, or with a cast.
    await (GET as unknown as (path: string) => Promise<unknown>)(template).catch(() => undefined);
    expect(strayed()).toEqual([]);
  });
});
