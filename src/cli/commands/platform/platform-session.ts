import type { PlatformPaths } from '../../../platform/index.js';
import { type ApiFlags, clientSettings } from '../../api-flags.js';
import { type CliContext, UsageError } from '../../io.js';

/** Makes a client of the platform's operations, as the flags and the environment say. */
export async function openPlatform(flags: ApiFlags, io: CliContext) {
  const { createClient } = await import('../../../client/create-client.js');
  const { platformOperations: operations } = await import('../../../platform/index.js');
  return createClient<PlatformPaths>({ operations, ...(await clientSettings(flags, io)) });
}

/** Reads a time in seconds. @returns Milliseconds. @throws {UsageError} */
export function readSeconds(flag: string, text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text) * 1000;
  throw new UsageError(`${flag} must be a whole number of seconds above 0`);
}
