import { sha256 } from '../util/sha256.js';
import type { OpenApiDocument } from './document.js';
import { canonicalJson } from './normalize/canonical.js';
import { normalizeDocument } from './normalize/normalize.js';

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
