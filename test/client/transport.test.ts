import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  APIConnectionError,
  APITimeoutError,
  createClient,
  InternalServerError,
  MalformedResponseError,
  RateLimitError,
} from '../../src/index.js';
import { apiError, json, networkFailure, streamed } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { type Answer, answeringFetch, observedFetch } from '../helpers/observed-fetch.js';

const LIST = '/v2/connect/connectors';
const TOKEN = '/v1/connect/token/{connector}';
const params = { path: { connector: 'slack/acme-slack' } };
const never: Answer = () => new Promise<Response>(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Runs every timer until the call is over. */
async function settled<T>(call: Promise<T>): Promise<T> {
  call.catch(() => undefined);
  await vi.runAllTimersAsync();
  return call;
}

describe('retries of a client', () => {
  it('are three by default: four attempts', async () => {
    const network = answeringFetch(() => apiError(503));
    const client = createClient({ fetch: network.fetch });
    await caught(settled(client.GET(LIST)), InternalServerError);
    expect(network.requests).toHaveLength(4);
  });

  it.each([0, 1, 5])('are %i when asked so, for the client or for a call', async (maxRetries) => {
    const network = answeringFetch(() => networkFailure('ECONNRESET'));
    await caught(settled(createClient({ fetch: network.fetch, maxRetries }).GET(LIST)), APIConnectionError);
    expect(network.requests).toHaveLength(maxRetries + 1);
    await caught(
      settled(createClient({ fetch: network.fetch }).GET(LIST, { maxRetries })),
      APIConnectionError,
    );
    expect(network.requests).toHaveLength(2 * (maxRetries + 1));
  });

  it('are made for a POST that the document marks safe, with the whole body each time', async () => {
    const network = observedFetch(
      networkFailure('ECONNRESET'),
      new Response('{"token":'),
      apiError(502),
      json({ token: 't' }),
    );
    const client = createClient({ fetch: network.fetch });
    const { data } = await settled(client.POST(TOKEN, { params, body: { scopes: ['one', 'two'] } }));
    expect(data.token).toBe('t');
    expect(network.requests.map(({ body }) => body)).toEqual(Array(4).fill('{"scopes":["one","two"]}'));
  });

  it('are not made for any other POST', async () => {
    const network = observedFetch(apiError(503));
    const client = createClient({ fetch: network.fetch });
    const body = { data: {}, service: 'x', connectionMethod: 'y', name: 'z' };
    await caught(settled(client.POST('/v1/connect/connectors', { body })), InternalServerError);
    expect(network.requests).toHaveLength(1);
  });

  it('end in MalformedResponseError where the body stays malformed', async () => {
    const network = answeringFetch(() => new Response('<html>'));
    await caught(settled(createClient({ fetch: network.fetch }).GET(LIST)), MalformedResponseError);
    expect(network.requests).toHaveLength(4);
  });

  it('end at once where the server asks for more than 65 s', async () => {
    const network = answeringFetch(() => apiError(429, {}, { 'retry-after': '66' }));
    const error = await caught(settled(createClient({ fetch: network.fetch }).GET(LIST)), RateLimitError);
    expect(error.retryAfterMs).toBe(66_000);
    expect(network.requests).toHaveLength(1);
  });
});

describe('timeout', () => {
  it('is ten seconds an attempt by default', async () => {
    const network = answeringFetch(() => new Promise<Response>(() => undefined));
    const startedAt = Date.now();
    const call = createClient({ fetch: network.fetch, maxRetries: 0 }).GET(LIST);
    const error = await caught(settled(call), APITimeoutError);
    expect(Date.now() - startedAt).toBe(10_000);
    expect(error).toMatchObject({ timeoutMs: 10_000, method: 'GET', path: LIST });
  });

  it('of a call wins over that of the client', async () => {
    const client = createClient({ fetch: observedFetch(never).fetch, maxRetries: 0, timeout: 5_000 });
    const error = await caught(settled(client.GET(LIST, { timeout: 250 })), APITimeoutError);
    expect(error.timeoutMs).toBe(250);
  });

  it('is for each attempt anew', async () => {
    const network = observedFetch(never, never, json({ connectors: [] }));
    const client = createClient({ fetch: network.fetch, timeout: 1_000 });
    expect((await settled(client.GET(LIST))).data.connectors).toEqual([]);
    expect(network.requests.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
  });

  it('bounds the body too', async () => {
    const network = observedFetch(() => new Response(streamed(['{"connectors":['], 'stall')));
    const call = createClient({ fetch: network.fetch, maxRetries: 0, timeout: 1_000 }).GET(LIST);
    await caught(settled(call), APITimeoutError);
  });

  it.each(['blob', 'arrayBuffer'] as const)('bounds the body as %s too', async (parseAs) => {
    const network = observedFetch(() => new Response(streamed(['abc'], 'stall')));
    const client = createClient({ fetch: network.fetch, maxRetries: 0, timeout: 1_000 });
    const call = client.GET(LIST, { parseAs }).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await Promise.race([call, 'still waiting'])).toBeInstanceOf(APITimeoutError);
  });

  it.each(['blob', 'arrayBuffer'] as const)('a body as %s that breaks off is malformed', async (parseAs) => {
    const network = observedFetch(() => new Response(streamed(['abc'], new Error('reset'))));
    const client = createClient({ fetch: network.fetch, maxRetries: 0 });
    await caught(settled(client.GET(LIST, { parseAs })), MalformedResponseError);
  });
});

describe('signal', () => {
  const reason = new Error('the caller had enough');

  it('that has fired already ends the call before anything is sent', async () => {
    const network = observedFetch();
    const call = createClient({ fetch: network.fetch }).GET(LIST, { signal: AbortSignal.abort(reason) });
    await expect(call).rejects.toBe(reason);
    expect(network.requests).toEqual([]);
  });

  it('ends a request under way, with its own reason and no retry', async () => {
    const controller = new AbortController();
    const network = observedFetch(never);
    const call = createClient({ fetch: network.fetch }).GET(LIST, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(100);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(network.requests.map(({ signal }) => signal.reason)).toEqual([reason]);
  });

  it('ends the wait for a body', async () => {
    const controller = new AbortController();
    const network = observedFetch(() => new Response(streamed(['{'], 'stall')));
    const call = createClient({ fetch: network.fetch }).GET(LIST, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(100);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  it('ends the wait before a retry', async () => {
    const controller = new AbortController();
    const network = observedFetch(apiError(503, {}, { 'retry-after': '30' }));
    const call = createClient({ fetch: network.fetch }).GET(LIST, { signal: controller.signal });
    await vi.advanceTimersByTimeAsync(29_000);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('aborted without a reason gives the AbortError of the runtime', async () => {
    const controller = new AbortController();
    const call = createClient({ fetch: observedFetch(never).fetch }).GET(LIST, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([null, 0, ''])('passes even the reason %o through', async (falsy) => {
    const call = createClient({ fetch: observedFetch(never).fetch }).GET(LIST, {
      signal: AbortSignal.abort(falsy),
    });
    await expect(call).rejects.toBe(falsy);
  });

  it('ends the wait for a bearer function', async () => {
    const controller = new AbortController();
    const bearerToken = () => new Promise<string>(() => undefined);
    const client = createClient({ fetch: observedFetch().fetch, bearerToken });
    const call = client.GET(LIST, { signal: controller.signal }).catch((error: unknown) => error);
    controller.abort(reason);
    await vi.runAllTimersAsync();
    expect(await Promise.race([call, 'still waiting'])).toBe(reason);
  });

  it('leaves no listener behind when the call is over', async () => {
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, 'addEventListener');
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const network = observedFetch(apiError(503), json({ connectors: [] }));
    await settled(createClient({ fetch: network.fetch }).GET(LIST, { signal: controller.signal }));
    const listeners = (spy: typeof added | typeof removed) => spy.mock.calls.map(([, listener]) => listener);
    expect(listeners(added).length).toBeGreaterThan(0);
    expect(listeners(removed)).toEqual(expect.arrayContaining(listeners(added)));
  });
});
