import { isRecord, listOf } from '../../util/is-record.js';
import { parseJson } from '../../util/parse-json.js';
import type { DocumentFacts } from './check-document.js';

const LOCK_VERSION = 1;

/** The record of a document in the `vercel.lock.json` beside it. */
export interface Lock extends DocumentFacts {
  readonly url: string;
  /** When the document that is here came, ISO 8601. */
  readonly retrievedAt: string;
  /** Of the last answer that said the same as this document. */
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** The program that wrote it, e.g. `vercel-rest/0.1.0`. */
  readonly generator: string;
  /** The ids of the corrections that `vercel-rest generate` makes in it. */
  readonly corrections: readonly string[];
}

/** Returns the path of a document's lock: `vercel.json` has `vercel.lock.json`. */
export function lockPathOf(documentPath: string): string {
  return `${documentPath.replace(/\.json$/, '')}.lock.json`;
}

/** Returns the path of the document before the last pull, for `vercel-rest diff`: `vercel.json` has `vercel.previous.json`. */
export function previousPathOf(documentPath: string): string {
  return `${documentPath.replace(/\.json$/, '')}.previous.json`;
}

/** Writes a lock; the same lock gives the same bytes. */
export function writeLock(lock: Lock): string {
  const { url, retrievedAt, etag, lastModified, generator, corrections, ...facts } = lock;
  const { sha256, normalizedSha256, bytes, openapi, counts } = facts;
  const fields = {
    lockVersion: LOCK_VERSION,
    url,
    retrievedAt,
    etag: etag ?? null,
    lastModified: lastModified ?? null,
    sha256,
    normalizedSha256,
    bytes,
    openapi,
    counts: { paths: counts.paths, operations: counts.operations, schemas: counts.schemas },
    generator,
    corrections,
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/** Reads a lock; `undefined` for any other text, and for a lock of another version. */
export function readLock(text: string): Lock | undefined {
  const value = parseJson(text)?.value;
  if (!isRecord(value) || value.lockVersion !== LOCK_VERSION || !isRecord(value.counts)) return undefined;
  const { url, retrievedAt, sha256, normalizedSha256, openapi, generator, bytes } = value;
  const { paths, operations, schemas } = value.counts;
  if (typeof url !== 'string' || typeof retrievedAt !== 'string' || typeof generator !== 'string')
    return undefined;
  if (!isHash(sha256) || !isHash(normalizedSha256) || typeof openapi !== 'string') return undefined;
  if (!isCount(bytes) || !isCount(paths) || !isCount(operations) || !isCount(schemas)) return undefined;
  return {
    url,
    retrievedAt,
    etag: headerText(value.etag),
    lastModified: headerText(value.lastModified),
    sha256,
    normalizedSha256,
    bytes,
    openapi,
    counts: { paths, operations, schemas },
    generator,
    // A lock of an earlier version has none.
    corrections: listOf(value.corrections).filter((id) => typeof id === 'string'),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

/** Returns a text that fits into a header, in which the next pull sends it back. */
function headerText(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x20-\x7e]{1,1024}$/.test(value) ? value : undefined;
}
