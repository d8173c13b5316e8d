import { expect, it } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import { APIError, createClient } from '../../src/index.js';
import { caught } from '../helpers/caught.js';
import { ENCODINGS } from '../util/encodings.js';
import { leaksIn, probesOf } from './probes.js';

const NAMES = [
  ...['token', 'clientSecret', 'signingKey', 'pem', 'credentials', 'accessKey', 'jwt', 'key', 'code', 'auth'],
  ...['password', 'privateKey', 'apiKey', 'refreshToken', 'value', 'webhook_secret', 'otp', 'passphrase'],
];

/** A client whose API answers every request with one text of the caller's choice, wherever a text can stand. */
function echoing(echo: () => string, status = 400) {
  const fetch = async () => {
    const text = echo();
    const headers = {
      'content-type': 'application/json',
      // A header holds fewer characters.
      'x-vercel-id': encodeURIComponent(text).slice(0, 2_000),
    };
    return new Response(JSON.stringify({ error: { code: text, message: `refused ${text}` } }), {
      status,
      headers,
    });
  };
  return createClient({ fetch, maxRetries: 0, bearerToken: 'zq0-client-bearer-8842' });
}

it.each(Object.entries(ENCODINGS))('a secret that is echoed shows nowhere: %s', async (_, encode) => {
  const secrets = Object.fromEntries(
    NAMES.map((name, index) => [name, `zq${index + 1}-"${name}"/canary+8842`]),
  );
  for (const [name, secret] of Object.entries(secrets)) {
    const client = echoing(() => encode(secret));
    const calls = [
      client.POST('/v1/connect/connectors', { body: { deep: [{ [name]: secret }] } as never }),
      client.GET('/v2/connect/connectors', { params: { query: { [name]: secret } as object } }),
      client.GET('/v2/connect/connectors', { headers: { [name]: secret } }),
    ];
    for (const call of calls) {
      const error = await caught(call, APIError);
      expect(leaksIn(probesOf(name, error), [secret, encode(secret)])).toEqual([]);
    }
  }
});

it('2 000 secrets of one call, echoed at once, show nowhere', async () => {
  const secrets = Array.from({ length: 2_000 }, (_, index) => `zq-${index * 7_919}-"canary"/+8842`);
  const encodings = Object.values(ENCODINGS);
  let from = 0;
  const client = echoing(() =>
    secrets
      .slice(from, from + 20)
      .map((secret, index) => encodings[(from + index) % encodings.length]?.(secret))
      .join(' '),
  );
  const body = { items: secrets.map((secret) => ({ accessToken: secret })) };
  for (; from < secrets.length; from += 200) {
    const error = await caught(client.POST('/v1/connect/connectors', { body: body as never }), APIError);
    expect(leaksIn(probesOf('2 000', error), secrets.slice(from, from + 20))).toEqual([]);
  }
});

it('importTokens of 500 masks every item that is echoed', async () => {
  const items = Array.from({ length: 500 }, (_, index) => ({
    accessToken: `zq-access-${index * 7_919}-8842`,
    expiresAt: Date.now() + 3_600_000,
    environment: 'production' as const,
    subject: { type: 'user' as const, id: `u${index}` },
  }));
  for (const index of [0, 150, 250, 499]) {
    const fetch = async () =>
      Response.json(
        { error: { code: 'bad_request', message: `bad ${items[index]?.accessToken}` } },
        { status: 422 },
      );
    const connect = createConnectClient({ fetch, bearerToken: 'token-1', maxRetries: 0 });
    // A result gives the caller its own items back; what must not show them is an error.
    const errors = await connect.importTokens('slack/a', items).then(
      ({ tokens }) => tokens.map((token) => ('error' in token ? token.error : undefined)),
      (error: unknown) => [error],
    );
    const secrets = items.map(({ accessToken }) => accessToken);
    expect(errors.filter(Boolean).length).toBeGreaterThan(0);
    for (const error of new Set(errors)) expect(leaksIn(probesOf('import', error), secrets)).toEqual([]);
  }
});

it('the request id of a malformed answer is masked, also of a page and of a stream', async () => {
  const bearer = 'zq0-client-bearer-8842';
  const fetch = async () =>
    new Response('{"connectors":1}', {
      headers: { 'content-type': 'application/json', 'x-vercel-id': `iad1::${bearer}` },
    });
  const client = createClient({ fetch, maxRetries: 0, bearerToken: bearer });
  const { paginate, stream } = await import('../../src/index.js');
  const walk = async (items: AsyncIterable<unknown>) => {
    for await (const _ of items);
  };
  const outcome = await walk(paginate(client, '/v2/connect/connectors')).catch((error: unknown) => error);
  expect(outcome).toMatchObject({ name: 'MalformedResponseError', requestId: 'iad1::[redacted]' });
  const cut = async () =>
    new Response('{"connectors":', {
      headers: { 'content-type': 'application/json', 'x-vercel-id': bearer },
    });
  const streaming = createClient({ fetch: cut, bearerToken: bearer });
  const error = await walk(stream(streaming, '/v2/connect/connectors')).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'MalformedResponseError', requestId: '[redacted]' });
});
