import { stableName } from '../../openapi/artifact-name.js';
import { isRecord } from '../../util/is-record.js';

const SETS = new Set(['enum', 'required', 'oneOf', 'anyOf', 'allOf', 'type', 'tags']);

/** A text that two JSON values share exactly when they say the same: key order, and the order of set-like lists, left out. */
export function canonical(value: unknown, key = ''): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item));
    return `[${(SETS.has(key) ? [...new Set(items)].sort() : items).join()}]`;
  }
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const entries = Object.keys(value)
    .map((name) => `${JSON.stringify(stableName(name))}:${canonical(value[name], name)}`)
    .sort();
  return `{${entries.join()}}`;
}

/** Gives equal texts equal numbers. */
export function createInterner(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size + 1);
    return numbers.size;
  };
}
