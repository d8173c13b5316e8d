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
  let data: string[] = [];
  let length = 0;
  let event = '';
  let id = '';
  let retry: number | undefined;
  let isWhole = true;
  for await (const line of lines) {
    isWhole = line.isWhole;
    if (line.text === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n'), id, retry };
      data = [];
      length = 0;
      event = '';
      continue;
    }
    const [field, value] = splitField(line.text);
    if (field === 'data') {
      length += value.length + 1;
      if (length > maxLength) throw new LineLimitError(`an event is longer than ${maxLength} characters`);
      data.push(value);
    } else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) retry = Number(value);
  }
  if (data.length > 0 || !isWhole) throw new PartialEndError('it ends in the middle of an event');
}

/** A line without a colon is a field without a value; one that begins with a colon is a comment. */
function splitField(line: string): readonly [field: string, value: string] {
  const at = line.indexOf(':');
  if (at < 0) return [line, ''];
  const value = line.slice(at + 1);
  return [line.slice(0, at), value.startsWith(' ') ? value.slice(1) : value];
}
