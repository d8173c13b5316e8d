import { isRecord } from '../../util/is-record.js';

/** Whether a value is what the document allows. */
export type IsAllowed = (value: unknown) => boolean;

/**
 * Puts fields into a value, each of them only where the document still allows the whole.
 *
 * @returns The value with as many of the fields as it can hold.
 */
export function fitFields(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>>,
  isAllowed: IsAllowed,
): Record<string, unknown> {
  const all = { ...value, ...fields };
  if (isAllowed(all)) return all;
  let fitted = { ...value };
  for (const [name, field] of Object.entries(fields)) {
    const next = { ...fitted, [name]: field };
    if (isAllowed(next)) fitted = next;
  }
  return fitted;
}

/** The name of the one list of things in an answer; `undefined` where it has none or the answer is the list itself. */
export function listNameOf(answer: unknown): string | undefined {
  if (!isRecord(answer)) return undefined;
  return Object.keys(answer).find((name) => Array.isArray(answer[name]));
}
