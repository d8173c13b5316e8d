import { createRandom } from '../respond/random.js';

/** Generates the values of `x-vercel-id`. */
export interface RequestIds {
  /** Returns the next id of an operation, which does not depend on other operations. */
  next(operationId: string): string;
  /** Starts again from the first ids. */
  reset(): void;
}

/** Makes request ids of the API's shape (`<region>::<id>-<number>`), the same in the same order for the same seed. */
export function createRequestIds(seed: number | string): RequestIds {
  const known = new Map<string, { readonly prefix: string; count: number }>();
  return {
    next(operationId) {
      let ids = known.get(operationId);
      if (ids === undefined) {
        const text = createRandom('request', seed, operationId).text(8).toLowerCase();
        ids = { prefix: `mock1::${text}`, count: 0 };
        known.set(operationId, ids);
      }
      ids.count += 1;
      return `${ids.prefix}-${ids.count}`;
    },
    reset: () => known.clear(),
  };
}
