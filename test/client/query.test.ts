import { describe, expect, it } from 'vitest';
import { createClient, InvalidArgumentError, type QueryStyle } from '../../src/index.js';
import { json } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { answeringFetch } from '../helpers/observed-fetch.js';
import { tableFor } from '../helpers/table-of.js';

function searching(styles: Readonly<Record<string, QueryStyle>> = {}) {
  const network = answeringFetch(() => json({}));
  const operations = tableFor(['GET', '/v1/things', { query: styles }]);
  const client = createClient({ fetch: network.fetch, operations });
  // A call as someone without TypeScript could write it.
  const get = client.GET as unknown as (path: string, init: unknown) => Promise<unknown>;
  const search = async (query: object, init: object = {}) => {
    await get('/v1/things', { ...init, params: { query } });
    return network.requests.at(-1)?.url.split('?')[1] ?? '';
  };
  return { network, search };
}

describe('a query', () => {
  it.each<[object, string]>([
    [{ a: 'x y', b: 7, c: true, d: 10n }, 'a=x%20y&b=7&c=true&d=10'],
    [{ a: undefined, b: null, c: '' }, 'c='],
    [{ a: [1, 'é'] }, 'a=1&a=%C3%A9'],
    [{ a: [], b: 1 }, 'b=1'],
    [{ a: {}, b: 1 }, 'b=1'],
    [{ 'filter[name]': 'x', 'a b': 1 }, 'filter[name]=x&a%20b=1'],
    [{ a: { b: 1, c: 'x&y', d: undefined } }, 'b=1&c=x%26y'],
  ])('of %o is %s', async (query, text) => {
    expect(await searching().search(query)).toBe(text);
  });

  it.each<[QueryStyle, object | readonly unknown[], string]>([
    ['form', [1, 'a,b'], 'q=1,a%2Cb'],
    ['form', { a: 1, b: 2 }, 'q=a,1,b,2'],
    ['spaceDelimited', ['a', 'b'], 'q=a%20b'],
    ['pipeDelimited', ['a', 'b'], 'q=a%7Cb'],
    ['deepObject', { gte: 1, 'l t': 'x' }, 'q[gte]=1&q[l%20t]=x'],
    ['deepObject', ['a', 'b'], 'q[]=a&q[]=b'],
    ['json', { a: [1, null] }, 'q=%7B%22a%22%3A%5B1%2Cnull%5D%7D'],
  ])('in the style %s writes %o as %s', async (style, value, text) => {
    expect(await searching({ q: style }).search({ q: value })).toBe(text);
  });

  it('that the caller writes is left to the caller', async () => {
    const { search } = searching();
    expect(await search({ since: new Date(0) }, { querySerializer: () => 'own=1' })).toBe('own=1');
    expect(
      await search({ a: [1, 2] }, { querySerializer: { array: { style: 'form', explode: false } } }),
    ).toBe('a=1,2');
  });
});

describe('a value that would be lost', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['a Date', new Date(0), 'params.query.q', /got a Date: pass date.toISOString\(\) or date.getTime\(\)/],
    ['a Set', new Set(['a']), 'params.query.q', /got a Set: pass \[\.\.\.set\]/],
    ['a Map', new Map([['a', 1]]), 'params.query.q', /got a Map: pass Object.fromEntries/],
    ['NaN', Number.NaN, 'params.query.q', /must be a finite number, got NaN/],
    ['Infinity', Number.POSITIVE_INFINITY, 'params.query.q', /finite/],
    ['null in a list', ['a', null], 'params.query.q[1]', /got null/],
    ['undefined in a list', [undefined], 'params.query.q[0]', /got undefined/],
    ['a Date in a list', [new Date(0)], 'params.query.q[0]', /Date/],
    ['an object in an object', { a: { b: 1 } }, 'params.query.q.a', /got an object/],
    ['a list in an object', { a: [1] }, 'params.query.q.a', /got an array/],
    ['a function', () => 1, 'params.query.q', /got a function/],
    ['a symbol', Symbol('canary'), 'params.query.q', /got a symbol/],
    ['an object of a class', new URLSearchParams('canary=1'), 'params.query.q', /got an object/],
    ['half a surrogate pair', 'canary\ud800', 'params.query.q', /surrogate/],
    ['half a surrogate pair in a list', ['a', 'canary\udc00'], 'params.query.q[1]', /surrogate/],
  ])('%s is refused by name', async (_, q, argument, message) => {
    const { network, search } = searching();
    const error = await caught(search({ limit: 1, q }), InvalidArgumentError);
    expect([error.argument, error.message]).toEqual([argument, expect.stringMatching(message)]);
    expect(error.message).not.toContain('canary');
    expect(network.requests).toEqual([]);
  });

  it.each([[1n], [{ toJSON: () => undefined }]])('%o as a JSON parameter is refused by name', async (q) => {
    const { search } = searching({ q: 'json' });
    expect((await caught(search({ q }), InvalidArgumentError)).argument).toBe('params.query.q');
  });
});
