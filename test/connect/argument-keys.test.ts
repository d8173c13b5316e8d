// Which arguments are the same token: what they mean counts, and neither their order nor how they are written.
import { expect, it } from 'vitest';
import type { ConnectTokenParams } from '../../src/connect/index.js';
import { createTokenRequestReader } from '../../src/connect/tokens/token-request.js';
import { APP, CONNECTOR, createBench } from './helpers.js';

/** How many requests two calls make on one client. */
async function requestsOf(one: object, other: object): Promise<number> {
  const { client, requests } = createBench();
  for (const params of [one, other]) await client.getToken(CONNECTOR, params as ConnectTokenParams);
  return requests.length;
}

const claims = (x: unknown) => ({ subject: { type: 'jwt-bearer', sub: 'a', additionalClaims: { x } } });
const details = (...authorizationDetails: object[]) => ({ ...APP, authorizationDetails });

it.each<[string, object, object]>([
  ['a number and its text', claims(1), claims('1')],
  ['true and 1', claims(true), claims(1)],
  ['true and false', claims(true), claims(false)],
  ['true and its text', claims(true), claims('true')],
  ['null and 0', claims(null), claims(0)],
  ['null and false', claims(null), claims(false)],
  ['two numbers', claims(1), claims(2)],
  ['an empty list and an empty object', claims([]), claims({})],
  ['an empty list and null', claims([]), claims(null)],
  ['two orders of a list of claims', claims(['x', 'y']), claims(['y', 'x'])],
  ['lists that are nested in another way', claims([['x'], 'y']), claims([['x', 'y']])],
  ['a list in a list and its items', claims([['x']]), claims(['x'])],
  ['two fields', claims({ b: 1 }), claims({ c: 1 })],
  ['a field more', claims({ b: 1 }), claims({ b: 1, c: null })],
  [
    'objects that are split in another way',
    details({ type: 'a' }, { p: 'b' }),
    details({ type: 'a', p: 'b' }),
  ],
  ['an object and a list of its parts', claims({ a: 'b' }), claims(['a', 'b'])],
  ['two scopes', { ...APP, scopes: ['a'] }, { ...APP, scopes: ['b'] }],
  ['no scope and all', { ...APP, scopes: [] }, APP],
  ['all scopes and one more', { ...APP, scopes: ['*', 'a'] }, APP],
  ['an audience of "*" and none', { ...APP, audience: ['*'] }, APP],
  ['an audience and a resource', { ...APP, audience: ['a'] }, { ...APP, resources: ['a'] }],
])('%s are two tokens', async (_, one, other) => {
  expect(await requestsOf(one, other)).toBe(2);
});

it.each<[string, object, object]>([
  [
    'fields in two orders, at any depth',
    claims({ b: 1, c: { d: 1, e: 2 } }),
    claims({ c: { e: 2, d: 1 }, b: 1 }),
  ],
  ['a field that is undefined, and none', claims({ b: 1, c: undefined }), claims({ b: 1 })],
  [
    'fields in two orders',
    { ...APP, audience: ['a'], resources: ['b'] },
    { resources: ['b'], audience: ['a'], ...APP },
  ],
  ['scopes in two orders', { ...APP, scopes: ['a', 'b'] }, { ...APP, scopes: ['b', 'a'] }],
  ['audiences in two orders', { ...APP, audience: ['a', 'b'] }, { ...APP, audience: ['b', 'a'] }],
  ['resources in two orders', { ...APP, resources: ['a', 'b'] }, { ...APP, resources: ['b', 'a'] }],
  ['all scopes, and none given', { ...APP, scopes: ['*'] }, APP],
  [
    'an object without a prototype, and one with',
    claims(Object.assign(Object.create(null), { b: 1 })),
    claims({ b: 1 }),
  ],
  ['a date, and its text', claims(new Date(0)), claims('1970-01-01T00:00:00.000Z')],
])('%s are one token', async (_, one, other) => {
  expect(await requestsOf(one, other)).toBe(1);
});

it.each([Symbol('x'), () => 1, new Map(), Number.NaN])(
  'what JSON cannot carry is refused: %s',
  async (value) => {
    const { client, requests } = createBench();
    await expect(client.getToken(CONNECTOR, claims(value) as never)).rejects.toMatchObject({
      argument: expect.stringMatching(/^params/),
    });
    expect(requests).toEqual([]);
  },
);

it('arguments that were seen are found again until there is no more room, and then are forgotten', () => {
  const read = createTokenRequestReader(1, String);
  const of = (id: string) => read(CONNECTOR, { subject: { type: 'user', id } });
  const first = of('a');
  of('b');
  expect(of('a')).toBe(first);
  for (let id = 0; id < 7; id++) {
    const one = of(String(id));
    expect(of(String(id))).toBe(one);
  }
  expect(of('a')).not.toBe(first);
  expect(of('a')).toEqual(first);
});

it('arguments with the token of a subject are never kept', () => {
  const read = createTokenRequestReader(100, () => 'digest');
  const of = () => read(CONNECTOR, { subject: { type: 'token', token: 'secret' } });
  const one = of();
  expect(of()).not.toBe(one);
  expect(one).toMatchObject({
    body: { subject: { token: 'secret' } },
    params: { subject: { type: 'token', token: 'digest' } },
  });
  expect(one.argumentsKey).not.toContain('secret');
});

it('arguments of one connector are not those of another that begins alike', () => {
  const read = createTokenRequestReader(100, String);
  const one = read('slack/a', APP);
  expect(read('slack/ab', APP)).not.toBe(one);
  expect(read('slack/a', { ...APP, scopes: ['*'] })).not.toBe(one);
  expect(read('slack/a', APP)).toBe(one);
});
