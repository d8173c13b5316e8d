import { isRecord } from '../../util/is-record.js';
import type { ConnectRevokeParams, ConnectTokenResponse } from '../types.js';
import type { EntryTags } from './cache-request.js';

/**
 * Returns whether a cached token, or one in flight, belongs to a grant that has just been revoked.
 *
 * When in doubt, returns `true`: an extra request costs less than a token that no longer works.
 *
 * @param value - The cached response; `undefined` for a flight.
 */
export function isRevoked(
  { connector: asked, params }: EntryTags,
  value: ConnectTokenResponse | undefined,
  connector: string,
  { subject, installationId }: ConnectRevokeParams,
): boolean {
  if (!isSameConnector(asked, value, connector)) return false;
  const wanted: unknown = params.subject;
  const isSameSubject =
    !isRecord(wanted) ||
    Object.entries(subject).every(
      ([field, part]) => !(field in wanted) || JSON.stringify(wanted[field]) === JSON.stringify(part),
    );
  if (!isSameSubject || installationId === undefined) return isSameSubject;
  const known = [params.installationId, value?.installationId].filter((id) => id !== undefined && id !== '*');
  return known.length === 0 || known.includes(installationId);
}

/** Returns whether two names can be of one connector: an id and a UID. A response has both. */
export function isSameConnector(
  asked: string,
  value: ConnectTokenResponse | undefined,
  connector: string,
): boolean {
  if (asked === connector) return true;
  if (isRecord(value?.connector))
    return value.connector.id === connector || value.connector.uid === connector;
  return isId(asked) !== isId(connector);
}

function isId(connector: string): boolean {
  return connector.startsWith('scl_');
}
