import { messageOf } from '../../util/message-of.js';
import { sha256 } from '../../util/sha256.js';
import { type CheckedDocument, checkDocument } from './check-document.js';
import { type Lock, lockPathOf, readLock } from './lock.js';
import { PullError } from './pull-error.js';
import type { FileOperations } from './world.js';

/** The document that is here and its lock, as they are on disk. */
export interface Snapshot {
  readonly documentPath: string;
  readonly lockPath: string;
  /** The document's bytes; `undefined` without one. */
  readonly bytes: Uint8Array | undefined;
  /** As read, whether it describes the document or not. */
  readonly lock: Lock | undefined;
  /** Returns the lock if it describes this very document, pulled from a URL: after a kill between the two writes it does not. */
  readonly lockFrom: (url: string) => Lock | undefined;
  /**
   * Parses the document, unless it has the bytes of one that was just downloaded. `undefined` without a document, and for one
   * that would be refused today.
   */
  readonly document: (downloaded: CheckedDocument) => CheckedDocument | undefined;
}

/**
 * Reads what is here.
 *
 * @throws {PullError} When a file is there but cannot be read.
 */
export async function readSnapshot(documentPath: string, files: FileOperations): Promise<Snapshot> {
  const lockPath = lockPathOf(documentPath);
  const bytes = await readIfThere(documentPath, files);
  const lockBytes = await readIfThere(lockPath, files);
  const hash = bytes && sha256(bytes);
  const lock = lockBytes && readLock(lockBytes.toString('utf8'));
  return {
    documentPath,
    lockPath,
    bytes,
    lock,
    lockFrom: (url) => (hash !== undefined && lock?.sha256 === hash && lock.url === url ? lock : undefined),
    document: (downloaded) => {
      if (hash === downloaded.facts.sha256) return downloaded;
      try {
        return bytes && checkDocument(bytes);
      } catch (error) {
        // A damaged document is not a measure for the next one; it is replaced.
        if (!(error instanceof PullError)) throw error;
        return undefined;
      }
    },
  };
}

async function readIfThere(path: string, files: FileOperations): Promise<Buffer | undefined> {
  try {
    return await files.readFile(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    const fault = messageOf(cause);
    throw new PullError(
      `cannot read ${path}: ${fault}`,
      'Check the path and its permissions, or pass --out.',
      {
        cause,
      },
    );
  }
}
