import { isRecord } from './is-record.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the file or its folder does not exist; check the path',
  EISDIR: 'it is a folder; name the file in it',
  ENOTDIR: 'a part of the path is a file and not a folder; check the path',
  EACCES: 'access is denied; check its permissions',
  EPERM: 'access is denied; check its permissions',
  EROFS: 'the file system can only be read; choose another place',
  ENOSPC: 'the disk is full',
};

/** Says in words why the system refused a file, and what to do; `undefined` for an error of any other kind. */
export function fileReason(error: unknown): string | undefined {
  const code = isRecord(error) ? error.code : undefined;
  return typeof code === 'string' && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
}
