/** The body went over its limit; reading was stopped and the rest cancelled. */
export class BodyLimitError extends Error {
  /** The part of the body that was read. */
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
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
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body?.getReader();
  try {
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {};
      if (done || value === undefined) return join(chunks, length);
      chunks.push(value);
      length += value.byteLength;
      if (length > limit) throw new BodyLimitError(join(chunks, length).subarray(0, limit));
      onChunk?.(value);
    }
  } catch (error) {
    // Not waited for: a source that does not stop must not hold up the error.
    reader?.cancel().catch(() => undefined);
    throw error;
  }
}

/**
 * Makes a stream that passes chunks on when they are read, and calls back before each chunk, after it, and at the end.
 */
export function watchedStream(
  body: ReadableStream<Uint8Array>,
  { signal, onWait, onChunk, onEnd, toError }: StreamListener,
): ReadableStream<Uint8Array> {
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
      onWait();
      try {
        const { done, value } = await reader.read();
        if (done) {
          onEnd();
          controller.close();
        } else {
          onChunk();
          controller.enqueue(value);
        }
      } catch (error) {
        onEnd();
        controller.error(toError(error));
      }
    },
    cancel(reason: unknown) {
      onEnd();
      return reader.cancel(reason);
    },
  };
  // Nothing is read ahead: a slow consumer must not look like a silent server.
  return new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
}

/** Told of what happens on a {@link watchedStream}. */
interface StreamListener {
  /** Ends the stream, with its reason. */
  readonly signal: AbortSignal;
  readonly onWait: () => void;
  readonly onChunk: () => void;
  readonly onEnd: () => void;
  /** Makes the error that the reader gets of what the source failed with. */
  readonly toError: (cause: unknown) => unknown;
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return joined;
}
