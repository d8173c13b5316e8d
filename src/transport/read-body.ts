import { APIConnectionError, MalformedResponseError, ResponseTooLargeError } from '../errors/index.js';
import { responseFacts } from '../http/request-id.js';
import { successTypes } from '../openapi/operation-info.js';
import type { Bytes } from '../util/bytes.js';
import { isFrameworkError } from '../util/framework-error.js';
import { parseJson } from '../util/parse-json.js';
import type { CallContext, Middleware } from './middleware.js';
import { safeCause } from './safe-cause.js';

interface ParsedBody {
  /** Parsed JSON, text, bytes, a stream, or `undefined` for an empty body. */
  readonly data: unknown;
}

/** Parsed bodies by response: a `Response` gives its body once, and the middleware above need it again. */
export type ParsedBodies = WeakMap<Response, ParsedBody>;

/** Longest error body that is read, in bytes after decompression. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Reads and parses the body inside the attempt. A truncated or stalled body then fails like any other failure of the attempt:
 * in time, and where the retry middleware sees it.
 *
 * With `parseAs: 'stream'` a success is passed on unread, and each silence in it is still bounded; the body of an error is
 * always read.
 *
 * @param parsedBodies - Receives the result, by response.
 * @param trustsLength - Whether no body can be longer than its `content-length`: true of the runtime's own `fetch`, not of
 *   one of the caller's.
 * @throws {MalformedResponseError} For a success that has no JSON body where the call must have one.
 * @throws {ResponseTooLargeError} For a parsed body over `call.maxBodyBytes`.
 */
export function readBodyMiddleware(parsedBodies: ParsedBodies, trustsLength = true): Middleware {
  return (next) =>
    async function readBody(request, call) {
      const response = await next(request, call);
      const data = response.ok
        ? await readSuccess(response, call, trustsLength)
        : await readFailure(response, call);
      parsedBodies.set(response, { data });
      return response;
    };
}

async function readSuccess(response: Response, call: CallContext, trustsLength: boolean): Promise<unknown> {
  const { parseAs, timer, maxBodyBytes } = call;
  const { headers } = response;
  if (parseAs === 'stream') {
    const { body = await streamOfText(response) } = response;
    return watchBody(body, call);
  }
  const isParsed = parseAs === 'json' || parseAs === 'text';
  const length = headers.get('content-length') ?? '';
  // The bytes of a body that declares its length and is not compressed need not be counted.
  const isShort = /^\d+$/.test(length) && Number(length) <= maxBodyBytes && !headers.has('content-encoding');
  const limit = isParsed ? maxBodyBytes : Number.POSITIVE_INFINITY;
  let text: string;
  try {
    if (isParsed && trustsLength && isShort) text = await response.text();
    else {
      const { body = await streamOfText(response) } = response;
      const bytes = await readBytes(body, limit, () => timer?.touch());
      if (parseAs === 'arrayBuffer') return bytes.buffer;
      if (parseAs === 'blob') return new Blob([bytes], { type: headers.get('content-type') ?? '' });
      text = new TextDecoder().decode(bytes);
    }
  } catch (cause) {
    throw unreadable(cause, response, call);
  }
  return parseAs === 'text' ? text : parseSuccess(text, response, call);
}

/** Returns the body of a response of an implementation without streams, as React Native's. */
async function streamOfText(response: Response): Promise<Response['body']> {
  return new Response(typeof response.text === 'function' ? await response.text() : null).body;
}

/** Returns the error of a body that breaks off or is too long. */
function unreadable(cause: unknown, response: Response, call: CallContext): unknown {
  if (isFrameworkError(cause)) return cause;
  const facts = responseFacts(response, call, call.secrets);
  if (cause instanceof BodyLimitError) return new ResponseTooLargeError(call.maxBodyBytes, facts);
  const safe = safeCause(cause, call.secrets);
  return new MalformedResponseError('it ended before it was complete', facts, { cause: safe });
}

async function readFailure(response: Response, { timer }: CallContext): Promise<unknown> {
  let text: string;
  try {
    const { body = await streamOfText(response) } = response;
    const bytes = await readBytes(body, MAX_ERROR_BYTES, () => timer?.touch());
    text = new TextDecoder().decode(bytes);
  } catch (error) {
    // The status alone makes an error, so a body that breaks off is not another one.
    return error instanceof BodyLimitError ? new TextDecoder().decode(error.bytes) : undefined;
  }
  if (text === '') return undefined;
  const parsed = parseJson(text);
  return parsed === undefined ? text : parsed.value;
}

/**
 * Returns the stream of a body, which passes chunks on when they are read. The timer of the attempt runs while its reader waits
 * for a chunk, and ends with it.
 */
function watchBody(body: Response['body'], call: CallContext): unknown {
  const { timer, method, path, secrets } = call;
  if (body === null || timer === undefined) return body;
  timer.bodyHandedOver = true;
  timer.pause();
  const { signal } = timer;
  const reader = body.getReader();
  const source = {
    start(controller: ReadableStreamDefaultController<Uint8Array>) {
      // The stream below need not know the signal: a caller's own fetch may ignore it.
      const onAbort = () => {
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => undefined);
      };
      signal.addEventListener('abort', onAbort, { once: true });
    },
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      timer.touch();
      try {
        const { done, value } = await reader.read();
        if (done) {
          timer.stop();
          controller.close();
        } else {
          timer.pause();
          controller.enqueue(value);
        }
      } catch (cause) {
        timer.stop();
        const message = `${method} ${path} was cut off while its body was read`;
        if (signal.aborted) controller.error(signal.reason);
        else if (isFrameworkError(cause)) controller.error(cause);
        else controller.error(new APIConnectionError(message, call, { cause: safeCause(cause, secrets) }));
      }
    },
    cancel(reason: unknown) {
      timer.stop();
      return reader.cancel(reason);
    },
  };
  // Nothing is read ahead: a slow consumer must not look like a silent server.
  return new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
}

function parseSuccess(text: string, response: Response, call: CallContext): unknown {
  if (call.method === 'HEAD' || response.status === 204) return undefined;
  try {
    if (text !== '') return JSON.parse(text);
  } catch {
    if (successTypes(call.operation, response.status)?.length === 0) return text;
    // The parser's own error quotes the body.
    throw new MalformedResponseError('it is not JSON', responseFacts(response, call, call.secrets));
  }
  const types = successTypes(call.operation, response.status) ?? [];
  if (types.length === 0) return undefined;
  throw new MalformedResponseError(
    'it is empty, and the document gives it a body',
    responseFacts(response, call, call.secrets),
  );
}

/** The body went over its limit; reading was stopped and the rest cancelled. */
export class BodyLimitError extends Error {
  /** The part of the body that was read. */
  readonly bytes: Bytes;

  constructor(bytes: Bytes) {
    super('the body is over its limit');
    this.bytes = bytes;
  }
}

/**
 * Reads a body whole, counting bytes as they come out of decompression.
 *
 * @param limit - Most bytes to take; `Infinity` for all.
 * @param onChunk - Called with each chunk. An error that it throws ends the reading.
 * @throws {BodyLimitError} Past the limit.
 */
export async function readBytes(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  onChunk?: (chunk: Uint8Array) => void,
): Promise<Bytes> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  try {
    while (length <= limit) {
      const { done = true, value } = (await reader?.read()) ?? {};
      if (done || value === undefined) break;
      chunks.push(value);
      length += value.byteLength;
      if (length <= limit) onChunk?.(value);
    }
    const bytes = new Uint8Array(length);
    let offset = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, offset);
      offset += chunk.byteLength;
    }
    if (length > limit) throw new BodyLimitError(bytes.subarray(0, limit));
    return bytes;
  } catch (error) {
    // Not waited for: a source that does not stop must not hold up the error.
    reader?.cancel().catch(() => undefined);
    throw error;
  }
}
