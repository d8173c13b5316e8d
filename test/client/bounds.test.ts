import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clientOver, createClient } from '../../src/client/create-client.js';
import { createTransport, type TransportOptions } from '../../src/client/create-transport.js';
import { resolveOptions } from '../../src/client/options.js';
import type { Client } from '../../src/client/types.js';
import { type operations, type paths, operations as table } from '../../src/generated/index.js';
import { type ClientOptions, paginate, stream, upload, VercelError } from '../../src/index.js';
import { responseCacheMiddleware } from '../../src/transport/cache/response-cache.js';
import { apiError, json, streamed } from '../helpers/answers.js';

const LIST = '/v2/connect/connectors';
const BOUND_MS = 3_000;
const SLACK_MS = 100;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = () => new Promise<never>(() => undefined);

/** A body whose cancelling never settles either. */
const endless = () => new ReadableStream<Uint8Array>({ pull: never, cancel: never });

/** Everything that a call can wait for, as something that never settles. */
const WAITS: Readonly<Record<string, ClientOptions & { readonly internal?: TransportOptions }>> = {
  credential: { bearerToken: never, fetch: async () => json({}) },
  'a renewed credential': {
    bearerToken: (() => {
      let asked = 0;
      return () => (asked++ === 0 ? 'token-1' : never());
    })(),
    fetch: async () => apiError(401),
  },
  fetch: { fetch: never },
  body: { fetch: async () => new Response(endless()) },
  'the rest of a body': { fetch: async () => new Response(streamed(['{"a":'], 'stall')) },
  'the body of a failure': { fetch: async () => new Response(endless(), { status: 503 }) },
  'the body of a redirect': {
    fetch: async () => new Response(endless(), { status: 302, headers: { location: '/v1/elsewhere' } }),
  },
  'where a redirect leads': {
    fetch: async (url) =>
      url.endsWith('/elsewhere')
        ? never()
        : new Response(null, { status: 302, headers: { location: '/v1/elsewhere' } }),
  },
  'an API that is down': { fetch: async () => apiError(503) },
  'cooldowns of other processes': {
    bearerToken: 'token-1',
    fetch: async () => json({}),
    internal: { sharedCooldowns: { leftMs: never, hold: never } },
  },
  'telling other processes': {
    bearerToken: 'token-1',
    fetch: async () => apiError(429, {}, { 'retry-after': '1' }),
    internal: { sharedCooldowns: { leftMs: async () => 0, hold: never } },
  },
};

type TestClient = Client<paths, operations>;
/** A client with options of its transport that users do not have. */
const clientWith = (options: ClientOptions, internal?: TransportOptions): TestClient =>
  clientOver(createTransport(resolveOptions(options), internal), table);

type AnyCall = (path: string, init: object) => Promise<unknown>;
type Init = { readonly totalTimeout?: number; readonly maxRetries?: number };

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}

/** Every way to make a call, read to its end. */
const CALLS: Readonly<Record<string, (client: TestClient, init: Init) => Promise<unknown>>> = {
  GET: (client, init) => client.GET(LIST, init),
  text: (client, init) => client.GET(LIST, { ...init, parseAs: 'text' }),
  blob: (client, init) => client.GET(LIST, { ...init, parseAs: 'blob' }),
  arrayBuffer: (client, init) => client.GET(LIST, { ...init, parseAs: 'arrayBuffer' }),
  'a stream of bytes': async (client, init) => {
    const { data } = await client.GET(LIST, { ...init, parseAs: 'stream' });
    await new Response(data).arrayBuffer();
  },
  // The document has no HEAD; a client sends one all the same.
  HEAD: (client, init) => (client.HEAD as unknown as AnyCall)(LIST, init),
  POST: (client, init) =>
    client.POST('/v1/connect/connectors', { ...init, body: { type: 'slack', name: 'n', data: {} } }),
  'a call by its id': (client, init) =>
    client.call('getConnector', { ...init, params: { path: { connector: 'a' } } }),
  paginate: (client, init) => drain(paginate(client, LIST, init)),
  stream: (client, init) => drain(stream(client, LIST, init)),
  upload: (client, init) =>
    upload(client, '/v2/files', { file: new Uint8Array(1_000), digest: 'a'.repeat(40), ...init }),
};

/** The calls without a bound by default, whose every silence is bounded. */
const PACED = ['blob', 'arrayBuffer', 'a stream of bytes', 'stream', 'upload'];

async function outcomeAfter(ms: number, call: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = 'still waiting';
  call.then(
    () => {
      outcome = 'it succeeded';
    },
    (error: unknown) => {
      outcome = error;
    },
  );
  await vi.advanceTimersByTimeAsync(ms);
  return outcome;
}

describe.each(Object.entries(WAITS))('a call that waits for %s', (_, { internal, ...options }) => {
  it.each(Object.keys(CALLS))('ends inside its bound: %s', async (name) => {
    for (const responseCache of [undefined, { max: 10, ttlMs: 1_000 }]) {
      const client = clientWith(
        { timeout: 1_000, ...options, responseCache },
        { ...internal, createCache: responseCacheMiddleware },
      );
      const call = CALLS[name]?.(client, { totalTimeout: BOUND_MS }) ?? Promise.resolve();
      expect(await outcomeAfter(BOUND_MS + SLACK_MS, call)).toBeInstanceOf(VercelError);
    }
  });

  it.each(PACED)('ends after one silence where it has no bound: %s', async (name) => {
    const client = clientWith({ timeout: 1_000, ...options }, internal);
    // A stream has a longer silence by default.
    const init = name === 'stream' ? { maxRetries: 0, timeout: 1_000 } : { maxRetries: 0 };
    const call = CALLS[name]?.(client, init) ?? Promise.resolve();
    expect(await outcomeAfter(2 * (1_000 + SLACK_MS), call)).toBeInstanceOf(VercelError);
  });
});

it('a call that waits for the answer of another one ends inside its own bound', async () => {
  const client = createClient({
    fetch: never,
    timeout: 10_000,
    responseCache: { max: 10, ttlMs: 1_000 },
  });
  const first = client.GET(LIST).catch(() => undefined);
  const second = client.GET(LIST, { totalTimeout: BOUND_MS });
  expect(await outcomeAfter(BOUND_MS + SLACK_MS, second)).toBeInstanceOf(VercelError);
  await vi.runAllTimersAsync();
  await first;
});

it('a wait that the server asks for is obeyed for all who wait for one answer', async () => {
  let asked = 0;
  const client = createClient({
    fetch: async () =>
      asked++ === 0 ? apiError(429, {}, { 'retry-after': '60' }) : json({ connectors: [] }),
    responseCache: { max: 10, ttlMs: 1_000 },
  });
  const calls = Promise.all([client.GET(LIST), client.GET(LIST, { totalTimeout: 50_000 })]);
  await vi.advanceTimersByTimeAsync(60_001);
  expect((await calls).map(({ data }) => data)).toEqual([{ connectors: [] }, { connectors: [] }]);
  expect(asked).toBe(2);
});
