import type { ConnectTokenSubject } from '../../connect/index.js';
import type { ApiFlags } from '../api-flags.js';
import { type CliContext, UsageError } from '../io.js';
import { readOwnUserId } from './own-user.js';

/**
 * Reads `app`, `user`, `user:<id>` or `jwt-bearer:<sub>`; `user` alone is the user of the access token.
 *
 * @throws {UsageError}
 */
export async function readSubject(
  text: string,
  flags: ApiFlags,
  io: CliContext,
): Promise<ConnectTokenSubject> {
  const [, type, value] = /^(app|user|jwt-bearer)(?::(.+))?$/s.exec(text) ?? [];
  if (type === 'app' && value === undefined) return { type };
  if (type === 'user') return { type, id: value ?? (await readOwnUserId('--subject user', flags, io)) };
  if (type === 'jwt-bearer' && value !== undefined) return { type, sub: value };
  throw new UsageError('--subject must be app, user (you), user:<id> or jwt-bearer:<sub>');
}
