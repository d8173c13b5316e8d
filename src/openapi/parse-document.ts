import { createHash } from 'node:crypto';
import { isRecord } from '../util/is-record.js';
import type { OpenApiDocument } from './document.js';
import { parseText } from './parse-text.js';

/** An OpenAPI document as read: its parsed form and the hash that ties generated files to it. */
export interface SourceDocument {
  /** SHA-256 of the document's bytes, hex. */
  readonly hash: string;
  readonly openapi: OpenApiDocument;
}

/**
 * Parses the text of a document, YAML or JSON.
 *
 * @throws {Error} When the text is no OpenAPI 3 document.
 */
export function parseDocument(text: string): SourceDocument {
  const openapi = parseText(text);
  refuseForeignReferences(openapi);
  if (!isOpenApi(openapi))
    throw new Error('not an OpenAPI 3 document: it needs `openapi: 3.x`, `info` and `paths`');
  return { hash: createHash('sha256').update(text).digest('hex'), openapi };
}

/** Whether a value is an OpenAPI 3 document. */
export function isOpenApi(value: unknown): value is OpenApiDocument {
  return (
    isRecord(value) && String(value.openapi).startsWith('3.') && isRecord(value.info) && isRecord(value.paths)
  );
}

/** A reference to a file or host would be read by the tools below; nothing but this document is. */
function refuseForeignReferences(node: unknown): void {
  if (Array.isArray(node)) for (const item of node) refuseForeignReferences(item);
  if (!isRecord(node)) return;
  if (typeof node.$ref === 'string' && !node.$ref.startsWith('#/')) {
    throw new Error(`the reference ${node.$ref} leads out of the document`);
  }
  for (const value of Object.values(node)) refuseForeignReferences(value);
}
