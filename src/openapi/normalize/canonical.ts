import { isRecord } from '../../util/is-record.js';
import type { JsonObject } from '../document.js';
import { type Keys, keysBelow } from '../keywords.js';

/** Keywords that speak to a person and mean nothing to a machine. */
export const DOCS: ReadonlySet<string> = new Set([
  'description',
  'title',
  'summary',
  'example',
  'examples',
  'externalDocs',
  '$comment',
]);

/** Keywords whose arrays mean the same in any order. */
export const SETS: ReadonlySet<string> = new Set([
  'enum',
  'x-extensible-enum',
  'required',
  'type',
  'oneOf',
  'anyOf',
]);

/** How a value is written. */
export interface CanonicalOptions {
  /** Whether what speaks to a person is written too. */
  readonly docs?: boolean;
  /** What was written before, by object; an object in it is not written again. */
  readonly memo?: WeakMap<object, string>;
}

/** Writes a part of a document as JSON, so that two parts that mean the same are written the same: keys and sets are sorted. */
export function canonicalJson(value: unknown, { docs = false, memo }: CanonicalOptions = {}): string {
  return write(value, 'keywords', docs, memo);
}

function write(value: unknown, below: Keys, docs: boolean, memo?: WeakMap<object, string>): string {
  if (Array.isArray(value)) return `[${value.map((item) => write(item, below, docs, memo)).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  return memo?.get(value) ?? writeObject(value, below, docs, memo);
}

function writeObject(node: JsonObject, below: Keys, docs: boolean, memo?: WeakMap<object, string>): string {
  const parts: string[] = [];
  for (const key of Object.keys(node).sort()) {
    const keyword = below === 'keywords';
    if (keyword && !docs && DOCS.has(key)) continue;
    const value = node[key];
    const next = keyword ? keysBelow(key, value) : below === 'names' ? 'keywords' : 'data';
    const text =
      keyword && SETS.has(key) && Array.isArray(value)
        ? `[${value
            .map((item) => write(item, next, docs, memo))
            .sort()
            .join()}]`
        : write(value, next, docs, memo);
    parts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${parts.join()}}`;
}
