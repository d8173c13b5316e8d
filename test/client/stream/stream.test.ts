import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createClient,
  InvalidArgumentError,
  MalformedResponseError,
  NotFoundError,
  type ServerSentEvent,
  type StreamOptions,
  stream,
} from '../../../src/index.js';
import { apiError, streamed } from '../../helpers/answers.js';
import { caught, thrownBy } from '../../helpers/caught.js';
import { answeringFetch } from '../../helpers/observed-fetch.js';
import { tableFor } from '../../helpers/table-of.js';

/** The shape of deployment events and runtime logs in the published document, and one of events. */
interface StreamPaths {
  '/v3/deployments/{idOrUrl}/events': {
    get: {
      parameters: { path: { idOrUrl: string }; query?: { follow?: 0 | 1 } };
      responses: {
        200: {
          content: { 'application/stream+json': { text: string }; 'application/json': { text: string }[] };
        };
      };
    };
  };
  '/v1/events': { get: { responses: { 200: { content: { 'text/event-stream': string } } } } };
}

const LOGS = '/v3/deployments/{idOrUrl}/events';
const TABLE = tableFor(
  ['GET', LOGS, { success: { 200: ['application/stream+json', 'application/json'] } }],
  ['GET', '/v1/events', { success: { 200: ['text/event-stream'] } }],
);
const INIT = { params: { path: { idOrUrl: 'dpl_1' }, query: { follow: 1 } } } as const;

function answering(body: ReadableStream<Uint8Array> | string | null, type = 'application/stream+json') {
  const network = answeringFetch(() => new Response(body, { headers: { 'content-type': type } }));
  const client = createClient<StreamPaths>({
    fetch: network.fetch,
    operations: TABLE,
    bearerToken: 'token-1',
    maxRetries: 0,
  });
  return {
    requests: network.requests,
    logs: (options?: StreamOptions) => stream(client, LOGS, { ...INIT, ...options }),
    events: () => stream(client, '/v1/events'),
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Cuts bytes at the given places, wherever in a character that is. */
function cutAt(text: string, places: readonly number[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const ends = [...cuts, bytes.length];
  return new ReadableStream({
    start(controller) {
      let from = 0;
      for (const end of ends) {
        if (end > from) controller.enqueue(bytes.slice(from, end));
        from = end;
      }
      controller.close();
    },
  });
}

describe('newline-delimited JSON', () => {
  it('gives the values, wherever the chunks are cut, with or without a last line break', async () => {
    const value = fc.record({ text: fc.string({ unit: 'binary' }), at: fc.integer() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 20 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 10 }),
        async (values, lineBreak, ends, places) => {
          const text = values.map((one) => JSON.stringify(one)).join(lineBreak) + (ends ? lineBreak : '');
          expect(await collect(answering(cutAt(text, places)).logs())).toEqual(values);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives each value as it comes, and not only at the end', async () => {
    const { logs } = answering(streamed(['{"text":"a"}\n'], 'stall'));
    for await (const { text } of logs()) {
      expect(text).toBe('a');
      break;
    }
  });

  it('asks for nothing before the loop, and cancels when the loop is left', async () => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('{"text":"a"}\n')),
      cancel: () => {
        isCancelled = true;
      },
    });
    const { logs, requests } = answering(body);
    const items = logs();
    expect(requests).toHaveLength(0);
    for await (const _ of items) break;
    expect(requests[0]?.url).toBe('https://api.vercel.com/v3/deployments/dpl_1/events?follow=1');
    await expect.poll(() => isCancelled).toBe(true);
  });

  it('ends with the reason of the signal in the middle of a silence', async () => {
    const network = answeringFetch(() => new Response(streamed(['{"text":"a"}\n'], 'stall')));
    const client = createClient<StreamPaths>({
      fetch: network.fetch,
      operations: TABLE,
      bearerToken: 'token-1',
    });
    const controller = new AbortController();
    const reason = new Error('enough');
    const walk = async () => {
      const { signal } = controller;
      for await (const _ of stream(client, LOGS, { ...INIT, signal })) controller.abort(reason);
    };
    await expect(walk()).rejects.toBe(reason);
  });

  it.each([
    ['a broken line', '{"text":"a"}\n{"text"\n{"text":"c"}\n', 'line 2 is not JSON'],
    ['a partial last line', '{"text":"a"}\n{"te', 'ends in the middle of a line'],
  ])('reports %s after what came before it, without quoting it', async (_, body, reason) => {
    const seen: string[] = [];
    const walk = async () => {
      for await (const { text } of answering(body).logs()) seen.push(text);
    };
    const error = await caught(walk(), MalformedResponseError);
    expect(error.message).toContain(reason);
    expect(error.message).not.toContain('"te');
    expect(seen).toEqual(['a']);
  });

  it('bounds the length of a line, also of one that never ends', async () => {
    let pulls = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulls += 1;
        controller.enqueue(new TextEncoder().encode('x'.repeat(100)));
      },
    });
    const endlessLine = collect(answering(endless).logs({ maxLineLength: 1_000 }));
    expect((await caught(endlessLine, MalformedResponseError)).message).toContain('1000 characters');
    expect(pulls).toBeLessThan(20);
    const exact = `"${'x'.repeat(8)}"`;
    expect(await collect(answering(`${exact}\n${exact}`).logs({ maxLineLength: 10 }))).toHaveLength(2);
    const over = collect(answering(`${exact}\n`).logs({ maxLineLength: 9 }));
    await caught(over, MalformedResponseError);
  });

  it.each([0, -1, 1.5, 'long', null])('refuses a line length of %j', (maxLineLength) => {
    // What a caller without types can pass.
    const options = { maxLineLength } as StreamOptions;
    const error = thrownBy(() => answering(null).logs(options), InvalidArgumentError);
    expect(error.argument).toBe('maxLineLength');
  });

  it.each([
    ['on one line', '[{"text":"a"},{"text":"b"}]'],
    ['over several', '[\n  {"text":"a"},\n  {"text":"b"}\n]\n'],
    ['as lines after all', '{"text":"a"}\n{"text":"b"}\n'],
  ])('gives the items of a JSON document %s', async (_, body) => {
    expect(await collect(answering(body, 'application/json').logs())).toEqual([{ text: 'a' }, { text: 'b' }]);
  });

  it('names a JSON document that breaks off', async () => {
    await caught(collect(answering('[\n{"text":', 'application/json').logs()), MalformedResponseError);
  });

  it('gives nothing for an empty answer', async () => {
    expect(await collect(answering(null).logs())).toEqual([]);
  });

  it('throws what the API answers', async () => {
    const network = answeringFetch(() => apiError(404));
    const client = createClient<StreamPaths>({
      fetch: network.fetch,
      operations: TABLE,
      bearerToken: 'token-1',
    });
    await caught(collect(stream(client, LOGS, INIT)), NotFoundError);
  });
});

describe('server-sent events', () => {
  const read = (body: string): Promise<ServerSentEvent[]> =>
    collect(answering(body, 'text/event-stream; charset=utf-8').events());

  it('are read as the standard says', async () => {
    const body = [
      ': a comment',
      'data: one',
      '',
      'event: log',
      'id: 7',
      'data: first',
      'data:second',
      'retry: 3000',
      '',
      'event: nothing-to-tell',
      '',
      'data',
      'id: bad\0id',
      'retry: soon',
      '',
      '',
    ].join('\r\n');
    expect(await read(body)).toEqual([
      { event: 'message', data: 'one', id: '', retry: undefined },
      { event: 'log', data: 'first\nsecond', id: '7', retry: 3000 },
      { event: 'message', data: '', id: '7', retry: 3000 },
    ]);
  });

  it.each(['data: one\n\ndata: two\n', 'data: one\n\ndata: tw'])('report a partial end: %j', async (body) => {
    expect((await caught(read(body), MalformedResponseError)).message).toContain('middle of an event');
  });
});
