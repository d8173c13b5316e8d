import { isDeepStrictEqual } from 'node:util';
import type { OpenApiDocument } from '../../openapi/document.js';
import { fromPointer, toPointer, valueAt } from '../../openapi/json-pointer.js';
import { parseText } from '../../openapi/parse-text.js';
import { isRecord, listOf } from '../../util/is-record.js';

/** The change that a correction makes at its target. */
type CorrectionAction = 'set' | 'remove' | 'append';

/** The state of a target that needs its correction: nothing is there, or exactly this value. */
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
  let corrected = document;
  for (const correction of due) {
    const { target, action, value } = correction;
    const steps = fromPointer(target);
    const present = valueAt(corrected, steps);
    checkTarget(correction, corrected, present);
    const next = action === 'append' ? [...listOf(present), value] : value;
    // A target lies below the top, see FIELDS, so that an OpenAPI document stays one.
    corrected = withValueAt(corrected, steps, action === 'remove' ? undefined : next) as OpenApiDocument;
  }
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

/** Fails where the target moved, the flaw is gone, or something else is at the target. */
function checkTarget(correction: Correction, document: OpenApiDocument, present: unknown): void {
  const { target, action, expect, value } = correction;
  const steps = fromPointer(target);
  // An array has no free places: a value beyond its end would leave a hole.
  if (present === undefined && !isRecord(valueAt(document, steps.slice(0, -1)))) {
    const places = steps.map((_, index) => steps.slice(0, index + 1));
    const lost = places.find((place) => valueAt(document, place) === undefined) ?? steps;
    fail(
      correction,
      `target moved: ${target} leads nowhere, ${toPointer(lost)} is not there`,
      'find it anew',
    );
  }
  if (action === 'append' && !Array.isArray(present))
    fail(correction, `target moved: ${target} is not an array`, 'find it anew');
  const needless = {
    set: isDeepStrictEqual(present, value) && `${target} is so already`,
    remove: present === undefined && `${target} is not there`,
    append:
      listOf(present).some((item) => isDeepStrictEqual(item, value)) && `${target} holds the value already`,
  }[action];
  if (needless) fail(correction, `no longer needed: ${needless}`, 'delete the correction');
  const isAbsent = present === undefined || action === 'append';
  if ('absent' in expect ? isAbsent : isDeepStrictEqual(present, expect.value)) return;
  const expected = 'absent' in expect ? 'nothing' : excerpt(expect.value);
  const actual = present === undefined ? 'nothing' : excerpt(present);
  fail(
    correction,
    `precondition no longer holds: expected ${expected} at ${target}, found ${actual}`,
    'look at it anew and adjust expect, or delete the correction',
  );
}

/** Returns a copy with another value at a place, or without it for `undefined`; only what is above it is copied. */
function withValueAt(node: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) return value;
  const changed = withValueAt(valueAt(node, [step]), rest, value);
  if (Array.isArray(node)) {
    const items = node.map((item: unknown, index) => (String(index) === step ? changed : item));
    return items.filter((item) => item !== undefined);
  }
  const copy = { ...Object(node), [step]: changed };
  if (changed === undefined) delete copy[step];
  return copy;
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
  const corrections = entries.map((entry: unknown, index): Correction => {
    const position = `number ${index + 1}`;
    if (!isRecord(entry))
      fail({ id: position }, 'it is not an object', 'write id, reason, target, expect and action');
    const id = isText(entry.id) ? String(entry.id) : position;
    const unknown = Object.keys(entry).find((key) => !Object.hasOwn(FIELDS, key));
    if (unknown !== undefined)
      fail({ id }, `${unknown} is wrong`, `it has to be one of ${Object.keys(FIELDS).join(', ')}`);
    for (const [field, [should, isRight]] of Object.entries(FIELDS))
      if (!isRight(entry[field], entry)) fail({ id }, `${field} is wrong`, `it has to be ${should}`);
    // Every field was checked above.
    return { documents: 'all', ...entry } as unknown as Correction;
  });
  const ids = corrections.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) fail({ id: twice }, 'there are two of this id', 'rename one');
  return corrections;
}

type FieldRule = readonly [should: string, isRight: (value: unknown, entry: object) => boolean];

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown) =>
    values.includes(value);

/** The fields of a correction in the order in which they are checked, what each has to be, and whether it is that. */
const FIELDS: Readonly<Record<keyof Correction, FieldRule>> = {
  id: ['a text', isText],
  reason: ['a text', isText],
  documents: ['published or all', oneOf('published', 'all', undefined)],
  target: [
    'a JSON pointer, e.g. /paths/~1v1~1a/get',
    (value) => typeof value === 'string' && /^(?:\/(?:[^~]|~[01])*)+$/.test(value) && value !== '/',
  ],
  action: ['set, remove or append', oneOf('set', 'remove', 'append')],
  value: [
    'given with set and append, and left out with remove',
    (_, entry) => 'value' in entry !== ('action' in entry && entry.action === 'remove'),
  ],
  expect: [
    '{ absent: true } or { value: … }',
    (value) =>
      isRecord(value) && Object.keys(value).length === 1 && (value.absent === true || 'value' in value),
  ],
};
