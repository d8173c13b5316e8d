import { untilAborted } from '../../util/abort.js';
import { PullError, quote, TransientError } from './pull-error.js';

const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const OPENING_BRACE = 0x7b;

/** How a body is to be read. */
export interface ReadOptions {
  readonly maxBytes: number;
  /** Ends the reading, with its reason. */
  readonly signal: AbortSignal;
  /** Told of the bytes so far, and of the length where the server gave one that counts the same bytes. */
  readonly onBytes: (received: number, expected: number | undefined) => void;
}

/**
 * Reads the body of an answer that should be a JSON object, and gives up as soon as it cannot be one.
 *
 * Bytes are counted as they come out of decompression, so that a small answer that unpacks to gigabytes is left in time.
 *
 * @throws {PullError} For a body that is too long, empty, or does not begin with `{`.
 * @throws {TransientError} For one that is shorter than announced.
 */
export async function readDocument(response: Response, options: ReadOptions): Promise<Uint8Array> {
  const expected = announcedLength(response);
  if (expected !== undefined && expected > options.maxBytes) throw tooLong(options.maxBytes);
  const body = await readAll(response, expected, options);
  if (expected !== undefined && body.byteLength < expected) throw tooShort(body.byteLength, expected);
  if (!body.some((byte) => !WHITE_SPACE.has(byte))) {
    throw new PullError('the server sent an empty document', CHECK_URL);
  }
  return body;
}

async function readAll(
  response: Response,
  expected: number | undefined,
  { maxBytes, signal, onBytes }: ReadOptions,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let received = 0;
  let hasBegun = false;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const { done = true, value } = reader ? await untilAborted(reader.read(), signal) : {};
      if (done || value === undefined) return Buffer.concat(chunks, received);
      chunks.push(value);
      received += value.byteLength;
      if (received > maxBytes) throw tooLong(maxBytes);
      if (!hasBegun) hasBegun = checkBeginning(value);
      onBytes(received, expected);
    }
  } catch (error) {
    // Not waited for: a source that will not stop must not hold up the error.
    reader?.cancel().catch(() => undefined);
    throw error;
  }
}

/** The length that was announced; `undefined` where it counts compressed bytes, which `fetch` itself has to check. */
function announcedLength(response: Response): number | undefined {
  const length = response.headers.get('content-length');
  const coding = response.headers.get('content-encoding') ?? 'identity';
  return length !== null && /^\d{1,15}$/.test(length) && coding === 'identity' ? Number(length) : undefined;
}

/** Whether anything but white space has come; the first such byte must open an object. */
function checkBeginning(chunk: Uint8Array): boolean {
  const first = chunk.find((byte) => !WHITE_SPACE.has(byte));
  if (first === undefined || first === OPENING_BRACE) return first !== undefined;
  const start = Buffer.from(chunk.subarray(0, 40)).toString('utf8').trim();
  throw new PullError(`the server sent no JSON object: it begins with ${quote(start)}`, CHECK_URL);
}

function tooLong(maxBytes: number): PullError {
  return new PullError(
    `the document is over ${maxBytes / 1_000_000} MB, which is the limit after decompression`,
    'Check --url. No real document comes near this limit, and --force does not lift it.',
  );
}

function tooShort(received: number, expected: number): TransientError {
  return new TransientError(
    `the document broke off: ${received} of ${expected} bytes came`,
    'Try again; if it stays, a proxy on the way may be cutting it.',
  );
}

const CHECK_URL = 'Check --url, and what a browser shows there; a login page or proxy may have answered.';
