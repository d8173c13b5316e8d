import { createClient } from '../../../client/create-client.js';
import { type PlatformPaths, platformOperations } from '../../../platform/index.js';
import { type ApiFlags, clientSettings } from '../../api-flags.js';
import { type CliContext, UsageError } from '../../io.js';

/** Makes a client of the platform's operations, as the flags and the environment say. */
export function openPlatform(flags: ApiFlags, io: CliContext) {
  return createClient<PlatformPaths>({ operations: platformOperations, ...clientSettings(flags, io) });
}

/** Reads a time in seconds. @returns Milliseconds. @throws {UsageError} */
export function readSeconds(flag: string, text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text) * 1000;
  throw new UsageError(`${flag} must be a whole number of seconds above 0`);
}
