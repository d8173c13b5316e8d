import { InvalidArgumentError } from '../../errors/index.js';
import { createRandom, type Random } from '../respond/random.js';
import type { PlainResponse } from '../respond/responder.js';
import type { Fault } from './types.js';

/** Random failures. */
export class Faults {
  #random: Random;

  /** @throws {InvalidArgumentError} For a status or share out of range. */
  constructor(
    readonly faults: readonly Fault[],
    readonly seed: number | string,
  ) {
    for (const { status, share } of faults) {
      const isStatus = status === 'network' || (Number.isInteger(status) && status >= 400 && status < 600);
      if (!isStatus) throw new InvalidArgumentError('faults.status', 'must be from 400 to 599, or "network"');
      if (!(share >= 0 && share <= 1)) throw new InvalidArgumentError('faults.share', 'must be from 0 to 1');
    }
    this.#random = createRandom('faults', seed);
  }

  /** Draws the failure of the next request; `undefined` for none. */
  draw(): PlainResponse | undefined {
    for (const { status, share } of this.faults) {
      if (this.#random.next() >= share) continue;
      return status === 'network' ? { networkError: true } : { status };
    }
    return undefined;
  }

  clear(): void {
    this.#random = createRandom('faults', this.seed);
  }
}
