import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { APITimeoutError, createClient } from '../../src/index.js';
import type { Send } from '../../src/transport/middleware.js';
import { AttemptTimer, timeoutMiddleware } from '../../src/transport/timeout.js';
import { asRequest } from '../helpers/as-request.js';
import { callFacts, request } from '../helpers/call-facts.js';
import { caught } from '../helpers/caught.js';
import { startServer } from '../helpers/loopback-server.js';

const never: Send = () => new Promise(() => undefined);

describe('timeoutMiddleware', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives the answer that comes in time, and leaves no timer', async () => {
    const answer = new Response('ok');
    expect(await timeoutMiddleware()(async () => answer)(request(), callFacts())).toBe(answer);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes a failure on as it is, and leaves no timer', async () => {
    const error = new Error('reset');
    await expect(timeoutMiddleware()(() => Promise.reject(error))(request(), callFacts())).rejects.toBe(
      error,
    );
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('hands on the request as it was', async () => {
    const next = vi.fn<Send>(async (sent) => new Response(await asRequest(sent).text()));
    const original = request({ method: 'POST', body: 'body', headers: { 'x-one': '1' } });
    const response = await timeoutMiddleware()(next)(original, callFacts());
    const [sent] = next.mock.calls[0] ?? [];
    expect(sent).toBe(original);
    expect(await response.text()).toBe('body');
  });

  it('ends the attempt on time, even where what is below ignores its signal', async () => {
    const call = timeoutMiddleware()(never)(request(), callFacts({ timeoutMs: 750 }));
    const outcome = caught(call, APITimeoutError);
    await vi.advanceTimersByTimeAsync(749);
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    const error = await outcome;
    expect(error).toMatchObject({ timeoutMs: 750, method: 'GET', path: '/v1/things/{thing}' });
    expect(error.message).toBe('GET /v1/things/{thing} gave no complete answer within 750 ms');
  });

  it('aborts what is below with the same error', async () => {
    let signal: AbortSignal | undefined;
    const call = timeoutMiddleware()((_, sentCall) => {
      signal = sentCall.timer?.signal;
      return new Promise(() => undefined);
    })(request(), callFacts());
    const outcome = caught(call, APITimeoutError);
    await vi.runAllTimersAsync();
    expect(signal?.reason).toBe(await outcome);
  });

  it('is not undone by an answer or a failure that comes late', async () => {
    for (const late of [() => new Response(), () => Promise.reject(new Error('late'))]) {
      const slow: Send = async () => {
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        return late();
      };
      const outcome = caught(timeoutMiddleware()(slow)(request(), callFacts()), APITimeoutError);
      await vi.runAllTimersAsync();
      await outcome;
    }
  });

  it('passes the reason of the caller through, at once, and aborts what is below with it', async () => {
    const controller = new AbortController();
    const reason = { any: 'value' };
    let signal: AbortSignal | undefined;
    const call = timeoutMiddleware()((_, sentCall) => {
      signal = sentCall.timer?.signal;
      return new Promise(() => undefined);
    })(request(), callFacts({ signal: controller.signal }));
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(signal?.reason).toBe(reason);
  });

  it('sends nothing for a signal that has fired already', async () => {
    const next = vi.fn(never);
    const call = timeoutMiddleware()(next)(request(), callFacts({ signal: AbortSignal.abort('enough') }));
    await expect(call).rejects.toBe('enough');
    expect(next).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer when the caller ends the attempt', async () => {
    const controller = new AbortController();
    const next: Send = (sent) =>
      new Promise((_, reject) => {
        const { signal } = asRequest(sent);
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const call = timeoutMiddleware()(next)(request(), callFacts({ signal: controller.signal }));
    controller.abort('enough');
    await expect(call).rejects.toBe('enough');
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['blob', 'arrayBuffer'] as const)(
    'lets go of the signal of the caller when a body as %s has been read',
    async (parseAs) => {
      const { signal } = new AbortController();
      const removed = vi.spyOn(signal, 'removeEventListener');
      await timeoutMiddleware()(async () => new Response('x'))(request(), callFacts({ parseAs, signal }));
      await vi.advanceTimersByTimeAsync(0);
      expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
    },
  );

  it('lets go of the signal of the caller after an error, which is never streamed', async () => {
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');
    const failing: Send = async () => new Response(null, { status: 503 });
    await timeoutMiddleware()(failing)(request(), callFacts({ parseAs: 'stream', signal }));
    await vi.advanceTimersByTimeAsync(0);
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });

  it.each<[string, boolean, number]>([
    ['as long as bytes move, for the silence between two of them', true, 1_900],
    ['from its beginning, for others', false, 1_000],
  ])('counts the time of an attempt %s', async (_, hasIdleTimeout, endsAt) => {
    const ended = vi.fn();
    const timer = new AttemptTimer(callFacts({ timeoutMs: 1_000, hasIdleTimeout }), ended);
    await vi.advanceTimersByTimeAsync(900);
    timer.touch();
    await vi.advanceTimersByTimeAsync(endsAt - 901);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('counts no silence for which nobody waits, and less than that for bytes on their way', async () => {
    const ended = vi.fn();
    const timer = new AttemptTimer(callFacts({ timeoutMs: 1_000, hasIdleTimeout: true }), ended);
    timer.pause();
    await vi.advanceTimersByTimeAsync(60_000);
    timer.touch(500);
    await vi.advanceTimersByTimeAsync(1_499);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('counts nothing any more once the attempt is over', () => {
    const timer = new AttemptTimer(callFacts({ hasIdleTimeout: true }), () => undefined);
    timer.stop();
    timer.touch();
    expect(vi.getTimerCount()).toBe(0);
    const ended = vi.fn();
    const late = new AttemptTimer(callFacts({ signal: AbortSignal.abort('left') }), ended);
    expect([late.signal.reason, ended.mock.calls]).toEqual(['left', [['left']]]);
    late.touch();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('keeps a body that is still to be streamed bound to the signal of the caller', async () => {
    for (const parseAs of ['json', 'stream'] as const) {
      const controller = new AbortController();
      let signal: AbortSignal | undefined;
      const next: Send = async (_, { timer }) => {
        signal = timer?.signal;
        if (timer) timer.bodyHandedOver = parseAs === 'stream';
        return new Response('x');
      };
      await timeoutMiddleware()(next)(request(), callFacts({ parseAs, signal: controller.signal }));
      await vi.advanceTimersByTimeAsync(0);
      controller.abort('enough');
      expect(signal?.aborted).toBe(parseAs === 'stream');
    }
  });
});

describe('a credential that never comes', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each<[string, { totalTimeout?: number }, number]>([
    ['the time of the whole call', { totalTimeout: 5_000 }, 5_000],
    ['the time of an attempt, where a stream has no bound', {}, 1_000],
  ])('ends with %s', async (_, options, endsAt) => {
    const client = createClient({
      timeout: 1_000,
      maxRetries: 0,
      ...options,
      bearerToken: () => new Promise(() => undefined),
      fetch: async () => new Response(),
    });
    const ended = vi.fn();
    client.GET('/v2/connect/connectors', { parseAs: 'stream' }).catch(ended);
    await vi.advanceTimersByTimeAsync(endsAt - 1);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledWith(expect.any(APITimeoutError));
  });

  it('leaves no timer where it comes', async () => {
    const client = createClient({
      bearerToken: async () => 'token-1',
      fetch: async () => Response.json({ connectors: [] }),
    });
    await client.GET('/v2/connect/connectors');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('over real HTTP', () => {
  it('headers that never come end in a timeout, and the connection is closed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let arrive: () => void = () => undefined;
    let hangUp: () => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const closed = new Promise<void>((resolve) => {
      hangUp = resolve;
    });
    const { url } = await startServer(({ socket }) => {
      socket.once('close', hangUp);
      arrive();
    });
    const call = createClient({ baseUrl: url, timeout: 50, maxRetries: 0 }).GET('/v2/connect/connectors');
    const outcome = caught(call, APITimeoutError);
    await arrived;
    await vi.advanceTimersByTimeAsync(50);
    expect((await outcome).timeoutMs).toBe(50);
    await closed;
  });

  it('a body that stalls ends in a timeout', async () => {
    const { url } = await startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"connectors":[');
    });
    const call = createClient({ baseUrl: url, timeout: 50, maxRetries: 0 }).GET('/v2/connect/connectors');
    await caught(call, APITimeoutError);
  });

  it('the body of an error that stalls ends in a timeout', async () => {
    const { url } = await startServer((_, response) => {
      response.writeHead(500);
      response.write('{"error":');
    });
    const call = createClient({ baseUrl: url, timeout: 50, maxRetries: 0 }).GET('/v2/connect/connectors');
    await caught(call, APITimeoutError);
  });

  it('a stream outlives the timeout, and ends with the signal', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let sendMore: () => void = () => undefined;
    const { url } = await startServer((_, response) => {
      response.write('first');
      sendMore = () => response.write('second');
    });
    const controller = new AbortController();
    const client = createClient({ baseUrl: url, timeout: 50, maxRetries: 0 });
    const { data } = await client.GET('/v2/connect/connectors', {
      parseAs: 'stream',
      signal: controller.signal,
    });
    const reader = data?.getReader();
    const read = async () => Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(await read()).toBe('first');
    await vi.advanceTimersByTimeAsync(1_000);
    sendMore();
    expect(await read()).toBe('second');
    const rest = reader?.read();
    controller.abort(new Error('enough'));
    await expect(rest).rejects.toThrow('enough');
  });
});
