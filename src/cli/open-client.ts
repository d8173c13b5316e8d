import type { UntypedInit } from '../client/call.js';
import type { ClientOptions } from '../client/options.js';
import type { Result } from '../client/types.js';
import type { PlatformPaths } from '../platform/index.js';
import { type ApiFlags, clientSettings } from './api-flags.js';
import type { CliContext } from './io.js';

/**
 * Makes a client of the whole API, as the flags and the environment say. A call names its team itself.
 *
 * @param own - Settings that replace those.
 */
export async function openClient(flags: ApiFlags, io: CliContext, own: ClientOptions = {}) {
  const { createClient } = await import('../client/create-client.js');
  const { teamId: _team, slug: _slug, ...settings } = await clientSettings(flags, io);
  return createClient({ ...settings, ...own });
}

/** Makes a client of the platform's operations, as the flags and the environment say. */
export async function openPlatform(flags: ApiFlags, io: CliContext) {
  const { createClient } = await import('../client/create-client.js');
  const { platformOperations: operations } = await import('../platform/index.js');
  return createClient<PlatformPaths>({ operations, ...(await clientSettings(flags, io)) });
}

/**
 * Calls any method and path: what the types would check of one operation, the table checks at run time.
 *
 * @param client - Of `createClient`.
 */
export function callUntyped(
  client: object,
  method: string,
  path: string,
  init: UntypedInit,
): Promise<Result<unknown>> {
  // Each method of a client takes the same two arguments.
  const send = Reflect.get(client, method) as (path: string, init: UntypedInit) => Promise<Result<unknown>>;
  return send(path, init);
}
