import type { OpenApiDocument } from '../../openapi/document.js';
import { normalizeDocument, type Repair } from '../../openapi/normalize/normalize.js';
import type { SourceDocument } from '../../openapi/read-document.js';
import { applyCorrections, applyFitting, type Correction, isPublished } from '../corrections/corrections.js';
import { type Conflict, mergeSupplement } from './merge-supplement.js';

/** Changes to a document that is not ours before anything is generated from it. */
export interface PrepareOptions {
  /** Corrections of which each has to fit. Default: none. */
  readonly corrections?: readonly Correction[] | undefined;
  /**
   * Corrections that came with this package and are made first. One that does not fit is skipped: the project that has
   * installed the package cannot change it. Default: none.
   */
  readonly packaged?: readonly Correction[] | undefined;
  /** Our own document, which is laid over the published one, and over no other. Default: none. */
  readonly supplement?: OpenApiDocument | undefined;
}

/** A document that a generator, a validator or a mock can use, and what was done to make it one. */
export interface Prepared {
  readonly document: OpenApiDocument;
  /** SHA-256 of the document's bytes as it was read, hex. */
  readonly hash: string;
  readonly repairs: readonly Repair[];
  /** Differences between the supplement and the document. */
  readonly conflicts: readonly Conflict[];
  /** The ids of the corrections that were made. */
  readonly corrected: readonly string[];
  /** One sentence for each packaged correction that was skipped; it begins with the correction's name. */
  readonly skipped: readonly string[];
}

/**
 * Corrects a document, repairs it, and lays the supplement over it.
 *
 * @throws {CorrectionError} When one of `corrections` does not fit.
 * @throws {Error} When the document cannot be repaired.
 */
export function prepareDocument(
  { hash, openapi }: SourceDocument,
  { corrections = [], packaged = [], supplement }: PrepareOptions = {},
): Prepared {
  const fitting = applyFitting(openapi, packaged);
  const corrected = applyCorrections(fitting.document, corrections);
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
    corrected: [...fitting.applied, ...corrected.applied],
    skipped: fitting.misfits,
  };
}
