import type { DocumentCounts } from './check-document.js';
import { PullError } from './pull-error.js';

/** What two documents are compared by. */
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
 * @param force - Makes warnings of refusals.
 * @returns What is odd about it, one sentence each.
 * @throws {PullError} When it is too small, too large, or has lost too many paths or operations.
 */
export function compareExtents(before: Extent, after: Extent, force: boolean): string[] {
  const faults = [...sizeFaults(before, after), ...countFaults(before, after)];
  if (faults.length > 0 && !force) {
    throw new PullError(
      `refused the document: ${faults.join('; ')}`,
      'Look at the document in a browser. If it is meant to be so, run `vercel-rest pull --force`.',
    );
  }
  const ratio = after.bytes / before.bytes;
  const isOdd = Math.abs(ratio - 1) > WARN_AT && faults.length === 0;
  return isOdd ? [`its size is ${percent(ratio)} of the last (${sizes(before, after)})`] : faults;
}

function sizeFaults(before: Extent, after: Extent): string[] {
  const ratio = after.bytes / before.bytes;
  if (ratio >= MIN_SIZE && ratio <= MAX_SIZE) return [];
  const bound = ratio < MIN_SIZE ? `under ${percent(MIN_SIZE)}` : `over ${percent(MAX_SIZE)}`;
  return [`its size is ${percent(ratio)} of the last, ${bound} (${sizes(before, after)})`];
}

function countFaults(before: Extent, after: Extent): string[] {
  return (['paths', 'operations'] as const)
    .filter((kind) => after.counts[kind] < MIN_COUNT * before.counts[kind])
    .map(
      (kind) =>
        `it has ${after.counts[kind]} ${kind} where the last had ${before.counts[kind]}, under ${percent(MIN_COUNT)}`,
    );
}

function sizes(before: Extent, after: Extent): string {
  return `${before.bytes} to ${after.bytes} bytes`;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10} %`;
}
