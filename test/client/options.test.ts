import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { resolveOptions } from '../../src/client/options.js';
import { type ClientOptions, createClient, InvalidArgumentError } from '../../src/index.js';
import { thrownBy } from '../helpers/caught.js';
import { USER_AGENT } from '../helpers/user-agent.js';

/** Options as a caller without TypeScript could write them. */
function refused(options: Readonly<Record<string, unknown>>): InvalidArgumentError {
  const error = thrownBy(() => createClient(options as ClientOptions), InvalidArgumentError);
  expect(error.message).toContain(error.argument);
  return error;
}

describe('resolveOptions', () => {
  it('fills in every default', () => {
    const resolved = resolveOptions({});
    expect(resolved).toMatchObject({
      baseUrl: 'https://api.vercel.com',
      credential: undefined,
      credentials: new Map(),
      securitySchemes: {},
      team: undefined,
      timeoutMs: 10_000,
      maxRetries: 3,
      logger: undefined,
    });
    expect(resolved.headers).toEqual({ accept: 'application/json', 'user-agent': USER_AGENT });
    expect(resolved.fetch).toBeUndefined();
  });

  it('takes undefined for absent, in every option', () => {
    const names = ['baseUrl', 'bearerToken', 'teamId', 'slug', 'fetch', 'headers', 'timeout', 'maxRetries'];
    const absent = Object.fromEntries([...names, 'logger'].map((name) => [name, undefined]));
    expect(JSON.stringify(resolveOptions(absent))).toBe(JSON.stringify(resolveOptions({})));
  });

  it('lets the caller replace a default header', () => {
    const { headers } = resolveOptions({ headers: { Accept: 'text/plain', 'X-One': '1' } });
    expect(headers).toEqual({ accept: 'text/plain', 'x-one': '1', 'user-agent': USER_AGENT });
  });

  it('copies headers, so that a later change by the caller changes nothing', () => {
    const own = new Headers({ 'x-one': '1' });
    const { headers } = resolveOptions({ headers: own });
    own.set('x-one', '2');
    expect(headers['x-one']).toBe('1');
  });
});

describe('userAgent', () => {
  const sentBy = (options: ClientOptions) => resolveOptions(options).headers['user-agent'];

  it('names this package in its version, and the runtime', () => {
    const { version } = createRequire(import.meta.url)('../../package.json');
    expect(sentBy({})).toBe(`vercel-rest/${version} node/${process.versions.node}`);
  });

  it('stands before them, and a header takes the place of all', () => {
    expect(sentBy({ userAgent: 'acme-deploys/2.1 (ci)' })).toBe(`acme-deploys/2.1 (ci) ${USER_AGENT}`);
    expect(sentBy({ userAgent: 'acme/1', headers: { 'User-Agent': 'own/1' } })).toBe('own/1');
  });

  it('is not sent in a browser', () => {
    vi.stubGlobal('navigator', { userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' });
    onTestFinished(() => void vi.unstubAllGlobals());
    expect(sentBy({ userAgent: 'acme/1' })).toBeUndefined();
  });

  it.each(['', ' ', 'a\nb', 'naïve/1', 7])('cannot be %j', (userAgent) => {
    expect(refused({ userAgent }).argument).toBe('userAgent');
  });
});

describe('baseUrl', () => {
  it.each([
    ['https://api.vercel.com', 'https://api.vercel.com'],
    ['https://api.vercel.com/', 'https://api.vercel.com'],
    ['https://proxy.example.com:8443/vercel//', 'https://proxy.example.com:8443/vercel'],
    ['HTTPS://API.EXAMPLE.COM', 'https://api.example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://api.localhost', 'http://api.localhost'],
    ['http://LOCALHOST', 'http://localhost'],
    ['http://127.0.0.1:8080/base/', 'http://127.0.0.1:8080/base'],
    ['http://127.255.0.9', 'http://127.255.0.9'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://[::1]:9', 'http://[::1]:9'],
    ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
  ])('%s is sent to as %s', (baseUrl, expected) => {
    expect(resolveOptions({ baseUrl }).baseUrl).toBe(expected);
  });

  it.each([
    'http://api.vercel.com',
    'http://128.0.0.1',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://notlocalhost',
    'http://[::2]',
    'http://0.0.0.0',
    'ftp://localhost',
    'file:///etc/passwd',
    'ws://localhost',
    'api.vercel.com',
    '/v1',
    '',
    42,
    new URL('https://api.vercel.com'),
  ])('%s is refused', (baseUrl) => {
    expect(refused({ baseUrl }).argument).toBe('baseUrl');
  });

  it.each([
    'https://canary@api.vercel.com',
    'https://user:canary@api.vercel.com',
    'http://user:canary@api.vercel.com',
    'https://api.vercel.com?token=canary',
    'https://api.vercel.com/#canary',
    'http://api.vercel.com/canary?token=canary',
    'canary canary',
  ])('%s is refused without showing its secret', (baseUrl) => {
    const error = refused({ baseUrl });
    expect(error.argument).toBe('baseUrl');
    expect(error.message + JSON.stringify(error) + String(error.stack)).not.toContain('canary');
  });
});

describe('bearerToken', () => {
  it.each([
    'canary canary',
    'canary\r\nx-evil: 1',
    'canary\n',
    ' canary',
    'canary\u0000',
    'canaryé',
    'Bearer canary',
    '',
    42,
    null,
    { token: 'canary' },
  ])('%j is refused at once, without showing it', (bearerToken) => {
    const error = refused({ bearerToken });
    expect(error.argument).toBe('bearerToken');
    expect(error.message + JSON.stringify(error)).not.toContain('canary');
  });

  it('takes any run of visible ASCII characters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x21-\x7e]+$/), (bearerToken) => {
        expect(() => createClient({ bearerToken })).not.toThrow();
      }),
    );
  });

  it('is not asked for at creation when it is a function', () => {
    let asked = 0;
    createClient({ bearerToken: () => String(++asked) });
    expect(asked).toBe(0);
  });
});

describe('teamId and slug', () => {
  it('are one or the other', () => {
    const error = refused({ teamId: 'team_canary', slug: 'acme' });
    expect(error.argument).toBe('teamId');
    expect(error.message).toContain('slug');
    expect(error.message).not.toContain('canary');
  });

  it.each([
    ['teamId', ''],
    ['teamId', 7],
    ['teamId', null],
    ['slug', ''],
    ['slug', ['acme']],
  ])('%s %j is refused', (name, value) => {
    expect(refused({ [name]: value }).argument).toBe(name);
  });
});

describe('the other options', () => {
  it.each([
    ['timeout', 0],
    ['timeout', -1],
    ['timeout', Number.NaN],
    ['timeout', Number.POSITIVE_INFINITY],
    ['timeout', 2 ** 31],
    ['timeout', '1000'],
    ['maxRetries', -1],
    ['maxRetries', 1.5],
    ['maxRetries', Number.NaN],
    ['maxRetries', Number.POSITIVE_INFINITY],
    ['maxRetries', 101],
    ['maxRetries', '3'],
    ['fetch', 'fetch'],
    ['fetch', null],
    ['logger', {}],
    ['logger', null],
    ['logger', { debug: true }],
  ])('%s %o is refused', (name, value) => {
    expect(refused({ [name]: value }).argument).toBe(name);
  });

  it.each(['content-length', 'Transfer-Encoding'])(
    'the header %s is refused: it is that of one request',
    (name) => {
      expect(refused({ headers: { [name]: '2' } }).argument).toBe(`headers.${name.toLowerCase()}`);
    },
  );

  it.each([
    ['timeout', 2 ** 31 - 1],
    ['timeout', 1],
    ['maxRetries', 0],
    ['maxRetries', 100],
  ])('%s %o is accepted', (name, value) => {
    expect(() => createClient({ [name]: value })).not.toThrow();
  });

  it('accepts console as the logger', () => {
    expect(resolveOptions({ logger: console }).logger).toBe(console);
  });

  it.each([
    ['x-secret', 'canary\r\nx-evil: 1'],
    ['x-secret', 'canary\u0000'],
    ['x-secret', 'canary\u{1f511}'],
    ['x secret', 'canary'],
    ['', 'canary'],
  ])('header %j: %j is refused by name, without its value', (name, value) => {
    const error = refused({ headers: { [name]: value } });
    expect(error.argument).toBe(`headers.${name}`);
    expect(error.message + JSON.stringify(error)).not.toContain('canary');
    expect(error.cause).toBeUndefined();
  });

  it.each([
    ['text', 'x-one: 1'],
    ['pairs', [['x-one', '1']]],
  ])('headers as %s are refused, not sent as something else', (_, headers) => {
    expect(refused({ headers }).argument).toMatch(/^headers/);
  });

  it("headers of another implementation's Headers are sent, not dropped", () => {
    const foreign = new Map([['x-one', '1']]) as unknown as Headers;
    expect(resolveOptions({ headers: foreign }).headers['x-one']).toBe('1');
  });

  it('a header that is undefined is absent, as in a call', () => {
    const headers = { 'x-one': undefined } as unknown as Record<string, string>;
    expect(resolveOptions({ headers }).headers).not.toHaveProperty('x-one');
  });
});
