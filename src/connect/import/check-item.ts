import { checkArgument, InvalidArgumentError } from '../../errors/index.js';
import { toPlainJson } from '../../http/json-copy.js';
import { checkToken } from '../../transport/auth/credentials.js';
import { isRecord } from '../../util/is-record.js';
import { checkGrantParams, readSubject } from '../check-arguments.js';

/** An item as it will be sent, or why it cannot be. */
export type CheckedItem =
  | { readonly index: number; readonly text: string }
  | { readonly index: number; readonly error: InvalidArgumentError };

/** Checks one item and copies it at once, so that a later change of the caller's object changes nothing. */
export function snapshotItem(item: unknown, index: number): CheckedItem {
  const field = `tokens[${index}]`;
  try {
    checkArgument(isRecord(item), field, 'must be an object', item);
    checkToken(`${field}.accessToken`, item.accessToken);
    if (item.refreshToken !== undefined) checkToken(`${field}.refreshToken`, item.refreshToken);
    checkTime(`${field}.expiresAt`, item.expiresAt);
    if (item.refreshTokenExpiresAt !== undefined)
      checkTime(`${field}.refreshTokenExpiresAt`, item.refreshTokenExpiresAt);
    const { environment } = item;
    const rule = 'must be production, preview, development or the id of a custom one (env_...)';
    checkArgument(
      typeof environment === 'string' && environment !== '',
      `${field}.environment`,
      rule,
      environment,
    );
    readSubject(item.subject, `${field}.subject`);
    checkGrantParams(item, field);
    const copy = toPlainJson(field, item);
    if (isRecord(copy)) copy.subject = readSubject(copy.subject, `${field}.subject`);
    return { index, text: JSON.stringify(copy) };
  } catch (error) {
    if (error instanceof InvalidArgumentError) return { index, error };
    throw error;
  }
}

function checkTime(field: string, value: unknown): void {
  const isTime = typeof value === 'number' && Number.isFinite(value) && value >= 0;
  checkArgument(isTime, field, 'must be a time in epoch milliseconds', value);
}
