import { APIConnectionError, MalformedResponseError, ResponseTooLargeError } from '../errors/index.js';
import { BodyLimitError, readBytes, watchedStream } from '../http/limited-body.js';
import { readRequestId } from '../http/request-id.js';
import { successTypes } from '../openapi/operation-info.js';
import { isFrameworkError } from '../util/framework-error.js';
import type { CallContext, Middleware } from './middleware.js';
import { safeCause } from './safe-cause.js';

/** What was read from an answer. */
export interface Payload {
  /** Parsed JSON, text, bytes, a stream, or `undefined` for an empty body. */
  readonly data: unknown;
}

/** Answers to what was read from them: a `Response` gives its body once, and the middleware above need it again. */
export type ParsedBodies = WeakMap<Response, Payload>;

/** Longest error body that is read, in bytes after decompression. */
const MAX_ERROR_BYTES = 64 * 1024;

/**
 * Reads and parses the body inside the attempt, so that a truncated or stalled body fails like any other failure of the
 * attempt: in time, and where the retry middleware sees it.
 *
 * An answer to be given as `stream` is handed on, each silence in it still bounded; error answers are always read.
 *
 * @param parsedBodies - Where the outcome is kept, by answer.
 * @param trustsLength - Whether no body can be longer than its `content-length`: the runtime's own `fetch` sees to it, one of
 *   the caller's may not.
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
  const { parseAs } = call;
  if (parseAs === 'stream') return handOver(response, call);
  const isParsed = parseAs === 'json' || parseAs === 'text';
  if (isParsed && trustsLength && isSurelySmall(response, call.maxBodyBytes))
    return finish(await read(response.text(), response, call), response, call);
  const limit = isParsed ? call.maxBodyBytes : Number.POSITIVE_INFINITY;
  const bytes = await read(
    readBytes(response.body, limit, () => call.timer?.touch()),
    response,
    call,
  );
  if (parseAs === 'arrayBuffer') return bytes.buffer;
  if (parseAs === 'blob') return new Blob([bytes], { type: response.headers.get('content-type') ?? '' });
  return finish(new TextDecoder().decode(bytes), response, call);
}

async function readFailure(response: Response, call: CallContext): Promise<unknown> {
  try {
    return parseLeniently(decode(await readBytes(response.body, MAX_ERROR_BYTES, () => call.timer?.touch())));
  } catch (error) {
    // The status alone makes an error; what its body would have added is not worth another one.
    return error instanceof BodyLimitError ? decode(error.bytes) : undefined;
  }
}

// What declares its length and is not compressed need not be counted while it is read.
function isSurelySmall({ headers }: Response, limit: number): boolean {
  const length = headers.get('content-length');
  return (
    length !== null && /^\d+$/.test(length) && Number(length) <= limit && !headers.has('content-encoding')
  );
}

function handOver({ body }: Response, call: CallContext): unknown {
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

async function read<T>(body: Promise<T>, response: Response, call: CallContext): Promise<T> {
  try {
    return await body;
  } catch (cause) {
    if (isFrameworkError(cause)) throw cause;
    if (!(cause instanceof BodyLimitError))
      throw malformed('it ended before it was complete', response, call, safeCause(cause, call.secrets));
    throw new ResponseTooLargeError(call.maxBodyBytes, factsOf(response, call));
  }
}

function finish(text: string, response: Response, call: CallContext): unknown {
  return call.parseAs === 'text' ? text : parse(text, response, call);
}

function parse(text: string, response: Response, call: CallContext): unknown {
  if (call.method === 'HEAD' || response.status === 204) return undefined;
  const types = successTypes(call.operation, response.status);
  if (text === '') {
    if (types !== undefined && types.length > 0)
      throw malformed('it is empty, and the document gives it a body', response, call);
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    if (types?.length === 0) return text;
    // The parser's own error quotes the body.
    throw malformed('it is not JSON', response, call);
  }
}

function malformed(
  reason: string,
  response: Response,
  call: CallContext,
  cause?: unknown,
): MalformedResponseError {
  return new MalformedResponseError(
    reason,
    factsOf(response, call),
    cause === undefined ? undefined : { cause },
  );
}

function factsOf(response: Response, { method, path, secrets }: CallContext) {
  return {
    method,
    path,
    status: response.status,
    requestId: readRequestId(response, secrets),
  };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function parseLeniently(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
