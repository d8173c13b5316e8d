import { createStoreCrypto, type StoreCryptoOptions, type TokenStore } from '../connect/index.js';
import { checkArgument } from '../errors/index.js';
import { createIoredisCommands } from './ioredis.js';
import { createNodeRedisCommands } from './node-redis.js';
import { checkClient, isIoredis, type RedisClient, type RedisCommands } from './redis-client.js';
import { createRedisTokenStore } from './redis-token-store.js';

/** Options of {@link createRedisStore}. */
export interface RedisStoreOptions {
  /**
   * A client of `redis` or `ioredis`, 5 or 6: single, sentinel or cluster. Connecting and closing it is yours; a second
   * connection is opened beside it, which keeps no process alive (one of `createSentinel` opens and closes that itself).
   */
  readonly client: RedisClient;
  /** See {@link createStoreCrypto}: who has them can read the tokens, and who has Redis alone cannot. */
  readonly keys: StoreCryptoOptions;
  /** Begins every name and channel, to keep fleets apart. Default `vercel-rest:`. */
  readonly prefix?: string | undefined;
}

/** Begins every name in Redis unless another prefix is chosen. */
export const DEFAULT_PREFIX = 'vercel-rest:';

/**
 * Makes a store of Redis 6.2 or Valkey 7.2, or later.
 *
 * @throws {InvalidArgumentError} For a client, key or prefix that cannot work.
 *
 * @example
 * const redis = await createClient({ url: process.env.REDIS_URL }).connect();
 * const store = createRedisStore({ client: redis, keys: { index: indexKey, sealing: [sealingKey] } });
 * const connect = createConnectClient({ cache: { store } });
 */
export function createRedisStore(options: RedisStoreOptions): TokenStore {
  const client = checkClient(options?.client);
  const { keys, prefix = DEFAULT_PREFIX } = options;
  checkPrefix(prefix);
  return createRedisTokenStore(commandsOf(client), createStoreCrypto(keys), prefix);
}

/** @throws {InvalidArgumentError} */
export function checkPrefix(prefix: unknown): void {
  // Braces would choose the slot in the place of the names; a space would split a message.
  const isPrefix = typeof prefix === 'string' && /^[\w:.-]{1,100}$/.test(prefix);
  const rule = 'must be 1 to 100 letters, digits, colons, dots, underscores or hyphens';
  checkArgument(isPrefix, 'prefix', rule, prefix);
}

/** The commands of a client, whichever package it is of. */
export function commandsOf(client: RedisClient): RedisCommands {
  return isIoredis(client) ? createIoredisCommands(client) : createNodeRedisCommands(client);
}
