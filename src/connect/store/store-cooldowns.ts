import { LRUCache } from 'lru-cache';
import type { Identify } from '../../transport/auth/identity.js';
import type { SharedCooldowns } from '../../transport/retry/rate-limit.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { KeyBuilder } from './store-keys.js';
import type { TokenStore } from './token-store.js';

/** Callers remembered at most with their teams, and for how long in milliseconds. */
const MAX_TEAMS = 1_000;
const TEAM_MS = 300_000;

/** Cooldowns after a 429 that a fleet shares: by team if the credential's source can be trusted, otherwise by credential. */
export class StoreCooldowns implements SharedCooldowns {
  /** By the bearer's digest. */
  readonly #teams = new LRUCache<string, string>({ max: MAX_TEAMS, ttl: TEAM_MS });

  constructor(
    readonly store: TokenStore,
    readonly breaker: CircuitBreaker,
    readonly keys: KeyBuilder,
    readonly identify: Identify,
  ) {}

  /** Says whose limits a bearer counts against. Only for what its source vouches for: anybody can write claims. */
  setTeam(bearer: string, team: string): void {
    this.#teams.set(this.identify(bearer), team);
  }

  async leftMs(origin: string, bearer: string, limit: string): Promise<number> {
    return this.hold(origin, bearer, limit, 0);
  }

  async hold(origin: string, bearer: string, limit: string, leastMs: number): Promise<number> {
    const digest = this.identify(bearer);
    const team = this.#teams.get(digest);
    const holder = team === undefined ? ['bearer', digest] : ['team', team];
    const left = await this.breaker.run(
      async () => {
        const name = await this.keys.forCooldown(origin, JSON.stringify(holder), limit);
        const leftMs: unknown = await this.store.cooldown(name, Math.ceil(leastMs));
        if (typeof leftMs === 'number' && Number.isFinite(leftMs)) return leftMs;
        throw new TypeError('cooldown of the store returned something else than milliseconds');
      },
      undefined,
      false,
    );
    return left?.value ?? 0;
  }
}
