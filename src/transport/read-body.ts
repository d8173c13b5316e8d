import { APIConnectionError, MalformedResponseError, ResponseTooLargeError } from '../errors/index.js';
import { BodyLimitError, readBytes, watchedStream } from '../http/limited-body.js';
import { readRequestId } from '../http/request-id.js';
import { successTypes } from '../openapi/operation-info.js';
import { isFrameworkError } from '../util/framework-error.js';
import type { CallContext, Middleware } from './middleware.js';
import { safeCause } from './safe-cause.js';

/** The body of a response after it was read. */
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
  if (parseAs === 'stream') return passOn(response, call);
  const isParsed = parseAs === 'json' || parseAs === 'text';
  const limit = isParsed ? maxBodyBytes : Number.POSITIVE_INFINITY;
  let text: string;
  try {
    if (isParsed && trustsLength && isSurelySmall(response, maxBodyBytes)) text = await response.text();
    else {
      const bytes = await readBytes(
        response.body,
        limit,
        call.hasIdleTimeout ? () => timer?.touch() : undefined,
      );
      if (parseAs === 'arrayBuffer') return bytes.buffer;
      if (parseAs === 'blob') return new Blob([bytes], { type: response.headers.get('content-type') ?? '' });
      text = new TextDecoder().decode(bytes);
    }
  } catch (cause) {
    throw unreadable(cause, response, call);
  }
  return parseAs === 'text' ? text : parseSuccess(text, response, call);
}

function unreadable(cause: unknown, response: Response, call: CallContext): unknown {
  if (isFrameworkError(cause)) return cause;
  const facts = factsOf(response, call);
  if (cause instanceof BodyLimitError) return new ResponseTooLargeError(call.maxBodyBytes, facts);
  const safe = safeCause(cause, call.secrets);
  return new MalformedResponseError('it ended before it was complete', facts, { cause: safe });
}

async function readFailure({ body }: Response, { timer }: CallContext): Promise<unknown> {
  let text: string;
  try {
    const bytes = await readBytes(body, MAX_ERROR_BYTES, () => timer?.touch());
    text = new TextDecoder().decode(bytes);
  } catch (error) {
    // The status alone makes an error, so a body that breaks off is not another one.
    return error instanceof BodyLimitError ? new TextDecoder().decode(error.bytes) : undefined;
  }
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Returns whether a body declares its length and is not compressed, so that its bytes need not be counted. */
function isSurelySmall({ headers }: Response, limit: number): boolean {
  const length = headers.get('content-length');
  return (
    length !== null && /^\d+$/.test(length) && Number(length) <= limit && !headers.has('content-encoding')
  );
}

/** Returns the stream of a body, which the timer of the attempt watches until its end. */
function passOn({ body }: Response, call: CallContext): unknown {
  const { timer, method, path, secrets } = call;
  if (body === null || timer === undefined) return body;
  timer.bodyHandedOver = true;
  timer.pause();
  return watchedStream(body, {
    signal: timer.signal,
    onWait: () => timer.touch(),
    onChunk: () => timer.pause(),
    onEnd: () => timer.stop(),
    toError: (cause) => {
      if (timer.signal.aborted) return timer.signal.reason;
      if (isFrameworkError(cause)) return cause;
      const message = `${method} ${path} was cut off while its body was read`;
      return new APIConnectionError(message, call, { cause: safeCause(cause, secrets) });
    },
  });
}

function parseSuccess(text: string, response: Response, call: CallContext): unknown {
  if (call.method === 'HEAD' || response.status === 204) return undefined;
  try {
    if (text !== '') return JSON.parse(text);
  } catch {
    if (successTypes(call.operation, response.status)?.length === 0) return text;
    // The parser's own error quotes the body.
    throw new MalformedResponseError('it is not JSON', factsOf(response, call));
  }
  const types = successTypes(call.operation, response.status) ?? [];
  if (types.length === 0) return undefined;
  throw new MalformedResponseError('it is empty, and the document gives it a body', factsOf(response, call));
}

function factsOf(response: Response, { method, path, secrets }: CallContext) {
  return { method, path, status: response.status, requestId: readRequestId(response, secrets) };
}
