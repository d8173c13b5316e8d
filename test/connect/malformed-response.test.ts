import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConnectError } from '../../src/connect/index.js';
import { MalformedResponseError } from '../../src/index.js';
import { APP, CONNECTOR, countedToken, createBench, failureOf, rawAnswer, tokenAnswer } from './helpers.js';

const SECRET = 'canary-token-0123456789';

const MALFORMED: [string, string][] = [
  ['no token', '{"expiresAt":9999999999999}'],
  ['an empty token', '{"token":"","expiresAt":9999999999999}'],
  ['a token that is no text', '{"token":7,"expiresAt":9999999999999}'],
  ['a token that is null', '{"token":null,"expiresAt":9999999999999}'],
  ['no expiresAt', `{"token":"${SECRET}"}`],
  ['an expiresAt that is text', `{"token":"${SECRET}","expiresAt":"9999999999999"}`],
  ['an expiresAt that is null', `{"token":"${SECRET}","expiresAt":null}`],
  ['an expiresAt that is infinite', `{"token":"${SECRET}","expiresAt":1e999}`],
  ['an array', `["${SECRET}"]`],
  ['a text', `"${SECRET}"`],
  ['null', 'null'],
  ['a number', '7'],
  ['true', 'true'],
  ['nothing', ''],
  ['no JSON', `<html>${SECRET}</html>`],
  ['half of its JSON', `{"token":"${SECRET}","expiresAt":`],
];

it.each(MALFORMED)(
  'a token answer with %s is a MalformedResponseError, and not stored',
  async (_case, body) => {
    const { client, requests } = createBench((request, index) =>
      index === 0
        ? rawAnswer(200, body, { headers: { 'x-vercel-id': 'iad1::abc-1' } })
        : countedToken(request, index),
    );
    const error = await failureOf(client.getToken(CONNECTOR, APP), MalformedResponseError);
    expect(error).toMatchObject({
      status: 200,
      method: 'POST',
      path: '/v1/connect/token/{connector}',
      requestId: 'iad1::abc-1',
    });
    expect(error).not.toBeInstanceOf(ConnectError);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
    expect(await client.getToken(CONNECTOR, APP)).toBe('token-2');
    expect(requests).toHaveLength(2);
  },
);

it.each([
  ['{"expiresAt":9999999999999}', 'it has no token'],
  ['{"token":"a\\nb","expiresAt":9999999999999}', 'its token has control characters'],
  ['{"token":"a","expiresAt":"9999999999999"}', 'its expiresAt is not a number'],
  ['{"token":"a","expiresAt":1700000000}', 'its expiresAt is in seconds'],
  ['{"token":"a","expiresAt":1}', 'had expired when it arrived'],
  ['[]', 'it is not an object'],
])('%s is malformed because %s', async (body, reason) => {
  const { client } = createBench(() => rawAnswer(200, body));
  expect((await failureOf(client.getToken(CONNECTOR, APP), MalformedResponseError)).message).toContain(
    reason,
  );
});

it('an answer without x-vercel-id gives an error without requestId', async () => {
  const { client } = createBench(() => rawAnswer(200, '{}'));
  const error = await failureOf(client.getToken(CONNECTOR, APP), MalformedResponseError);
  expect(error.requestId).toBeUndefined();
});

it('a malformed renewal leaves the entry that it was to renew', async () => {
  const { client } = createBench((request, index) =>
    index === 1 ? rawAnswer(200, '{}') : countedToken(request, index),
  );
  await client.getToken(CONNECTOR, APP);
  const renewal = client.getToken(CONNECTOR, { ...APP, validityBufferMs: 1e9 });
  await failureOf(renewal, MalformedResponseError);
  expect(await client.getToken(CONNECTOR, APP)).toBe('token-1');
});

it.each(['line\nbreak', 'nul\u0000', 'cr\r\nInjected: header'])(
  'a token with control characters, %j, does not reach the caller',
  async (token) => {
    // reliability.md section 4, rule 7: such a token would split a header of the caller's own request.
    const { client } = createBench(() => tokenAnswer({ token }));
    await failureOf(client.getToken(CONNECTOR, APP), MalformedResponseError);
  },
);

it('__proto__ in an answer is data: it reaches neither the prototype of the result nor anybody else', async () => {
  const body =
    '{"token":"t","expiresAt":9999999999999,"metadata":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}';
  const { client } = createBench(() => rawAnswer(200, body));
  const response = await client.getTokenResponse(CONNECTOR, APP);
  expect(Reflect.get(response, 'polluted')).toBeUndefined();
  expect(Reflect.get(response.metadata ?? {}, 'polluted')).toBeUndefined();
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

describe('the other functions', () => {
  it.each(['', '<html></html>', '{"id":'])('metadata of %j is malformed', async (body) => {
    const { client } = createBench(() => rawAnswer(200, body));
    await failureOf(client.getConnectorMetadata(CONNECTOR), MalformedResponseError);
  });

  it.each(['', '<html></html>', '{"accepted":'])('an import result of %j is malformed', async (body) => {
    const { client } = createBench(() => rawAnswer(200, body));
    await failureOf(client.importTokens(CONNECTOR, []), MalformedResponseError);
  });

  it.each(['null', '[]', '"text"', '7'])('metadata of %s is malformed', async (body) => {
    const { client } = createBench(() => rawAnswer(200, body));
    await failureOf(client.getConnectorMetadata(CONNECTOR), MalformedResponseError);
  });

  it.each(['null', '[]', '"text"', '7'])('an import result of %s is malformed', async (body) => {
    const { client } = createBench(() => rawAnswer(200, body));
    await failureOf(client.importTokens(CONNECTOR, []), MalformedResponseError);
  });
});

it('an expiry in seconds is malformed, since the token would be fetched, and billed, at every call', async () => {
  const { client } = createBench(() => tokenAnswer({ expiresAt: Math.floor(Date.now() / 1_000) + 3_600 }));
  const error = await failureOf(client.getToken(CONNECTOR, APP), MalformedResponseError);
  expect(error.message).toContain('in seconds and not in milliseconds');
});
