import { createHash } from 'node:crypto';
import { checkArgument } from '../errors/index.js';
import { createRateLimits, type RateLimits } from '../platform/index.js';
import { checkPrefix, commandsOf, DEFAULT_PREFIX } from './create-redis-store.js';
import { ACQUIRE, SETTLE } from './rate-limit-scripts.js';
import { checkClient, type RedisClient } from './redis-client.js';

/** Options of {@link createRedisRateLimits}. */
export interface RedisRateLimitsOptions {
  /** A client of `redis` 5 or `ioredis` 5: single, sentinel or cluster. Connecting and closing it is yours. */
  readonly client: RedisClient;
  /** Names the account whose limits are shared, e.g. its team id. Limits of different scopes are apart. */
  readonly scope: string;
  /** Begins every name. Default `vercel-rest:`. */
  readonly prefix?: string | undefined;
}

/** A process that dies gives its tickets back after so long: a call and its repeats last no longer. */
const TICKET_MS = 120_000;
/** Time to wait for the responses under way, where they may have used up what is left; in milliseconds. */
const ASK_AGAIN_MS = 50;
/** Two resets that differ by less are of one window: the header has a resolution of one second. */
const SAME_WINDOW_MS = 1_500;
/** Time for which a window is kept that nobody uses, in milliseconds. */
const KEPT_MS = 3_600_000;

/**
 * Shares rate limits between processes, for `limited` of `vercel-rest/platform`.
 *
 * If Redis is unreachable, each process keeps to the limits on its own, and no call fails.
 *
 * @throws {InvalidArgumentError} For a client, scope or prefix that cannot work.
 *
 * @example
 * const limits = createRedisRateLimits({ client: redis, scope: 'team_acme' });
 * const bulk = limited(client, { concurrency: 20, limits });
 */
export function createRedisRateLimits(options: RedisRateLimitsOptions): RateLimits {
  const commands = commandsOf(checkClient(options?.client));
  const { scope, prefix = DEFAULT_PREFIX } = options;
  checkPrefix(prefix);
  checkArgument(typeof scope === 'string' && scope !== '', 'scope', 'must be a non-empty string', scope);
  const own = createRateLimits();
  const keysOf = (name: string): readonly string[] => {
    const digest = createHash('sha256')
      .update(JSON.stringify([scope, name]))
      .digest('hex')
      .slice(0, 32);
    // In a cluster both belong on one node.
    return [`${prefix}limit:{${digest}}`, `${prefix}limit:{${digest}}:tickets`];
  };
  return {
    async acquire(name, ticket) {
      try {
        return Number(await commands.run(ACQUIRE, keysOf(name), [ticket, TICKET_MS, ASK_AGAIN_MS, KEPT_MS]));
      } catch {
        return own.acquire(name, ticket);
      }
    },
    async settle(name, ticket, lesson) {
      // Learnt here too, for when Redis is away.
      await own.settle(name, ticket, lesson);
      try {
        const { isRefusal = false, limit = '', remaining = '', resetMs = '' } = lesson ?? {};
        const flags = [lesson === undefined ? 0 : 1, isRefusal ? 1 : 0];
        const given = [ticket, ...flags, limit, remaining, resetMs, SAME_WINDOW_MS, KEPT_MS];
        await commands.run(SETTLE, keysOf(name), given);
      } catch {
        // The ticket ends by its own life.
      }
    },
  };
}
