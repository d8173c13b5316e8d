import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { APIConnectionError } from '../../src/index.js';
import { type Fetch, fetchSend } from '../../src/transport/fetch-send.js';
import { AttemptTimer } from '../../src/transport/timeout.js';
import { Secrets } from '../../src/util/secrets.js';
import { networkFailure } from '../helpers/answers.js';
import { callFacts, request } from '../helpers/call-facts.js';
import { caught } from '../helpers/caught.js';

/** Everything of a request that a server sees. */
async function shown(request: Request) {
  const { method, url, headers, redirect } = request;
  return { method, url, headers: Object.fromEntries(headers), redirect, text: await request.text() };
}

describe('a request is to fetch what a Request would be', () => {
  const form = new FormData();
  form.set('field', 'value');
  it.each<[string, Parameters<typeof request>[0]]>([
    ['a GET with headers', { headers: { 'x-one': '1' } }],
    ['a HEAD', { method: 'HEAD' }],
    ['JSON', { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }],
    ['a text without a type', { method: 'PUT', body: 'text' }],
    ['an empty text', { method: 'PATCH', body: '' }],
    ['bytes', { method: 'PUT', body: new TextEncoder().encode('bytes') }],
    ['a Blob', { method: 'PUT', body: new Blob(['blob']) }],
    ['a stream', { method: 'POST', body: new Response('stream').body }],
    ['a form', { method: 'POST', body: form }],
  ])('%s', async (name, init) => {
    const fetch = vi.fn<Fetch>(async () => new Response());
    const sent = request(init);
    const isStream = sent.body instanceof ReadableStream;
    await fetchSend(fetch)(sent, callFacts());
    const [url, given] = fetch.mock.calls[0] ?? [];
    const received = await shown(new Request(String(url), given as RequestInit));
    expect(received).toMatchObject({ method: sent.method, url: sent.url, redirect: 'manual' });
    if (name === 'a form') {
      expect(received.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
      expect(received.text).toContain('name="field"');
    } else {
      const body = isStream ? 'stream' : sent.body;
      const real = new Request(sent.url, { ...sent, body, redirect: 'manual' } as RequestInit);
      const { text, headers } = await shown(real);
      expect(received.text).toBe(text);
      expect(received.headers).toMatchObject(sent.headers);
      // A `Blob` goes as a stream with its length, since implementations of `fetch` declare it differently.
      const length = sent.body instanceof Blob ? { 'content-length': String(sent.body.size) } : {};
      if (!isStream) expect(received.headers).toEqual({ ...headers, ...length });
    }
  });
});

describe('fetchSend', () => {
  it('gives the request to fetch and its answer back', async () => {
    const answer = new Response();
    const fetch = vi.fn<Fetch>(async () => answer);
    const sent = request({ method: 'POST', headers: { 'x-one': '1' }, body: 'text' });
    expect(await fetchSend(fetch)(sent, callFacts())).toBe(answer);
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe(sent.url);
    expect(init).toMatchObject({ method: 'POST', redirect: 'manual' });
    expect(init?.headers['x-one']).toBe('1');
    expect(await new Response(init?.body).text()).toBe('text');
  });

  it('makes a failure an APIConnectionError that names host and code, and no query or path value', async () => {
    const failure = networkFailure('ENOTFOUND');
    const error = await caught(
      fetchSend(() => Promise.reject(failure))(request(), callFacts()),
      APIConnectionError,
    );
    expect(error.message).toBe('GET /v1/things/{thing} got no answer from api.example.com (ENOTFOUND)');
    expect(error.cause).toBe(failure);
  });

  it('needs no code for that', async () => {
    for (const failure of [new Error('unknown'), 'text', undefined]) {
      const send = fetchSend(() => Promise.reject(failure));
      const error = await caught(send(request(), callFacts()), APIConnectionError);
      expect(error.message).toBe('GET /v1/things/{thing} got no answer from api.example.com');
      expect(error.cause).toBe(failure);
    }
  });

  it('makes a fetch that throws at once the same', async () => {
    const throwing = () => {
      throw new Error('at once');
    };
    await caught(fetchSend(throwing)(request(), callFacts()), APIConnectionError);
  });

  it('passes the reason of an aborted request through', async () => {
    const reason = { any: 'value' };
    const timer = new AttemptTimer(callFacts({ signal: AbortSignal.abort(reason) }), () => undefined);
    const send = fetchSend(() => Promise.reject(new TypeError('aborted')));
    await expect(send(request(), callFacts({ timer }))).rejects.toBe(reason);
  });

  it('gives the signal of the attempt to a fetch of the caller', async () => {
    const timer = new AttemptTimer(callFacts(), () => undefined);
    const fetch = vi.fn<Fetch>(async () => new Response());
    await fetchSend(fetch)(request(), callFacts({ timer }));
    timer.stop();
    expect(fetch.mock.calls[0]?.[1].signal?.aborted).toBe(false);
  });

  it('keeps of a cause that shows a secret its name, code and masked message', async () => {
    const failure = Object.assign(new Error('sent canary-secret'), {
      code: 'EX',
      request: { bearer: 'canary-secret' },
    });
    const send = fetchSend(() => Promise.reject(failure));
    const error = await caught(
      send(request(), callFacts({ secrets: new Secrets(['canary-secret']) })),
      APIConnectionError,
    );
    expect(error.cause).toMatchObject({ name: 'Error', code: 'EX', message: 'sent [redacted]' });
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain('canary');
  });
});
