import type { OpenApiDocument } from '../../openapi/document.js';
import { operationsIn } from '../../openapi/normalize/walk.js';
import { normalizedHash } from '../../openapi/normalized-hash.js';
import { isRecord, recordOf } from '../../util/is-record.js';
import { messageOf } from '../../util/message-of.js';
import { sha256 } from '../../util/sha256.js';
import { PullError, quote } from './pull-error.js';

/** The number of things in a document. */
export interface DocumentCounts {
  readonly paths: number;
  readonly operations: number;
  readonly schemas: number;
}

/** The facts about a document that are compared with those of the next one. */
export interface DocumentFacts {
  readonly bytes: number;
  /** Of the bytes, hex. */
  readonly sha256: string;
  /** Of the normalised document: see `normalizedHash`. */
  readonly normalizedSha256: string;
  readonly openapi: string;
  readonly counts: DocumentCounts;
}

/** A document that passed its checks. */
export interface CheckedDocument {
  readonly facts: DocumentFacts;
  /** `GET /v1/things` for each operation. */
  readonly operations: readonly string[];
  readonly document: OpenApiDocument;
}

/**
 * Checks that bytes are an OpenAPI 3 document that the generator may be given.
 *
 * @throws {PullError} When they are not JSON, of another version, without operations, or hold a key `__proto__`, a reference that
 *   leads nowhere or to another file, or more than 256 levels of nesting.
 */
export function checkDocument(bytes: Uint8Array): CheckedDocument {
  const document = parseJson(bytes);
  if (!isRecord(document)) throw refusal('it is not a JSON object');
  const { openapi, paths, components } = document;
  if (openapi === undefined && typeof document.swagger === 'string')
    throw refusal('it is a Swagger 2 document; convert it to OpenAPI 3 first');
  if (typeof openapi !== 'string' || !/^3\.\d/.test(openapi)) {
    const version = typeof openapi === 'string' ? quote(openapi) : 'missing';
    throw refusal(`its \`openapi\` is ${version}, and 3.x is needed`);
  }
  if (!isRecord(paths) || Object.keys(paths).length === 0) throw refusal('it has no paths');
  const operations = operationsIn(paths).map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  const elsewhere = Object.values(paths).find(
    (item) => isRecord(item) && typeof item.$ref === 'string' && !item.$ref.startsWith('#'),
  );
  if (elsewhere !== undefined)
    throw refusal(
      `it has paths in other files, such as ${quote(String(recordOf(elsewhere).$ref))}; bundle it first`,
    );
  if (operations.length === 0) throw refusal('it has no operations');
  if (!isRecord(document.info)) throw refusal('it has no info');
  // Its parts were checked one by one above.
  const checked = document as OpenApiDocument;
  let normalizedSha256: string;
  try {
    // A document that cannot be normalised could not be generated from either.
    normalizedSha256 = normalizedHash(checked);
  } catch (cause) {
    throw refusal(messageOf(cause), cause);
  }
  const schemas = recordOf(recordOf(components).schemas);
  const counts = {
    paths: Object.keys(paths).length,
    operations: operations.length,
    schemas: Object.keys(schemas).length,
  };
  return {
    facts: { bytes: bytes.byteLength, sha256: sha256(bytes), normalizedSha256, openapi, counts },
    operations,
    document: checked,
  };
}

function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw refusal('it is not UTF-8', cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refusal(`it is not JSON, or not all of it came (${bytes.byteLength} bytes)`, cause);
  }
}

function refusal(fault: string, cause?: unknown): PullError {
  return new PullError(
    `refused the document: ${fault}`,
    'Try again later, and check --url; --force does not lift this check.',
    cause === undefined ? {} : { cause },
  );
}
