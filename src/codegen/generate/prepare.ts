import type { OpenApiDocument } from '../../openapi/document.js';
import { normalizeDocument, type Repair } from '../../openapi/normalize/normalize.js';
import type { SourceDocument } from '../../openapi/parse-document.js';
import { applyCorrections, type Correction, isPublished } from '../corrections/corrections.js';
import { type Conflict, mergeSupplement } from './merge-supplement.js';

/** What is done to a document that is not ours before anything is made of it. */
export interface PrepareOptions {
  /** Default: none. */
  readonly corrections?: readonly Correction[] | undefined;
  /** Our own document, which is laid over the published one, and over no other. Default: none. */
  readonly supplement?: OpenApiDocument | undefined;
}

/** A document that a generator, a validator or a mock can use, and what was done to make it one. */
export interface Prepared {
  readonly document: OpenApiDocument;
  /** SHA-256 of the document's bytes as it was read, hex. */
  readonly hash: string;
  readonly repairs: readonly Repair[];
  /** Where the supplement says something else than the document. */
  readonly conflicts: readonly Conflict[];
  /** The ids of the corrections that were made. */
  readonly corrected: readonly string[];
}

/**
 * Corrects a document, repairs it, and lays the supplement over it.
 *
 * @throws {Error} For a correction that no longer fits, or a document that cannot be repaired.
 */
export function prepareDocument(
  { hash, openapi }: SourceDocument,
  { corrections = [], supplement }: PrepareOptions = {},
): Prepared {
  const corrected = applyCorrections(openapi, corrections);
  const { document, repairs } = normalizeDocument(corrected.document);
  const merged =
    supplement !== undefined && isPublished(openapi)
      ? mergeSupplement(document, normalizeDocument(supplement).document)
      : { document, conflicts: [] };
  return {
    document: merged.document,
    hash,
    repairs,
    conflicts: merged.conflicts,
    corrected: corrected.applied,
  };
}
