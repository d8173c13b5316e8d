import { isDeepStrictEqual } from 'node:util';
import type { OpenApiDocument } from '../../openapi/document.js';
import { parseText } from '../../openapi/parse-text.js';
import { list } from '../../openapi/walk-operations.js';
import { isRecord } from '../../util/is-record.js';
import { valueAt, withoutValueAt, withValueAt } from './correction-target.js';

/** What a correction does at its target. */
type CorrectionAction = 'set' | 'remove' | 'append';

/** What has to be at a target for its correction to be needed: nothing, or exactly this value. */
type Expectation = { readonly absent: true } | { readonly value: unknown };

/** One correction of a document that is not ours. */
export interface Correction {
  readonly id: string;
  /** Why the document is wrong there, and how it is known. */
  readonly reason: string;
  /** `published`: only Vercel's own document is corrected, and any other is passed over. `all` is the default. */
  readonly documents: 'published' | 'all';
  /** JSON pointer. */
  readonly target: string;
  /** With `append` it speaks of the array: `absent` means that the element is not in it. */
  readonly expect: Expectation;
  readonly action: CorrectionAction;
  readonly value?: unknown;
}

/** A corrected document. */
export interface Corrected {
  readonly document: OpenApiDocument;
  /** The ids of the corrections that were made. */
  readonly applied: readonly string[];
}

/** A document with the corrections that fit it. */
export interface PartlyCorrected extends Corrected {
  /** One sentence for each correction that does not fit; it begins with the correction's name. */
  readonly misfits: readonly string[];
}

/**
 * Makes every correction in a copy of a document.
 *
 * Each correction sees the result of the ones before it.
 *
 * @throws {CorrectionError} When a correction does not fit: its target moved, its flaw is gone, or the value there is another.
 */
export function applyCorrections(document: OpenApiDocument, corrections: readonly Correction[]): Corrected {
  const due = corrections.filter(({ documents }) => documents === 'all' || isPublished(document));
  const corrected = due.reduce(applyCorrection, document);
  return { document: corrected, applied: due.map(({ id }) => id) };
}

/** Makes the corrections that fit in a copy of a document, and says why the others do not fit. */
export function applyFitting(document: OpenApiDocument, corrections: readonly Correction[]): PartlyCorrected {
  const applied: string[] = [];
  const misfits: string[] = [];
  let corrected = document;
  for (const correction of corrections) {
    try {
      const next = applyCorrections(corrected, [correction]);
      corrected = next.document;
      applied.push(...next.applied);
    } catch (error) {
      if (!(error instanceof CorrectionError)) throw error;
      misfits.push(error.message);
    }
  }
  return { document: corrected, applied, misfits };
}

/** A correction that does not fit a document, or cannot be read. */
export class CorrectionError extends Error {
  override readonly name = 'CorrectionError';
}

// The titles that Vercel's document has had: "Vercel API" until 2025-01, "Vercel SDK" since.
const PUBLISHED_TITLES: ReadonlySet<string> = new Set(['Vercel API', 'Vercel SDK', 'Vercel REST API']);

/** Whether a document is Vercel's own. */
export function isPublished({ info }: OpenApiDocument): boolean {
  return PUBLISHED_TITLES.has(info.title);
}

function applyCorrection(document: OpenApiDocument, correction: Correction): OpenApiDocument {
  const { target, action, value } = correction;
  const found = valueAt(document, target);
  if (found.kind === 'lost')
    fail(correction, `target moved: ${target} leads nowhere, ${found.missing} is not there`, 'find it anew');
  const present = found.kind === 'present' ? found.value : undefined;
  checkNeed(correction, found.kind === 'present', present);
  const corrected =
    action === 'remove'
      ? withoutValueAt(document, target)
      : withValueAt(document, target, action === 'append' ? [...list(present), value] : value);
  // What a correction puts at the very top would be no correction: targets lead below it, see readTarget.
  return corrected as OpenApiDocument;
}

function checkNeed(correction: Correction, isPresent: boolean, present: unknown): void {
  const { action, target, expect, value } = correction;
  const gone = 'delete the correction';
  if (action === 'remove' && !isPresent) fail(correction, `no longer needed: ${target} is not there`, gone);
  if (action === 'append') {
    if (!Array.isArray(present)) fail(correction, `target moved: ${target} is no array`, 'find it anew');
    if (list(present).some((item) => isDeepStrictEqual(item, value)))
      fail(correction, `no longer needed: ${target} holds the value already`, gone);
    if ('absent' in expect) return;
  }
  if (action === 'set' && isPresent && isDeepStrictEqual(present, value))
    fail(correction, `no longer needed: ${target} is so already`, gone);
  const holds = 'absent' in expect ? !isPresent : isPresent && isDeepStrictEqual(present, expect.value);
  if (holds) return;
  const expected = 'absent' in expect ? 'nothing' : excerpt(expect.value);
  const actual = isPresent ? excerpt(present) : 'nothing';
  fail(
    correction,
    `precondition no longer holds: expected ${expected} at ${target}, found ${actual}`,
    'look at it anew and adjust expect, or delete the correction',
  );
}

function excerpt(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function fail({ id }: Pick<Correction, 'id'>, what: string, fix: string): never {
  throw new CorrectionError(`correction ${id}: ${what}; ${fix}`);
}

/**
 * Reads a list of corrections, YAML or JSON.
 *
 * @throws {CorrectionError} Naming the correction, the field and what it has to be.
 */
export function parseCorrections(text: string): Correction[] {
  const parsed: unknown = parseText(text);
  const entries = isRecord(parsed) ? parsed.corrections : undefined;
  if (!Array.isArray(entries)) throw new CorrectionError('corrections: expected a list under `corrections`');
  const corrections = entries.map((entry: unknown, index) => readCorrection(entry, `number ${index + 1}`));
  const ids = corrections.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) fail({ id: twice }, 'there are two of this id', 'rename one');
  return corrections;
}

const FIELDS: ReadonlySet<string> = new Set([
  'id',
  'reason',
  'documents',
  'target',
  'expect',
  'action',
  'value',
]);

function readCorrection(entry: unknown, position: string): Correction {
  if (!isRecord(entry))
    fail({ id: position }, 'it is not an object', 'write id, reason, target, expect and action');
  const id = typeof entry.id === 'string' && entry.id !== '' ? entry.id : position;
  const bad = (field: string, should: string): never =>
    fail({ id }, `${field} is wrong`, `it has to be ${should}`);
  if (id !== entry.id) bad('id', 'a text');
  const unknown = Object.keys(entry).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) bad(unknown, `one of ${[...FIELDS].join(', ')}`);
  const { reason, documents = 'all', target, action, value } = entry;
  if (typeof reason !== 'string' || reason === '') return bad('reason', 'a text');
  if (documents !== 'all' && documents !== 'published') return bad('documents', 'published or all');
  if (typeof target !== 'string' || !/^(?:\/(?:[^~]|~[01])*)+$/.test(target) || target === '/')
    return bad('target', 'a JSON pointer, e.g. /paths/~1v1~1a/get');
  if (action !== 'set' && action !== 'remove' && action !== 'append')
    return bad('action', 'set, remove or append');
  if ((action === 'remove') === 'value' in entry)
    return bad('value', action === 'remove' ? 'left out with remove' : `given with ${action}`);
  return {
    id,
    reason,
    documents,
    target,
    action,
    expect: readExpectation(entry.expect) ?? bad('expect', '{ absent: true } or { value: … }'),
    ...(action === 'remove' ? {} : { value }),
  };
}

function readExpectation(expect: unknown): Expectation | undefined {
  if (!isRecord(expect) || Object.keys(expect).length !== 1) return undefined;
  if (expect.absent === true) return { absent: true };
  return 'value' in expect ? { value: expect.value } : undefined;
}
