import { canonicalJson } from '../document/normalize/canonical.js';
import { normalizeDocument } from '../document/normalize/index.js';
import type { OpenApiDocument } from './document.js';
import { sha256 } from './sha256.js';

/**
 * SHA-256, hex, of the normalised document.
 *
 * The order of keys and of sets, white space, repaired flaws and the numbers in compiler-made names do not count. Descriptions
 * do: new words are a reason to pull, and they end up in what is generated.
 *
 * @throws {Error} When the document holds what no repair makes safe, or a reference leads nowhere.
 */
export function normalizedHash(document: OpenApiDocument): string {
  return sha256(canonicalJson(normalizeDocument(document).document, { docs: true }));
}
