import { createHash } from 'node:crypto';
import { isRecord } from '../is-record.js';
import { parseText } from './parse-text.js';

/** An OpenAPI document as read: its parsed form and the hash that ties generated files to it. */
export interface SourceDocument {
  /** SHA-256 of the document's bytes, hex. */
  readonly hash: string;
  readonly openapi: OpenApiDocument;
}

/** A parsed JSON object whose shape is not known yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** The parts of an OpenAPI 3.1 document that the generator reads. */
export interface OpenApiDocument extends JsonObject {
  readonly info: { readonly title: string; readonly version: string };
  readonly servers?: readonly { readonly url: string }[];
  readonly security?: readonly JsonObject[];
  readonly paths: Readonly<Record<string, JsonObject>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, JsonObject>> };
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

/** Follows a `$ref` inside the document, as often as it leads to another. */
export function dereference(document: OpenApiDocument, node: unknown): JsonObject {
  let current = node;
  for (let depth = 0; isRecord(current) && typeof current.$ref === 'string'; depth++) {
    if (depth > 32) throw new Error(`the reference ${current.$ref} leads to itself`);
    current = resolvePointer(document, current.$ref);
  }
  if (!isRecord(current)) throw new Error('expected an object or a reference to one');
  return current;
}

function resolvePointer(document: OpenApiDocument, reference: string): unknown {
  if (!reference.startsWith('#/')) throw new Error(`the reference ${reference} leads out of the document`);
  const keys = reference
    .slice(2)
    .split('/')
    .map((key) => decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~'));
  let node: unknown = document;
  for (const key of keys) node = isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  if (node === undefined) throw new Error(`the reference ${reference} leads nowhere`);
  return node;
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
