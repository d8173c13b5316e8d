import type { UntypedInit } from '../../client/call.js';
import type { Result } from '../../client/types.js';

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
