import { MalformedResponseError } from '../errors/index.js';
import type { Call, Stage } from './compose.js';

/** What was read from an answer. */
export interface Payload {
  /** Parsed JSON, text, or `undefined` for an empty body. */
  readonly data: unknown;
}

/** Answers to what was read from them: a `Response` gives its body once, and the stages above need it again. */
export type Payloads = WeakMap<Response, Payload>;

/**
 * Reads and parses the body inside the attempt, so that a truncated or stalled body fails like any other failure of the
 * attempt: in time, and where the retry stage sees it.
 *
 * Answers to be given as `stream` are left unread; error answers are always read.
 *
 * @param payloads - Where the outcome is kept, by answer.
 * @throws {MalformedResponseError} For a success that has no JSON body where the call must have one.
 */
export function readBodyStage(payloads: Payloads): Stage {
  return (next) => async (request, call) => {
    const response = await next(request, call);
    if (!response.ok) {
      payloads.set(response, { data: parseLeniently(await response.text().catch(() => '')) });
    } else if (call.parseAs !== 'stream') {
      payloads.set(response, { data: await readSuccess(response, call) });
    }
    return response;
  };
}

async function readSuccess(response: Response, call: Call): Promise<unknown> {
  const { parseAs } = call;
  const read = parseAs === 'json' || parseAs === 'stream' ? response.text() : response[parseAs]();
  const body = await read.catch((cause: unknown) => {
    throw malformed('it ended before it was complete', response, call, cause);
  });
  return parseAs === 'json' && typeof body === 'string' ? parse(body, response, call) : body;
}

function parse(text: string, response: Response, call: Call): unknown {
  if (call.method === 'HEAD' || response.status === 204) return undefined;
  const bodyExpected = call.operation?.success[response.status];
  if (text === '') {
    if (bodyExpected) throw malformed('it is empty, and the document gives it a body', response, call);
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    if (bodyExpected === false) return text;
    // The parser's own error quotes the body.
    throw malformed('it is not JSON', response, call);
  }
}

function malformed(reason: string, response: Response, call: Call, cause?: unknown): MalformedResponseError {
  const requestId = response.headers.get('x-vercel-id') ?? undefined;
  return new MalformedResponseError(
    reason,
    { ...call, status: response.status, requestId },
    cause === undefined ? undefined : { cause },
  );
}

function parseLeniently(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
