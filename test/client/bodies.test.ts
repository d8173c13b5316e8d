import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createClient, InvalidArgumentError, type OperationInfo } from '../../src/index.js';
import { json } from '../helpers/answers.js';
import { caught } from '../helpers/caught.js';
import { startServer } from '../helpers/loopback-server.js';
import { answeringFetch } from '../helpers/observed-fetch.js';
import { tableFor } from '../helpers/table-of.js';

/** A call as someone without TypeScript could write it. */
type UncheckedCall = (target: string, init?: unknown) => Promise<{ readonly data: unknown }>;

/** A client of one POST operation, which takes and answers the given media types, before a real server. */
async function posting(body: readonly string[] | undefined, more: Partial<OperationInfo> = {}) {
  const got: { type: string | undefined; length: string | undefined; text: string }[] = [];
  const { url } = await startServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { 'content-type': type, 'content-length': length } = request.headers;
    got.push({ type, length, text: Buffer.concat(chunks).toString('latin1') });
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  const operations = tableFor(['POST', '/v1/things', { ...(body && { body }), ...more }]);
  const client = createClient({ baseUrl: url, operations, maxRetries: 0 });
  const post = client.POST as unknown as UncheckedCall;
  const send = (value: unknown, init: object = {}) => post('/v1/things', { body: value, ...init });
  return { got, send };
}

const bytes = () => new Uint8Array([0, 255, 34, 10]);
const TEXT = '\u0000\u00ff"\n';
const stream = () => new Blob([bytes()]).stream();

describe('a body is sent as it is', () => {
  it.each<[string, string[], () => unknown, string | undefined, string]>([
    ['JSON', ['application/json'], () => ({ a: [1, 'é'] }), 'application/json', '{"a":[1,"Ã©"]}'],
    ['a JSON text', ['application/json'], () => 'hello', 'application/json', '"hello"'],
    ['null', ['application/json'], () => null, 'application/json', 'null'],
    [
      'a merge patch',
      ['application/merge-patch+json'],
      () => ({ a: null }),
      'application/merge-patch+json',
      '{"a":null}',
    ],
    ['text', ['text/plain'], () => 'hello "you"', 'text/plain', 'hello "you"'],
    ['XML', ['application/xml'], () => '<a/>', 'application/xml', '<a/>'],
    [
      'URLSearchParams',
      ['application/x-www-form-urlencoded'],
      () => new URLSearchParams({ a: '1 2', b: '&' }),
      'application/x-www-form-urlencoded',
      'a=1+2&b=%26',
    ],
    [
      'an object for a form',
      ['application/x-www-form-urlencoded'],
      () => ({ a: '1 2&', b: [1, true], c: { d: [2] }, e: null, f: undefined, g: [{ h: 1 }], i: [] }),
      'application/x-www-form-urlencoded',
      'a=1%202%26&b=1&b=true&c=%7B%22d%22%3A%5B2%5D%7D&g=%7B%22h%22%3A1%7D',
    ],
    [
      'an object for JSON or a form',
      ['application/x-www-form-urlencoded', 'application/json'],
      () => ({ a: 1 }),
      'application/json',
      '{"a":1}',
    ],
    ['a Uint8Array', ['application/octet-stream'], bytes, 'application/octet-stream', TEXT],
    ['an ArrayBuffer', ['application/octet-stream'], () => bytes().buffer, 'application/octet-stream', TEXT],
    ['a DataView', ['application/gzip'], () => new DataView(bytes().buffer), 'application/gzip', TEXT],
    ['a Blob', ['image/*'], () => new Blob([bytes()], { type: 'image/png' }), 'image/png', TEXT],
    ['a Blob without a type', ['image/*'], () => new Blob([bytes()]), 'application/octet-stream', TEXT],
    ['a ReadableStream', ['application/octet-stream'], stream, 'application/octet-stream', TEXT],
    [
      'a Node.js Readable',
      ['application/octet-stream'],
      () => Readable.from([bytes().subarray(0, 2), bytes().subarray(2)]),
      'application/octet-stream',
      TEXT,
    ],
    [
      'the one of several types that fits',
      ['application/json', 'text/csv', 'application/octet-stream'],
      () => 'a,b',
      'text/csv',
      'a,b',
    ],
  ])('%s', async (_, types, body, type, text) => {
    const { got, send } = await posting(types);
    await send(body());
    expect(got).toEqual([{ type, length: got[0]?.length, text }]);
  });

  it('FormData, with the boundary that fetch chose, whatever content type was set by hand', async () => {
    const { got, send } = await posting(['multipart/form-data']);
    const form = new FormData();
    form.set('name', 'acme');
    form.set('file', new Blob([bytes()]), 'a.bin');
    await send(form, { headers: { 'content-type': 'multipart/form-data' } });
    const [, boundary] = /^multipart\/form-data; boundary=(.+)$/.exec(got[0]?.type ?? '') ?? [];
    expect(boundary).toBeDefined();
    expect(got[0]?.text).toContain(
      `--${boundary}\r\nContent-Disposition: form-data; name="name"\r\n\r\nacme`,
    );
    expect(got[0]?.text).toContain(TEXT);
  });

  it('with the content type that the call names', async () => {
    const { got, send } = await posting(['*/*']);
    await send(bytes(), { headers: { 'content-type': 'image/webp' } });
    expect(got).toEqual([{ type: 'image/webp', length: '4', text: TEXT }]);
  });

  it('a JSON body is written before anything is awaited', async () => {
    const { got, send } = await posting(['application/json']);
    const body = { name: 'before' };
    const call = send(body);
    body.name = 'after';
    await call;
    expect(got[0]?.text).toBe('{"name":"before"}');
  });

  it('16 MiB of bytes cost no walk over each of them', async () => {
    const { send } = await posting(['application/octet-stream']);
    const start = process.cpuUsage();
    await send(new Uint8Array(1 << 24));
    const { user, system } = process.cpuUsage(start);
    // 0.1.0 took 5 s for each MiB.
    expect((user + system) / 1e6).toBeLessThan(5);
  });
});

describe('a body that the operation does not take never leaves', () => {
  const form = () => new FormData();
  const params = () => new URLSearchParams('a=1');

  it.each<[string, string[] | undefined, () => unknown, RegExp]>([
    ['JSON for multipart', ['multipart/form-data'], () => ({ a: 1 }), /must be a FormData.*multipart/],
    [
      'a text for a form',
      ['application/x-www-form-urlencoded'],
      () => 'a=1',
      /must be an object or a URLSear/,
    ],
    ['a list for a form', ['application/x-www-form-urlencoded'], () => [1], /must be an object or a URLSear/],
    ['bytes for a form', ['application/x-www-form-urlencoded'], bytes, /must be an object or a URLSear/],
    ['JSON for bytes', ['application/octet-stream'], () => ({ a: 1 }), /must be a Blob, bytes/],
    ['JSON for text', ['text/plain'], () => ({ a: 1 }), /must be a string/],
    ['text for bytes', ['application/octet-stream'], () => 'hello', /must be a Blob, bytes/],
    ['FormData for JSON', ['application/json'], form, /must be a JSON value.*got a FormData/],
    ['URLSearchParams for JSON', ['application/json'], params, /must be a JSON value.*got a URLSearchParams/],
    ['bytes for JSON', ['application/json'], bytes, /must be a JSON value.*got bytes/],
    ['a Blob for JSON', ['application/json'], () => new Blob(['{}']), /got a Blob/],
    ['a stream for JSON', ['application/json'], stream, /got a ReadableStream/],
    ['a Readable for JSON', ['application/json'], () => Readable.from(['{}']), /got a stream/],
    ['bytes for multipart', ['multipart/form-data'], bytes, /must be a FormData/],
    [
      'a body where there is none',
      undefined,
      () => ({ a: 1 }),
      /must be absent: POST \/v1\/things takes none/,
    ],
  ])('%s', async (_, types, body, message) => {
    const { got, send } = await posting(types);
    const error = await caught(send(body()), InvalidArgumentError);
    expect([error.argument, error.message]).toEqual(['body', expect.stringMatching(message)]);
    expect(got).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['a Map', { a: new Map([['b', 1]]) }, 'body.a'],
    ['a Set', { a: [new Set([1])] }, 'body.a[0]'],
    ['NaN', { a: { b: Number.NaN } }, 'body.a.b'],
    ['Infinity', [Number.POSITIVE_INFINITY], 'body[0]'],
    ['bytes', { a: bytes() }, 'body.a'],
    ['a Blob', { a: new Blob([]) }, 'body.a'],
    ['a function', { a: () => 1 }, 'body.a'],
    ['a bigint', { a: 1n }, 'body'],
    ['an invalid date', { a: [new Date(Number.NaN)] }, 'body.a[0]'],
    ['NaN that toJSON returns', { a: { toJSON: () => ({ b: [Number.NaN] }) } }, 'body.a.b[0]'],
    ['a Map that toJSON returns', { toJSON: () => new Map([['b', 1]]) }, 'body'],
    ['a Map in what toJSON returns', [{ toJSON: () => ({ b: new Map() }) }], 'body[0].b'],
    ['a cycle', Object.assign([], { 0: [] }), ''],
  ])('%s inside JSON', async (name, body, argument) => {
    const { got, send } = await posting(['application/json']);
    const value = name === 'a cycle' ? cycle() : body;
    const error = await caught(send(value), InvalidArgumentError);
    expect(error.argument).toBe(argument === '' ? 'body' : argument);
    expect(got).toEqual([]);
  });

  it('JSON under a content type that is not', async () => {
    const { got, send } = await posting(['application/json']);
    const error = await caught(send({}, { headers: { 'content-type': 'text/csv' } }), InvalidArgumentError);
    expect(error.message).toContain('must be a string, as its content-type says');
    expect(got).toEqual([]);
  });

  it('a Date and other values with toJSON are sent as they write themselves', async () => {
    const { got, send } = await posting(['application/json']);
    await send({ at: new Date(0), left: undefined });
    expect(got[0]?.text).toBe('{"at":"1970-01-01T00:00:00.000Z"}');
    const inner = { toJSON: () => 'inner' };
    await send({ toJSON: () => ({ url: new URL('https://a.example'), inner, left: undefined }) });
    expect(got[1]?.text).toBe('{"url":"https://a.example/","inner":"inner"}');
  });
});

function cycle(): unknown {
  const holder: { self?: unknown } = {};
  holder.self = holder;
  return { holder };
}

describe('a cookie parameter', () => {
  it('is sent beside the cookies of the headers', async () => {
    const { url, requests } = await startServer((_, response) => response.end('{}'));
    const get = createClient({ baseUrl: url }).GET as unknown as UncheckedCall;
    const cookie = { session: 'x y', ids: [1, 2] };
    await get('/v1/things', { params: { cookie }, headers: { cookie: 'own=1' } });
    expect(requests.map(({ headers }) => headers.cookie)).toEqual(['own=1; session=x%20y; ids=1; ids=2']);
  });
});

describe('an answer that is not JSON', () => {
  const getting = (types: readonly string[], response: () => Response) => {
    const network = answeringFetch(response);
    const operations = tableFor(['GET', '/v1/things', { success: { 200: types } }]);
    const client = createClient({ fetch: network.fetch, operations, maxRetries: 3 });
    return { network, get: client.GET as unknown as UncheckedCall };
  };

  it('of bytes is a Blob, and is asked for as what it is', async () => {
    const { network, get } = getting(
      ['application/octet-stream'],
      () => new Response(bytes(), { headers: { 'content-type': 'application/gzip' } }),
    );
    const { data } = await get('/v1/things');
    expect(data).toBeInstanceOf(Blob);
    expect(new Uint8Array(await (data as Blob).arrayBuffer())).toEqual(bytes());
    expect((data as Blob).type).toBe('application/gzip');
    expect(network.requests.map(({ headers }) => headers.get('accept'))).toEqual([
      'application/octet-stream',
    ]);
  });

  it('of text is a string', async () => {
    const { network, get } = getting(['text/csv'], () => new Response('a,b'));
    expect((await get('/v1/things')).data).toBe('a,b');
    expect(network.requests[0]?.headers.get('accept')).toBe('text/csv');
  });

  it('beside JSON is left to who asks for it', async () => {
    const { network, get } = getting(['application/json', 'application/pdf'], () => json({ a: 1 }));
    expect((await get('/v1/things')).data).toEqual({ a: 1 });
    await get('/v1/things', { parseAs: 'blob' });
    expect(network.requests.map(({ headers }) => headers.get('accept'))).toEqual([
      'application/json',
      'application/json, application/pdf',
    ]);
  });

  it.each(['application/stream+json', 'text/event-stream', 'application/x-ndjson'])(
    'of %s is refused before anything is sent, naming stream()',
    async (type) => {
      const { network, get } = getting([type], () => new Response('{}\n{}\n'));
      const error = await caught(get('/v1/things'), InvalidArgumentError);
      expect(error.message).toMatch(/^.*parseAs: must be given.*stream\(client/);
      expect(network.requests).toEqual([]);
      expect((await get('/v1/things', { parseAs: 'text' })).data).toBe('{}\n{}\n');
    },
  );
});
