import { readFile } from 'node:fs/promises';
import { fileReason } from '../util/file-reason.js';
import { messageOf } from '../util/message-of.js';
import { UsageError } from './io.js';

/**
 * Reads a text file that may be absent.
 *
 * @returns `undefined` where the file does not exist.
 * @throws {UsageError} For a file that is there and cannot be read.
 */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UsageError(`cannot read ${file}: ${fileReason(cause) ?? messageOf(cause)}`);
  }
}
