import type { IncomingMessage } from 'node:http';
import { InvalidArgumentError } from '../../errors/index.js';
import { BodyLimitError, readBytes } from '../../http/limited-body.js';
import { isRecord } from '../../util/is-record.js';
import { describeValue } from '../../util/redact.js';
import { VerificationError } from './verification-error.js';

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
 * The bytes of a body, as they were sent.
 *
 * @param given - The body where a framework has read it; its bytes, not what it parsed of them.
 * @throws {VerificationError} For a body over `maxBytes`.
 * @throws {InvalidArgumentError} For a body that was read already and not given.
 */
export async function readRawBody(
  request: IncomingRequest,
  given: RawBody | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  if (given !== undefined) return checkLength(toBytes(given), maxBytes);
  const isRead = isNode(request) ? request.readableEnded : request.bodyUsed;
  if (isRead) {
    throw new InvalidArgumentError(
      'options.body',
      'must be the raw bytes of the body: it was read before it got here, e.g. by a body parser',
    );
  }
  try {
    if (!isNode(request)) return await readBytes(request.body, maxBytes, () => undefined);
    return await readNode(request, maxBytes);
  } catch (error) {
    if (error instanceof BodyLimitError) throw tooLarge(maxBytes);
    throw error;
  }
}

/** @throws {InvalidArgumentError} For what is no request. */
export function checkRequest(request: unknown): asserts request is IncomingRequest {
  if (request instanceof Request) return;
  if (isRecord(request) && Array.isArray(request.rawHeaders) && Symbol.asyncIterator in request) return;
  // A Request of another implementation has the same shape.
  if (isRecord(request) && isRecord(request.headers) && typeof request.headers.get === 'function') return;
  throw new InvalidArgumentError(
    'request',
    `must be a Request or Node's IncomingMessage, got ${describeValue(request)}`,
  );
}

function isNode(request: IncomingRequest): request is IncomingMessage {
  return 'rawHeaders' in request;
}

async function readNode(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // A request without an encoding gives buffers; with one it gives text, whose bytes are gone.
  for await (const chunk of request as AsyncIterable<unknown>) {
    if (!(chunk instanceof Uint8Array))
      throw new InvalidArgumentError('options.body', 'must be given where the request has an encoding set');
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

function toBytes(body: unknown): Uint8Array {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new InvalidArgumentError(
    'options.body',
    `must be the raw bytes or text of the body, got ${describeValue(body)}`,
  );
}

function checkLength(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

function tooLarge(maxBytes: number): VerificationError {
  return new VerificationError('body_too_large', `The body is longer than ${maxBytes} bytes`);
}
