import { randomUUID } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { UsageError } from '../io.js';

/**
 * Checks that a file with secrets can be written there, before anything is done whose result it is to hold.
 *
 * @throws {UsageError} For a symbolic link, a folder or a device: secrets would end up elsewhere than named.
 */
export async function checkPrivateFile(flag: string, path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || found.isFile()) return;
  const kind = found.isSymbolicLink() ? 'a symbolic link' : 'not a regular file';
  throw new UsageError(`${flag}: ${path} is ${kind}; name a file, which is written for its owner alone`);
}

/**
 * Writes a file that only its owner can read (mode 0600), in place of one that is there.
 *
 * The text goes into a new file that then takes the name: an older file keeps neither its mode nor its readers, and a link
 * of that name is replaced and not followed.
 */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    // `wx` is O_CREAT with O_EXCL, which follows no link.
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
