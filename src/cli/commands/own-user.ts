import { isRecord } from '../../util/is-record.js';
import { type ApiFlags, clientSettings } from '../api-flags.js';
import { type CliContext, UsageError } from '../io.js';
import { callUntyped, openClient } from '../open-client.js';

/**
 * The id of the user whose access token this is.
 *
 * Source: `GET /v2/user` (`getAuthUser`) of Vercel's published document.
 *
 * @param flag - What wants to know, for errors.
 * @throws {UsageError} Without an access token: a project's OIDC token is nobody's.
 */
export async function readOwnUserId(flag: string, flags: ApiFlags, io: CliContext): Promise<string> {
  const other = 'or name the user: --subject user:<id>';
  const { bearerToken } = await clientSettings(flags, io);
  // The project's OIDC token, which names a project and no person.
  if (typeof bearerToken !== 'string')
    throw new UsageError(
      `${flag} asks the API who you are, which takes an access token: set VERCEL_TOKEN, ${other}`,
    );
  const { data } = await callUntyped(await openClient(flags, io), 'GET', '/v2/user', { signal: io.signal });
  const user = isRecord(data) ? data.user : undefined;
  if (isRecord(user) && typeof user.id === 'string' && user.id !== '') return user.id;
  throw new Error(`${flag}: the API did not say who you are; set VERCEL_TOKEN to another token, ${other}`);
}
