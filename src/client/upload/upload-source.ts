import { APIConnectionError, type CallFacts, InvalidArgumentError } from '../../errors/index.js';
import { networkErrorCode } from '../../http/network-error.js';
import { nodeModule } from '../../util/node-module.js';
import { describeValue } from '../../util/redact.js';
import { isArrayBuffer, isAsyncIterable, toStream } from '../request-body.js';

/**
 * Kinds of uploads: bytes in memory, a `Blob`, a stream, or a file by its path (in Node). A Node.js `Readable` is an async iterable
 * of bytes; its texts are sent as UTF-8.
 */
export type UploadFile =
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>
  | string;

/** Bytes of a chunk: what Node reads of a file, and of a `Blob`, at a time. */
const CHUNK = 65_536;

/** Bytes to upload, and what is known of them. */
export interface Source {
  /** The bytes from their beginning. */
  readonly open: () => ReadableStream<Uint8Array>;
  /** In bytes; `undefined` for a stream. */
  readonly length: number | undefined;
  readonly isRereadable: boolean;
}

/**
 * @param facts - The call that the bytes are for.
 * @throws {InvalidArgumentError} For any other value, and for a path that cannot be read.
 */
export async function openSource(file: unknown, facts: CallFacts): Promise<Source> {
  if (typeof file === 'string') return openFile(file, facts);
  // Copies, of this realm.
  if (isArrayBuffer(file)) return openBytes(new Uint8Array(file.slice(0)));
  // Of any realm: in the jsdom of a test runner, `TextEncoder` and `Uint8Array` come from two.
  const isBytes = Object.prototype.toString.call(file) === '[object Uint8Array]';
  if (isBytes) return openBytes(new Uint8Array(file as Uint8Array));
  if (file instanceof Blob) return { open: () => file.stream(), length: file.size, isRereadable: true };
  if (file instanceof ReadableStream || isAsyncIterable(file)) {
    let isSpent = file instanceof ReadableStream && file.locked;
    const open = () => {
      if (isSpent) throw new InvalidArgumentError('file', 'is a stream that has been read already');
      isSpent = true;
      return file instanceof ReadableStream ? file : toStream('file', file);
    };
    return { open, length: undefined, isRereadable: false };
  }
  throw new InvalidArgumentError(
    'file',
    `must be a Uint8Array, an ArrayBuffer, a Blob, a ReadableStream, a Node.js Readable or a path, got ${describeValue(file)}`,
  );
}

/** Bytes in memory, in chunks of which each is progress. The `Blob` of jsdom cannot stream. */
function openBytes(bytes: Uint8Array): Source {
  const open = () => {
    let at = 0;
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (at >= bytes.length) return controller.close();
        controller.enqueue(bytes.subarray(at, at + CHUNK));
        at += CHUNK;
      },
    });
  };
  return { open, length: bytes.length, isRereadable: true };
}

async function openFile(path: string, call: CallFacts): Promise<Source> {
  const [fs, stream] = [nodeModule('node:fs'), nodeModule('node:stream')];
  if (fs === undefined || stream === undefined)
    throw new InvalidArgumentError(
      'file',
      'is a path, which only Node reads; give a Blob, bytes or a stream',
    );
  const facts = await fs.promises.stat(path).catch((cause: unknown) => {
    throw fileError(cause, call);
  });
  if (!facts.isFile()) throw new InvalidArgumentError('file', 'is a path of something other than a file');
  return {
    // Node's own type of a web stream and the global one are the same thing at run time.
    open: () => stream.Readable.toWeb(fs.createReadStream(path)) as ReadableStream<Uint8Array>,
    length: facts.size,
    isRereadable: true,
  };
}

/** Makes the typed error of a file that cannot be opened or read. The machine's own limit is not a mistake of the caller. */
export function fileError(cause: unknown, call: CallFacts): Error {
  const code = networkErrorCode(cause);
  if (code === 'EMFILE' || code === 'ENFILE')
    return new APIConnectionError(
      `${call.method} ${call.path} was not sent: too many files are open (${code})`,
      call,
      { cause },
    );
  return new InvalidArgumentError('file', 'is a path that cannot be read; give one of a file that is there', {
    cause,
  });
}
