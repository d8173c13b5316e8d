import { describe, expect, it } from 'vitest';
import type { ConnectImportToken, ConnectRevokeParams } from '../../src/connect/index.js';
import { USER_AGENT } from '../helpers/user-agent.js';
import { APP, CONNECTOR, createBench, rawAnswer } from './helpers.js';

const JSON_HEADERS = {
  accept: 'application/json',
  authorization: 'Bearer caller-one',
  'content-type': 'application/json',
};

describe('revokeToken', () => {
  const none = () => new Response(null, { status: 204 });

  it('sends DELETE to the tokens of the encoded connector, with no further headers', async () => {
    const { client, requests } = createBench(none);
    await client.revokeToken(CONNECTOR, { subject: { type: 'app' } });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'DELETE',
      url: 'https://api.vercel.com/v1/connect/connectors/slack%2Facme-slack/tokens',
    });
    expect(requests[0]?.headers).toEqual({ ...JSON_HEADERS, 'user-agent': USER_AGENT });
  });

  it.each<ConnectRevokeParams>([
    { subject: { type: 'app' } },
    { subject: { type: 'user', id: 'user_123', issuer: 'https://login.acme.dev' }, installationId: 'inst_1' },
    { subject: { type: 'jwt-bearer', sub: 'alice', additionalClaims: { a: 1 } } },
    { subject: { type: 'token', token: 'subject-token-1' } },
  ])('sends the subject ($subject.type) and installation as given, and nothing else', async (params) => {
    const { client, requests } = createBench(none);
    await client.revokeToken(CONNECTOR, params);
    expect(requests[0]?.body).toEqual(params);
  });

  it('resolves to undefined for a 204', async () => {
    await expect(createBench(none).client.revokeToken(CONNECTOR, APP)).resolves.toBeUndefined();
  });

  it('resolves to undefined whatever the counts of a 200 are', async () => {
    const counts = { tokensFound: 2, deleted: 0, providerRevoked: 0, providerSkipped: 1, providerFailed: 1 };
    const { client } = createBench(() => Response.json(counts));
    await expect(client.revokeToken(CONNECTOR, APP)).resolves.toBeUndefined();
  });

  // connect-api.md 1.14: "accept both; do not require a body". The grant is gone, so the caller must not be told otherwise.
  it.each(['', 'OK', '<html></html>'])('takes a 200 with the body %j for a success', async (body) => {
    const { client } = createBench(() => rawAnswer(200, body));
    await expect(client.revokeToken(CONNECTOR, APP)).resolves.toBeUndefined();
  });

  it('sends a per-call vercelToken', async () => {
    const { client, requests } = createBench(none);
    await client.revokeToken(CONNECTOR, APP, { vercelToken: 'caller-two' });
    expect(requests[0]?.bearer).toBe('caller-two');
  });
});

describe('importTokens', () => {
  const item: ConnectImportToken = {
    accessToken: 'provider-token-1',
    expiresAt: 1_900_000_000_000,
    environment: 'production',
    subject: { type: 'user', id: 'user_123' },
  };
  const result = { accepted: 1, imported: 1, tokens: [{ ...item, succeeded: true }] };

  it('posts the tokens to the import path of the encoded connector', async () => {
    const { client, requests } = createBench(() => Response.json(result));
    await client.importTokens(CONNECTOR, [item]);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: 'https://api.vercel.com/v1/connect/token/slack%2Facme-slack/import',
      headers: JSON_HEADERS,
    });
    expect(requests[0]?.body).toEqual({ tokens: [item] });
  });

  it('sends every optional field of an item unchanged, and the items in order', async () => {
    const full: ConnectImportToken = {
      ...item,
      subject: { type: 'app' },
      refreshToken: 'refresh-1',
      refreshTokenExpiresAt: 1_950_000_000_000,
      installationId: 'inst_1',
      audience: ['b', 'a'],
      scopes: [],
      resources: ['r'],
      authorizationDetails: [{ type: 'custom', rows: 5 }],
      name: 'Acme',
      externalSubject: 'U1',
      installation: { id: 'inst_1' },
      tenant: { id: 'T1' },
      data: { note: { a: 1 } },
    };
    const { client, requests } = createBench(() => Response.json(result));
    await client.importTokens(CONNECTOR, [full, item]);
    expect(requests[0]?.body).toEqual({ tokens: [full, item] });
  });

  it('throws nothing for a partial failure and passes on what the result tells of each item', async () => {
    const partial = {
      accepted: 2,
      imported: 1,
      tokens: [
        { environment: 'production', expiresAt: 1, subject: { type: 'app' }, succeeded: true },
        { environment: 'preview', expiresAt: 2, subject: { type: 'app' }, succeeded: false, extra: 'kept' },
      ],
    };
    const { client } = createBench(() => Response.json(partial));
    const production: ConnectImportToken = { ...item, subject: { type: 'app' }, expiresAt: 1 };
    const preview: ConnectImportToken = { ...production, environment: 'preview', expiresAt: 2 };
    const imported = await client.importTokens(CONNECTOR, [production, preview]);
    expect(imported).toMatchObject(partial);
    expect(imported.tokens.map(({ outcome }) => outcome)).toEqual(['imported', 'rejected']);
    expect(imported.failed).toEqual([preview]);
  });

  it('is not sent again after a 503, which could store a token twice', async () => {
    const { client, requests } = createBench(() => rawAnswer(503, ''), { maxRetries: 3 });
    const { tokens, failed } = await client.importTokens(CONNECTOR, [item]);
    expect(tokens).toMatchObject([{ outcome: 'unknown', error: { status: 503 } }]);
    expect(failed).toEqual([item]);
    expect(requests).toHaveLength(1);
  });

  it('sends a per-call vercelToken', async () => {
    const { client, requests } = createBench(() => Response.json(result));
    await client.importTokens(CONNECTOR, [item], { vercelToken: 'caller-two' });
    expect(requests[0]?.bearer).toBe('caller-two');
  });
});

describe('getConnectorMetadata', () => {
  const connector = {
    id: 'scl_1',
    uid: 'snowflake/warehouse',
    name: 'Warehouse',
    type: 'snowflake',
    service: 'snowflake',
    clientUrl: 'https://acme.snowflakecomputing.com',
    createdAt: 1,
    updatedAt: 2,
  };

  it('sends GET to the encoded connector with Accept, Authorization and User-Agent alone, and no body', async () => {
    const { client, requests } = createBench(() => Response.json(connector));
    await client.getConnectorMetadata('snowflake/warehouse');
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'GET',
      url: 'https://api.vercel.com/v1/connect/connectors/snowflake%2Fwarehouse',
      text: '',
    });
    expect(requests[0]?.headers).toEqual({
      accept: 'application/json',
      authorization: 'Bearer caller-one',
      'user-agent': USER_AGENT,
    });
  });

  it('gives the wire field data as vendor, and everything else as it came', async () => {
    const data = { account: 'acme', regions: ['eu'] };
    const { client } = createBench(() => Response.json({ ...connector, data }));
    expect(await client.getConnectorMetadata('snowflake/warehouse')).toEqual({ ...connector, vendor: data });
  });

  it.each([
    ['missing', connector],
    ['null', { ...connector, data: null }],
  ])('gives vendor {} when data is %s', async (_case, body) => {
    const { client } = createBench(() => Response.json(body));
    expect(await client.getConnectorMetadata('snowflake/warehouse')).toEqual({ ...connector, vendor: {} });
  });

  it('asks anew each time', async () => {
    const { client, requests } = createBench(() => Response.json(connector));
    await client.getConnectorMetadata('snowflake/warehouse');
    await client.getConnectorMetadata('snowflake/warehouse', { vercelToken: 'caller-two' });
    expect(requests.map(({ bearer }) => bearer)).toEqual(['caller-one', 'caller-two']);
  });
});
