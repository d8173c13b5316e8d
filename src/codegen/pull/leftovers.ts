import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import type { FileOperations } from './world.js';

/** No write takes this long: whoever made an older file is gone, though another program may have its number by now. */
const STALE_MS = 60_000;
const TEMPORARY = /^\.(.+)\.pull-(\d+)-[0-9a-f]+\.tmp$/;

/** A new name beside `path` that tells its purpose and the process that made it. */
export function temporaryPathFor(path: string): string {
  const unique = randomBytes(6).toString('hex');
  return join(dirname(path), `.${basename(path)}.pull-${process.pid}-${unique}.tmp`);
}

/**
 * Removes what a killed pull has left beside these files; never what a running one is writing. A folder that cannot be
 * read or written is left as it is.
 *
 * @param nowMs - The clock here, epoch milliseconds.
 */
export async function sweepLeftovers(
  paths: readonly string[],
  files: FileOperations,
  nowMs: number,
): Promise<void> {
  const names = new Set(paths.map((path) => basename(path)));
  for (const folder of new Set(paths.map((path) => dirname(path)))) {
    for (const entry of await files.readdir(folder).catch(() => [])) {
      const [, name, pid] = TEMPORARY.exec(entry) ?? [];
      if (name === undefined || !names.has(name)) continue;
      const file = join(folder, entry);
      const isStale = await isOlder(file, nowMs - STALE_MS, files);
      if (isStale || !isRunning(Number(pid))) await files.rm(file, { force: true }).catch(() => undefined);
    }
  }
}

async function isOlder(file: string, sinceMs: number, files: FileOperations): Promise<boolean> {
  const stats = await files.stat(file).catch(() => undefined);
  return stats !== undefined && stats.mtimeMs < sinceMs;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, and is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
