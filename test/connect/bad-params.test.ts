import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../../src/index.js';
import { APP, CONNECTOR, createBench, failureOf, thrownBy } from './helpers.js';

const SECRET = 'canary-0123456789';

/** What `getToken`, `getTokenResponse` and `deleteTokenCacheEntry` say to these parameters, without any request. */
async function refusalOf(params: unknown): Promise<InvalidArgumentError> {
  const { client, requests } = createBench();
  const error = await failureOf(client.getToken(CONNECTOR, params as never), InvalidArgumentError);
  const others = [
    await failureOf(client.getTokenResponse(CONNECTOR, params as never), InvalidArgumentError),
    thrownBy(() => client.deleteTokenCacheEntry(CONNECTOR, params as never), InvalidArgumentError),
  ];
  for (const other of others) expect(other.message).toBe(error.message);
  expect(error.message.startsWith(`Invalid ${error.argument}: `)).toBe(true);
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
  expect(requests).toHaveLength(0);
  return error;
}

/** What `revokeToken` says to these parameters, without any request. */
async function revokeRefusalOf(params: unknown): Promise<InvalidArgumentError> {
  const { client, requests } = createBench();
  const error = await failureOf(client.revokeToken(CONNECTOR, params as never), InvalidArgumentError);
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
  expect(requests).toHaveLength(0);
  return error;
}

const WRONG_PARAMS: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['a text', 'app'],
  ['an array', [{ subject: { type: 'app' } }]],
  ['a number', 7],
];

const WRONG_SUBJECTS: [string, unknown, string][] = [
  ['missing', undefined, 'params.subject'],
  ['null', null, 'params.subject'],
  ['a text', SECRET, 'params.subject'],
  ['an array', [{ type: 'app' }], 'params.subject'],
  ['without type', {}, 'params.subject.type'],
  ['of a type in another case', { type: 'App' }, 'params.subject.type'],
  ['of an empty type', { type: '' }, 'params.subject.type'],
  ['of a type that is no text', { type: ['app'] }, 'params.subject.type'],
  ['a user without id', { type: 'user' }, 'params.subject.id'],
  ['a user with an empty id', { type: 'user', id: '' }, 'params.subject.id'],
  ['a user with a number for id', { type: 'user', id: 7 }, 'params.subject.id'],
  ['a jwt-bearer without sub', { type: 'jwt-bearer', iss: SECRET }, 'params.subject.sub'],
  ['a jwt-bearer with an empty sub', { type: 'jwt-bearer', sub: '' }, 'params.subject.sub'],
  ['a jwt-bearer with null for sub', { type: 'jwt-bearer', sub: null }, 'params.subject.sub'],
  ['a token without token', { type: 'token' }, 'params.subject.token'],
  ['a token with an empty token', { type: 'token', token: '' }, 'params.subject.token'],
  ['a token with an object for token', { type: 'token', token: { value: SECRET } }, 'params.subject.token'],
];

describe('getToken, getTokenResponse and deleteTokenCacheEntry refuse', () => {
  it.each(WRONG_PARAMS)('params that are %s', async (_case, params) => {
    const error = await refusalOf(params);
    expect(error.argument).toBe('params');
    expect(error.message).toContain('subject');
  });

  it.each(WRONG_SUBJECTS)('a subject that is %s', async (_case, subject, argument) => {
    expect((await refusalOf({ subject })).argument).toBe(argument);
  });

  it('a misspelt type with the types there are', async () => {
    expect((await refusalOf({ subject: { type: 'USER' } })).message).toContain(
      'app, user, jwt-bearer, token',
    );
  });

  it.each(['scopes', 'audience', 'resources'])('%s that are no array of texts', async (field) => {
    for (const value of [SECRET, null, 7, { 0: SECRET, length: 1 }, new Set([SECRET])]) {
      expect((await refusalOf({ ...APP, [field]: value })).argument).toBe(`params.${field}`);
    }
    for (const member of [7, null, undefined, [SECRET], { scope: SECRET }]) {
      const error = await refusalOf({ ...APP, [field]: ['read', member] });
      expect(error.argument).toBe(`params.${field}[1]`);
    }
  });

  it.each([
    ['', 'an empty string'],
    [7, '7'],
    [null, 'null'],
    [{ id: SECRET }, 'an object'],
  ])('an installationId of %j', async (installationId, shown) => {
    const error = await refusalOf({ ...APP, installationId });
    expect(error.argument).toBe('params.installationId');
    expect(error.message).toContain(shown);
  });

  it.each([[SECRET], [{ type: 'custom' }], [null], [[SECRET]], [[null]], [[{ type: 'a' }, ['b']]]])(
    'authorizationDetails of %j',
    async (authorizationDetails) => {
      const error = await refusalOf({ ...APP, authorizationDetails });
      expect(error.argument).toBe('params.authorizationDetails');
    },
  );

  it.each([-1, -0.001, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, '5', null, {}, 5n])(
    'a validityBufferMs of %s',
    async (validityBufferMs) => {
      const error = await refusalOf({ ...APP, validityBufferMs });
      expect(error.argument).toBe('params.validityBufferMs');
      expect(error.message).toContain('milliseconds');
    },
  );

  it('parameters with a cycle', async () => {
    const loop: Record<string, unknown> = { secret: SECRET };
    loop.self = loop;
    const error = await refusalOf({ subject: { type: 'jwt-bearer', sub: 'a', additionalClaims: loop } });
    expect(error.argument).toBe('params');
    expect(error.message).toContain('cycles');
  });

  it('parameters with a bigint', async () => {
    const params = { subject: { type: 'jwt-bearer', sub: 'a', additionalClaims: { level: 5n } } };
    expect((await refusalOf(params)).argument).toBe('params');
  });
});

describe('revokeToken refuses', () => {
  it.each(WRONG_PARAMS)('params that are %s', async (_case, params) => {
    expect((await revokeRefusalOf(params)).argument).toBe('params');
  });

  it.each(WRONG_SUBJECTS)('a subject that is %s', async (_case, subject, argument) => {
    expect((await revokeRefusalOf({ subject })).argument).toBe(argument);
  });

  it.each(['', 7, null])('an installationId of %j', async (installationId) => {
    const error = await revokeRefusalOf({ ...APP, installationId });
    expect(error.argument).toBe('params.installationId');
  });

  it.each<[string, () => unknown, string]>([
    [
      'a cycle',
      () => {
        const loop: Record<string, unknown> = {};
        loop.self = loop;
        return loop;
      },
      'params',
    ],
    ['a bigint', () => ({ level: 5n }), 'params'],
    ['a function', () => ({ level: () => 5 }), 'params.subject.additionalClaims.level'],
  ])('parameters with %s', async (_case, additionalClaims, argument) => {
    const subject = { type: 'jwt-bearer', sub: 'a', additionalClaims: additionalClaims() };
    expect((await revokeRefusalOf({ subject })).argument).toBe(argument);
  });
});

describe('importTokens refuses', () => {
  const item = { accessToken: SECRET, expiresAt: 1, environment: 'production', subject: { type: 'app' } };

  async function importRefusalOf(tokens: unknown): Promise<InvalidArgumentError> {
    const { client, requests } = createBench(() => Response.json({ accepted: 0, imported: 0, tokens: [] }));
    // A list that is none is refused as such, a wrong item by its result.
    const error = Array.isArray(tokens)
      ? (await client.importTokens(CONNECTOR, tokens as never)).tokens.find(({ error }) => error)?.error
      : await failureOf(client.importTokens(CONNECTOR, tokens as never), InvalidArgumentError);
    if (!(error instanceof InvalidArgumentError)) throw new Error('nothing was refused');
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
    // Sound items are sent; the wrong one is not.
    expect(requests.length).toBe(Array.isArray(tokens) && tokens.length > 1 ? 1 : 0);
    return error;
  }

  it.each([undefined, null, SECRET, { 0: item, length: 1 }])('tokens of %j', async (tokens) => {
    expect((await importRefusalOf(tokens)).argument).toBe('tokens');
  });

  it.each([undefined, null, SECRET, [item]])('an item of %j, by its place', async (wrong) => {
    expect((await importRefusalOf([item, wrong])).argument).toBe('tokens[1]');
  });

  it.each([undefined, '', null, {}, `${SECRET}\r\nx: y`, `Bearer ${SECRET}`, `${SECRET}é`])(
    'an access token of %j',
    async (accessToken) => {
      const error = await importRefusalOf([{ ...item, accessToken }]);
      expect(error.argument).toBe('tokens[0].accessToken');
    },
  );

  it.each(WRONG_SUBJECTS)('a subject that is %s', async (_case, subject, argument) => {
    const error = await importRefusalOf([item, { ...item, subject }]);
    expect(error.argument).toBe(argument.replace('params', 'tokens[1]'));
  });

  it('an item with a cycle', async () => {
    const data: Record<string, unknown> = {};
    data.self = data;
    expect((await importRefusalOf([{ ...item, data }])).argument).toMatch(/^tokens/);
  });
});
