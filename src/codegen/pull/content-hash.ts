import { createHash } from 'node:crypto';
import { stableName } from '../artifact-name.js';

/** Lists whose order says nothing: a new build of the document shuffles them. */
const SETS: ReadonlySet<string> = new Set(['enum', 'required', 'oneOf', 'anyOf']);

/** SHA-256 of bytes or text, hex. */
export function sha256(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * The hash of what a document says, whatever the order of its keys and sets, its white space, and the numbers that a
 * compiler left in names. Descriptions count: new words are a reason to pull.
 *
 * @param document - Parsed JSON of bounded depth.
 */
export function contentHash(document: unknown): string {
  return sha256(canonical(document, ''));
}

function canonical(node: unknown, key: string): string {
  if (Array.isArray(node)) {
    const items = node.map((item) => canonical(item, ''));
    return `[${(SETS.has(key) ? items.sort() : items).join(',')}]`;
  }
  if (typeof node === 'object' && node !== null) {
    const entries = Object.entries(node).map(
      ([name, value]) => `${JSON.stringify(stableName(name))}:${canonical(value, name)}`,
    );
    return `{${entries.sort().join(',')}}`;
  }
  return JSON.stringify(typeof node === 'string' ? stableName(node) : node);
}
