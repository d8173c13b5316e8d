import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../../util/message-of.js';
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
  const temporary = new Map<string, string>();
  let current = '';
  try {
    for (const { path, content } of newFiles) {
      signal.throwIfAborted();
      current = path;
      await files.mkdir(dirname(path), { recursive: true });
      const name = `.${basename(path)}.pull-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
      temporary.set(path, join(dirname(path), name));
      const handle = await files.open(join(dirname(path), name), 'wx');
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    signal.throwIfAborted();
    for (const [path, written] of temporary) {
      current = path;
      await files.rename(written, path);
    }
    // Makes the renames last through a power cut, where the system lets a folder be synced.
    const folder = await files.open(dirname(current), 'r').catch(() => undefined);
    await folder?.sync().catch(() => undefined);
    await folder?.close().catch(() => undefined);
  } catch (error) {
    if (signal.aborted && error === signal.reason) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const fault = messageOf(error);
    const advice = ADVICE[code] ?? 'Check the path and the disk, or choose another place with --out.';
    throw new PullError(`cannot write ${current}: ${fault}`, advice, { cause: error });
  } finally {
    // The next pull removes the files that cannot be removed now.
    for (const path of temporary.values()) await files.rm(path, { force: true }).catch(() => undefined);
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some disk space and try again.',
  EDQUOT: 'Free some of your disk quota and try again.',
  EACCES: 'Make the folder writable, or choose another place with --out.',
  EPERM: 'Make the folder writable, or choose another place with --out.',
  EROFS: 'Choose a place on a writable disk with --out.',
};

/** No write takes this long. The process that made an older file is gone, though another may have its number by now. */
const STALE_MS = 60_000;
const TEMPORARY = /^\.(.+)\.pull-(\d+)-[0-9a-f]+\.tmp$/;

/**
 * Removes what a killed pull has left beside these files, and never what a running one is writing. A folder that cannot be
 * read or written stays as it is.
 *
 * @param nowMs - The clock here, epoch milliseconds.
 */
export async function removeLeftovers(
  paths: readonly string[],
  files: FileOperations,
  nowMs: number,
): Promise<void> {
  const names = new Set(paths.map((path) => basename(path)));
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    for (const entry of await files.readdir(folder).catch(() => [])) {
      const [, name = '', pid] = TEMPORARY.exec(entry) ?? [];
      if (!names.has(name)) continue;
      const file = join(folder, entry);
      const stats = await files.stat(file).catch(() => undefined);
      const isStale = stats !== undefined && stats.mtimeMs < nowMs - STALE_MS;
      if (isStale || !isRunning(Number(pid))) await files.rm(file, { force: true }).catch(() => undefined);
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, and is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
