/**
 * Tokens of Vercel Connect, and rate limits, shared by many processes through Redis or Valkey.
 *
 * @module vercel-rest/redis
 */
export { createRedisStore, type RedisStoreOptions } from './create-redis-store.js';
export type { IoredisClient, NodeRedisClient, RedisClient } from './redis-client.js';
export { createRedisRateLimits, type RedisRateLimitsOptions } from './redis-rate-limits.js';
