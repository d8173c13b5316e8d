import { describe, expect, test } from 'vitest';
import {
  copyOf,
  createRequest,
  PlainRequest,
  withHeaders,
  withUrl,
} from '../../src/transport/plain-request.js';
import { asRequest } from '../helpers/as-request.js';

const URL_OF = 'https://api.vercel.com/v9/projects';

/** Everything of a request that a server sees. */
async function shown(request: Request) {
  const { method, url, headers, redirect } = request;
  return { method, url, headers: Object.fromEntries(headers), redirect, text: await request.text() };
}

describe('a plain request is to fetch what a Request would be', () => {
  const inits: readonly RequestInit[] = [
    { method: 'GET', headers: { 'x-one': '1' } },
    { method: 'HEAD' },
    { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } },
    { method: 'PUT', body: 'text without a type' },
    { method: 'PATCH', body: '' },
    { method: 'DELETE', body: '{}' },
  ];

  test.each(inits)('%j', async (init) => {
    const plain = createRequest(`${URL_OF}?search=a b&to=ü`, { ...init, redirect: 'manual' });
    expect(plain).toBeInstanceOf(PlainRequest);
    const real = new Request(`${URL_OF}?search=a b&to=ü`, { ...init, redirect: 'manual' });
    expect({ url: plain.url, method: plain.method }).toEqual({ url: real.url, method: real.method });
    expect(await shown(asRequest(plain))).toEqual(await shown(real));
  });
});

describe('whatever plain data cannot hold becomes a Request, which checks it', () => {
  const others: readonly [string, RequestInit][] = [
    ['a stream', { method: 'POST', body: new Response('x').body, duplex: 'half' }],
    ['a form', { method: 'POST', body: new FormData() }],
    ['what plain data has no place for', { method: 'GET', signal: AbortSignal.abort() }],
    ['another method', { method: 'OPTIONS' }],
  ];
  test.each(others)('%s', (_, init) => {
    expect(createRequest(URL_OF, init)).toBeInstanceOf(Request);
  });

  const wrong: readonly [string, string, RequestInit][] = [
    ['a GET with a body', URL_OF, { method: 'GET', body: 'text' }],
    ['a method that fetch refuses', URL_OF, { method: 'TRACE' }],
    ['a header that cannot be sent', URL_OF, { method: 'GET', headers: { 'x-one': 'a\nb' } }],
    ['no URL', 'nowhere', { method: 'GET' }],
  ];
  test.each(wrong)('%s', (_, url, init) => {
    expect(() => createRequest(url, init)).toThrow(TypeError);
  });
});

describe.each([
  ['plain data', (init: RequestInit) => createRequest(URL_OF, init)],
  ['a Request', (init: RequestInit): Request => new Request(URL_OF, init)],
])('%s', (_, make) => {
  test('goes to another URL with all that it has', async () => {
    const moved = withUrl(make({ method: 'GET', headers: { 'x-one': '1' } }), `${URL_OF}/next`);
    expect(await shown(asRequest(moved))).toMatchObject({ url: `${URL_OF}/next`, headers: { 'x-one': '1' } });
  });

  test('takes other headers, and keeps its own', () => {
    const request = make({ method: 'GET', headers: { 'x-one': '1' } });
    expect(withHeaders(request, new Headers({ 'x-two': '2' })).headers.get('x-two')).toBe('2');
    expect(request.headers.has('x-two')).toBe(false);
  });

  test('can be sent while a copy is kept', async () => {
    const request = make({ method: 'POST', body: 'once and again' });
    const copy = copyOf(request);
    expect(await asRequest(copy).text()).toBe('once and again');
    expect(await asRequest(request).text()).toBe('once and again');
  });
});
