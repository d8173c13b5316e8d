/** A line is longer than it may be. */
export class LineLimitError extends Error {}

/** One line of a stream. */
export interface Line {
  /** Without its line break. */
  readonly text: string;
  /** Whether a line break ended it; only the last line can be without. */
  readonly isWhole: boolean;
}

/**
 * Cuts a stream of UTF-8 into lines, each ended by LF, CRLF or CR.
 *
 * Leaving the loop cancels the stream.
 *
 * @param maxLength - Longest line, in UTF-16 code units; what is kept in memory at once.
 * @throws {LineLimitError} Once a line is known to be longer.
 */
export async function* readLines(stream: AsyncIterable<Uint8Array>, maxLength: number): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = '';
  let endedInCr = false;
  for await (const chunk of stream) {
    let text = decoder.decode(chunk, { stream: true });
    if (text === '') continue;
    // The LF of a CRLF that was cut in two.
    if (endedInCr && text.startsWith('\n')) text = text.slice(1);
    endedInCr = text.endsWith('\r');
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) yield { text: limited(line, maxLength), isWhole: true };
    limited(rest, maxLength);
  }
  rest += decoder.decode();
  if (rest !== '') yield { text: limited(rest, maxLength), isWhole: false };
}

function limited(line: string, maxLength: number): string {
  if (line.length > maxLength) throw new LineLimitError(`a line is longer than ${maxLength} characters`);
  return line;
}
