import {
  addCallerFrames,
  type CallFacts,
  checkArgument,
  InvalidArgumentError,
  MalformedResponseError,
} from '../../errors/index.js';
import { responseFacts } from '../../http/request-id.js';
import { essenceOf } from '../../openapi/media-types.js';
import { parseJson } from '../../util/parse-json.js';
import { copyInit, type UntypedInit } from '../call.js';

import { operationFor, refuseFurtherArgument } from '../client-operations.js';
import type {
  BodilessInit,
  Client,
  GetPath,
  OperationFor,
  OperationId,
  Result,
  StreamItem,
} from '../types.js';

import { type Line, LineLimitError, readLines } from './lines.js';
import { PartialEndError, readEvents } from './server-sent-events.js';

export type { ServerSentEvent } from './server-sent-events.js';

const DEFAULT_MAX_LINE_LENGTH = 1_000_000;
/** A build or a function may be silent for long. */
const DEFAULT_SILENCE_MS = 300_000;

/** Options of {@link stream} besides the fields of a call. */
export interface StreamOptions {
  /** Longest line or event, in characters; a longer one ends the stream with an error. Default 1 000 000. */
  readonly maxLineLength?: number | undefined;
}

type StreamInit<Operation> = BodilessInit<Operation, 'stream'> & StreamOptions;

type StreamArguments<Operation> = Operation extends unknown
  ? object extends StreamInit<Operation>
    ? [init?: StreamInit<Operation>]
    : [init: StreamInit<Operation>]
  : never;

/**
 * Reads a streamed response: newline-delimited JSON as its values, server-sent events as events.
 *
 * The content type of the response says which of the two it is. Nothing is requested before the loop begins; leaving the loop,
 * or the signal, ends the connection. Connecting is repeated like any call; a stream that has begun is not.
 *
 * @param operation - A GET operation of the client's document, by its id or its path.
 * @param rest - One `init`, as for `client.GET`, with `maxLineLength`; `timeout` bounds each silence, 300 000 ms by default.
 * @throws {InvalidArgumentError} At once, for an operation that the client's document does not have.
 * @throws {MalformedResponseError} For a line that is not JSON, a line that is too long, and a stream that ends inside a line.
 *
 * @example
 * const events = stream(client, 'getDeploymentEvents', {
 *   params: { path: { idOrUrl: 'dpl_1' }, query: { follow: 1 } },
 *   signal: AbortSignal.timeout(60_000),
 * });
 * for await (const event of events) console.log(event);
 */
export function stream<P, O, Target extends GetPath<P> | OperationId<O>>(
  client: Client<P, O>,
  operation: Target,
  ...rest: StreamArguments<OperationFor<P, O, Target, 'get'>>
): AsyncIterable<StreamItem<OperationFor<P, O, Target, 'get'>>> {
  const [init, ...further] = rest as readonly unknown[];
  refuseFurtherArgument(further, 'stream');
  const { path } = operationFor(client, operation, ['GET']);
  const { maxLineLength = DEFAULT_MAX_LINE_LENGTH, ...own } = copyInit(init, ['maxLineLength']);
  if (own.parseAs !== undefined && own.parseAs !== 'stream')
    throw new InvalidArgumentError('parseAs', 'must be left out: the lines or events are the result');
  checkArgument(
    typeof maxLineLength === 'number' && Number.isSafeInteger(maxLineLength) && maxLineLength > 0,
    'maxLineLength',
    'must be a whole number of characters',
    maxLineLength,
  );
  // The document's types end here; they come back with the type of the result.
  const get = client.GET as unknown as (path: string, init: UntypedInit) => Promise<Result<unknown>>;
  return {
    async *[Symbol.asyncIterator]() {
      const { data, response } = await get(path, { timeout: DEFAULT_SILENCE_MS, ...own, parseAs: 'stream' });
      const facts = { method: 'GET', path };
      if (data === null) return;
      try {
        yield* readItems(data as ReadableStream<Uint8Array>, response, facts, maxLineLength);
      } catch (error) {
        throw addCallerFrames(error);
      }
    },
  } as AsyncIterable<StreamItem<OperationFor<P, O, Target, 'get'>>>;
}

async function* readItems(
  body: ReadableStream<Uint8Array>,
  response: Response,
  facts: CallFacts,
  maxLineLength: number,
): AsyncGenerator<unknown> {
  const malformed = (reason: string) => new MalformedResponseError(reason, responseFacts(response, facts));
  const type = essenceOf(response.headers.get('content-type'));
  // Typed for Node and browsers alike: a stream of bytes is iterable, and cancelled when the loop is left.
  const lines = readLines(body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>, maxLineLength);
  try {
    if (type === 'text/event-stream') yield* readEvents(lines, maxLineLength);
    else if (type === 'application/json') yield* readDocument(lines, maxLineLength, malformed);
    else yield* readValues(lines, malformed);
  } catch (error) {
    if (error instanceof LineLimitError || error instanceof PartialEndError) throw malformed(error.message);
    throw error;
  }
}

async function* readValues(
  lines: AsyncIterable<Line>,
  malformed: (reason: string) => Error,
): AsyncGenerator<unknown> {
  let number = 0;
  for await (const { text, isWhole } of lines) {
    number += 1;
    if (text.trim() === '') continue;
    const parsed = parseJson(text);
    if (parsed === undefined) {
      throw malformed(isWhole ? `line ${number} is not JSON` : 'it ends in the middle of a line');
    }
    yield parsed.value;
  }
}

/** One JSON document, over one line or many: a list's items, else the value. Lines that are each a value work too. */
async function* readDocument(
  lines: AsyncIterable<Line>,
  maxLength: number,
  malformed: (reason: string) => Error,
): AsyncGenerator<unknown> {
  let rest = '';
  for await (const { text } of lines) {
    const parsed = rest === '' ? parseJson(text) : undefined;
    if (parsed === undefined) rest += `${text}\n`;
    else yield* itemsOf(parsed.value);
    if (rest.length > maxLength) throw malformed(`it is longer than ${maxLength} characters`);
  }
  if (rest.trim() === '') return;
  const parsed = parseJson(rest);
  if (parsed === undefined) throw malformed('it is not JSON, or ends in the middle of it');
  yield* itemsOf(parsed.value);
}

/** Without `follow` the events of a deployment are one list. */
function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
