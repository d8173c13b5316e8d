/**
 * Tokens of Vercel Connect shared by many processes through Redis or Valkey.
 *
 * @packageDocumentation
 */
export { createRedisStore, type RedisStoreOptions } from './create-redis-store.js';
export type { IoredisClient, NodeRedisClient, RedisClient } from './redis-client.js';
