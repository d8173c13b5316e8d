import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIdentify } from '../../../src/transport/auth/identity.js';
import {
  isAtOrBelow,
  isCacheable,
  lifeMsOf,
  pathOf,
  responseKey,
  updatedHeaders,
} from '../../../src/transport/cache/response-key.js';
import type { CallContext } from '../../../src/transport/middleware.js';
import { callFacts, request } from '../../helpers/call-facts.js';

const identify = createIdentify();
const DATE = 'Sun, 22 Nov 2026 00:00:00 GMT';

describe('responseKey', () => {
  const facts = fc.record({
    query: fc.constantFrom('', '?teamId=team_1', '?teamId=team_2', '?slug=team_1'),
    token: fc.constantFrom(undefined, 'token-1', 'token-2'),
    accept: fc.constantFrom('application/json', 'text/plain'),
    own: fc.constantFrom({}, { authorization: 'Bearer token-1' }, { 'x-api-key': 'a' }, { cookie: 'a' }),
    parseAs: fc.constantFrom('json' as const, 'text' as const),
  });
  type Facts = typeof facts extends fc.Arbitrary<infer F> ? F : never;
  const keyOf = ({ query, token, accept, own, parseAs }: Facts) =>
    responseKey(
      { ...request({ headers: { accept, ...own } }), url: `https://api.example.com/v1/things${query}` },
      callFacts({ parseAs }),
      token,
      identify,
    );

  it('is the same for the same facts, and for no others', () => {
    fc.assert(
      fc.property(facts, facts, (one, other) => {
        // With a credential, the auth middleware replaces a header of the caller's own.
        const sent = ({ token, own, ...rest }: Facts) => ({
          ...rest,
          token,
          own: token !== undefined && 'authorization' in own ? {} : own,
        });
        const areEqual = JSON.stringify(sent(one)) === JSON.stringify(sent(other));
        expect(keyOf(one) === keyOf(other)).toBe(areEqual);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the same for headers in another order', () => {
    const keys = [
      { 'x-a': '1', 'x-b': '2' },
      { 'x-b': '2', 'x-a': '1' },
      { 'x-a': '2', 'x-b': '1' },
    ].map((headers) => responseKey(request({ headers }), callFacts(), undefined, identify));
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });

  it('holds no secret', () => {
    const headers = { authorization: 'Bearer canary-1', 'x-api-key': 'canary-2' };
    for (const token of [undefined, 'canary-3']) {
      expect(responseKey(request({ headers }), callFacts(), token, identify)).not.toContain('canary');
    }
  });
});

describe('isCacheable', () => {
  it('takes GETs for json and text alone', () => {
    const taken = (['json', 'text', 'blob', 'arrayBuffer', 'stream'] as const).filter((parseAs) =>
      isCacheable(request(), callFacts({ parseAs })),
    );
    expect(taken).toEqual(['json', 'text']);
    expect(isCacheable(request({ method: 'HEAD' }), callFacts({ method: 'HEAD' }))).toBe(false);
  });

  it.each([
    { headers: { 'cache-control': 'no-store' } },
    { headers: { 'cache-control': 'max-age=5, No-Cache' } },
    { headers: { range: 'bytes=0-1' } },
    { headers: { 'if-none-match': '"1"' } },
  ])('leaves alone a request with %j', ({ headers }) => {
    expect(isCacheable(request({ headers: { ...headers } }), callFacts())).toBe(false);
  });

  it('takes a request with another directive that ends in no-store', () => {
    expect(isCacheable(request({ headers: { 'cache-control': 'x-no-store' } }), callFacts())).toBe(true);
  });

  it('leaves alone a call with a credential that the key does not name', () => {
    const schemes = [{ name: 'apiKey' }] as unknown as CallContext['schemes']; // The cache reads only how many there are.
    expect(isCacheable(request(), callFacts({ schemes }))).toBe(false);
  });

  it.each(['no-store', 'reload', 'no-cache'] as const)('leaves alone a call with the mode %s', (cache) => {
    expect(isCacheable(request(), callFacts({ fetchOptions: { cache } }))).toBe(false);
  });
});

describe('lifeMsOf', () => {
  it.each([
    [{}, 10_000],
    [{ 'cache-control': 'private' }, 10_000],
    [{ 'cache-control': 'private, max-age=3' }, 3_000],
    [{ 'cache-control': 'MAX-AGE = "3"' }, 3_000],
    [{ 'cache-control': 'max-age=60' }, 10_000],
    [{ 'cache-control': 'max-age=9, max-age=4' }, 4_000],
    [{ 'cache-control': 'max-age=9', age: '7' }, 2_000],
    [{ 'cache-control': 's-maxage=1' }, 10_000],
    [{ 'cache-control': 'max-age=0' }, undefined],
    [{ 'cache-control': 'max-age=5', age: '8' }, undefined],
    [{ 'cache-control': 'max-age=soon' }, undefined],
    [{ 'cache-control': 'max-age' }, undefined],
    [{ 'cache-control': 'max-age=5s' }, undefined],
    [{ 'cache-control': 'max-age=9', age: 'x7' }, 9_000],
    [{ 'cache-control': 'no-cache, max-age=9' }, undefined],
    [{ 'cache-control': 'x-no-cache, max-age=9' }, 9_000],
    [{ 'cache-control': 'no-cache' }, undefined],
    [{ 'cache-control': 'max-age=0', etag: '"1"' }, 0],
    [{ 'cache-control': 'no-cache="set-cookie"', etag: '"1"' }, 0],
    [{ 'cache-control': 'no-store', etag: '"1"' }, undefined],
    [{ 'cache-control': 'max-age=60, No-Store' }, undefined],
    [{ date: DATE, expires: 'Sun, 22 Nov 2026 00:00:04 GMT' }, 4_000],
    [{ date: DATE, expires: 'Sun, 22 Nov 2026 00:00:04 GMT', age: '1' }, 3_000],
    [{ date: DATE, expires: 'Sun, 22 Nov 2026 01:00:00 GMT' }, 10_000],
    [{ date: DATE, expires: 'Sun, 22 Nov 2026 00:00:04 GMT', 'cache-control': 'max-age=9' }, 9_000],
    [{ date: DATE, expires: DATE }, undefined],
    [{ date: DATE, expires: '0', etag: '"1"' }, 0],
    [{ vary: 'Accept, Authorization, Accept-Encoding, Origin' }, 10_000],
    [{ vary: 'accept, accept-language' }, undefined],
    [{ vary: '*' }, undefined],
  ])('of %j is %s', (headers, lifeMs) => {
    // Absent fields are undefined in the union of the rows.
    const present = Object.entries(headers).filter(([, value]) => value !== undefined);
    expect(lifeMsOf(new Headers(present as [string, string][]), 10_000)).toBe(lifeMs);
  });
});

describe('paths', () => {
  it.each([
    ['/a/b', '/a/b', true],
    ['/a/b/c', '/a/b', true],
    ['/a/bc', '/a/b', false],
    ['/a', '/a/b', false],
    ['/v1/a', '/v2/a', false],
  ])('%s at or below %s: %s', (path, root, expected) => {
    expect(isAtOrBelow(path, root)).toBe(expected);
  });

  it('have no slash at their end, and no query', () => {
    expect(pathOf('https://api.example.com/a/b%2Fc//?d=/e')).toBe('/a/b%2Fc');
    expect(pathOf('https://api.example.com/v2/a/v1')).toBe('/a/v1');
    expect(pathOf('https://api.example.com/v10/a/v1/b')).toBe('/a/v1/b');
    expect(pathOf('https://api.example.com/a/v1/b')).toBe('/a/v1/b');
  });
});

it('updatedHeaders takes those of the 304, but for what describes a body', () => {
  const stored = new Headers({ etag: '"1"', age: '9', 'content-type': 'application/json', 'x-one': '1' });
  const update = new Headers({ 'content-type': 'text/plain', 'content-length': '0', 'x-one': '2' });
  expect(Object.fromEntries(updatedHeaders(stored, update))).toEqual({
    etag: '"1"',
    'content-type': 'application/json',
    'x-one': '2',
  });
});
