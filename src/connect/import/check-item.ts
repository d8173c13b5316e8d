import { InvalidArgumentError } from '../../errors/index.js';
import { toPlainJson } from '../../http/json-copy.js';
import { checkToken } from '../../transport/auth/credentials.js';
import { isRecord } from '../../util/is-record.js';
import { describeValue } from '../../util/redact.js';
import { checkGrantParams, readSubject } from '../check-arguments.js';

/** An item as it will be sent, or why it cannot be. */
export type CheckedItem =
  | { readonly index: number; readonly text: string }
  | { readonly index: number; readonly error: InvalidArgumentError };

/** Checks one item and copies it at once, so that a later change of the caller's object changes nothing. */
export function snapshotItem(item: unknown, index: number): CheckedItem {
  const field = `tokens[${index}]`;
  try {
    if (!isRecord(item))
      throw new InvalidArgumentError(field, `must be an object, got ${describeValue(item)}`);
    checkToken(`${field}.accessToken`, item.accessToken);
    if (item.refreshToken !== undefined) checkToken(`${field}.refreshToken`, item.refreshToken);
    checkTime(`${field}.expiresAt`, item.expiresAt);
    if (item.refreshTokenExpiresAt !== undefined)
      checkTime(`${field}.refreshTokenExpiresAt`, item.refreshTokenExpiresAt);
    if (typeof item.environment !== 'string' || item.environment === '') {
      throw new InvalidArgumentError(
        `${field}.environment`,
        `must be production, preview, development or the id of a custom one (env_...), got ${describeValue(item.environment)}`,
      );
    }
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
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return;
  throw new InvalidArgumentError(field, `must be a time in epoch milliseconds, got ${describeValue(value)}`);
}
