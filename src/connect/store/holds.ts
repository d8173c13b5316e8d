import { LRUCache } from 'lru-cache';
import type { SharedCooldowns } from '../../transport/retry/rate-limit.js';
import type { Guard } from './guard.js';
import type { Names } from './store-names.js';
import type { TokenStore } from './token-store.js';

/** Callers remembered at most with their teams. */
const MAX_TEAMS = 1_000;

/** The holds after a 429 that a fleet shares: by team where the credential's source vouches for it, else by credential. */
export class FleetHolds implements SharedCooldowns {
  readonly #store: TokenStore;
  readonly #guard: Guard;
  readonly #names: Names;
  readonly #teams = new LRUCache<string, string>({ max: MAX_TEAMS });

  constructor(store: TokenStore, guard: Guard, names: Names) {
    this.#store = store;
    this.#guard = guard;
    this.#names = names;
  }

  /** Says whose limits a bearer counts against. Only for what its source vouches for: anybody can write claims. */
  vouch(bearer: string, team: string): void {
    this.#teams.set(bearer, team);
  }

  async leftMs(origin: string, bearer: string, limit: string): Promise<number> {
    return this.hold(origin, bearer, limit, 0);
  }

  async hold(origin: string, bearer: string, limit: string, leastMs: number): Promise<number> {
    const team = this.#teams.get(bearer);
    const holder = team === undefined ? ['bearer', bearer] : ['team', team];
    const name = await this.#names.ofHold(origin, JSON.stringify(holder), limit);
    const held = await this.#guard.run(() => this.#store.hold(name, Math.ceil(leastMs)), undefined, false);
    return held?.value ?? 0;
  }
}
