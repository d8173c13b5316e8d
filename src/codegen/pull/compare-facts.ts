import type { DocumentCounts } from './check-document.js';
import { PullError } from './pull-error.js';

/** The size of a document, by which two are compared. */
export interface Extent {
  readonly bytes: number;
  readonly counts: DocumentCounts;
}

const MIN_SIZE = 0.5;
const MAX_SIZE = 2;
/** The largest step between two published versions was +12 %. */
const WARN_AT = 0.25;
/** The worst loss between two published versions was 3 % of the operations. */
const MIN_COUNT = 0.9;

/**
 * Compares a document with the last one, so that half of one is not taken for the next.
 *
 * @param force - Turns refusals into warnings.
 * @returns The warnings, one sentence each.
 * @throws {PullError} When it is too small, too large, or has lost too many paths or operations.
 */
export function compareExtents(before: Extent, after: Extent, force: boolean): string[] {
  const ratio = after.bytes / before.bytes;
  const size = `its size is ${percent(ratio)} of the last`;
  const sizes = `(${before.bytes} to ${after.bytes} bytes)`;
  const faults: string[] = [];
  if (ratio < MIN_SIZE) faults.push(`${size}, under ${percent(MIN_SIZE)} ${sizes}`);
  if (ratio > MAX_SIZE) faults.push(`${size}, over ${percent(MAX_SIZE)} ${sizes}`);
  for (const kind of ['paths', 'operations'] as const) {
    const [was, is] = [before.counts[kind], after.counts[kind]];
    if (is < MIN_COUNT * was)
      faults.push(`it has ${is} ${kind} where the last had ${was}, under ${percent(MIN_COUNT)}`);
  }
  if (faults.length === 0) return Math.abs(ratio - 1) > WARN_AT ? [`${size} ${sizes}`] : [];
  if (force) return faults;
  throw new PullError(
    `refused the document: ${faults.join('; ')}`,
    'Look at the document in a browser. If it is meant to be so, run `vercel-rest pull --force`.',
  );
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10} %`;
}
