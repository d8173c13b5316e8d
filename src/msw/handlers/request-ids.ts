import { createRandom } from '../respond/random.js';

/** Gives out the values of `x-vercel-id`. */
export interface RequestIds {
  /** The next id of an operation; those of other operations do not matter. */
  next(operationId: string): string;
  /** Starts all over. */
  reset(): void;
}

/** Makes request ids of the API's shape (`<region>::<id>-<number>`), the same in the same order for the same seed. */
export function createRequestIds(seed: number | string): RequestIds {
  const known = new Map<string, { readonly prefix: string; count: number }>();
  const begin = (operationId: string) => {
    const prefix = `mock1::${createRandom('request', seed, operationId).text(8).toLowerCase()}`;
    const made = { prefix, count: 0 };
    known.set(operationId, made);
    return made;
  };
  return {
    next(operationId) {
      const ids = known.get(operationId) ?? begin(operationId);
      ids.count += 1;
      return `${ids.prefix}-${ids.count}`;
    },
    reset: () => known.clear(),
  };
}
