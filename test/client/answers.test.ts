import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createClient, MalformedResponseError } from '../../src/index.js';
import { json, streamed } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { type Answer, observedFetch } from '../helpers/observed-fetch.js';
import { tableFor } from '../helpers/table-of.js';

const TOKEN = '/v1/connect/token/{connector}';
const CONNECTOR = '/v1/connect/connectors/{connector}';
const TOKENS = '/v1/connect/connectors/{connector}/tokens';
const params = { path: { connector: 'slack/acme-slack' } };

/** A client whose only attempt is answered so. */
function clientAnswered(...answers: Answer[]) {
  return createClient({ fetch: observedFetch(...answers).fetch, maxRetries: 0 });
}

describe('data and response', () => {
  it('are the parsed body and the answer it came in', async () => {
    const answer = json(
      { connectors: [], pagination: { next: null } },
      { headers: { 'x-vercel-id': 'fra1::a' } },
    );
    const { data, response } = await clientAnswered(answer).GET('/v2/connect/connectors');
    expect(data).toEqual({ connectors: [], pagination: { next: null } });
    expect(response).toBe(answer);
    expect(response.headers.get('x-vercel-id')).toBe('fra1::a');
  });

  it('come the same by operation id', async () => {
    const { data, response } = await clientAnswered(json({ uid: 'a/b' })).call('getConnector', { params });
    expect([data.uid, response.status]).toEqual(['a/b', 200]);
  });

  it('let unknown fields and unknown members through', async () => {
    const body = { token: 'abc', expiresAt: 1, added: { later: [1] }, connector: { type: 'brand-new' } };
    const { data } = await clientAnswered(json(body)).POST(TOKEN, { params });
    expect(data).toEqual(body);
  });

  it('do not pollute any prototype', async () => {
    const answer = new Response(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    await clientAnswered(answer).POST(TOKEN, { params });
    expect('polluted' in {}).toBe(false);
  });

  it('take any success status and any media type', async () => {
    const answer = new Response('{"uid":"a/b"}', { status: 201, headers: { 'content-type': 'text/plain' } });
    const { data, response } = await clientAnswered(answer).POST('/v1/connect/connectors', {
      body: { data: {}, service: 'x', connectionMethod: 'y', name: 'z' },
    });
    expect([data.uid, response.status]).toEqual(['a/b', 201]);
  });

  it.each(['null', 'false', '0', '""', '[]'])('give %s as it is', async (text) => {
    const { data } = await clientAnswered(new Response(text)).POST(TOKEN, { params });
    expect(data).toEqual(JSON.parse(text));
  });
});

describe('an answer without a body', () => {
  it('of status 204 gives undefined', async () => {
    const { data, response } = await clientAnswered(new Response(null, { status: 204 })).DELETE(CONNECTOR, {
      params,
    });
    expect(data).toBeUndefined();
    expect(response.status).toBe(204);
  });

  it('of status 204 gives undefined where a 200 of the same operation has one', async () => {
    const client = clientAnswered(new Response(null, { status: 204 }), json({ revokedUserTokens: 1 }));
    const body = { subject: { type: 'app' } };
    expect((await client.DELETE(TOKENS, { params, body })).data).toBeUndefined();
    expect((await client.DELETE(TOKENS, { params, body })).data).toEqual({ revokedUserTokens: 1 });
  });

  it('of a HEAD gives undefined, whatever its headers promise', async () => {
    interface paths {
      '/v8/artifacts/{hash}': {
        head: {
          parameters: { path: { hash: string } };
          responses: { 200: { headers: object; content?: never } };
        };
      };
    }
    const answer = new Response(null, {
      headers: { 'content-length': '12', 'content-type': 'application/json' },
    });
    const { fetch, requests } = observedFetch(answer);
    const operations = tableFor(['HEAD', '/v8/artifacts/{hash}', { success: { 200: [] } }]);
    const client = createClient<paths>({ fetch, operations, maxRetries: 0 });
    const { data, response } = await client.HEAD('/v8/artifacts/{hash}', { params: { path: { hash: 'a' } } });
    expect([data, response.status, requests[0]?.method]).toEqual([undefined, 200, 'HEAD']);
  });

  it('gives undefined for a status that the document does not know', async () => {
    const { data } = await clientAnswered(new Response('', { status: 202 })).POST(TOKEN, { params });
    expect(data).toBeUndefined();
  });

  it('is malformed where the document gives the status one', async () => {
    const answer = new Response('', { status: 200, headers: { 'x-vercel-id': 'fra1::a' } });
    const error = await caught(clientAnswered(answer).POST(TOKEN, { params }), MalformedResponseError);
    expect(error).toMatchObject({ status: 200, method: 'POST', path: TOKEN, requestId: 'fra1::a' });
    expect(error.message).toBe(
      `POST ${TOKEN} answered 200 with a malformed body: it is empty, and the document gives it a body`,
    );
  });
});

describe('a success that is not JSON', () => {
  it.each([
    ['HTML', '<!doctype html><title>Proxy</title>'],
    ['truncated JSON', '{"token":"abc","expi'],
    ['two values', '{}{}'],
  ])('%s is malformed', async (_, text) => {
    const error = await caught(
      clientAnswered(new Response(text)).POST(TOKEN, { params }),
      MalformedResponseError,
    );
    expect(error.message).toBe(`POST ${TOKEN} answered 200 with a malformed body: it is not JSON`);
    expect(error.requestId).toBeUndefined();
  });

  it('a body that breaks off is malformed, with what broke it as cause', async () => {
    const reset = new Error('terminated');
    const answer = new Response(streamed(['{"token":'], reset));
    const error = await caught(clientAnswered(answer).POST(TOKEN, { params }), MalformedResponseError);
    expect(error.message).toContain('it ended before it was complete');
    expect(error.cause).toBe(reset);
  });

  it('shows nothing of the body, not even in its cause', async () => {
    const answer = new Response('canary-secret-token');
    const error = await caught(clientAnswered(answer).POST(TOKEN, { params }), MalformedResponseError);
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain('canary');
  });
});

describe('parseAs', () => {
  it('text gives the body unparsed', async () => {
    const { data } = await clientAnswered(new Response('{"a": 1}\n')).POST(TOKEN, {
      params,
      parseAs: 'text',
    });
    expect(data).toBe('{"a": 1}\n');
  });

  it('text gives an empty string for an empty body of an undocumented status', async () => {
    const answer = new Response('', { status: 202 });
    const { data } = await clientAnswered(answer).POST(TOKEN, { params, parseAs: 'text' });
    expect(data).toBe('');
  });

  it('text gives an empty string for a 204, as its type says', async () => {
    const answer = new Response(null, { status: 204 });
    const { data } = await clientAnswered(answer).DELETE(CONNECTOR, { params, parseAs: 'text' });
    expect(data).toBe('');
  });

  it('blob gives a Blob', async () => {
    const { data } = await clientAnswered(new Response('abc')).POST(TOKEN, { params, parseAs: 'blob' });
    expect(data).toBeInstanceOf(Blob);
    expect(await data.text()).toBe('abc');
  });

  it('arrayBuffer gives the bytes', async () => {
    const { data } = await clientAnswered(new Response('abc')).POST(TOKEN, {
      params,
      parseAs: 'arrayBuffer',
    });
    expect(new Uint8Array(data)).toEqual(new Uint8Array([97, 98, 99]));
  });

  it('stream gives the body unread', async () => {
    const answer = new Response(streamed(['ab', 'c'], 'stall'));
    const { data, response } = await clientAnswered(answer).POST(TOKEN, { params, parseAs: 'stream' });
    expect(response.ok).toBe(true);
    const reader = data?.getReader();
    const chunks = [await reader?.read(), await reader?.read()].map((read) => Buffer.from(read?.value ?? []));
    expect(Buffer.concat(chunks).toString()).toBe('abc');
  });

  it('stream gives null where there is no body', async () => {
    const answer = new Response(null, { status: 204 });
    const { data } = await clientAnswered(answer).DELETE(CONNECTOR, { params, parseAs: 'stream' });
    expect(data).toBeNull();
  });
});
