import type { ConnectTokenSubject } from '../../connect/index.js';
import { isRecord } from '../../util/is-record.js';
import { type ApiFlags, clientSettings } from '../api-flags.js';
import { type CliContext, UsageError } from '../io.js';
import { callUntyped, openClient } from '../open-client.js';

/**
 * Reads `app`, `user`, `user:<id>` or `jwt-bearer:<sub>`; `user` alone is the user of the access token.
 *
 * Source: `GET /v2/user` (`getAuthUser`) of Vercel's published document.
 *
 * @param flag - What wants to know who the user is, for errors.
 * @throws {UsageError} For another text, and for `user` without an access token: a project's OIDC token is nobody's.
 */
export async function readSubject(
  text: string,
  flags: ApiFlags,
  io: CliContext,
  flag = '--subject user',
): Promise<ConnectTokenSubject> {
  const [, type, value] = /^(app|user|jwt-bearer)(?::(.+))?$/s.exec(text) ?? [];
  if (type === 'app' && value === undefined) return { type };
  if (type === 'user' && value !== undefined) return { type, id: value };
  if (type === 'jwt-bearer' && value !== undefined) return { type, sub: value };
  if (type !== 'user')
    throw new UsageError('--subject must be app, user (you), user:<id> or jwt-bearer:<sub>');
  const other = 'or name the user: --subject user:<id>';
  const { bearerToken } = await clientSettings(flags, io);
  // The project's OIDC token, which names a project and no person.
  if (typeof bearerToken !== 'string')
    throw new UsageError(
      `${flag} asks the API who you are, which takes an access token: set VERCEL_TOKEN, ${other}`,
    );
  const { data } = await callUntyped(await openClient(flags, io), 'GET', '/v2/user', { signal: io.signal });
  const user = isRecord(data) ? data.user : undefined;
  if (isRecord(user) && typeof user.id === 'string' && user.id !== '') return { type, id: user.id };
  throw new Error(`${flag}: the API did not say who you are; set VERCEL_TOKEN to another token, ${other}`);
}
