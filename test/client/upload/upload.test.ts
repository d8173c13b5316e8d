import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createClient,
  InternalServerError,
  InvalidArgumentError,
  type UploadFile,
  type UploadProgress,
  upload,
} from '../../../src/index.js';
import { caught } from '../../helpers/caught.js';
import { startServer } from '../../helpers/loopback-server.js';
import { tableOf } from '../../helpers/table-of.js';

const BYTES = new Uint8Array(300_000).map((_, index) => index % 251);
const DIGEST = createHash('sha1').update(BYTES).digest('hex');

/** The shape of the artifact upload of the published document. */
interface ArtifactPaths {
  '/v8/artifacts/{hash}': {
    put: {
      parameters: { path: { hash: string }; header?: { 'x-artifact-duration'?: number } };
      requestBody: { content: { 'application/octet-stream': string } };
      responses: { 202: { content: { 'application/json': { urls: string[] } } } };
    };
  };
}

const ARTIFACTS = tableOf({
  uploadArtifact: {
    method: 'PUT',
    path: '/v8/artifacts/{hash}',
    team: ['teamId'],
    safeToRepeat: true,
    body: ['application/octet-stream'],
    success: { 202: ['application/json'] },
  },
});

/** A server that keeps what it gets, and answers with the statuses in order, then with 200. */
async function storing(...statuses: readonly number[]) {
  const bodies: Buffer[] = [];
  const { url, requests } = await startServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(Buffer.concat(chunks));
    const status = statuses[bodies.length - 1] ?? 200;
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after-ms': '0' });
    response.end(status < 400 ? '{"urls":["u"]}' : '{"error":{"code":"x","message":"m"}}');
  });
  const client = createClient({ baseUrl: url, bearerToken: 'token-1' });
  return { url, client, bodies, headers: () => requests.map(({ headers }) => headers) };
}

async function fileOf(bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vercel-rest-upload-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'file.bin');
  await writeFile(path, bytes);
  return path;
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + 10_000));
      at += 10_000;
    },
  });
}

/** Bytes as a test in the jsdom of a runner has them: of another realm. */
const FOREIGN: Uint8Array = runInNewContext('Uint8Array.from(bytes)', { bytes: BYTES });

const KINDS: readonly (readonly [string, () => UploadFile | Promise<UploadFile>])[] = [
  ['a Uint8Array', () => BYTES],
  ['a Buffer', () => Buffer.from(BYTES)],
  ['a Uint8Array of another realm', () => FOREIGN],
  ['an ArrayBuffer', () => BYTES.slice().buffer],
  ['a Blob', () => new Blob([BYTES])],
  ['a path', () => fileOf(BYTES)],
];

describe('upload', () => {
  it.each(KINDS)('sends %s with its length and digest', async (_, make) => {
    const { client, bodies, headers } = await storing();
    const { data } = await upload(client, '/v2/files', { file: await make() });
    expect(data).toEqual({ urls: ['u'] });
    expect(bodies[0]?.equals(BYTES)).toBe(true);
    expect(headers()[0]).toMatchObject({
      'content-length': '300000',
      'content-type': 'application/octet-stream',
      'x-vercel-digest': DIGEST,
      authorization: 'Bearer token-1',
    });
    expect(headers()[0]).not.toHaveProperty('transfer-encoding');
  });

  it.each(KINDS)('sends %s again, from its beginning', async (_, make) => {
    const { client, bodies } = await storing(503, 503);
    const seen: UploadProgress[] = [];
    await upload(client, '/v2/files', { file: await make(), onProgress: (one) => seen.push(one) });
    expect(bodies.map((body) => body.equals(BYTES))).toEqual([true, true, true]);
    expect(seen.filter(({ sentBytes }) => sentBytes === 0)).toHaveLength(3);
    expect(seen.at(-1)).toEqual({ sentBytes: 300_000, totalBytes: 300_000 });
  });

  it('sends bytes again after a 401, with the new credential', async () => {
    const { url, bodies, headers } = await storing(401);
    let asked = 0;
    const client = createClient({ baseUrl: url, bearerToken: async () => `token-${++asked}`, maxRetries: 0 });
    await upload(client, '/v2/files', { file: BYTES });
    expect(bodies.map((body) => body.equals(BYTES))).toEqual([true, true]);
    expect(headers().map(({ authorization }) => authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('sends a stream once, with the length and digest that it is given', async () => {
    const { client, bodies, headers } = await storing(503);
    const call = upload(client, '/v2/files', { file: streamOf(BYTES), length: 300_000, digest: DIGEST });
    await caught(call, InternalServerError);
    expect(bodies.map((body) => body.equals(BYTES))).toEqual([true]);
    expect(headers()[0]).toMatchObject({ 'content-length': '300000', 'x-vercel-digest': DIGEST });
  });

  it('sends a Readable of Node.js once, of bytes or of text', async () => {
    const { client, bodies, headers } = await storing(200, 200, 503);
    const path = await fileOf(BYTES);
    await upload(client, '/v2/files', { file: createReadStream(path), length: 300_000, digest: DIGEST });
    expect(headers()[0]).toMatchObject({ 'content-length': '300000', 'x-vercel-digest': DIGEST });
    const text = createReadStream(await fileOf(Buffer.from('žluťoučký kůň')), { encoding: 'utf8' });
    await upload(client, '/v2/files', { file: text, digest: false });
    const file = createReadStream(path);
    await caught(upload(client, '/v2/files', { file, digest: false }), InternalServerError);
    expect(file.destroyed).toBe(true);
    expect(bodies.map((body) => body.length)).toEqual([300_000, 19, 300_000]);
    expect(bodies[0]?.equals(BYTES)).toBe(true);
    expect(bodies[1]?.toString()).toBe('žluťoučký kůň');
  });

  it('names what a Readable gives that is neither bytes nor text', async () => {
    const { client } = await storing();
    const file = Readable.from([1, 2]);
    const error = await caught(upload(client, '/v2/files', { file, digest: false }), InvalidArgumentError);
    expect(error.message).toContain('must give bytes or text, gave a number');
  });

  it.each<
    [string, (file: ReadableStream<Uint8Array>, client: ReturnType<typeof createClient>) => Promise<unknown>]
  >([
    ['file', (file, client) => upload(client, '/v2/files', { file, digest: false })],
    ['body', (body, client) => client.POST('/v2/files', { body } as never)],
  ])('tells a %s that fails from a network that does, and sends it once', async (argument, send) => {
    const { client, headers } = await storing();
    const cause = Object.assign(new Error('the bucket closed the connection'), { code: 'ECONNRESET' });
    let chunks = 0;
    const failing = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (chunks++ > 3) throw cause;
        controller.enqueue(BYTES.subarray(0, 10_000));
      },
    });
    const error = await caught(send(failing, client), InvalidArgumentError);
    expect([error.argument, error.message]).toEqual([
      argument,
      expect.stringContaining('could not be read to its end; the cause says why'),
    ]);
    expect(error.cause).toMatchObject({ message: 'the bucket closed the connection', code: 'ECONNRESET' });
    expect(headers().length).toBeLessThan(2);
  });

  it('sends a stream of unknown length in chunks', async () => {
    const { client, bodies, headers } = await storing();
    await upload(client, '/v2/files', { file: streamOf(BYTES), digest: false });
    expect(bodies[0]?.equals(BYTES)).toBe(true);
    expect(headers()[0]).toMatchObject({ 'transfer-encoding': 'chunked' });
    expect(headers()[0]).not.toHaveProperty('x-vercel-digest');
  });

  it('fails where a stream is not as long as it was said to be', async () => {
    const { client } = await storing();
    const wrong = { file: streamOf(BYTES), length: 300_001, digest: false } as const;
    await caught(upload(client, '/v2/files', wrong), InvalidArgumentError);
  });

  it('goes to a PUT operation with its own headers and no digest', async () => {
    const { url, bodies, headers } = await storing();
    const client = createClient<ArtifactPaths>({
      baseUrl: url,
      operations: ARTIFACTS,
      bearerToken: 'token-1',
      teamId: 'team_1',
    });
    await upload(client, '/v8/artifacts/{hash}', {
      file: BYTES,
      params: { path: { hash: 'abc' }, header: { 'x-artifact-duration': 12 } },
    });
    expect(bodies[0]?.equals(BYTES)).toBe(true);
    expect(headers()[0]).toMatchObject({ 'x-artifact-duration': '12', 'content-length': '300000' });
    expect(headers()[0]).not.toHaveProperty('x-vercel-digest');
  });

  it('tells of its progress, in order and to the end', async () => {
    const { client } = await storing();
    const seen: number[] = [];
    const onProgress = ({ sentBytes }: UploadProgress) => {
      seen.push(sentBytes);
      throw new Error('a listener that fails');
    };
    await upload(client, '/v2/files', { file: streamOf(BYTES), digest: false, onProgress });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(300_000);
    expect(seen.length).toBeGreaterThan(20);
  });

  it('ends with the reason of the signal', async () => {
    const { client } = await storing();
    const controller = new AbortController();
    const reason = new Error('enough');
    const onProgress = ({ sentBytes }: UploadProgress) => {
      if (sentBytes > 50_000) controller.abort(reason);
    };
    const call = upload(client, 'uploadFile', {
      file: streamOf(BYTES),
      digest: false,
      onProgress,
      signal: controller.signal,
    });
    await expect(call).rejects.toBe(reason);
  });

  it('sends an empty file', async () => {
    const { client, bodies, headers } = await storing();
    await upload(client, '/v2/files', { file: new Uint8Array() });
    expect(bodies[0]?.length).toBe(0);
    expect(headers()[0]).toMatchObject({ 'content-length': '0' });
  });

  it.each([
    ['file', { file: 7 }],
    ['file', { file: '/nowhere/at/all.png' }],
    ['file', { file: tmpdir() }],
    ['digest', { file: BYTES, digest: 'abc' }],
    ['digest', { file: streamOf(BYTES) }],
    ['length', { file: streamOf(BYTES), digest: false, length: -1 }],
  ])('names the %s that cannot work (%#)', async (argument, wrong) => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:1' });
    // What a caller without types can pass.
    const call = upload(client, '/v2/files', wrong as { file: UploadFile });
    expect((await caught(call, InvalidArgumentError)).argument).toBe(argument);
  });

  it('names the new place of the options that were a fourth argument', async () => {
    const client = createClient({ baseUrl: 'http://127.0.0.1:1' });
    // What a caller without types can pass.
    const old = upload as unknown as (...call: unknown[]) => Promise<unknown>;
    const call = old(client, '/v2/files', { file: BYTES }, { maxRetries: 0 });
    expect((await caught(call, InvalidArgumentError)).message).toContain(
      'upload(client, operation, { ...options, params })',
    );
  });

  it('refuses a path that takes nothing', async () => {
    const client = createClient();
    const call = upload(client, '/v1/nothing' as '/v2/files', { file: BYTES });
    expect((await caught(call, InvalidArgumentError)).argument).toBe('operation');
  });
});

it("sends with a client of another installed copy of the package, as 'paginate' and 'stream' do", async () => {
  const { client, bodies, headers } = await storing(503);
  vi.resetModules();
  const theirs = await import('../../../src/index.js');
  expect(theirs.upload).not.toBe(upload);
  await theirs.upload(client, 'uploadFile', { file: BYTES });
  expect(bodies.map((body) => createHash('sha1').update(body).digest('hex'))).toEqual([DIGEST, DIGEST]);
  expect(headers()[1]).toMatchObject({ 'x-vercel-digest': DIGEST, 'content-length': String(BYTES.length) });
});
