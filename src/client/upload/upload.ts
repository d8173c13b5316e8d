import { type CallFacts, checkArgument, InvalidArgumentError, withCallerFrames } from '../../errors/index.js';
import { type TimedCall, TotalTimeout, withinCall } from '../../transport/timeout.js';

import { toHex } from '../../util/bytes.js';
import { isRecord } from '../../util/is-record.js';
import { nodeModule } from '../../util/node-module.js';
import { copyInit, type UntypedInit } from '../call.js';

import { operationFor, refuseFurtherArgument, uploadsOf } from '../client-operations.js';
import { checkMs, MAX_TIMEOUT_MS } from '../options.js';
import type {
  BodilessInit,
  Client,
  OperationFor,
  OperationId,
  Result,
  SuccessBody,
  UploadPath,
} from '../types.js';

import { UploadBody } from './upload-body.js';
import { fileError, openSource, type Source, type UploadFile } from './upload-source.js';

export type { UploadFile } from './upload-source.js';

/** Progress of an upload. */
export interface UploadProgress {
  /** Bytes handed to the network in this attempt; a further attempt begins at 0 again. */
  readonly sentBytes: number;
  /** `undefined` for a stream without a `length`. */
  readonly totalBytes: number | undefined;
}

/** The fields that {@link upload} takes besides those of a call. */
export interface UploadOptions {
  /** The bytes. A path is read in Node.js alone. */
  readonly file: UploadFile;
  /** Length of a stream in bytes, if it is known; the other kinds know theirs. */
  readonly length?: number | undefined;
  /**
   * SHA-1 of the bytes in hexadecimal, sent as `x-vercel-digest`. Default: computed where the path is one of files
   * (`/v2/files`) and the bytes can be read twice. `false` sends none.
   */
  readonly digest?: string | false | undefined;
  /** Called as bytes leave; an error that it throws is ignored. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/**
 * Uploads bytes with their length and digest.
 *
 * Bytes that can be read again (all but a stream) are sent again like any other call: where the operation may be repeated,
 * reading them anew each time. A stream is sent once.
 *
 * @param operation - A POST or PUT operation of the client's document, by its id or its path.
 * @param options - The bytes, and what `client.POST` takes besides a body. `Content-Length` and the digest are computed.
 * @throws {InvalidArgumentError} For bytes that cannot be read, and a stream where the digest must be known.
 *
 * @example
 * await upload(client, 'uploadFile', { file: './icon.png', onProgress: ({ sentBytes }) => console.log(sentBytes) });
 */
export async function upload<P, O, Target extends UploadPath<P> | OperationId<O>>(
  client: Client<P, O>,
  operation: Target,
  options: UploadOptions & BodilessInit<OperationFor<P, O, Target, 'post' | 'put'>, 'json'>,
  ...further: readonly never[]
): Promise<Result<SuccessBody<OperationFor<P, O, Target, 'post' | 'put'>>>> {
  refuseFurtherArgument(further, 'upload');
  const facts = operationFor(client, operation, ['POST', 'PUT']);
  checkArgument(isRecord(options), 'options', 'must be an object', options);
  // What every init is, once its types are gone.
  const { file, length, digest, onProgress, ...init } = copyInit(options, UPLOAD_FIELDS) as UploadOptions &
    UntypedInit;
  const { params, signal, totalTimeout } = init;
  const ms = totalTimeout === undefined ? Number.POSITIVE_INFINITY : checkMs('totalTimeout', totalTimeout);
  // Bounds what comes before the call itself: the wait for a place, and reading the bytes for their digest.
  const bound: TimedCall = {
    ...facts,
    signal,
    hasIdleTimeout: true,
    timeoutMs: MAX_TIMEOUT_MS,
    totalTimeout: new TotalTimeout(ms),
  };
  const release = await withCallerFrames(withinCall(uploadsOf(client).acquire(signal), bound));
  try {
    const upload = { file, length, digest, onProgress };
    const { header, body } = await withCallerFrames(withinCall(prepare(upload, facts, signal), bound));
    // The document's types end here; they come back with the type of the result.
    const send = client[facts.method === 'PUT' ? 'PUT' : 'POST'] as unknown as (
      path: string,
      init: UntypedInit,
    ) => Promise<Result<unknown>>;
    const ownHeader = params?.header as object | undefined;
    return (await send(facts.path, {
      ...init,
      ...(totalTimeout === undefined ? {} : { totalTimeout: Math.max(1, bound.totalTimeout.leftMs()) }),
      params: { ...params, header: { ...header, ...ownHeader } },
      body,
    })) as Result<SuccessBody<OperationFor<P, O, Target, 'post' | 'put'>>>;
  } finally {
    release();
  }
}

const UPLOAD_FIELDS = ['file', 'length', 'digest', 'onProgress'];

/** Opens the bytes, and finds out their length and digest. */
async function prepare(upload: UploadOptions, facts: CallFacts, signal: AbortSignal | undefined) {
  const source = await openSource(upload.file, facts);
  const length = upload.length ?? source.length;
  const isLength = length === undefined || (Number.isSafeInteger(length) && length >= 0);
  checkArgument(isLength, 'length', 'must be a whole number of bytes', length);
  const digest = await digestOf(upload.digest, source, facts, signal);
  const header = {
    ...(length === undefined ? {} : { 'content-length': String(length) }),
    ...(digest === undefined ? {} : { 'x-vercel-digest': digest }),
  };
  const open = (onChunk: (sentBytes: number) => void) =>
    counted(source.open(), length, onChunk, upload.onProgress);
  return { header, body: new UploadBody(open, source.isRereadable) };
}

async function digestOf(
  digest: UploadOptions['digest'],
  source: Source,
  facts: CallFacts,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (typeof digest === 'string') {
    if (/^[0-9a-f]{40}$/i.test(digest)) return digest;
    throw new InvalidArgumentError('digest', 'must be a SHA-1 of 40 hexadecimal digits');
  }
  if (digest === false || !facts.path.endsWith('/files')) return undefined;
  checkArgument(source.isRereadable, 'digest', 'must be given for a stream, which cannot be read twice');
  try {
    const bytes = source.open();
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
  } catch (cause) {
    throw signal?.aborted ? signal.reason : fileError(cause, facts);
  }
}

function counted(
  bytes: ReadableStream<Uint8Array>,
  totalBytes: number | undefined,
  onChunk: (sentBytes: number) => void,
  onProgress: UploadOptions['onProgress'],
): ReadableStream<Uint8Array> {
  let sentBytes = 0;
  const report = () => {
    try {
      onProgress?.({ sentBytes, totalBytes });
    } catch {
      // A listener that fails must not end the upload.
    }
  };
  return bytes.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: report,
      transform(chunk, controller) {
        controller.enqueue(chunk);
        sentBytes += chunk.byteLength;
        onChunk(sentBytes);
        report();
      },
    }),
  );
}
