import { type CallFacts, InvalidArgumentError } from '../../errors/index.js';
import type { OperationTable } from '../../openapi/operation-info.js';
import { TotalTimeout } from '../../transport/total-timeout.js';
import { type WatchedCall, withinCall } from '../../transport/watch.js';
import { toHex } from '../../util/bytes.js';
import { isRecord } from '../../util/is-record.js';
import { nodeModule } from '../../util/node-module.js';
import { describeValue } from '../../util/redact.js';
import type { UntypedInit } from '../call.js';
import { checkPathText } from '../check-path.js';
import { operationOf, uploadsOf } from '../client-operations.js';
import { checkMs, MAX_TIMEOUT_MS } from '../options.js';
import type { Client, InitOf, Result, SuccessBodyAt, UploadPath } from '../types.js';
import { UploadBody } from './upload-body.js';
import { fileError, openSource, type Source, type UploadFile } from './upload-source.js';

export type { UploadFile } from './upload-source.js';

/** How far an upload is. */
export interface UploadProgress {
  /** Bytes handed to the network in this attempt; a further attempt begins at 0 again. */
  readonly sentBytes: number;
  /** `undefined` for a stream without a `length`. */
  readonly totalBytes: number | undefined;
}

/** What is uploaded, and who is told. */
export interface UploadOptions {
  /** The bytes. A path is read in Node alone. */
  readonly file: UploadFile;
  /** Length of a stream in bytes, if it is known; the other kinds tell theirs. */
  readonly length?: number | undefined;
  /**
   * SHA-1 of the bytes in hexadecimal, sent as `x-vercel-digest`. Default: computed where the path is one of files
   * (`/v2/files`) and the bytes can be read twice. `false` sends none.
   */
  readonly digest?: string | false | undefined;
  /** Told as bytes leave; what it throws is ignored. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/**
 * Uploads bytes with their length and digest.
 *
 * Bytes that can be read again (all but a stream) are sent again like any other call: where the operation may be repeated,
 * reading them anew each time. A stream is sent once.
 *
 * @param path - A POST or PUT operation of the client's document.
 * @param upload - The bytes.
 * @param init - As for `client.POST`, without `body`.
 * @throws {InvalidArgumentError} For bytes that cannot be read, and a stream where the digest must be known.
 *
 * @example
 * await upload(client, '/v2/files', { file: './icon.png', onProgress: ({ sentBytes }) => console.log(sentBytes) });
 */
export async function upload<P, Table extends OperationTable, Path extends UploadPath<P>>(
  client: Client<P, Table>,
  path: Path,
  upload: UploadOptions,
  init?: Omit<InitOf<P, Path, 'post' | 'put'>[0], 'body'>,
): Promise<Result<SuccessBodyAt<P, Path, 'post' | 'put'>>> {
  checkPathText(path);
  const route = String(path);
  if (!isRecord(upload))
    throw new InvalidArgumentError('upload', `must be an object, got ${describeValue(upload)}`);
  if (init !== undefined && !isRecord(init))
    throw new InvalidArgumentError('init', `must be an object, got ${describeValue(init)}`);
  const facts = { method: methodOf(client, route), path: route };
  const { params, ...rest } = (init ?? {}) as UntypedInit; // What every init is, once its types are gone.
  const bound = boundOf(rest, facts);
  const release = await withinCall(uploadsOf(client).acquire(rest.signal), bound);
  try {
    const { header, body } = await withinCall(prepare(upload, facts, rest.signal), bound);
    // The document's types end here; they come back with the type of the result.
    const send = client[facts.method] as unknown as (
      path: string,
      init: UntypedInit,
    ) => Promise<Result<unknown>>;
    const ownHeader = params?.header as object | undefined;
    return (await send(route, {
      ...rest,
      ...(rest.totalTimeout === undefined ? {} : { totalTimeout: Math.max(1, bound.totalTimeout.leftMs()) }),
      params: { ...params, header: { ...header, ...ownHeader } },
      body,
    })) as Result<SuccessBodyAt<P, Path, 'post' | 'put'>>;
  } finally {
    release();
  }
}

/** Bounds what comes before the call itself: the wait for a place, and reading the bytes for their digest. */
function boundOf({ signal, totalTimeout }: UntypedInit, facts: CallFacts): WatchedCall {
  const ms = totalTimeout === undefined ? Number.POSITIVE_INFINITY : checkMs('totalTimeout', totalTimeout);
  return { ...facts, signal, paced: true, timeoutMs: MAX_TIMEOUT_MS, totalTimeout: new TotalTimeout(ms) };
}

/** Opens the bytes, and finds out their length and digest. */
async function prepare(upload: UploadOptions, facts: CallFacts, signal: AbortSignal | undefined) {
  const source = await openSource(upload.file, facts);
  const length = upload.length ?? source.length;
  const digest = await digestOf(upload, source, facts, signal);
  const header = {
    ...(length === undefined ? {} : { 'content-length': String(checkLength(length)) }),
    ...(digest === undefined ? {} : { 'x-vercel-digest': digest }),
  };
  const open = (onChunk: (sentBytes: number) => void) =>
    counted(source.open(), length, onChunk, upload.onProgress);
  return { header, body: new UploadBody(open, source.isRereadable) };
}

function methodOf(client: object, path: string): 'POST' | 'PUT' {
  for (const method of ['POST', 'PUT'] as const) if (operationOf(client, method, path)) return method;
  throw new InvalidArgumentError(
    'path',
    "has neither POST nor PUT in this client's document; with a document of your own pass its `operations` to createClient",
  );
}

async function digestOf(
  { digest }: UploadOptions,
  source: Source,
  facts: CallFacts,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (typeof digest === 'string') {
    if (/^[0-9a-f]{40}$/i.test(digest)) return digest;
    throw new InvalidArgumentError('digest', 'must be a SHA-1 of 40 hexadecimal digits');
  }
  if (digest === false || !facts.path.endsWith('/files')) return undefined;
  if (!source.isRereadable)
    throw new InvalidArgumentError('digest', 'must be given for a stream, which cannot be read twice');
  try {
    return await sha1Of(source.open(), signal);
  } catch (cause) {
    throw signal?.aborted ? signal.reason : fileError(cause, facts);
  }
}

async function sha1Of(bytes: ReadableStream<Uint8Array>, signal: AbortSignal | undefined): Promise<string> {
  const hash = nodeModule('node:crypto')?.createHash('sha1');
  if (hash === undefined) {
    // Web Crypto hashes in one step, with the whole file in memory.
    const whole = await new Response(bytes).arrayBuffer();
    return toHex(new Uint8Array(await crypto.subtle.digest('SHA-1', whole)));
  }
  for await (const chunk of bytes) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

function checkLength(length: unknown): number {
  if (typeof length === 'number' && Number.isSafeInteger(length) && length >= 0) return length;
  throw new InvalidArgumentError('length', `must be a whole number of bytes, got ${describeValue(length)}`);
}

function counted(
  bytes: ReadableStream<Uint8Array>,
  totalBytes: number | undefined,
  onChunk: (sentBytes: number) => void,
  onProgress: UploadOptions['onProgress'],
): ReadableStream<Uint8Array> {
  let sentBytes = 0;
  const tell = () => {
    try {
      onProgress?.({ sentBytes, totalBytes });
    } catch {
      // A listener that fails must not decide what becomes of the upload.
    }
  };
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: tell,
      transform(chunk, controller) {
        controller.enqueue(chunk);
        sentBytes += chunk.byteLength;
        onChunk(sentBytes);
        tell();
      },
    }),
  );
}
