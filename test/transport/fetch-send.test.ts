import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { APIConnectionError, InvalidArgumentError } from '../../src/index.js';
import { type Fetch, type FetchInit, fetchSend } from '../../src/transport/fetch-send.js';
import type { RequestBody } from '../../src/transport/middleware.js';
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

  it('asks whether https was meant where no TLS answers', async () => {
    const send = fetchSend(() => Promise.reject(networkFailure('ERR_SSL_WRONG_VERSION_NUMBER')));
    const error = await caught(send(request(), callFacts()), APIConnectionError);
    expect(error.message).toBe(
      'GET /v1/things/{thing} found no TLS at api.example.com (ERR_SSL_WRONG_VERSION_NUMBER): ' +
        'is baseUrl https for a port that speaks http?',
    );
  });

  it.each([
    ['invalid transfer-encoding header', ': invalid transfer-encoding header'],
    ['not one of its words: "canary"', ''],
    [`${'long '.repeat(20)}`, ''],
  ])('names headers that make fetch refuse a request with %j', async (message, reason) => {
    const cause = Object.assign(new Error(message), { code: 'UND_ERR_INVALID_ARG' });
    const send = fetchSend(() => Promise.reject(new TypeError('fetch failed', { cause })));
    const error = await caught(send(request(), callFacts()), InvalidArgumentError);
    expect(error.argument).toBe('headers');
    expect(error.message).toContain(
      `describes a request that cannot be sent (UND_ERR_INVALID_ARG${reason}); check its headers against its body`,
    );
    expect(error.cause).toMatchObject({ message: 'fetch failed' });
  });

  it.each<[string, Fetch, boolean]>([
    [
      'one argument, and read a field of the second',
      ((url: { method: string }) => url.method.at(0)) as never,
      true,
    ],
    [
      'one argument, and failed otherwise',
      (async (_url: string) => {
        throw new TypeError('fetch failed');
      }) as never,
      false,
    ],
    [
      'two arguments',
      async (_url, _init) => {
        throw new TypeError("Cannot read properties of undefined (reading 'method')");
      },
      false,
    ],
  ])('tells a fetch of versions before 0.2 from one that took %s', async (_, fetch, isOld) => {
    const error = await fetchSend(fetch)(request(), callFacts()).catch((thrown: unknown) => thrown);
    expect(error instanceof InvalidArgumentError && error.argument === 'fetch').toBe(isOld);
    if (!isOld) return;
    expect(error).toMatchObject({ message: expect.stringContaining('give (url, init) => fetch(url, init)') });
    expect(error).toHaveProperty('cause.name', 'TypeError');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'done'],
    ['an object without a status', { headers: new Headers() }],
    ['headers that are a plain object', { status: 200, headers: {} }],
    ['headers that cannot tell what they have', { status: 200, headers: { get: () => null } }],
  ])('refuses %s in the place of a response', async (_, response) => {
    const send = fetchSend(async () => response as Response);
    const error = await caught(send(request(), callFacts()), InvalidArgumentError);
    expect(error.message).toContain('must resolve to a Response, got ');
  });

  it.each(['body', 'file'] as const)(
    'names the %s whose stream failed, and not the network',
    async (argument) => {
      const lost = new Error('disk gone');
      const failing = () => new ReadableStream<Uint8Array>({ pull: () => Promise.reject(lost) });
      let duplex: string | undefined;
      const reading: Fetch = async (_, init) => {
        duplex = init.duplex;
        return new Response(await new Response(init.body).text());
      };
      const [sent, facts] =
        argument === 'body'
          ? [request({ method: 'POST', body: failing() }), callFacts()]
          : [request({ method: 'POST' }), callFacts({ openBody: failing })];
      const error = await caught(fetchSend(reading)(sent, facts), InvalidArgumentError);
      expect(error.argument).toBe(argument);
      expect(error.message).toContain('could not be read to its end');
      expect(error.cause).toBe(lost);
      expect(duplex).toBe('half');
    },
  );

  it('passes on what the reader of a file refuses', async () => {
    const refused = new InvalidArgumentError('file', 'must be bytes');
    const openBody = () => new ReadableStream<Uint8Array>({ pull: () => Promise.reject(refused) });
    const reading: Fetch = async (_, init) => new Response(await new Response(init.body).text());
    const call = fetchSend(reading)(request({ method: 'POST' }), callFacts({ openBody }));
    await expect(call).rejects.toBe(refused);
  });

  it('writes a form for a fetch of the caller, which need not know the FormData of this runtime', async () => {
    const form = new FormData();
    form.set('field', 'value');
    const fetch = vi.fn<Fetch>(async () => new Response());
    await fetchSend(fetch)(request({ method: 'POST', headers: { 'x-one': '1' }, body: form }), callFacts());
    const init = fetch.mock.calls[0]?.[1];
    expect(init?.body).toBeInstanceOf(ReadableStream);
    expect(init).toMatchObject({
      duplex: 'half',
      headers: { 'x-one': '1', 'content-type': expect.stringMatching(/^multipart\/form-data; boundary=/) },
    });
  });

  it('cancels the stream of a body when fetch does not want the rest', async () => {
    const cancelled = vi.fn();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(8)),
      cancel: cancelled,
    });
    const refusing: Fetch = async (_, init) => {
      const reader = (init.body as ReadableStream<Uint8Array>).getReader();
      await reader.read();
      await reader.cancel('enough');
      return new Response();
    };
    await fetchSend(refusing)(request({ method: 'POST', body }), callFacts());
    expect(cancelled).toHaveBeenCalledWith('enough');
  });

  it('reads no further ahead in the stream of a body than fetch does', async () => {
    let read = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          read += 1;
          controller.enqueue(new Uint8Array(8));
        },
      },
      { highWaterMark: 0 },
    );
    const once: Fetch = async (_, init) => {
      await (init.body as ReadableStream<Uint8Array>).getReader().read();
      return new Response();
    };
    await fetchSend(once)(request({ method: 'POST', body }), callFacts());
    expect(read).toBe(1);
  });

  it('hands workerd the stream of a body itself, which may know its length', async () => {
    Object.assign(globalThis, { FixedLengthStream: class {} });
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'FixedLengthStream'));
    const body = new Response('stream').body;
    const fetch = vi.fn<Fetch>(async () => new Response());
    await fetchSend(fetch)(request({ method: 'POST', body }), callFacts());
    expect(fetch.mock.calls[0]?.[1].body).toBe(body);
    // A file that is opened has its length in a header.
    const file = new Blob(['file']).stream();
    await fetchSend(fetch)(request({ method: 'POST' }), callFacts({ openBody: () => file }));
    expect(fetch.mock.calls[1]?.[1].body).not.toBe(file);
  });

  it.each<[string, RequestBody, number]>([
    ['bytes', new Uint8Array(200_000), 200_000],
    ['a Blob', new Blob([new Uint8Array(200_000)]), 200_000],
  ])(
    'sends %s of more than 64 KiB in pieces with their length, and shorter bytes whole',
    async (_, body, size) => {
      const inits: FetchInit[] = [];
      const lengths: number[] = [];
      const taking: Fetch = async (_url, init) => {
        inits.push(init);
        for await (const chunk of init.body as ReadableStream<Uint8Array>) lengths.push(chunk.byteLength);
        return new Response();
      };
      await fetchSend(taking)(request({ method: 'PUT', headers: { 'x-one': '1' }, body }), callFacts());
      expect(inits[0]).toMatchObject({
        headers: { 'x-one': '1', 'content-length': String(size) },
        duplex: 'half',
      });
      expect(lengths).toEqual([65_536, 65_536, 65_536, 3_392]);
      const short = body instanceof Blob ? body.slice(0, 65_535) : new Uint8Array(65_535);
      const fetch = vi.fn<Fetch>(async () => new Response());
      await fetchSend(fetch)(request({ method: 'PUT', body: short }), callFacts());
      const sent = fetch.mock.calls[0]?.[1];
      if (body instanceof Blob) expect(sent?.headers).toMatchObject({ 'content-length': '65535' });
      else expect(sent?.body).toBe(short);
    },
  );

  it('gives bytes that have left the time that a slow server takes for them, a thousand for each ms', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const facts = callFacts({ timeoutMs: 400, hasIdleTimeout: true });
    const timer = new AttemptTimer(facts, () => undefined);
    const taking: Fetch = async (_url, init) => {
      return new Response(await new Response(init.body).text());
    };
    await fetchSend(taking)(request({ method: 'PUT', body: new Uint8Array(200_000) }), { ...facts, timer });
    await vi.advanceTimersByTimeAsync(400 + 199);
    expect(timer.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(timer.signal.aborted).toBe(true);
  });

  it('gives no more of that time than the buffers on the way can hold, ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const facts = callFacts({ timeoutMs: 400, hasIdleTimeout: true });
    const timer = new AttemptTimer(facts, () => undefined);
    const openBody = (onChunk: (sentBytes: number) => void) => {
      onChunk(50_000_000);
      return new Blob(['file']).stream();
    };
    await fetchSend(async () => new Response())(request({ method: 'POST' }), { ...facts, timer, openBody });
    await vi.advanceTimersByTimeAsync(10_399);
    expect(timer.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(timer.signal.aborted).toBe(true);
  });
});
