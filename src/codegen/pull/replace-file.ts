import { dirname } from 'node:path';
import { temporaryPathFor } from './leftovers.js';
import { PullError } from './pull-error.js';
import type { FileOperations } from './world.js';

/** A file and its new content. */
export interface NewFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

/**
 * Replaces files in one folder: writes and syncs each under another name, then renames them in the order that is given.
 *
 * A failure or a kill leaves the last file as it was. Those before it may be new, so they have to be files that the next run
 * can tell from stale ones and write again.
 *
 * @param signal - Ends the work before the first rename; after that it is carried through.
 * @throws {PullError} When the disk refuses; no temporary file stays.
 */
export async function replaceFiles(
  newFiles: readonly NewFile[],
  files: FileOperations,
  signal: AbortSignal,
): Promise<void> {
  const staged: { readonly path: string; readonly temporary: string }[] = [];
  let current = '';
  try {
    for (const { path, content } of newFiles) {
      signal.throwIfAborted();
      current = path;
      await files.mkdir(dirname(path), { recursive: true });
      const temporary = temporaryPathFor(path);
      staged.push({ path, temporary });
      await writeSynced(temporary, content, files);
    }
    signal.throwIfAborted();
    for (const { path, temporary } of staged) {
      current = path;
      await files.rename(temporary, path);
    }
    await syncFolder(dirname(current), files);
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw error;
    throw writeError(current, error);
  } finally {
    // The next pull removes the files that cannot be removed now.
    for (const { temporary } of staged) await files.rm(temporary, { force: true }).catch(() => undefined);
  }
}

async function writeSynced(path: string, content: NewFile['content'], files: FileOperations): Promise<void> {
  const handle = await files.open(path, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the renames last through a power cut, where the system lets a folder be synced. */
async function syncFolder(folder: string, files: FileOperations): Promise<void> {
  const handle = await files.open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close().catch(() => undefined);
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some disk space and try again.',
  EDQUOT: 'Free some of your disk quota and try again.',
  EACCES: 'Make the folder writable, or choose another place with --out.',
  EPERM: 'Make the folder writable, or choose another place with --out.',
  EROFS: 'Choose a place on a writable disk with --out.',
};

function writeError(path: string, cause: unknown): PullError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const fault = cause instanceof Error ? cause.message : String(cause);
  const advice = ADVICE[code] ?? 'Check the path and the disk, or choose another place with --out.';
  return new PullError(`cannot write ${path}: ${fault}`, advice, { cause });
}
