/** Registered, so that a client of another installed copy of the package knows the body for what it is. */
const UPLOAD_BODY = Symbol.for('vercel-rest.upload-body');

/**
 * Bytes of a request that are opened again for each attempt, so that no part of a long file stays in memory for a retry.
 *
 * It takes the place of a body: the transport opens it where the request leaves.
 */
export class UploadBody {
  static [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && UPLOAD_BODY in value;
  }

  readonly [UPLOAD_BODY] = true;

  /** Whether {@link open} can be called more than once. */
  readonly isRereadable: boolean;

  readonly #open: (onChunk: (sentBytes: number) => void) => ReadableStream<Uint8Array>;

  constructor(
    open: (onChunk: (sentBytes: number) => void) => ReadableStream<Uint8Array>,
    isRereadable: boolean,
  ) {
    this.#open = open;
    this.isRereadable = isRereadable;
  }

  /**
   * Returns the bytes from their beginning.
   *
   * @param onChunk - Called with the bytes so far, for each chunk that is handed to the network.
   */
  open(onChunk: (sentBytes: number) => void): ReadableStream<Uint8Array> {
    return this.#open(onChunk);
  }
}
