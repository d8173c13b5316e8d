import { checkArgument } from '../errors/index.js';

/**
 * Runs work for every item, a few at a time.
 *
 * @param signal - Ends it before the next item, with the signal's own reason.
 * @throws The first error of an item; no further item is begun then.
 */
export async function forEachConcurrently<Item>(
  items: Iterable<Item>,
  concurrency: number,
  signal: AbortSignal | undefined,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const remaining = items[Symbol.iterator]();
  let hasFailed = false;
  const run = async () => {
    for (let next = remaining.next(); !next.done && !hasFailed; next = remaining.next()) {
      try {
        signal?.throwIfAborted();
        await work(next.value);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, run));
}

/** @throws {InvalidArgumentError} For an option `concurrency` that is not a whole number from 1 to the largest. */
export function checkConcurrency(concurrency: number, most: number): void {
  const isRight = Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= most;
  checkArgument(isRight, 'concurrency', `must be a whole number from 1 to ${most}`, concurrency);
}
