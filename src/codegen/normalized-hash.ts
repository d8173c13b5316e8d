import { createHash } from 'node:crypto';
import { canonicalJson } from '../document/normalize/canonical.js';
import { normalizeDocument } from '../document/normalize/index.js';
import type { OpenApiDocument } from './document.js';

/**
 * SHA-256, hex, of what a document says to a machine.
 *
 * The order of keys and of sets, descriptions, examples, titles and the numbers in compiler-made names do not count: two
 * documents of one hash describe the same API.
 */
export function normalizedHash(document: OpenApiDocument): string {
  return createHash('sha256')
    .update(canonicalJson(normalizeDocument(document).document))
    .digest('hex');
}
