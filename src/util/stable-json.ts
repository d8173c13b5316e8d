import { isRecord } from './is-record.js';

/** Returns a value as JSON that does not depend on the order of fields; `undefined` is the text `undefined`. */
export function stableJson(value: unknown): string {
  const sorted = (_: string, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part;
  return JSON.stringify(value, sorted) ?? 'undefined';
}
