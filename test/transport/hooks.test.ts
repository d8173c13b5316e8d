import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createConnectClient } from '../../src/connect/index.js';
import {
  APITimeoutError,
  type ClientOptions,
  createClient,
  EVENT_CHANNEL,
  type Hooks,
  type LogFields,
  NotFoundError,
  type TransportEvent,
} from '../../src/index.js';
import { apiError, json, networkFailure } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { type Answer, answeringFetch, observedFetch } from '../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';
const CALL = { method: 'GET', path: LIST, operationId: 'listConnectors' };
const ATTEMPT = { ...CALL, origin: 'https://api.vercel.com', context: {} };
const durationMs = expect.any(Number);
const again = () => apiError(503, {}, { 'retry-after-ms': '1', 'x-vercel-id': 'fra1::a' });

/** Every hook, noting its name and what it was given. */
function noting() {
  const told: [name: string, ...args: unknown[]][] = [];
  const hooks: Hooks = {
    onRequest: (...args) => void told.push(['onRequest', ...args]),
    onResponse: (...args) => void told.push(['onResponse', ...args]),
    onError: (...args) => void told.push(['onError', ...args]),
    onRetry: (...args) => void told.push(['onRetry', ...args]),
  };
  return { told, hooks };
}

function clientOf(answers: readonly Answer[], options: ClientOptions = {}) {
  const network = observedFetch(...answers);
  return { ...network, client: createClient({ bearerToken: 'bearer-1', ...options, fetch: network.fetch }) };
}

describe('hooks', () => {
  it('are called around each attempt, with operation, attempt, time, status and request id', async () => {
    const { told, hooks } = noting();
    const failure = networkFailure('ECONNRESET');
    const { client } = clientOf([again(), failure, json({ connectors: [] })], { hooks });
    await client.GET(LIST);
    const request = expect.objectContaining({
      method: 'GET',
      url: `https://api.vercel.com${LIST}`,
      body: null,
    });
    expect(told).toEqual([
      ['onRequest', { type: 'request', ...ATTEMPT, attempt: 1 }, request],
      [
        'onResponse',
        { type: 'response', ...ATTEMPT, attempt: 1, durationMs, status: 503, requestId: 'fra1::a' },
      ],
      ['onRetry', { type: 'retry', ...CALL, attempt: 1, delayMs: 1, reason: '503' }],
      ['onRequest', { type: 'request', ...ATTEMPT, attempt: 2 }, request],
      [
        'onError',
        { type: 'error', ...ATTEMPT, attempt: 2, durationMs, reason: 'ECONNRESET' },
        expect.objectContaining({ name: 'APIConnectionError', cause: failure }),
      ],
      [
        'onRetry',
        { type: 'retry', ...CALL, attempt: 2, delayMs: expect.any(Number), reason: 'APIConnectionError' },
      ],
      ['onRequest', { type: 'request', ...ATTEMPT, attempt: 3 }, request],
      ['onResponse', { type: 'response', ...ATTEMPT, attempt: 3, durationMs, status: 200 }],
    ]);
  });

  it('share one object for each attempt, and no two attempts have the same', async () => {
    const { told, hooks } = noting();
    const { client } = clientOf([again(), json({ connectors: [] })], { hooks });
    await client.GET(LIST);
    const contexts = told.flatMap(([, event]) => Object(event).context ?? []);
    expect(contexts).toHaveLength(4);
    expect(contexts[0]).toBe(contexts[1]);
    expect(contexts[2]).toBe(contexts[3]);
    expect(contexts[0]).not.toBe(contexts[2]);
  });

  it('change the headers of one attempt, and errors do not show what they set', async () => {
    let signed = 0;
    const seen: unknown[] = [];
    const { client, requests } = clientOf([again(), apiError(404, { message: 'bad signature canary-2' })], {
      hooks: [
        {
          async onRequest({ attempt }, { headers, method, url, body }) {
            await undefined;
            seen.push([method, body, headers.get('authorization')]);
            headers.append('x-signature', `canary-${++signed}`);
            headers.set('x-attempt', `${attempt} ${new URL(url).pathname}`);
          },
        },
        { onRequest: (_, { headers }) => void headers.delete('accept') },
      ],
    });
    const put = client.PUT as unknown as (path: string, init: object) => Promise<unknown>;
    const error = await caught(put('/v1/notes', { body: { a: 1 } }), NotFoundError);
    expect(requests.map(({ headers }) => headers.get('x-signature'))).toEqual(['canary-1', 'canary-2']);
    expect(requests.map(({ headers }) => headers.get('x-attempt'))).toEqual(['1 /v1/notes', '2 /v1/notes']);
    expect(requests.map(({ headers }) => headers.get('accept'))).toEqual([null, null]);
    expect(seen).toEqual(Array(2).fill(['PUT', '{"a":1}', 'Bearer bearer-1']));
    expect(error.message).toContain('bad signature [redacted]');
  });

  it('change a request whose body is a stream or a form, which they cannot read', async () => {
    const bodies: unknown[] = [];
    const onRequest: Hooks['onRequest'] = (_, { headers, body }) => {
      bodies.push(body);
      headers.set('x-signed', 'yes');
    };
    const { client, requests } = clientOf([json({}), json({})], { hooks: { onRequest } });
    const post = client.POST as unknown as (path: string, init: object) => Promise<unknown>;
    await post('/v1/notes', { body: new Blob(['text']).stream() });
    const form = new FormData();
    form.set('note', 'hello');
    await post('/v1/notes', { body: form });
    expect(bodies).toEqual([undefined, undefined]);
    expect(requests.map(({ headers }) => headers.get('x-signed'))).toEqual(['yes', 'yes']);
    expect(requests[0]?.body).toBe('text');
    expect(requests[1]?.body).toContain('hello');
  });

  it('that throw or reject change nothing, and are told of', async () => {
    const events: TransportEvent[] = [];
    const lines: [string, LogFields][] = [];
    const fails = () => {
      throw new RangeError('canary');
    };
    const rejects = async () => fails();
    const { client } = clientOf([networkFailure('ECONNRESET'), json({ connectors: [] })], {
      hooks: [
        { onRequest: fails, onResponse: fails, onError: fails, onRetry: fails },
        { onRequest: rejects, onResponse: rejects, onError: rejects, onRetry: rejects },
      ],
      onEvent: (event) => events.push(event),
      logger: { debug: (...line) => lines.push(line) },
    });
    expect((await client.GET(LIST)).data).toEqual({ connectors: [] });
    const names = ['onRequest', 'onError', 'onRetry', 'onRequest', 'onResponse'].flatMap((name) => [
      name,
      name,
    ]);
    const told = events.flatMap((event) => (event.type === 'hook-error' ? [event] : []));
    expect(told.map(({ hook }) => hook).sort()).toEqual(names.sort());
    expect(told[0]).toEqual({ type: 'hook-error', ...CALL, hook: 'onRequest', reason: 'RangeError' });
    expect(lines).toContainEqual([
      `GET ${LIST}: the hook onRequest failed`,
      { ...CALL, hook: 'onRequest', error: 'RangeError' },
    ]);
    expect(client.stats().hookErrors).toBe(names.length);
    expect(JSON.stringify([events, lines])).not.toContain('canary');
  });

  it('are told of the end of an attempt that a fetch does not end', async () => {
    const { told, hooks } = noting();
    const client = createClient({
      fetch: () => new Promise(() => undefined),
      hooks,
      timeout: 20,
      maxRetries: 0,
    });
    await caught(client.GET(LIST), APITimeoutError);
    expect(told.map(([name]) => name)).toEqual(['onRequest', 'onError']);
    expect(told[1]?.[1]).toMatchObject({ type: 'error', reason: 'APITimeoutError' });
  });

  it('that never settle end with the time of the call', async () => {
    const { client, requests } = clientOf([], {
      hooks: { onRequest: () => new Promise(() => undefined) },
      totalTimeout: 30,
    });
    await caught(client.GET(LIST), APITimeoutError);
    expect(requests).toEqual([]);
  });

  it('are not called for what is not sent', async () => {
    const { told, hooks } = noting();
    const { client } = clientOf([], { hooks });
    const reason = new Error('left');
    await expect(client.GET(LIST, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(told).toEqual([]);
  });

  it.each([
    ['no object', 'x', /hooks: must be an object with onRequest, onResponse/],
    ['a wrong name', { onRespones: () => undefined }, /hooks\.onRespones: .*did you mean onResponse/],
    ['what cannot be called', [{ onError: 1 }], /hooks\.onError: must be a function, got 1/],
  ])('refuse %s', (_, hooks, message) => {
    expect(() => createClient({ hooks: hooks as Hooks })).toThrow(message);
  });
});

describe('onEvent, the diagnostics channel, stats and the logger', () => {
  it('stand on the same events, for a REST client', async () => {
    const [events, published]: [TransportEvent[], unknown[]] = [[], []];
    const listen = (event: unknown) => void published.push(event);
    subscribe(EVENT_CHANNEL, listen);
    onTestFinished(() => void unsubscribe(EVENT_CHANNEL, listen));
    const { client } = clientOf([again(), json({ connectors: [] })], {
      onEvent: (event) => events.push(event),
    });
    await client.GET(LIST);
    expect(events.map(({ type }) => type)).toEqual(['request', 'response', 'retry', 'request', 'response']);
    expect(published).toEqual(events);
    expect(client.stats()).toEqual({
      ...{ requests: 2, responses: 2, errors: 0, retries: 1, giveUps: 0, held: 0, hookErrors: 0 },
    });
  });

  it('and for a Connect client', async () => {
    const { told, hooks } = noting();
    const types: string[] = [];
    const token = { token: 'provider-token', tokenId: 't', expiresAt: Date.now() + 3_600_000 };
    const connect = createConnectClient({
      fetch: observedFetch(again(), json(token)).fetch,
      bearerToken: 'bearer-1',
      hooks,
      onEvent: ({ type }) => types.push(type),
    });
    await connect.getToken('slack/acme-slack', { subject: { type: 'app' } });
    expect(told.map(([name]) => name)).toEqual([
      ...['onRequest', 'onResponse', 'onRetry', 'onRequest', 'onResponse'],
    ]);
    expect(told[0]?.[1]).toMatchObject({
      ...{
        operationId: 'getConnectorToken',
        method: 'POST',
        path: '/v1/connect/token/{connector}',
        attempt: 1,
      },
    });
    expect(types).toEqual(['miss', 'request', 'upstream', 'response', 'retry', 'request', 'response']);
    expect(connect.stats()).toMatchObject({
      misses: 1,
      upstreamCalls: 1,
      requests: 2,
      responses: 2,
      retries: 1,
    });
    expect(JSON.stringify(told)).not.toMatch(/provider-token/);
  });

  it('are never told a bearer, header, query, path value or body', async () => {
    const told: unknown[] = [];
    const note = (event: unknown) => void told.push(event);
    const client = createClient({
      fetch: answeringFetch(({ method }) =>
        method === 'GET' ? apiError(404, { message: 'canary-body' }) : networkFailure('EPIPE'),
      ).fetch,
      bearerToken: 'canary-bearer',
      headers: { 'x-key': 'canary-header' },
      maxRetries: 0,
      onEvent: note,
      logger: { debug: (...line) => note(line) },
      hooks: { onResponse: note, onError: (...args) => note(args), onRetry: note },
    });
    const params = { path: { connector: 'canary-path' } };
    await caught(client.GET('/v1/connect/connectors/{connector}', { params }), NotFoundError);
    await client
      .POST('/v1/connect/token/{connector}', { params, body: { scopes: ['canary'] } })
      .catch(() => 0);
    expect(told.length).toBeGreaterThanOrEqual(8);
    expect(JSON.stringify(told)).not.toContain('canary');
  });

  it('measure from the request to the end of the body', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const spans: number[] = [];
    const body = () =>
      new ReadableStream({
        start(controller) {
          setTimeout(() => {
            controller.enqueue(new TextEncoder().encode('{"connectors":[]}'));
            controller.close();
          }, 40);
        },
      });
    const client = createClient({
      fetch: async () => new Response(body()),
      hooks: {
        onRequest: () => new Promise((resolve) => setTimeout(resolve, 500)),
        onResponse: (event) => void spans.push(event.durationMs),
      },
    });
    const call = client.GET(LIST);
    await vi.runAllTimersAsync();
    await call;
    expect(spans).toEqual([40]);
  });

  it('tell of a body that is not JSON as an error', async () => {
    const { told, hooks } = noting();
    const { client } = clientOf([new Response('<html>')], { hooks, maxRetries: 0 });
    await client.GET(LIST).catch(() => undefined);
    expect(told.map(([name]) => name)).toEqual(['onRequest', 'onError']);
    expect(told[1]?.[1]).toMatchObject({ reason: 'MalformedResponseError' });
  });
});
