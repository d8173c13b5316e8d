import { isRecord } from '../../util/is-record.js';
import { type Keys, keysBelow } from '../keywords.js';

/** Keywords of documentation, which change no value that a schema allows. */
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

/** Options of {@link canonicalJson}. */
interface CanonicalOptions {
  /** Whether documentation, such as `description`, is written too. Default `false`. */
  readonly docs?: boolean;
  /** Texts of objects that were written before. An object in it is not written again. */
  readonly memo?: WeakMap<object, string>;
}

/** Writes a part of a document as JSON with sorted keys and sets, so that two parts with one meaning have one text. */
export function canonicalJson(value: unknown, { docs = false, memo }: CanonicalOptions = {}): string {
  return write(value, 'keywords', docs, memo);
}

function write(value: unknown, below: Keys, docs: boolean, memo?: WeakMap<object, string>): string {
  if (Array.isArray(value)) return `[${value.map((item) => write(item, below, docs, memo)).join()}]`;
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null';
  const known = memo?.get(value);
  if (known !== undefined) return known;
  const areKeywords = below === 'keywords';
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    if (areKeywords && !docs && DOCS.has(key)) continue;
    const held = value[key];
    const next = keysBelow(key, held, below);
    const isSet = areKeywords && SETS.has(key) && Array.isArray(held);
    const text = isSet
      ? `[${held
          .map((item) => write(item, next, docs, memo))
          .sort()
          .join()}]`
      : write(held, next, docs, memo);
    parts.push(`${JSON.stringify(key)}:${text}`);
  }
  return `{${parts.join()}}`;
}
