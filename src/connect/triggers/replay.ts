import { LRUCache } from 'lru-cache';
import { checkArgument } from '../../errors/index.js';
import { checkNames } from './check-options.js';

/** Remembers what was received, so that it is handled once. Several processes need a store that they share. */
export interface ReplayStore {
  /**
   * Takes an id.
   *
   * @param expiresAt - When it may be forgotten, in epoch milliseconds.
   * @returns `false` when it was taken before.
   */
  claim(id: string, expiresAt: number): boolean | Promise<boolean>;
  /** Gives an id back, so that what failed can be received again. */
  release(id: string): void | Promise<void>;
}

/**
 * A store in the memory of one process.
 *
 * @param options - `max`: the number of ids that are remembered, 100 000 by default. The oldest one leaves first.
 * @throws {InvalidArgumentError} For a `max` that is not a whole number above 0, and for an option that does not exist.
 *
 * @example
 * const replay = createReplayStore();
 * const event = await verifyTrigger(request, { replay });
 */
export function createReplayStore(options: { readonly max?: number | undefined } = {}): ReplayStore {
  checkNames(options, { max: true });
  const { max = 100_000 } = options;
  checkArgument(Number.isInteger(max) && max >= 1, 'options.max', 'must be a whole number above 0', max);
  const taken = new LRUCache<string, number>({ max });
  return {
    claim(id, expiresAt) {
      const until = taken.get(id);
      if (until !== undefined && until > Date.now()) return false;
      taken.set(id, expiresAt);
      return true;
    },
    release: (id) => void taken.delete(id),
  };
}
