import { isRecord } from '../util/is-record.js';

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
