import { type Line, LineLimitError } from './lines.js';

/** One server-sent event. */
export interface ServerSentEvent {
  /** Its kind. Default `message`. */
  readonly event: string;
  /** Its `data` lines, joined by line breaks. */
  readonly data: string;
  /** The last id that the stream gave; `''` for none. */
  readonly id: string;
  /** Milliseconds that the server asks to wait before connecting anew. */
  readonly retry: number | undefined;
}

/** The stream ended inside an event or a line. */
export class PartialEndError extends Error {}

/**
 * Reads server-sent events out of lines.
 *
 * Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 *
 * @param maxLength - Longest data of one event, in UTF-16 code units.
 * @throws {LineLimitError} For an event whose data is longer.
 * @throws {PartialEndError} At the end of a stream that broke off inside an event, which a browser would drop silently.
 */
export async function* readEvents(
  lines: AsyncIterable<Line>,
  maxLength: number,
): AsyncGenerator<ServerSentEvent> {
  let draft: EventDraft = { data: [], length: 0, event: '', id: '', retry: undefined };
  let isWhole = true;
  for await (const line of lines) {
    isWhole = line.isWhole;
    if (line.text !== '') {
      addField(draft, line.text);
      if (draft.length > maxLength)
        throw new LineLimitError(`an event is longer than ${maxLength} characters`);
      continue;
    }
    const { data, event, id, retry } = draft;
    if (data.length > 0) yield { event: event || 'message', data: data.join('\n'), id, retry };
    draft = { data: [], length: 0, event: '', id, retry };
  }
  if (draft.data.length > 0 || !isWhole) throw new PartialEndError('it ends in the middle of an event');
}

/** The fields of an event so far; `id` and `retry` stay from one event to the next. */
interface EventDraft {
  readonly data: string[];
  /** Of `data`, with its line breaks. */
  length: number;
  event: string;
  id: string;
  retry: number | undefined;
}

/** Adds a line. One without a colon is a field without a value; one that begins with a colon is a comment. */
function addField(draft: EventDraft, line: string): void {
  const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
  if (field === 'data') {
    draft.length += value.length + 1;
    draft.data.push(value);
  } else if (field === 'event') draft.event = value;
  else if (field === 'id' && !value.includes('\0')) draft.id = value;
  else if (field === 'retry' && /^\d+$/.test(value)) draft.retry = Number(value);
}
