import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ApiFlags } from '../../api-flags.js';
import { type CliContext, UsageError } from '../../io.js';
import { openClient } from '../../open-client.js';

/** An icon that `--icon` names: one that Vercel has, or a file to be uploaded. */
export interface Icon {
  /** SHA-1, by which a connector names it. */
  readonly digest: string;
  readonly bytes: Uint8Array | undefined;
}

const MAX_BYTES = 5_000_000;
/** The least length of a side, in pixels; source: the published document of `createConnector`. */
const MIN_SIDE = 640;
const PNG_START = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PNG_END = Buffer.from('49454e44ae426082', 'hex');

/** Reads `--icon`: a digest, or a file that is a whole PNG or JPEG. @throws {UsageError} */
export async function readIcon(icon: string): Promise<Icon> {
  if (/^[0-9a-f]{40}$/i.test(icon)) return { digest: icon, bytes: undefined };
  const bytes = await readFile(icon).catch(({ code = 'unknown reason' }: NodeJS.ErrnoException) => {
    throw new UsageError(`--icon: cannot read ${icon} (${code})`);
  });
  if (bytes.length > MAX_BYTES)
    throw new UsageError(`--icon: ${icon} has ${bytes.length} bytes; at most 5 MB are taken`);
  checkPicture(icon, bytes);
  return { digest: createHash('sha1').update(bytes).digest('hex'), bytes };
}

function checkPicture(icon: string, bytes: Buffer): void {
  if (bytes.subarray(0, 3).toString('hex') === 'ffd8ff') {
    if (bytes.subarray(-2).toString('hex') === 'ffd9') return;
    throw new UsageError(`--icon: ${icon} is a JPEG whose end is missing`);
  }
  if (!bytes.subarray(0, PNG_START.length).equals(PNG_START))
    throw new UsageError(`--icon: ${icon} is neither a PNG nor a JPEG`);
  if (!bytes.subarray(-PNG_END.length).equals(PNG_END))
    throw new UsageError(`--icon: ${icon} is a PNG whose end is missing`);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width !== height || width < MIN_SIDE)
    throw new UsageError(
      `--icon: ${icon} is ${width} x ${height}; it has to be a square of at least ${MIN_SIDE} pixels a side`,
    );
}

/** Uploads an icon that Vercel may not have yet. */
export async function uploadIcon({ digest, bytes }: Icon, flags: ApiFlags, io: CliContext): Promise<void> {
  if (bytes === undefined) return;
  const { upload } = await import('../../../client/upload/upload.js');
  await upload(await openClient(flags, io), '/v2/files', { file: bytes, digest, signal: io.signal });
}
