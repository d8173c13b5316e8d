import type { Command } from 'commander';
import { createClient } from '../../../client/create-client.js';
import { type PlatformPaths, platformOperations } from '../../../platform/index.js';
import { chooseBearer } from '../../bearer.js';
import { type Io, UsageError } from '../../io.js';
import { formatOption } from '../connect/shared.js';

/** Flags that every platform command has. */
export interface PlatformFlags {
  readonly baseUrl?: string;
  readonly team?: string;
  readonly json?: boolean;
}

/** Adds the flags that every platform command has. */
export function withPlatformFlags(command: Command): Command {
  return command
    .option('--base-url <url>', 'where the API is, e.g. the URL that `vercel-rest mock --memory` prints')
    .option('--team <team>', 'the team, by id (team_...) or slug')
    .option('--json', 'print JSON')
    .addOption(formatOption());
}

/** Makes a client of the platform's operations, as the flags and the environment say. */
export function openPlatform({ baseUrl, team }: PlatformFlags, io: Io) {
  const bearerToken = chooseBearer(baseUrl, io.env);
  const isId = team?.startsWith('team_') === true;
  return createClient<PlatformPaths>({
    operations: platformOperations,
    baseUrl,
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(team === undefined ? {} : isId ? { teamId: team } : { slug: team }),
  });
}

/** Reads a time in seconds. @returns Milliseconds. @throws {UsageError} */
export function readSeconds(flag: string, text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text) * 1000;
  throw new UsageError(`${flag} must be a whole number of seconds above 0`);
}
