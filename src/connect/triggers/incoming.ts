import type { IncomingMessage } from 'node:http';
import { checkArgument, InvalidArgumentError } from '../../errors/index.js';
import { isRecord, recordOf } from '../../util/is-record.js';
import { describeValue } from '../../util/redact.js';
import { VerificationError } from './verification-error.js';

const DEFAULT_MAX_BODY_BYTES = 5_000_000;

/** A request as a server gets it: of the Fetch standard, or Node's own. */
export type IncomingRequest = Request | IncomingMessage;

/** Bytes of a body that somebody has read already. */
export type RawBody = Uint8Array | ArrayBuffer | string;

/**
 * The one value of a header.
 *
 * @returns `undefined` where it is absent, or sent more than once: a proxy and this program might each read another one.
 */
export function readHeader(request: IncomingRequest, name: string): string | undefined {
  if (isNode(request)) {
    const values = request.rawHeaders.filter(
      (_, index, all) => index % 2 === 1 && all[index - 1]?.toLowerCase() === name,
    );
    return values.length === 1 ? values[0] : undefined;
  }
  // The standard joins several with a comma, which no value that is read here can have.
  return request.headers.get(name) ?? undefined;
}

/**
 * Reads the bytes of a body, as they were sent.
 *
 * Of a body that is too long nothing more is kept, and the rest is read all the same: a connection whose request was cut off
 * in its middle cannot carry the next one.
 *
 * @param given - The body where a framework has read it; its bytes, not what it parsed of them.
 * @throws {VerificationError} For a body over `maxBytes`, and for one that ends before its time.
 * @throws {InvalidArgumentError} For a body that was read already, in part or whole, and not given.
 */
export async function readRawBody(
  request: IncomingRequest,
  given: RawBody | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  if (given === undefined) return isNode(request) ? readNode(request, maxBytes) : readWeb(request, maxBytes);
  let bytes: Uint8Array;
  if (typeof given === 'string') bytes = new TextEncoder().encode(given);
  else if (given instanceof Uint8Array) bytes = given;
  else if (given instanceof ArrayBuffer) bytes = new Uint8Array(given);
  else
    throw new InvalidArgumentError(
      'options.body',
      `must be the raw bytes or text of the body, got ${describeValue(given)}`,
    );
  if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

/** Checks the longest body that is taken. @throws {InvalidArgumentError} */
export function checkMaxBodyBytes(value: unknown = DEFAULT_MAX_BODY_BYTES): number {
  const isSize = typeof value === 'number' && value >= 0;
  checkArgument(isSize, 'options.maxBodyBytes', 'must be a number of bytes, 0 or more', value);
  return value;
}

/** @throws {InvalidArgumentError} For a value that is not a request. */
export function checkRequest(request: unknown): asserts request is IncomingRequest {
  if (request instanceof Request) return;
  const { rawHeaders, on, headers } = recordOf(request);
  const isNodes = Array.isArray(rawHeaders) && typeof on === 'function';
  // A Request of another implementation has the same shape.
  const isShaped = isNodes || (isRecord(headers) && typeof headers.get === 'function');
  checkArgument(isShaped, 'request', "must be a Request or Node's IncomingMessage", request);
}

function isNode(request: IncomingRequest): request is IncomingMessage {
  return 'rawHeaders' in request;
}

function readNode(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  // `readableEnded` alone would take the second half of a body for the whole.
  if (request.readableDidRead || request.readableEnded) throw alreadyRead();
  // With an encoding the chunks are text, whose bytes are gone.
  if (request.readableEncoding !== null)
    throw new InvalidArgumentError('options.body', 'must be given where the request has an encoding set');
  if (request.destroyed) throw incomplete();
  return new Promise((resolve, reject) => {
    const kept = new KeptBytes(maxBytes);
    const onData = (chunk: Uint8Array) => {
      if (kept.add(chunk)) return;
      // Without a listener for `data` the stream flows on, and nothing is kept.
      request.off('data', onData);
      reject(tooLarge(maxBytes));
    };
    request.on('data', onData);
    request.once('end', () => resolve(kept.join()));
    // After the promise has settled, these only keep an error from being thrown because nothing listens for it.
    request.on('error', (cause) => reject(incomplete({ cause })));
    request.once('close', () => reject(incomplete()));
    request.resume();
  });
}

async function readWeb(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (request.bodyUsed || request.body?.locked === true) throw alreadyRead();
  const reader = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const kept = new KeptBytes(maxBytes);
  for (;;) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw incomplete({ cause });
    });
    if (done) return kept.join();
    if (kept.add(value)) continue;
    void drain(reader);
    throw tooLarge(maxBytes);
  }
}

/** Most bytes that are read to no end, of a stream that may have none. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;

/** Reads the rest without keeping it. A cancelled body makes some servers destroy the connection under it. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    for (let length = 0; length < MAX_DRAINED_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) return;
      length += value.byteLength;
    }
    await reader.cancel();
  } catch {
    // The sender has gone, which is no concern of a request that was refused.
  }
}

class KeptBytes {
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(readonly maxBytes: number) {}

  /** @returns `false` past the limit, when what was kept is dropped. */
  add(chunk: Uint8Array): boolean {
    this.#length += chunk.byteLength;
    if (this.#length <= this.maxBytes) this.#chunks.push(chunk);
    else this.#chunks = [];
    return this.#length <= this.maxBytes;
  }

  join(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    return bytes;
  }
}

function tooLarge(maxBytes: number): VerificationError {
  return new VerificationError('body_too_large', `The body is longer than ${maxBytes} bytes`);
}

function alreadyRead(): InvalidArgumentError {
  return new InvalidArgumentError(
    'options.body',
    'must be the raw bytes of the body: it was read, in part or whole, before it got here, e.g. by a body parser',
  );
}

function incomplete(options?: ErrorOptions): VerificationError {
  return new VerificationError('body_incomplete', 'The request ended before its body did', options);
}
