import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { temporaryPathFor } from './leftovers.js';
import { PullError } from './pull-error.js';
import type { FileOperations } from './world.js';

/** A file and what it is to hold. */
export interface NewFile {
  readonly path: string;
  readonly content: Uint8Array | string;
}

interface Staged {
  readonly path: string;
  readonly temporary: string;
  /** A copy of what was there; `undefined` when nothing was, or nothing will have to be put back. */
  readonly backup: string | undefined;
}

/**
 * Replaces files, all or none: each is written and synced under another name in the same folder, then all are renamed.
 *
 * When a rename fails, those before it are taken back. A kill between two renames leaves the first files new and the
 * last old, so the last has to be one from which that can be told.
 *
 * @param signal - Ends it before the first rename; after that it is carried through.
 * @throws {PullError} When the disk refuses; no temporary file stays.
 */
export async function replaceFiles(
  newFiles: readonly NewFile[],
  files: FileOperations,
  signal: AbortSignal,
): Promise<void> {
  const temporaries: string[] = [];
  let path = '';
  try {
    const staged: Staged[] = [];
    for (const [index, file] of newFiles.entries()) {
      signal.throwIfAborted();
      path = file.path;
      await files.mkdir(dirname(path), { recursive: true });
      staged.push(await stage(file, index < newFiles.length - 1, files, temporaries));
    }
    signal.throwIfAborted();
    await renameAll(staged, files);
    await syncFolder(dirname(path), files);
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw error;
    throw writeError(path, error);
  } finally {
    // What cannot be removed now is removed by the next pull.
    for (const file of temporaries) await files.rm(file, { force: true }).catch(() => undefined);
  }
}

async function stage(
  { path, content }: NewFile,
  needsBackup: boolean,
  files: FileOperations,
  temporaries: string[],
): Promise<Staged> {
  const temporary = temporaryPathFor(path);
  temporaries.push(temporary);
  const handle = await files.open(temporary, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (!needsBackup) return { path, temporary, backup: undefined };
  const backup = temporaryPathFor(path);
  temporaries.push(backup);
  return { path, temporary, backup: (await copyIfThere(path, backup, files)) ? backup : undefined };
}

/** A copy made ahead, so that putting it back takes no room on a disk that has none. */
async function copyIfThere(from: string, to: string, files: FileOperations): Promise<boolean> {
  try {
    await files.copyFile(from, to, constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

async function renameAll(staged: readonly Staged[], files: FileOperations): Promise<void> {
  const renamed: Staged[] = [];
  try {
    for (const file of staged) {
      await files.rename(file.temporary, file.path);
      renamed.push(file);
    }
  } catch (error) {
    for (const { path, backup } of renamed.reverse()) {
      if (backup === undefined) await files.rm(path, { force: true });
      else await files.rename(backup, path);
    }
    throw error;
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
