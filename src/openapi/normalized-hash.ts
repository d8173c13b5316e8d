import { sha256 } from '../util/sha256.js';
import type { OpenApiDocument } from './document.js';
import { canonicalJson } from './normalize/canonical.js';
import { normalizeDocument } from './normalize/normalize.js';

/**
 * Returns the SHA-256 of the normalised document in hexadecimal digits.
 *
 * The order of keys and of sets, white space, repaired flaws and the numbers in compiler-made names do not count. Descriptions
 * count: new ones are a reason to pull, because generated files hold them.
 *
 * @throws {Error} When the document has a flaw that no repair makes safe, or a reference leads nowhere.
 */
export function normalizedHash(document: OpenApiDocument): string {
  return sha256(canonicalJson(normalizeDocument(document).document, { docs: true }));
}
