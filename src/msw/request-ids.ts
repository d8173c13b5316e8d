import { createRandom } from './random.js';

/** Gives out the values of `x-vercel-id`. */
export interface RequestIds {
  /** The next id of an operation; those of other operations do not matter. */
  next(operationId: string): string;
  /** Starts all over. */
  reset(): void;
}

/** Makes request ids of the API's shape (`<region>::<id>-<number>`), the same in the same order for the same seed. */
export function createRequestIds(seed: number | string): RequestIds {
  const counts = new Map<string, number>();
  return {
    next(operationId) {
      const count = (counts.get(operationId) ?? 0) + 1;
      counts.set(operationId, count);
      return `mock1::${createRandom('request', seed, operationId).text(8).toLowerCase()}-${count}`;
    },
    reset: () => counts.clear(),
  };
}
